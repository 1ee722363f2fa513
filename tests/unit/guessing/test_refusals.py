"""Files that are no tables of orders are refused with what they are and what to do with them instead."""

from pathlib import Path

import pytest

from bulkpo.cli.main import run

ORDERS = "PO Number,Supplier No,Description,Quantity,UoM,Unit Price,Currency\nPO-1,V100,Copy paper,2,EA,2.50,USD\n"
MAPPING = """\
bulkpo: import/1
name: own
document: {key: po-number, number_lines: true}
silent: required
columns:
  PO Number: po-number
  Supplier No: supplier/number
  Description: order-lines/description
  Quantity: order-lines/quantity
  UoM: order-lines/uom/code
  Unit Price: order-lines/price
  Currency: [currency/code, order-lines/currency/code]
constants:
  type: ExternalOrderHeader
  order-lines/type: OrderQuantityLine
  ship-to-user/login: migration
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
  transmission-method-override: do_not_transmit
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_text(ORDERS, encoding="utf-8")
    Path("own.yaml").write_text(MAPPING, encoding="utf-8")


def refused(capsys: pytest.CaptureFixture[str], name: str) -> str:
    """What is said of a file that no mapping is guessed of."""
    capsys.readouterr()
    assert run(["guess", name]) in (2, 3)
    told = capsys.readouterr()
    assert told.out == ""
    return told.err.strip().removeprefix(f"bulkpo: {name}: ")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "given.yaml",
            MAPPING,
            (
                "this is a mapping that imports already, and no file of orders; check a file by it: "
                "`bulkpo check given.yaml FILE`, or fit it to a file whose headings have changed: "
                "`bulkpo guess --fit given.yaml FILE`"
            ),
        ),
        (
            "given.yml",
            "\ufeff# a comment\r\nbulkpo: 'export/1'\r\n",
            "this is a mapping that exports, and no file of orders; run it: `bulkpo export given.yml -o FILE.xlsx`",
        ),
        (
            "profiles.yaml",
            "bulkpo: profiles/1\n",
            "this is the profiles of bulkpo, and no file of orders; one of them is named by --to NAME",
        ),
        ("other.YML", "a: 1\n", "this is YAML, and no table; name the spreadsheet or text file that has the orders"),
        ("a.json", '{"orders": []}', "this is a JSON document, not a table; open it and save it as .xlsx or CSV"),
        ("a.csv", '[\n {"po": 1}]', "this is a JSON document, not a table; open it and save it as .xlsx or CSV"),
        (
            "letter.txt",
            "Dear all,\nplease find the orders attached.\nBest, Ann\n",
            (
                "there are no orders in it: its rows have one or two cells, and no heading is known; name a file "
                "whose cells are parted by commas, semicolons, tabulators or bars, or a workbook"
            ),
        ),
        ("empty.csv", "", "the file is empty"),
        ("blank.csv", "\n \n\n", "there is nothing in it; the table is empty"),
    ],
)
def test_what_is_no_table_of_orders_is_refused_with_what_it_is(
    capsys: pytest.CaptureFixture[str], name: str, content: str, told: str
) -> None:
    Path(name).write_text(content, encoding="utf-8", newline="")
    assert refused(capsys, name) == told


def test_what_bulkpo_wrote_itself_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["template", "own.yaml", "-o", "fill.xlsx", "--no-lists"]) == 0
    assert refused(capsys, "fill.xlsx") == (
        "this is a template that bulkpo wrote, whose mapping is known; check it: `bulkpo check fill.xlsx`"
    )
    run(["guess", "--crosswalk", "uom", "own.yaml", "orders.csv", "-o", "uom.xlsx"])
    assert refused(capsys, "uom.xlsx") == (
        "this is a crosswalk that bulkpo drafted, and no file of orders; a mapping reads it by crosswalks: "
        '{NAME: {file: "uom.xlsx", from: Value in the file, to: Coupa value}}'
    )
    Path("wrong.csv").write_text(ORDERS.replace("2.50", "two"), encoding="utf-8")
    assert run(["check", "own.yaml", "wrong.csv", "--report", "list.csv"]) == 1
    assert refused(capsys, "list.csv") == (
        "this is the list of what a check found, and no file of orders; name the file it was of"
    )


def test_headings_without_rows_are_guessed_and_said_to_be_without(capsys: pytest.CaptureFixture[str]) -> None:
    Path("headings.csv").write_text(ORDERS.splitlines()[0] + "\n", encoding="utf-8")
    assert run(["guess", "headings.csv", "-o", "o.yaml"]) == 1
    assert (
        "There is no row below the headings, so nothing bears their names out: guess from a file that has orders"
        in (capsys.readouterr().out)
    )
