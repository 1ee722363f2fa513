"""A crosswalk drafted: proposals to confirm in a workbook, of which only what is confirmed is sent."""

from pathlib import Path

import openpyxl
import pytest

from bulkpo.cli.main import run
from bulkpo.runs.drafting.nearest import NearestValues

MAPPING = """\
bulkpo: import/1
name: own
document: {key: po-number, number_lines: true}
skip_rows: {Gone: X}
columns:
  PO: po-number
  Vendor: supplier/number
  User: ship-to-user/login
  Cur: [currency/code, order-lines/currency/code]
  Item: order-lines/description
  Qty: order-lines/quantity
  Unit: order-lines/uom/code
  Price: order-lines/price
constants:
  type: ExternalOrderHeader
  order-lines/type: OrderQuantityLine
  order-lines/account/code: 01-100-8100
  order-lines/account/account-type/name: Corporate
  transmission-method-override: do_not_transmit
"""
FILE = """\
PO,Vendor,User,Cur,Item,Qty,Unit,Price,Gone
1,00042,migration,USD,Paper,1,each,2,
2,00042,migration,USD,Pens,1,BX,2,
3,00042,migration,USD,Ink,1,ST,2,
4,00042,migration,USD,Old,1,LOST,2,X
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text(MAPPING, encoding="utf-8")
    Path("orders.csv").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_what_is_confirmed_is_read_and_what_is_not_stays_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["guess", "--crosswalk", "uom", "own.yaml", "orders.csv", "-o", "uom.xlsx"]) == 1
    told = capsys.readouterr().out
    assert "uom.xlsx: 3 values, 1 of them known" in told
    assert "2 to confirm in its second column, with a proposal for 1" in told
    book = openpyxl.load_workbook("uom.xlsx")
    sheet = book["Crosswalk"]
    assert [row[:3] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        ("BX", "BX", "BX"),
        ("ST", None, None),
        ("each", None, "EA"),
    ]
    lines = [line.strip() for line in told.splitlines() if line.startswith(("  crosswalks:", "  columns:"))]
    assert lines == [
        'crosswalks: {uom: {file: "uom.xlsx", from: Value in the file, to: Coupa value}}',
        'columns: {"Unit": {to: order-lines/uom/code, crosswalk: uom}}',
    ]
    text = MAPPING.replace("  Unit: order-lines/uom/code\n", "  Unit: {to: order-lines/uom/code, crosswalk: uom}\n")
    Path("own.yaml").write_text(f"{text}{lines[0]}\n", encoding="utf-8")
    assert run(["check", "own.yaml", "orders.csv"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "3 orders with 3 lines: 1 clean, 2 with errors" in told
    assert "has no result in the crosswalk uom; fill it in there" in told
    sheet["B4"] = sheet["C4"].value
    book.save("uom.xlsx")
    run(["check", "own.yaml", "orders.csv"])
    assert "3 orders with 3 lines: 2 clean, 1 with errors" in capsys.readouterr().out
    assert run(["guess", "--crosswalk", "uom", "own.yaml", "orders.csv", "-o", "again.xlsx"]) == 1
    rows = list(openpyxl.load_workbook("again.xlsx")["Crosswalk"].iter_rows(min_row=2, values_only=True))
    assert [row[:2] for row in rows] == [("BX", "BX"), ("ST", None), ("each", "EA")]


def test_a_name_that_means_nothing_or_several_things_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["guess", "--crosswalk", "units", "own.yaml", "orders.csv"]) == 2
    assert "there is no crosswalk, column or element 'units' in it" in capsys.readouterr().err
    assert run(["guess", "--crosswalk", "currency", "own.yaml", "orders.csv"]) == 2
    assert "'currency' may be any of currency/code, order-lines/currency/code" in capsys.readouterr().err
    assert run(["guess", "--crosswalk", "Item", "own.yaml", "orders.csv"]) == 2
    assert "names no record of Coupa" in capsys.readouterr().err


def test_codes_that_look_alike_are_never_taken_for_each_other() -> None:
    nearest = NearestValues({"SET": "Set", "EA": "Each", "STK": "Stack", "V1": "Acme Supplies", "V2": "Globex"})
    assert nearest.of("ST").value == ""
    assert nearest.of("ea").value == "EA"
    assert nearest.of("EACH").value == "EA"
    assert nearest.of("SET").is_same
    assert nearest.of("ACME Supplies Inc.").value == "V1"
    assert nearest.of("").value == ""


def test_a_code_that_is_too_long_is_told_with_the_command_that_drafts_its_crosswalk(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("orders.csv").write_text(FILE.replace("BX", "BARREL-200"), encoding="utf-8")
    assert run(["check", "own.yaml", "orders.csv"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "Unit: 'BARREL-200' has 10 characters, at most 6 fit; it is no code of Coupa's" in told
    assert "`bulkpo guess --crosswalk Unit own.yaml orders.csv -o codes.xlsx` drafts which it may be" in told
    assert run(["guess", "--crosswalk", "Unit", "own.yaml", "orders.csv", "-o", "codes.xlsx"]) == 1
    rows = openpyxl.load_workbook("codes.xlsx")["Crosswalk"].iter_rows(min_row=2, max_col=1, values_only=True)
    assert "BARREL-200" in [row[0] for row in rows]
