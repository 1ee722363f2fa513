"""Reports and failed orders of orders that come in parts: two sheets, two files, rows of several types."""

from pathlib import Path

import openpyxl
import pytest

from bulkpo.errors import UsageError
from bulkpo.model.own import OWN_COLUMN
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.runs.reports.facts import CheckFacts
from bulkpo.runs.reports.failed import write_failed
from bulkpo.runs.reports.write import write_report
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

ROOT = Path(__file__).resolve().parents[3]
TABLES = ElementTables(schema_text)
TWO_FILES = """\
bulkpo: import/1
name: two-files
resource: purchase_orders
document: {key: po-number}
numbers: {decimal: "."}
tables:
  headers:
    columns: {Number: po-number, Supplier: supplier/name}
  lines:
    source: {file: lines.csv}
    columns:
      Number: po-number
      Line: order-lines/line-num
      Price: order-lines/price
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  currency/code: USD
  order-lines/type: OrderAmountLine
  order-lines/description: Work
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
"""
FILLED_DOWN = """\
bulkpo: import/1
name: filled-down
resource: purchase_orders
document: {key: po-number, fill_down: [Number, Supplier]}
skip_rows: {Skip: x}
numbers: {decimal: "."}
columns:
  Number: po-number
  Supplier: supplier/name
  Line: order-lines/line-num
  Price: order-lines/price
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  currency/code: USD
  order-lines/type: OrderAmountLine
  order-lines/description: Work
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
"""


def opened(path: Path, mapping: str) -> tuple[MappedFile, Checked]:
    known = ROOT / f"mappings/import/{mapping}.yaml"
    file = open_mapped(known if known.exists() else path.with_name(f"{mapping}.yaml"), path, TABLES)
    return file, check(file)


def two_sheets(folder: Path) -> Path:
    """The sample with a wrong cell in each of its sheets; the third order stays clean."""
    book = openpyxl.load_workbook(ROOT / "samples/two-sheets.xlsx")
    book["Orders"]["B2"] = "x" * 300
    book["Lines"]["D4"] = "bad"
    path = folder / "orders.xlsx"
    book.save(path)
    return path


def test_each_sheet_of_joined_sheets_is_marked_at_its_own_cells(tmp_path: Path) -> None:
    file, checked = opened(two_sheets(tmp_path), "two-sheets")
    write_report(tmp_path / "report.xlsx", file, checked)
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    noted = {
        (sheet.title, cell.coordinate) for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment
    }
    assert noted >= {("Orders", "B2"), ("Lines", "D4")}
    for sheet, row in (("Orders", 2), ("Lines", 4)):
        column = [cell.value for cell in book[sheet][1]].index(OWN_COLUMN)
        assert book[sheet][row][column].value
    errors = [each for each in CheckFacts(file, checked).listed() if each.severity == "error"]
    assert [(each.place, each.row, each.column, each.order) for each in errors] == [
        ("orders.xlsx, sheet Orders, cell B2", 2, "Supplier No", "0004801"),
        ("orders.xlsx, sheet Lines, cell D4", 4, "Quantity", "0004802"),
    ]
    assert {fact.places for fact in CheckFacts(file, checked).summary() if fact.severity == "error"} == {
        "sheet Orders, cell B2",
        "sheet Lines, cell D4",
    }


def test_failed_orders_of_joined_sheets_keep_both_sheets(tmp_path: Path) -> None:
    file, checked = opened(two_sheets(tmp_path), "two-sheets")
    assert write_failed(tmp_path / "failed.xlsx", file, checked) == 5
    book = openpyxl.load_workbook(tmp_path / "failed.xlsx")
    assert [cell.value for cell in book["Orders"]["A"]] == ["PO Number", "0004801", "0004802"]
    assert [cell.value for cell in book["Lines"]["A"]] == ["PO Number", "0004801", "0004801", "0004802"]
    _, again = opened(tmp_path / "failed.xlsx", "two-sheets")
    assert (again.failed_keys, again.documents) == (checked.failed_keys, 2)


