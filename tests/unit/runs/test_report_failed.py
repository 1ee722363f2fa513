"""The failed orders in the input's own layout: nothing lost, nothing changed, ready to be corrected."""

import csv
import datetime as dt
import io
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from cleaned import clean_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from bulkpo.errors import UsageError
from bulkpo.model.table import Cell, CellError
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.runs.reports.failed import write_failed
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text
from bulkpo.tables.subset.form import Form, form_of
from bulkpo.tables.subset.sheet import looks_at_own_row

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: small
resource: purchase_orders
source: {{{source}}}
skip_rows: {{Skip: x}}
document: {{key: po-number}}
dates: {{time_zone: UTC}}
columns:
  Number: po-number
  Line: order-lines/line-num
  Description: order-lines/description
  Quantity: order-lines/quantity
  Needed: order-lines/need-by-date
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  supplier/name: Acme
  currency/code: USD
  order-lines/type: OrderQuantityLine
  order-lines/price: "1"
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
"""
TITLES = ["Number", "Line", "Description", "Quantity", "Needed", "Skip"]
NEEDED = dt.datetime(2026, 1, 31)
Row = list[object]


def opened(path: Path, source: str = "") -> tuple[MappedFile, Checked]:
    mapping = path.with_name("mapping.yaml")
    mapping.write_text(MAPPING.format(source=source), encoding="utf-8")
    file = open_mapped(mapping, path, TABLES)
    return file, check(file)


def keys_of(file: MappedFile, checked: Checked) -> set[str]:
    return {document.key for document in clean_documents(file, checked)}


def cells_of(file: MappedFile) -> dict[int, tuple[Cell, ...]]:
    return {
        row: cells
        for chunk in file.source.chunks()
        for row, *rest in zip(chunk.rows, *chunk.columns, strict=True)
        for cells in [tuple(rest)]
    }


def save_workbook(path: Path, rows: Sequence[Row], above: int = 0) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Old orders"
    for number in range(above):
        sheet.append([f"Preamble {number}"])
    sheet.append(TITLES)
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows(min_row=above + 2):
        cells[0].number_format = "00000"
        for cell in cells:
            cell.data_type = "s" if isinstance(cell.value, str) and cell.value[0] != "#" else cell.data_type
    book.save(path)


def save_text(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", newline="", encoding="utf-16") as stream:
        csv.writer(stream, delimiter="|", lineterminator="\n").writerows([TITLES, *rows])


def small(number: int, quantity: object = 1, description: str = "Paper", line: int = 1) -> Row:
    return [number, line, description, quantity, NEEDED, None]


@st.composite
def orders(draw: st.DrawFn) -> list[Row]:
    """Rows of some orders, in any order, some with a quantity that is none, some without an order number."""
    rows: list[Row] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        for line in range(1, draw(st.integers(1, 3)) + 1):
            quantity = draw(st.sampled_from([1, 2.5, 3, "bad"]))
            text = draw(st.sampled_from(["Paper", 'a "b"\nc', " x|y ", "=A1", "007"]))
            rows.append(small(number, quantity, text, line))
    if draw(st.booleans()):
        rows.append([None, 1, "lost", 1, NEEDED, None])
    if draw(st.booleans()):
        rows.append([1, 9, "left out", 1, NEEDED, "x"])
    return draw(st.permutations(rows))


@pytest.mark.parametrize("extension", [".csv", ".xlsx"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=orders())
def test_clean_and_failed_orders_are_all_orders_and_the_failed_ones_corrected_are_clean(
    tmp_path: Path, extension: str, rows: list[Row]
) -> None:
    path, failed_path, options = tmp_path / f"in{extension}", tmp_path / f"failed{extension}", ""
    if extension == ".csv":
        text_rows: list[Row] = [[row[0], row[1], row[2], row[3], "2026-01-31", row[5]] for row in rows]
        save_text(path, text_rows)
        options = "delimiter: '|'"
    else:
        save_workbook(path, rows)
    file, checked = opened(path, options)
    count = write_failed(failed_path, file, checked)
    failed_file, again = opened(failed_path, options)

    assert again.rows == count
    assert again.failed_keys == checked.failed_keys
    assert again.keyless == checked.keyless
    assert again.documents == checked.failed == checked.documents - len(keys_of(file, checked))
    wanted = cells_of(file)
    left_out = {row for skipped in checked.skipped.values() for row in skipped}
    numbers = {str(row[0]).zfill(5) if extension == ".xlsx" else str(row[0]) for row in rows if row[0]}
    assert checked.failed_keys | keys_of(file, checked) == numbers - _only_skipped(rows, numbers)
    stays = [
        cells for row, cells in wanted.items() if row not in left_out and _key(cells) in {None, *checked.failed_keys}
    ]
    assert list(cells_of(failed_file).values()) == stays

    corrected = [[1 if cell == "bad" else cell for cell in row[:6]] for row in _read_rows(failed_path) if row[0]]
    if extension == ".csv":
        save_text(failed_path, corrected)
    else:
        save_workbook(failed_path, corrected)
    mended, clean = opened(failed_path, options)
    assert (clean.failed, keys_of(mended, clean)) == (0, checked.failed_keys)


def _only_skipped(rows: Sequence[Row], numbers: set[str]) -> set[str]:
    sent = {int(str(row[0])) for row in rows if row[0] and not row[5]}
    return {number for number in numbers if int(number) not in sent}


def _key(cells: Sequence[Cell]) -> str | None:
    return None if cells[0] is None else str(cells[0])


def _read_rows(path: Path) -> list[Row]:
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-16") as stream:
            read: list[Row] = [[*row] for row in csv.reader(stream, delimiter="|")]
            return read[1:]
    return [list(row) for row in openpyxl.load_workbook(path)["Old orders"].iter_rows(min_row=2, values_only=True)]


def test_a_workbooks_layout_stays_while_its_rows_move_up(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    save_workbook(path, [small(1), small(2), small(3, "bad"), small(4), small(5, "bad"), small(6)], above=2)
    book = openpyxl.load_workbook(path)
    sheet = book["Old orders"]
    sheet["A6"].font = Font(italic=True)
    sheet.column_dimensions["C"].width = 44
    sheet.row_dimensions[6].hidden = True
    sheet["C6"].comment = Comment("ask Jo", "me")
    choices = DataValidation(type="list", formula1='"1,2"')
    choices.add("D4:D9")
    sheet.add_data_validation(choices)
    sheet.add_table(Table(displayName="Orders", ref="A3:F9"))
    sheet.merge_cells("A1:C1")
    book.create_sheet("Other")["A1"] = "kept"
    book.save(path)
    file, checked = opened(path, "header_row: 3, sheet: Old orders")
    assert write_failed(tmp_path / "failed.xlsx", file, checked) == 2

    copy = openpyxl.load_workbook(tmp_path / "failed.xlsx")
    assert copy.sheetnames == ["Old orders", "Other"]
    rows = copy["Old orders"]
    assert [cell.value for cell in rows["A"]] == ["Preamble 0", "Preamble 1", "Number", 3, 5]
    assert (rows["A4"].font.italic, rows["A4"].number_format) == (True, "00000")
    assert rows["E4"].value == NEEDED
    assert rows.column_dimensions["C"].width == 44
    assert not rows.row_dimensions[4].hidden
    assert [str(each.sqref) for each in rows.data_validations.dataValidation] == ["D4:D5"]
    assert rows.tables["Orders"].ref == "A3:F5"
    assert [str(area) for area in rows.merged_cells.ranges] == ["A1:C1"]
    assert not any(cell.comment for row in rows.iter_rows() for cell in row)
    assert copy["Other"]["A1"].value == "kept"


SHEET = """\
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:F4"/>\
<sheetViews><sheetView workbookViewId="0" topLeftCell="A900"/></sheetViews><sheetData>{rows}</sheetData>\
<mergeCells count="2"><mergeCell ref="H2:H3"/><mergeCell ref="J2:K2"/></mergeCells></worksheet>"""


