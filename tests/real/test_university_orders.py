"""A public university's orders of 2017, exported from Oracle EBS, go into the sandbox and come back."""

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from bulkpo.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared/data/wvu-2017.xlsx"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the university's orders are not here: ../shared/data")


@pytest.mark.slow
def test_all_orders_go_in_and_come_back_with_equal_totals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.xlsx").write_bytes(DATA.read_bytes())
    assert run(["import", str(ROOT / "mappings/import/oracle-ebs.yaml"), "orders.xlsx", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["skipped_rows"]) == (3898, 1174)
    assert (told["documents"], told["lines"], told["created"]) == (579, 2724, 579)
    (total,) = told["totals"]
    figures = {"documents": 579, "lines": 2724, "amount": "63946325.53656"}
    assert {name: total[name] for name in figures} == figures
    assert total["sent"] == total["read_back"] == figures

    exported = ["export", "purchase_orders", "--rows", "order-lines", "-o", "back.xlsx", "--json"]
    columns = "po-number,order-lines/type,order-lines/uom/code,order-lines/quantity,order-lines/price"
    assert run([*exported, "--columns", columns]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["documents"], told["rows"]) == (579, 2724)
    sheet = openpyxl.load_workbook(tmp_path / "back.xlsx").worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len({row[0] for row in rows}) == 579
    by_amount = [row for row in rows if row[1] == "OrderAmountLine"]
    assert len(by_amount) == 677
    assert all(row[2] is None and row[3] is None for row in by_amount)
    amount = sum(
        (Decimal(str(row[4])) * (1 if row[1] == "OrderAmountLine" else Decimal(str(row[3]))) for row in rows),
        Decimal(0),
    )
    assert amount == Decimal("63946325.53656")


def test_the_result_shows_the_totals_three_ways_and_every_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.xlsx").write_bytes(DATA.read_bytes())
    assert run(["import", str(ROOT / "mappings/import/oracle-ebs.yaml"), "orders.xlsx", "--limit", "20"]) == 0
    book = openpyxl.load_workbook(tmp_path / "orders.result.xlsx")
    heading, *figures = book["Summary"].iter_rows(values_only=True)
    assert heading[:5] == ("Currency", "Figure", "Source", "Sent", "Read back")
    assert [row[1:5] for row in figures[:1]] == [("Orders", 579, 20, 20)]
    assert book["Rows"].max_row == 3899
