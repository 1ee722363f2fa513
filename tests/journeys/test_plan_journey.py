"""A plan to approve: what it says is done exactly, or nothing is."""

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from world import SCOPES

from bulkpo.cli.main import run
from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer

ROOT = Path(__file__).resolve().parents[2]
MAPPING = str(ROOT / "mappings/import/legacy-orders.yaml")
PRICES = """\
bulkpo: import/1
name: prices
mode: update
resource: purchase_orders
document: {key: po-number}
columns: {PO: po-number, Line: order-lines/line-num, Price: order-lines/price}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run(["import", MAPPING, str(ROOT / "samples/legacy-orders.xlsx"), "--out", "."]) == 0
    (tmp_path / "prices.yaml").write_text(PRICES, encoding="utf-8")
    (tmp_path / "prices.csv").write_text("PO,Line,Price\n0004711,1,99.50\n0004712,1,1\nX-1,1,2\n", encoding="utf-8")
    capsys.readouterr()
    return tmp_path


def planned(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "prices.yaml", "prices.csv", "--plan", "plan.xlsx"]) == 0
    capsys.readouterr()


def approve(name: str, day: datetime) -> None:
    book = openpyxl.load_workbook("plan.xlsx")
    for row in book["Plan"].iter_rows():
        if row[0].value in ("Approved by", "Approved on"):
            assert not row[1].protection.locked
            row[1].value = name if row[0].value == "Approved by" else day
    book.save("plan.xlsx")


def for_profile(folder: Path, url: str) -> None:
    profile = f"{{url: '{url}', client_id: sandbox, client_secret_variable: SECRET, scopes: [{', '.join(SCOPES)}]}}"
    (folder / "bulkpo.yaml").write_text(f"bulkpo: profiles/1\nprofiles:\n  acme: {profile}\n", encoding="utf-8")


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().err.split())


@pytest.mark.usefixtures("folder")
def test_a_plan_is_done_as_it_was_approved_and_the_journal_keeps_by_whom(capsys: pytest.CaptureFixture[str]) -> None:
    planned(capsys)
    book = openpyxl.load_workbook("plan.xlsx")
    cells = list(book["Cells"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[2], row[3]) for row in cells][:1] == [("0004711", "order-lines[1]/price", "4.25")]
    facts = {row[0]: row[1] for row in book["Plan"].iter_rows(values_only=True)}
    assert (facts["Orders changed"], facts["Orders held back or with errors"]) == (2, 1)
    assert facts["Orders sent to suppliers again"] == 0
    assert (facts["Amount before in EUR"], facts["Amount after in EUR"]) == (72.25, 548.5)
    assert facts["Amount held back or with errors in (no currency)"] == 0
    approve("M. Keller", datetime(2026, 11, 27))
    assert run(["apply", "plan.xlsx"]) == 1
    capsys.readouterr()
    assert run(["show", "2"]) == 0
    assert "approved by M. Keller on 2026-11-27" in capsys.readouterr().out
    assert run(["show", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] == 2
    assert run(["apply", "plan.xlsx"]) == 2
    assert "Coupa changed since the plan was made" in said(capsys)


def test_a_plan_is_refused_once_file_mapping_or_coupa_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned(capsys)
    before = (folder / "prices.csv").read_text(encoding="utf-8")
    (folder / "prices.csv").write_text(f"{before}0004713,1,3\n", encoding="utf-8")
    assert run(["apply", "plan.xlsx"]) == 2
    assert "the file changed since the plan was made" in said(capsys)
    (folder / "prices.csv").write_text(before, encoding="utf-8")
    (folder / "prices.yaml").write_text(PRICES + "# another\n", encoding="utf-8")
    assert run(["apply", "plan.xlsx"]) == 2
    assert "the mapping, or a crosswalk it names, changed since" in said(capsys)
    (folder / "prices.yaml").write_text(PRICES, encoding="utf-8")
    (folder / "other.csv").write_text("PO,Line,Price\n0004711,1,7\n", encoding="utf-8")
    assert run(["import", "prices.yaml", "other.csv"]) == 0
    capsys.readouterr()
    assert run(["apply", "plan.xlsx"]) == 2
    assert "Coupa changed since the plan was made" in (told := said(capsys))
    assert "0004711" in told


@pytest.mark.usefixtures("folder")
def test_a_plan_whose_sheets_were_changed_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    planned(capsys)
    book = openpyxl.load_workbook("plan.xlsx")
    book["Cells"]["E2"].value = "4.30"
    book.save("plan.xlsx")
    assert run(["apply", "plan.xlsx"]) == 2
    assert "sheet Cells does not say what the plan is any more" in said(capsys)
    del book["bulkpo plan"]
    book.save("lost.xlsx")
    assert run(["apply", "lost.xlsx"]) == 3
    assert "this is no plan, or its hidden sheet 'bulkpo plan' is gone" in said(capsys)


@pytest.mark.parametrize(
    ("sheet", "cell"), [("Orders", "F2"), ("Totals", "F2"), ("Held back", "C2"), ("Plan", "B12"), ("Plan", "A19")]
)
@pytest.mark.usefixtures("folder")
def test_nothing_that_is_approved_may_say_something_else_than_is_done(
    capsys: pytest.CaptureFixture[str], sheet: str, cell: str
) -> None:
    planned(capsys)
    book = openpyxl.load_workbook("plan.xlsx")
    book[sheet][cell].value = "0.01"
    book.save("plan.xlsx")
    assert run(["apply", "plan.xlsx"]) == 2
    assert f"sheet {sheet} does not say what the plan is any more" in said(capsys)


def test_a_plan_is_applied_to_the_instance_it_was_made_for_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "sandbox")
    with (
        SandboxServer(None, SandboxOptions(references=References.OPEN)) as one,
        SandboxServer(None, SandboxOptions(references=References.OPEN)) as other,
    ):
        for_profile(folder, one.url)
        orders = str(ROOT / "samples/legacy-orders.xlsx")
        assert run(["import", MAPPING, orders, "--to", "acme", "--plan", "plan.xlsx", "--out", "."]) == 0
        for_profile(folder, other.url)
        capsys.readouterr()
        assert run(["apply", "plan.xlsx", "--to", "acme", "--yes"]) == 2
        told = said(capsys)
    assert f"this plan is for acme ({one.url}), and this would go to acme ({other.url}); nothing was sent" in told


@pytest.mark.usefixtures("folder")
def test_a_plan_of_an_import_says_what_is_new_and_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", MAPPING, str(ROOT / "samples/legacy-orders.xlsx"), "--plan", "plan.xlsx", "--out", "."]) == 0
    assert "Planned: 24 there already, 0 held back or with errors; nothing was sent" in capsys.readouterr().out
    assert run(["import", MAPPING, str(ROOT / "samples/legacy-orders.xlsx"), "--plan", "plan.pdf"]) == 2
    assert "a plan is a workbook; name it .xlsx" in said(capsys)


def test_a_plan_is_refused_by_name_once_anything_it_counted_is_worth_something_else(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "prices.csv").write_text("PO,Line,Price\n0004711,1,99.50\n0004712,1,119.00\n", encoding="utf-8")
    planned(capsys)
    facts = {row[0]: row[1] for row in openpyxl.load_workbook("plan.xlsx")["Plan"].iter_rows(values_only=True)}
    assert (facts["Orders unchanged"], facts["Amount unchanged in USD"]) == (1, 297.5)
    amounts = PRICES.replace("Price: order-lines/price", "Quantity: order-lines/quantity")
    (folder / "quantities.yaml").write_text(amounts, encoding="utf-8")
    (folder / "quantities.csv").write_text("PO,Line,Quantity\n0004712,1,3\n", encoding="utf-8")
    assert run(["import", "quantities.yaml", "quantities.csv"]) == 0
    capsys.readouterr()
    assert run(["apply", "plan.xlsx"]) == 2
    assert "Coupa changed since the plan was made" in (text := said(capsys))
    assert "0004712" in text
