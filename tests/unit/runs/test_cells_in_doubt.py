"""Cells that may not hold what people see: told each by itself, and they hold back the orders that use them."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cleaned import clean_documents
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bulkpo.errors import InputError
from bulkpo.model.table import row_number, table_number
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text
from bulkpo.tables.source import open_source

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: small
resource: purchase_orders
{settings}
document: {{key: po-number, fill_down: [{carried}]}}
dates: {{time_zone: UTC}}
skip_rows: {{Skip: x}}
columns:
  PO: po-number
  Line: order-lines/line-num
  Text: {{to: order-lines/source-part-num, {text}}}
  Qty: {{to: order-lines/quantity, {quantity}}}
  Note: {{ignore: internal}}
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  supplier/name: Acme
  currency/code: USD
  order-lines/type: OrderQuantityLine
  order-lines/price: "1"
  order-lines/description: made up
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
"""
TITLES = ["PO", "Line", "Text", "Qty", "Note", "Skip"]


def opened(path: Path, settings: str = "", text: str = "", quantity: str = "", carried: str = "") -> MappedFile:
    mapping = path.with_name("mapping.yaml")
    shown = MAPPING.format(settings=settings, text=text, quantity=quantity, carried=carried)
    mapping.write_text(shown, encoding="utf-8")
    return open_mapped(mapping, path, TABLES)


def sent(file: MappedFile, checked: Checked) -> dict[str, list[tuple[object, ...]]]:
    """The clean orders: of each line its text and quantity."""
    names = [field.full_path for field in file.mapping.levels[1].level.fields]
    at = [names.index(f"order-lines/{name}") for name in ("source-part-num", "quantity")]
    return {
        document.key: [tuple(member.values[place] for place in at) for member in document.members]
        for document in clean_documents(file, checked)
    }


def errors(checked: Checked) -> list[tuple[str, int, int]]:
    return [(found.code, found.row, found.column) for found in checked.errors]


def notices(checked: Checked) -> list[tuple[str, int, int]]:
    return [(found.code, found.row, found.column) for found in checked.notices if found.code != "unmapped-column"]


def workbook(path: Path, rows: Sequence[Sequence[object]], *, calculated: bool = True) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [TITLES, *rows]:
        sheet.append(list(row))
    book.calculation.fullCalcOnLoad = not calculated
    book.save(path)
    return book


def test_each_order_with_a_formula_without_value_is_held_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    rows = [[f"P{n}", 1, "a", "=1+1" if n % 2 else 2, "=1", None] for n in range(1, 5)]
    workbook(path, [*rows, ["P5", 1, "a", "=1", None, "x"]])
    file = opened(path)
    checked = check(file)
    assert errors(checked) == [("formula-without-value", 2, 4), ("formula-without-value", 4, 4)]
    assert checked.failed_keys == {"P1", "P3"}
    assert sorted(sent(file, checked)) == ["P2", "P4"]
    assert checked.errors[0].message == (
        "Qty: the cell holds a formula without a stored value; open the file in Excel, let it calculate, save it and "
        "run again; or declare formulas: stored"
    )


def test_a_skipped_row_loses_no_finding_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    workbook(path, [["P1", 1, "a", "=1", None, "x"], ["P2", 1, "a", "=1", None, None]])
    assert errors(check(opened(path))) == [("formula-without-value", 3, 4)]