def test_failed_orders_of_two_files_are_two_files_in_another_folder(tmp_path: Path) -> None:
    (tmp_path / "two-files.yaml").write_text(TWO_FILES)
    (tmp_path / "headers.csv").write_text("Number,Supplier\n1,Acme\n2,Acme\n3,Acme\n")
    (tmp_path / "lines.csv").write_text("Number,Line,Price\n3,1,5\n2,1,x\n1,1,5\n2,2,5\n")
    file, checked = opened(tmp_path / "headers.csv", "two-files")
    with pytest.raises(UsageError, match=r"lines\.csv would be written over; name a file in another folder"):
        write_failed(tmp_path / "failed.csv", file, checked)
    assert not (tmp_path / "failed.csv").exists()
    for write in (write_report, write_failed):
        with pytest.raises(UsageError, match=r"lines\.csv: this file is read or written already; choose another name"):
            write(tmp_path / "lines.csv", file, checked)
    (tmp_path / "again").mkdir()
    assert write_failed(tmp_path / "again/headers.csv", file, checked) == 3
    assert (tmp_path / "again/headers.csv").read_text() == "Number,Supplier\n2,Acme\n"
    assert (tmp_path / "again/lines.csv").read_text() == (
        "Number,Line,Price,bulkpo findings\n2,1,x,\"lines/Price: 'x' is not a number written like 1234.50\"\n2,2,5\n"
    )

    write_report(tmp_path / "report.xlsx", file, checked)
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames[:2] == ["headers", "lines"]
    assert [row[-1] is not None for row in book["lines"].iter_rows(min_row=2, values_only=True)] == [
        False,
        True,
        False,
        False,
    ]


def test_failed_orders_of_rows_of_several_types_keep_every_types_heading(tmp_path: Path) -> None:
    text = (ROOT / "samples/coupa-external-orders.csv").read_bytes()
    damaged = text.replace(b'"5","119.00"', b'"five","119.00"')
    assert damaged != text
    (tmp_path / "orders.csv").write_bytes(damaged)
    file, checked = opened(tmp_path / "orders.csv", "coupa-external-orders")
    assert checked.failed_keys == {"0004802"}
    assert write_failed(tmp_path / "failed.csv", file, checked) == 2
    lines = (tmp_path / "failed.csv").read_bytes().splitlines(keepends=True)
    assert [line.split(b",")[0] for line in lines] == [
        b'"Header"',
        b'"Line"',
        b'"Account Allocation"',
        b'"Header"',
        b'"Line"',
    ]
    (tmp_path / "mended.csv").write_bytes(b"".join(lines).replace(b'"five"', b'"5"'))
    _, again = opened(tmp_path / "mended.csv", "coupa-external-orders")
    assert (again.documents, again.failed) == (1, 0)


def test_a_skipped_row_stays_where_the_failed_rows_below_take_their_order_from_it(tmp_path: Path) -> None:
    (tmp_path / "filled-down.yaml").write_text(FILLED_DOWN)
    rows = ["Number,Supplier,Line,Price,Skip", "1,Acme,1,5,", "2,Bolt,1,5,x", ",,2,bad,", "3,Core,1,5,", ",,2,5,x"]
    (tmp_path / "orders.csv").write_text("\n".join(rows) + "\n")
    file, checked = opened(tmp_path / "orders.csv", "filled-down")
    assert checked.failed_keys == {"2"}
    write_failed(tmp_path / "failed.csv", file, checked)
    lines = (tmp_path / "failed.csv").read_text().splitlines()
    assert lines[:2] == [f"{rows[0]},bulkpo findings", rows[2]]
    assert lines[2].startswith(f'{rows[3]},"Price: ')
    _, again = opened(tmp_path / "failed.csv", "filled-down")
    assert (again.failed_keys, again.documents) == ({"2"}, 1)
