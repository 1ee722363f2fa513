"""A public university's orders of 2017 with ten cells damaged: ten findings, each at its cell."""

import json
from pathlib import Path

import openpyxl
import pytest

from bulkpo.cli.main import run
from bulkpo.where import column_letter

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared/data/wvu-2017.xlsx"
MAPPING = str(ROOT / "mappings/import/oracle-ebs.yaml")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.exists(), reason="the university's orders are not here: ../shared/data"),
]


def test_ten_damaged_cells_give_ten_findings_at_their_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    book = openpyxl.load_workbook(DATA)
    sheet = book["Sheet1"]
    columns = {cell.value: column_letter(number) for number, cell in enumerate(sheet[1], 1)}
    rows = [row for row in range(2, sheet.max_row + 1) if not sheet[f"{columns['Cancelled']}{row}"].value]
    by_quantity = [row for row in rows if sheet[f"{columns['UOM']}{row}"].value == "Each"]
    by_amount = [row for row in rows if sheet[f"{columns['UOM']}{row}"].value == "US Dollar"]
    orders = [sheet[f"{columns['Number']}{row}"].value for row in range(1, sheet.max_row + 1)]
    alone = [row for row in rows if orders.count(orders[row - 1]) == 1]
    second = next(row for row in rows if row - 1 in rows and orders[row - 1] == orders[row - 2])
    damage = {
        f"{columns['Number']}{by_amount[-1]}": (None, "empty-key"),
        f"{columns['UOM']}{by_quantity[0]}": ("Eech", "not-in-crosswalk"),
        f"{columns['Price']}{by_quantity[3]}": ("twelve", "not-a-number"),
        f"{columns['Price']}{by_quantity[6]}": (-1, "too-small"),
        f"{columns['Price']}{by_quantity[9]}": ("1.23456789", "too-many-decimals"),
        f"{columns['Price']}{by_quantity[12]}": ("#DIV/0!", "error-cell"),
        f"{columns['Description']}{by_amount[5]}": ("x" * 300, "too-long"),
        f"{columns['Description']}{by_amount[8]}": (None, "required"),
        f"{columns['Supplier']}{alone[2]}": (None, "required"),
        f"{columns['Line']}{second}": (sheet[f"{columns['Line']}{second - 1}"].value, "duplicate-line"),
    }
    for cell, (value, _) in damage.items():
        sheet[cell] = value
    book.save("orders.xlsx")

    assert run(["check", MAPPING, "orders.xlsx", "--report", "report.json", "--failed", "failed.xlsx"]) == 1
    listed = json.loads((tmp_path / "report.json").read_text())["findings"]["list"]
    found = {each["place"]: each["code"] for each in listed if each["severity"] == "error"}
    assert found == {f"orders.xlsx, sheet Sheet1, cell {cell}": code for cell, (_, code) in damage.items()}
    assert sum(each["severity"] == "error" for each in listed) == len(damage)
    capsys.readouterr()

    assert run(["check", MAPPING, "failed.xlsx", "--json"]) == 1
    again = json.loads(capsys.readouterr().out)
    assert again["documents"] == again["failed"]
    assert again["findings"]["total"] == len(damage)