def test_declared_formulas_are_counted_notices(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    workbook(path, [["P1", 1, "=1", 1, None, None], ["P2", 1, "=1", "=1", None, None]])
    checked = check(opened(path, text="formulas: stored"))
    assert notices(checked) == [("formula-without-value", 2, 3), ("formula-without-value", 3, 3)]
    assert checked.failed_keys == {"P2"}
    assert checked.notices[0].message == (
        "Text: the cell holds a formula without a stored value; it is taken as the mapping says (formulas: stored)"
    )


@pytest.mark.parametrize("attribute", ['fullCalcOnLoad="1"', 'fullCalcOnLoad="true"', 'calcCompleted="0"'])
def test_stored_values_of_a_workbook_to_be_calculated_when_opened_are_in_doubt(tmp_path: Path, attribute: str) -> None:
    path = tmp_path / "o.xlsx"
    workbook(path, [["P1", 1, "a", "=1", None, None], ["P2", 1, "b", 3, None, None]])
    edit(path, "xl/worksheets/sheet1.xml", "<f>1</f><v></v>", "<f>1</f><v>0</v>")
    edit(path, "xl/workbook.xml", 'fullCalcOnLoad="0"', attribute)
    file = opened(path)
    checked = check(file)
    assert errors(checked) == [("formula-not-calculated", 2, 4)]
    assert sent(file, checked) == {"P2": [("b", "3")]}
    assert sent(*_both(opened(path, settings="formulas: stored")))["P1"] == [("a", "0")]


def _both(file: MappedFile) -> tuple[MappedFile, Checked]:
    return file, check(file)


def edit(path: Path, part: str, old: str, new: str) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(written, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                assert old.encode() in text, text.decode()[-800:]
                text = text.replace(old.encode(), new.encode())
            after.writestr(name, text)
    path.write_bytes(written.getvalue())


def test_a_formula_for_several_cells_without_value_leaves_all_of_them_in_doubt(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    workbook(path, [[f"P{n}", 1, "a", "=1" if n == 1 else None, None, None] for n in range(1, 5)])
    edit(path, "xl/worksheets/sheet1.xml", "<f>1</f>", '<f t="array" ref="D2:D4">E2:E4</f>')
    assert errors(check(opened(path)))[:3] == [("formula-without-value", row, 4) for row in (2, 3, 4)]


def merged(path: Path, area: str, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [TITLES, *rows]:
        sheet.append(list(row))
    sheet.merge_cells(area)
    book.save(path)
    return path


LINES = [["P1", 1, "a", 1, None, None], ["P1", 2, "b", 2, None, None], ["P2", 1, "c", 3, None, None]]


def test_each_cell_under_a_merged_one_holds_its_order(tmp_path: Path) -> None:
    path = merged(tmp_path / "o.xlsx", "C2:C3", LINES)
    file = opened(path)
    checked = check(file)
    assert errors(checked) == [("merged-cells", 3, 3)]
    assert sent(file, checked) == {"P2": [("c", "3")]}
    assert checked.errors[0].message == (
        "Text: the cell is one of the merged cells C2:C3 and holds nothing itself; unmerge them and fill in every "
        "cell, or declare merged_cells: fill (or as_read)"
    )
    filled = opened(path, text="merged_cells: fill")
    assert sent(filled, check(filled))["P1"] == [("a", "1"), ("a", "2")]
    blank = opened(path, settings="merged_cells: as_read")
    assert sent(blank, check(blank))["P1"] == [("a", "1"), (None, "2")]


def test_a_column_that_is_carried_down_may_be_merged_downwards(tmp_path: Path) -> None:
    path = merged(tmp_path / "o.xlsx", "C2:C3", LINES)
    file = opened(path, carried="Text")
    checked = check(file)
    assert errors(checked) == []
    assert sent(file, checked)["P1"] == [("a", "1"), ("a", "2")]


def test_merged_cells_of_ignored_columns_and_skipped_rows_are_none(tmp_path: Path) -> None:
    rows = [["P1", 1, "a", 1, "n", None], ["P1", 2, "b", 2, None, None], ["P3", 1, "a", 1, None, "x"]]
    assert errors(check(opened(merged(tmp_path / "o.xlsx", "E2:E3", rows)))) == []
    assert errors(check(opened(merged(tmp_path / "o.xlsx", "C4:D4", rows)))) == []


def test_a_value_that_a_merged_cell_hides_is_not_sent(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    workbook(path, LINES)
    edit(
        path,
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        '</sheetData><mergeCells><mergeCell ref="D2:D3"/></mergeCells>',
    )
    assert errors(check(opened(path))) == [("merged-cells", 3, 4)]


def test_what_a_format_shows_goes_to_text_and_what_the_cell_holds_to_numbers(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    book = workbook(path, [[12, 1, 2021.1, 5, None, None], [13, 1, "b", 2.5, None, None]])
    sheet = book.worksheets[0]
    for cell, code in {"A2": '"PO-"0000', "A3": '"PO-"0000', "C2": "0.00", "D2": '0" pcs"', "D3": "0.00"}.items():
        sheet[cell].number_format = code
    book.save(path)
    file = opened(path)
    checked = check(file)
    assert errors(checked) == [("shown-otherwise", 2, 3)]
    assert checked.errors[0].message == (
        "Text: the cell holds 2021.1 and shows it otherwise (its number format is 0.00); format the column as text and "
        "enter what is meant, or declare number_formats: stored"
    )
    assert sent(file, checked) == {"PO-0013": [("b", "2.5")]}
    stored = opened(path, text="number_formats: stored")
    assert sent(stored, check(stored))["PO-0012"] == [("2021.1", "5")]


def text(path: Path, *lines: str) -> Path:
    path.write_bytes("\n".join(["PO,Line,Text,Qty,Note,Skip", *lines, ""]).encode())
    return path


SWALLOWED = ('C1,1,"Heavy cable,1,,', "C2,1,Bolt,2,,", 'C3,1,Pipe 5",3,,', "C4,1,ok,4,,")


def test_rows_swallowed_by_a_stray_quotation_mark_are_named_and_held(tmp_path: Path) -> None:
    file = opened(text(tmp_path / "o.csv", *SWALLOWED, "C2,2,Nut,2,,"))
    checked = check(file)
    assert [(found.code, found.row) for found in checked.errors] == [("stray-quotes", row) for row in (2, 3, 4)]
    assert checked.failed_keys == {"C1", "C2", "C3"}
    assert sent(file, checked) == {"C4": [("ok", "4")]}
    assert checked.errors[0].message.startswith(
        "PO: a quotation mark opens in line 2 and closes in line 4, so that lines 2 to 4 would be one row; "
    )


def test_a_description_of_several_lines_stays_what_it_is(tmp_path: Path) -> None:
    file = opened(text(tmp_path / "o.csv", 'C1,1,"Bolt ""M6"", 5"", zinc', 'plated, 2"" long",1,,', "C2,1,b,2,,"))
    checked = check(file)
    assert checked.failed_keys == set()
    assert sent(file, checked)["C1"] == [('Bolt "M6", 5", zinc\nplated, 2" long', "1")]


def test_marks_declared_as_read_are_a_counted_notice(tmp_path: Path) -> None:
    checked = check(opened(text(tmp_path / "o.csv", *SWALLOWED), settings="source: {quotes: as_read}"))
    assert ("stray-quotes", 2, 0) in notices(checked)
    assert "stray-quotes" not in {found.code for found in checked.errors}


def test_a_blank_before_a_quotation_mark_is_no_part_of_a_value(tmp_path: Path) -> None:
    file = opened(text(tmp_path / "o.csv", 'C1,1, "Bolt ""M6"", long" ,1,,', 'C2,1, "5" pipe,2,,', "C3,1,c,3,,"))
    checked = check(file)
    assert [(found.code, found.row) for found in checked.errors] == [("unclear-quotes", 3)]
    assert sent(file, checked) == {"C1": [('Bolt "M6", long', "1")], "C3": [("c", "3")]}
    assert ("spaced-quotes", 2, 0) in notices(checked)


def test_text_written_as_a_formula_keeps_its_zeros(tmp_path: Path) -> None:
    file = opened(text(tmp_path / "o.csv", '="0001",1,"=""a""""b""",1,,', 'C2,1,="a"&B2,2,,', "C3,1,=1+1,3,,"))
    checked = check(file)
    assert errors(checked) == [("formula-as-text", 3, 3)]
    assert sent(file, checked) == {"0001": [('a"b', "1")], "C3": [("=1+1", "3")]}
    assert ("text-formula", 2, 1) in notices(checked)
    declared = opened(tmp_path / "o.csv", text="formulas: stored")
    assert sent(declared, check(declared))["C2"] == [('="a"&B2', "2")]


@pytest.mark.parametrize("number", ["4.50012e+09", "12.5E+09", "1e+05", "1E-05", "4,5E9", "1.E5", "-2.5e3"])
def test_a_number_shortened_by_a_program_is_no_text(tmp_path: Path, number: str) -> None:
    path = text(tmp_path / "o.csv", f'C1,1,"{number}",1,,')
    assert errors(check(opened(path))) == [("scientific-number", 2, 3)]
    file = opened(path, text="scientific: as_read")
    checked = check(file)
    assert sent(file, checked) == {"C1": [(number, "1")]}
    assert ("scientific-text", 2, 3) in notices(checked)


def test_a_code_that_looks_scientific_is_sent_and_told_among_many(tmp_path: Path) -> None:
    file = opened(text(tmp_path / "o.csv", *(f"C{n},1,{'12E4' if n == 30 else 'Line1 e5'},1,," for n in range(60))))
    checked = check(file)
    assert sent(file, checked)["C30"] == [("12E4", "1")]
    assert notices(checked)[-1] == ("scientific-text", 32, 3)


def test_a_guard_against_formulas_is_taken_off_and_told(tmp_path: Path) -> None:
    file = opened(text(tmp_path / "o.csv", "C1,1,'=1+1,1,,", "C2,1,''=x,2,,", "C3,1,'tis,3,,"))
    checked = check(file)
    texts = [lines[0][0] for lines in sent(file, checked).values()]
    assert texts == ["=1+1", "'=x", "'tis"]
    assert ("guard-removed", 2, 3) in notices(checked)
    kept = opened(tmp_path / "o.csv", settings="source: {guard: off}")
    assert [lines[0][0] for lines in sent(kept, check(kept)).values()] == ["'=1+1", "''=x", "'tis"]


def test_a_row_of_more_cells_than_any_table_has_is_refused(tmp_path: Path) -> None:
    path = text(tmp_path / "o.csv", "," * 20_000)
    with pytest.raises(InputError, match="line 2: there are 20,001 cells in a row, more than the 16,384"):
        check(opened(path))


def test_days_of_1904_are_kept_beside_an_extension_that_says_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append(["Day"])
    book.worksheets[0].append([dt.datetime(2025, 3, 1)])
    book.save(path)
    extension = '<extLst><ext uri="x"><x15:workbookPr xmlns:x15="urn:x" chartTrackingRefBase="1"/></ext></extLst>'
    edit(path, "xl/workbook.xml", "</workbook>", f"{extension}</workbook>")
    assert [chunk.columns[0] for chunk in open_source(path).chunks()] == [[dt.datetime(2025, 3, 1)]]


TABLES_MAPPING = """\
bulkpo: import/1
name: two
resource: purchase_orders
document: {key: po-number}
tables:
  heads:
    source: {sheet: Heads}
    columns: {PO: po-number, Supplier: supplier/name}
  lines:
    source: {sheet: Lines}
    columns: {PO: po-number, Line: order-lines/line-num, Qty: order-lines/quantity}
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  currency/code: USD
  order-lines/type: OrderQuantityLine
  order-lines/description: made up
  order-lines/price: "1"
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
"""


def test_cells_of_the_second_of_two_tables_are_told_alike(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    book = openpyxl.Workbook()
    heads = book.worksheets[0]
    heads.title = "Heads"
    lines = book.create_sheet("Lines")
    two: dict[Any, list[list[object]]] = {
        heads: [["PO", "Supplier"], ["P1", "A"], ["P2", "A"], ["P3", "A"], ["P4", "A"]],
        lines: [["PO", "Line", "Qty"], ["P1", 1, 1], ["P2", 1, "=1"], ["P3", 1, "=1"], ["P4", 1, 4], ["P4", 2, 5]],
    }
    for sheet, rows in two.items():
        for row in rows:
            sheet.append(list(row))
    lines.merge_cells("C5:C6")
    book.save(path)
    mapping = tmp_path / "two.yaml"
    mapping.write_text(TABLES_MAPPING, encoding="utf-8")
    checked = check(open_mapped(mapping, path, TABLES))
    told = [(found.code, row_number(found.row), table_number(found.row), found.column) for found in checked.errors]
    assert told == [
        ("formula-without-value", 3, 1, 3),
        ("formula-without-value", 4, 1, 3),
        ("merged-cells", 6, 1, 3),
    ]
    assert checked.failed_keys == {"P2", "P3", "P4"}
