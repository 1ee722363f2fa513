"""What a user does to change orders that are in Coupa already, from the command line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bulkpo.cli.main import run

CREATE = """\
bulkpo: import/1
name: orders
document: {key: po-number}
columns:
  PO: po-number
  Supplier: supplier/name
  Line: order-lines/line-num
  Item: order-lines/description
  Quantity: order-lines/quantity
  Price: order-lines/price
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  currency/code: USD
  order-lines/type: OrderQuantityLine
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
after_create: issue_without_send
"""
UPDATE = """\
bulkpo: import/1
name: corrections
mode: update
document: {key: po-number}
columns:
  PO: po-number
  Line: order-lines/line-num
  Item: order-lines/description
  Price: order-lines/price
remove_line: {Price: "0"}
"""
ORDERS = """\
PO,Supplier,Line,Item,Quantity,Price
0001,Acme,1,Bolts,1,1.50
0001,Acme,2,Nuts,2,2.50
0002,Acme,1,Bolts,1,3.50
0003,Globex,1,Bolts,1,4.50
"""
CHANGES = """\
PO,Line,Item,Price
0001,1,,1.75
0001,2,Nuts,2.50
0002,1,Bolts,3.50
0003,1,Washers,4.5
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "create.yaml": CREATE,
        "update.yaml": UPDATE,
        "orders.csv": ORDERS,
        "changes.csv": CHANGES,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run(["import", "create.yaml", "orders.csv", "--json"]) == 0
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    capsys.readouterr()
    code = run(list(words))
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    run([*words, "--json"])
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


def sheet(path: Path, name: str) -> list[Sequence[object]]:
    return list(openpyxl.load_workbook(path)[name].iter_rows(values_only=True))


def test_a_dry_run_tells_every_change_and_how_many_orders_suppliers_would_see_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, text = said(capsys, "import", "update.yaml", "changes.csv", "--dry-run")
    assert code == 0
    assert "2 orders to change, 1 as the file says already" in text
    assert "0001: order-lines[1]/price '1.50' → '1.75'" in text
    assert "0003: order-lines[1]/description 'Bolts' → 'Washers'" in text
    assert "2 orders WILL BE SENT TO SUPPLIERS AGAIN: 0001, 0003" in text
    dry = told(capsys, "import", "update.yaml", "changes.csv", "--dry-run")
    assert (dry["to_change"], dry["unchanged"], dry["sent_again"]) == (2, 1, 2)
    assert dry["changes"]["0001"] == [{"element": "order-lines[1]/price", "row": 2, "old": "1.50", "new": "1.75"}]