def test_formulas_move_with_their_row_or_become_values_and_one_without_a_value_is_still_found(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    save_workbook(path, [small(1), small(2, "bad"), small(3)])
    heads = "".join(
        f'<c r="{"ABCDEF"[n]}1" t="inlineStr"><is><t>{title}</t></is></c>' for n, title in enumerate(TITLES)
    )
    rows = [f'<row r="1">{heads}</row>', '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c>']
    rows.append(
        '<c r="C2" t="str"><f>"a"</f><v>a</v></c><c r="D2"><f t="shared" ref="D2:D4" si="0">B2*2</f><v>2</v></c>'
    )
    rows.append('<c r="E2" t="inlineStr"><is><t>2026-01-31</t></is></c></row>')
    for row, value in ((3, "<v>2.50</v>"), (4, "")):
        rows.append(f'<row r="{row}"><c r="A{row}"><v>{row - 1}</v></c><c r="B{row}"><v>1</v></c>')
        rows.append(f'<c r="C{row}" t="str"><f>"a"</f><v>a</v></c><c r="D{row}"><f t="shared" si="0"/>{value}</c>')
        rows.append(f'<c r="E{row}" t="inlineStr"><is><t>{"2026-01-31" if row == 4 else "never"}</t></is></c>')
        rows.append(f'<c r="F{row}" t="str"><f>SUM(D2:D{row})</f><v>{"total" if row == 3 else ""}</v></c></row>')
    _replace_sheet(path, SHEET.format(rows="".join(rows)))
    file, checked = opened(path)
    assert checked.failed_keys == {"2", "3"}
    write_failed(tmp_path / "failed.xlsx", file, checked)

    with zipfile.ZipFile(tmp_path / "failed.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="D2"><f>B2*2</f><v>2.50</v></c>' in sheet
    assert '<c r="D3" s="4"><f>B3*2</f></c>' in sheet
    assert '<c r="F2" t="str"><v>total</v></c>' in sheet
    assert '<c r="F3" t="e"><v>#REF!</v></c>' in sheet
    assert sheet.count("SUM") == 0
    assert "topLeftCell" not in sheet
    assert "mergeCell" not in sheet
    again = opened(tmp_path / "failed.xlsx")[1]
    assert "formula-without-value" in {finding.code for finding in again.findings}


@pytest.mark.parametrize(
    ("formula", "own"),
    [
        ("B7*$C7", True),
        ("SUM(B7:D7)", True),
        ('IF(A7="x","B1",2)', True),
        ("B7*C$7", False),
        ("B6+1", False),
        ("Rates!B7", False),
        ("T1[Price]", False),
        ("Rate*B7", False),
        ("INDIRECT(B7)", False),
    ],
)
def test_a_formula_moves_only_if_it_looks_at_its_own_row(formula: str, own: bool) -> None:
    assert looks_at_own_row(formula, "D7") is own


def _replace_sheet(path: Path, text: str) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            kept = old.read(name).replace(b' fullCalcOnLoad="1"', b"")
            new.writestr(name, text if name.endswith("sheet1.xml") else kept)
    path.write_bytes(written.getvalue())


def test_text_above_the_headings_and_lines_within_cells_stay(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    text = (
        "sep=;\r\nOrders of 2025\r\n"
        "Number;Line;Description;Quantity;Needed;Skip\r\n"
        '1;1;"two\r\nlines";1;2026-01-31;\r\n'
        '0002;1;"three\r\n\r\nlines";x;2026-01-31;\r\n'
        "3;1;a;1;2026-01-31;\r\n"
    )
    path.write_bytes(text.encode("utf-8-sig"))
    file, checked = opened(path, "header_row: 3")
    assert write_failed(tmp_path / "out.csv", file, checked) == 1
    lines = text.splitlines(keepends=True)
    copied = [
        *lines[:2],
        lines[2].replace("\r", ";bulkpo findings\r"),
        *lines[5:7],
        lines[7].replace("\r", ';"{}"\r'.format(checked.errors[0].message.replace('"', '""'))),
    ]
    assert (tmp_path / "out.csv").read_bytes() == "".join(copied).encode("utf-8-sig")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice makes the older workbook for this test")
@pytest.mark.slow
def test_failed_orders_of_an_older_workbook_are_written_as_xlsx(tmp_path: Path) -> None:
    save_workbook(tmp_path / "in.xlsx", [small(1, "bad", "=A1"), small(2)], above=1)
    command = ["soffice", "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(tmp_path / "in.xlsx")]
    subprocess.run(command, check=True, capture_output=True)
    path = tmp_path / "in.ods"
    assert form_of(path) is Form.VALUES
    file, checked = opened(path, "header_row: 2")
    with pytest.raises(UsageError, match=r"is written in its own layout; name a file ending in \.xlsx"):
        write_failed(tmp_path / "failed.ods", file, checked)
    assert write_failed(tmp_path / "failed.xlsx", file, checked) == 1
    again, _ = opened(tmp_path / "failed.xlsx", "header_row: 2")
    assert again.source.sheet == "Old orders"
    assert cells_of(again) == {3: cells_of(file)[3]}


def test_cells_keep_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    save_workbook(path, [small(1), ["00042", 1, "#N/A", 0.1, NEEDED, None], small(3)])
    file, checked = opened(path)
    write_failed(tmp_path / "failed.xlsx", file, checked)
    again, _ = opened(tmp_path / "failed.xlsx")
    assert cells_of(again) == {2: ("00042", Decimal(1), CellError("#N/A"), Decimal("0.1"), NEEDED, None)}


def test_rows_that_a_stray_quotation_mark_swallowed_are_clean_once_the_mark_is_gone(tmp_path: Path) -> None:
    rows = '1,1,"Heavy,1,,\n2,1,Paper,1,,\n3,1,Pipe 5",1,,\n4,1,Paper,1,,\n'
    (tmp_path / "o.csv").write_text(",".join(TITLES) + "\n" + rows, encoding="utf-8")
    file, checked = opened(tmp_path / "o.csv")
    assert checked.failed_keys == {"1", "2", "3"}
    assert write_failed(tmp_path / "f.csv", file, checked) == 3
    marked = (tmp_path / "f.csv").read_text(encoding="utf-8")
    (tmp_path / "o.csv").write_text(marked.replace('"Heavy', "Heavy").replace('5",', "5,"), encoding="utf-8")
    file, checked = opened(tmp_path / "o.csv")
    assert (checked.errors, checked.ok) == ([], 3)