def test_an_update_changes_what_differs_and_undo_puts_it_back(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    result = told(capsys, "import", "update.yaml", "changes.csv")
    assert (result["changed"], result["unchanged"], result["conflict"], result["created"]) == (2, 1, 0, 0)
    assert (result["sign_off"]["changed"], sum(result["sign_off"]["resent"].values())) == (2, 2)
    figures = {row[1]: row[2] for row in sheet(folder / "changes.result.xlsx", "Summary")}
    assert (figures["Orders changed"], figures["Orders sent to suppliers again"]) == (2, 2)
    again = "  2 of 2 changed orders sent to suppliers again, 1 pending_manual, 1 scheduled_for_cxml."
    assert again in said(capsys, "show", "2")[1]
    rows = sheet(folder / "changes.result.xlsx", "Rows")
    assert [(row[0], row[5], row[7]) for row in rows[1:]] == [
        ("0001", "changed", "order-lines[1]/price '1.50' → '1.75'"),
        ("0001", "changed", "order-lines[1]/price '1.50' → '1.75'"),
        ("0002", "unchanged", None),
        ("0003", "changed", "order-lines[1]/description 'Bolts' → 'Washers'"),
    ]
    code, text = said(capsys, "show", "2", "--order", "0001")
    assert "update → updating order-lines[1]/price '1.50' → '1.75'" in text
    assert told(capsys, "import", "update.yaml", "changes.csv", "--dry-run")["to_change"] == 0
    code, text = said(capsys, "undo", "2")
    assert (code, "2 orders cancelled or put back, 0 left, 0 to go" in text) == (0, True)
    code, text = said(capsys, "undo", "2")
    assert (code, text.splitlines()[0]) == (0, "Nothing left to undo: 2 orders of run 2 cancelled or put back before")
    assert [(row[0], *row[2:4]) for row in sheet(folder / "changes.undone.xlsx", "Undone")[1:]] == [
        ("0001", "put back", "order-lines[1]/price '1.75' → '1.50'"),
        ("0003", "put back", "order-lines[1]/description 'Washers' → 'Bolts'"),
    ]
    assert "done, undone" in said(capsys, "runs")[1]
    assert told(capsys, "import", "update.yaml", "changes.csv", "--dry-run")["to_change"] == 2


def test_the_sign_off_of_an_update_is_of_the_whole_file_with_what_coupa_has_before_and_after(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    wrong = {"0001": "2.50", "0002": "3.50", "0003": "x", "0009": "1"}
    rows = "".join(f"{po},1,,{price}\n" for po, price in wrong.items())
    (folder / "changes.csv").write_text(f"PO,Line,Item,Price\n{rows}", encoding="utf-8")
    dry = told(capsys, "import", "update.yaml", "changes.csv", "--dry-run")
    assert [(it["currency"], float(it["amount"])) for it in dry["totals_before"] + dry["totals_after"]] == [
        ("USD", 6.5),
        ("USD", 7.5),
    ]
    signed = told(capsys, "import", "update.yaml", "changes.csv")["sign_off"]
    assert [(it["outcome"], it["currency"], it["documents"], float(it["amount"])) for it in signed["outcomes"]] == [
        ("changed", "USD", 1, 7.5),
        ("unchanged", "USD", 1, 3.5),
        ("held back", "", 1, 0),
        ("with errors", "USD", 1, 4.5),
    ]
    (change,) = signed["changes"]
    amounts = [float(change[way]["amount"]) for way in ("before", "after", "read_back")]
    assert (change["supplier"], change["currency"], amounts) == ("Acme", "USD", [6.5, 7.5, 7.5])
    found = sheet(folder / "changes.result.xlsx", "Changes by supplier")
    assert found[1] == ("Acme", "USD", 1, 6.5, 1, 7.5, 1, 7.5, "agree")
    assert "USD 1 6.50 7.50 7.50" in " ".join(said(capsys, "show", "2")[1].split())


def test_an_order_that_goes_to_another_supplier_counts_there_after_the_update(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    moved = "bulkpo: import/1\nname: moved\nmode: update\ndocument: {key: po-number}\n"
    (folder / "moved.yaml").write_text(moved + "columns: {PO: po-number, Supplier: supplier/name}\n", encoding="utf-8")
    (folder / "moved.csv").write_text("PO,Supplier\n0003,Acme\n", encoding="utf-8")
    signed = told(capsys, "import", "moved.yaml", "moved.csv")["sign_off"]
    ways = ("before", "after", "read_back")
    assert [(it["supplier"], [it[way]["documents"] for way in ways]) for it in signed["changes"]] == [
        ("Acme", [0, 1, 1]),
        ("Globex", [1, 0, 0]),
    ]


def test_what_is_kept_silent_as_it_is_changed_is_signed_off_as_not_sent_again(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    silent = f"{UPDATE}constants: {{transmission-method-override: do_not_transmit}}\n"
    (folder / "update.yaml").write_text(silent, encoding="utf-8")
    signed = told(capsys, "import", "update.yaml", "changes.csv")["sign_off"]
    assert (signed["changed"], signed["resent"]) == (3, {})
    assert "  0 of 3 changed orders sent to suppliers again." in said(capsys, "show", "2")[1]


@pytest.mark.parametrize("said_in", ["mapping", "profile"])
def test_where_nothing_may_reach_a_supplier_an_update_that_would_is_refused_with_the_way_out(
    capsys: pytest.CaptureFixture[str], folder: Path, said_in: str
) -> None:
    if said_in == "mapping":
        (folder / "update.yaml").write_text(UPDATE + "silent: required\n", encoding="utf-8")
    else:
        (folder / "bulkpo.yaml").write_text("bulkpo: profiles/1\nprofiles:\n  sandbox: {silent: required}\n")
    code, text = said(capsys, "import", "update.yaml", "changes.csv")
    assert code == 2
    assert "2 orders would be sent to suppliers again" in " ".join(text.split())
    silent = UPDATE + "constants: {transmission-method-override: do_not_transmit}\n"
    (folder / "update.yaml").write_text(silent, encoding="utf-8")
    assert told(capsys, "import", "update.yaml", "changes.csv")["changed"] == 3


def test_after_an_undo_a_dry_run_says_that_the_orders_are_cancelled(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["undo", "1"]) == 0
    code, text = said(capsys, "import", "create.yaml", "orders.csv", "--dry-run")
    assert code == 0
    assert "3 orders in Coupa already, and cancelled there" in text
    assert "0 orders in Coupa already, and the same there" in text


def test_a_cancelled_order_cannot_be_changed_and_says_so_at_its_cell(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["undo", "1"]) == 0
    code, text = said(capsys, "import", "update.yaml", "changes.csv", "--dry-run")
    assert code == 1
    assert "the order is cancelled in Coupa and cannot be changed; leave it out" in text
    assert "(status-fixed)" in text


def test_an_upsert_does_not_take_a_cancelled_order_for_what_it_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["undo", "1"]) == 0
    (folder / "create.yaml").write_text(CREATE.replace("document:", "mode: upsert\ndocument:"), encoding="utf-8")
    code, text = said(capsys, "import", "create.yaml", "orders.csv", "--dry-run")
    message = "the order is cancelled in Coupa, and its po-number is taken; give it another, or leave it out"
    assert (code, message in " ".join(text.split())) == (1, True)
    assert "3 orders held back; the errors say why" in text
    assert "0 orders to change, 0 as the file says already" in text
