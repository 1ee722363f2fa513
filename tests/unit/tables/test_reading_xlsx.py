"""Excel workbooks, from their XML and as openpyxl and LibreOffice write them."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell, CellError, Formatted
from bulkpo.tables.workbooks.formulas import WITHOUT_VALUE

ReadTable = Callable[..., tuple[list[str], dict[int, list[Cell]], list[Finding]]]
MakeWorkbook = Callable[..., Path]
ReadCell = Callable[..., Cell]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FILES = Path(__file__).parent / "files"
HEADING = '<row r="1"><c r="A1" t="inlineStr"><is><t>A</t></is></c><c r="B1" t="inlineStr"><is><t>B</t></is></c></row>'


def cell_styles(*codes: str) -> str:
    """Styles 1, 2, ... with these number formats."""
    formats = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(codes))
    cells = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(codes)))
    return (
        f"<numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
        f'<cellXfs><xf numFmtId="0"/>{cells}</cellXfs>'
    )


def shown(stored: int | str, text: str | None, code: str) -> Formatted:
    return Formatted(Decimal(stored), text, code)


@pytest.fixture
def only(workbook: MakeWorkbook, read: ReadTable) -> ReadCell:
    """The value of one cell, from its XML."""

    def value(cell: str, **parts: str) -> Cell:
        _, rows, _ = read(workbook(f'<row r="1">{cell}</row>', **parts), header_row=None)
        return rows[1][0]

    return value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><v>42</v></c>', Decimal(42)),
        ('<c r="A1" t="n"><v>42.0</v></c>', Decimal(42)),
        ('<c r="A1"><v>-0</v></c>', Decimal(0)),
        ('<c r="A1"><v>1.50</v></c>', Decimal("1.5")),
        ('<c r="A1"><v>.5</v></c>', Decimal("0.5")),
        ('<c r="A1"><v>1E+3</v></c>', Decimal(1000)),
        ('<c r="A1"><v>1.25e-2</v></c>', Decimal("0.0125")),
        ('<c r="A1"><v>0.30000000000000004</v></c>', Decimal("0.3")),
        ('<c r="A1"><v>12345678901234567</v></c>', Decimal(12345678901234567)),
        (f'<c r="A1"><v>{"9" * 40}</v></c>', Decimal("9" * 40)),
        ('<c r="A1"><v>-12345678901234567890123456789.5</v></c>', Decimal("-12345678901234567890123456789.5")),
        ('<c r="A1"><v>1E+308</v></c>', Decimal(10) ** 308),
        ('<c r="A1"><v> 7 </v></c>', Decimal(7)),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="e"><v>#N/A</v></c>', CellError("#N/A")),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellError("#DIV/0!")),
        ('<c r="A1" t="str"><f>A2&amp;"x"</f><v>A &amp; B</v></c>', "A & B"),
        ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a&lt;b </t></is></c>', " a<b "),
        ('<c r="A1" t="inlineStr"><is><t>x_x000D_y_x005F_x000D_</t></is></c>', "x\ry_x000D_"),
        ('<c r="A1" t="inlineStr"><is><t>#N/A</t></is></c>', "#N/A"),
        ('<c r="A1" t="inlineStr"><is><t>a&#10;b&#x41;</t></is></c>', "a\nbA"),
        ('<c r="A1" t="inlineStr"><is><t>_xD83D_</t></is></c>', "_xD83D_"),
        ('<c r="A1" t="inlineStr"><is><r><t>ri</t></r><r><rPr><b/></rPr><t>ch</t></r></is></c>', "rich"),
        ('<c r="A1" t="d"><v>2026-01-31T10:15:20Z</v></c>', datetime(2026, 1, 31, 10, 15, 20)),
        ('<c r="A1" t="d"><v>2026-01-31</v></c>', datetime(2026, 1, 31)),
        ('<c r="A1" t="d"><v>10:15:20</v></c>', time(10, 15, 20)),
        ('<c t="n" s="0" r="A1"><v>1</v></c>', Decimal(1)),
        ("<c><v>1</v></c>", Decimal(1)),
        ("<c r='A1'><v>1</v></c>", Decimal(1)),
        ('<c r="A1" cm="1"><f t="array" ref="A1">X</f><v>9</v></c>', Decimal(9)),
        ('<c r="A1"><f t="shared" si="0"/><v>9</v></c>', Decimal(9)),
        ('<c r="A1"><!-- <v>2</v> --><v>1</v></c>', Decimal(1)),
        ('<c r="A1" t="inlineStr"><is><t><![CDATA[<1>]]></t></is></c>', "<1>"),
        ('<c r="A1"><v>1</v><extLst><ext uri="x"/></extLst></c>', Decimal(1)),
        ('<c r="A1" s="77"><v>1</v></c>', Decimal(1)),
    ],
)
def test_a_cell_is_read_as_what_it_holds(only: ReadCell, cell: str, value: object) -> None:
    found = only(cell)
    assert found == value
    assert type(found) is type(value)


def test_whole_numbers_print_without_a_point(workbook: MakeWorkbook, read: ReadTable) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{text}</v></c></row>' for n, text in enumerate(["42.0", "1E+20"], 1))
    _, found, _ = read(workbook(rows), header_row=None)
    assert [str(row[0]) for row in found.values()] == ["42", "100000000000000000000"]


SERIAL = '<c r="A1" s="1"><v>{}</v></c>'


@pytest.mark.parametrize(
    ("code", "serial", "value"),
    [
        ("00000", "42", "00042"),
        ("00000", "1234567", Decimal(1234567)),
        ("00000", "-42", shown(-42, None, "00000")),
        ("00000", "4.5", shown("4.5", None, "00000")),
        ("00000", "42.000000000000007", "00042"),
        ("00000;[Red]-00000", "42", "00042"),
        ("000-00-0000", "12345678", shown(12345678, "012-34-5678", "000-00-0000")),
        (r"000\-00\-0000", "12345678", shown(12345678, "012-34-5678", r"000\-00\-0000")),
        ("000&quot;-&quot;0000", "12345", shown(12345, "001-2345", '000"-"0000')),
        ("[$-409]00000", "42", "00042"),
        ("0", "42", Decimal(42)),
        ("0.00", "42", Decimal(42)),
        ("#,##0.00", "42", Decimal(42)),
        ("0.00E+00", "42", shown(42, None, "0.00E+00")),
        ("0%", "0.5", shown("0.5", None, "0%")),
        ("@", "42", Decimal(42)),
        ("General", "42", Decimal(42)),
        ("[$€-407] #,##0.00", "42", Decimal(42)),
        ("&quot;day &quot;0", "42", shown(42, "day 42", '"day "0')),
        ("[h]:mm", "1.5", shown("1.5", None, "[h]:mm")),
        ("[mm]:ss", "1.5", shown("1.5", None, "[mm]:ss")),
        ("yyyy-mm-dd", "46053", datetime(2026, 1, 31)),
        ("d.m.yy", "46053", datetime(2026, 1, 31)),
        ("[$-407]d. mmmm yyyy;@", "46053", datetime(2026, 1, 31)),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "46053", datetime(2026, 1, 31)),
        ("mmm", "46053", datetime(2026, 1, 31)),
        ("m/d/yyyy h:mm", "46053.42731481481", datetime(2026, 1, 31, 10, 15, 20)),
        ("h:mm AM/PM", "0.5", time(12)),
        ("h:mm", "46053.5", datetime(2026, 1, 31, 12)),
        ("yyyy-mm-dd", "1", datetime(1900, 1, 1)),
        ("yyyy-mm-dd", "59", datetime(1900, 2, 28)),
        ("yyyy-mm-dd", "61", datetime(1900, 3, 1)),
        ("yyyy-mm-dd", "0.9999999999", datetime(1900, 1, 1)),
        ("yyyy-mm-dd", "2958465", datetime(9999, 12, 31)),
        ("yyyy-mm-dd", "2958466", CellError("########")),
        ("yyyy-mm-dd", "-1", CellError("########")),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(only: ReadCell, code: str, serial: str, value: object) -> None:
    found = only(SERIAL.format(serial), styles=cell_styles(code))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (14, datetime(2026, 1, 31)),
        (22, datetime(2026, 1, 31)),
        (46, Formatted(Decimal(46053), None, "[h]:mm:ss")),
        (4, Decimal(46053)),
    ],
)
def test_built_in_formats_are_known(only: ReadCell, number: int, value: object) -> None:
    styles = f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>'
    assert only(SERIAL.format(46053), styles=styles) == value


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path, read: ReadTable) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append(["When"])
    book.active.append([datetime(2026, 1, 31, 12)])
    book.save(tmp_path / "mac.xlsx")
    assert read(tmp_path / "mac.xlsx")[1] == {2: [datetime(2026, 1, 31, 12)]}


def test_shared_strings_rich_and_plain_are_read(workbook: MakeWorkbook, read: ReadTable) -> None:
    strings = (
        "<si><t>plain &amp; simple</t></si><si><r><t>ri</t></r><r><t xml:space='preserve'>ch </t></r></si>"
        "<si><t>kana</t><rPh sb='0' eb='1'><t>KANA</t></rPh></si><si/><si><t>a_x000D_</t></si>"
    )
    cells = "".join(f'<c r="{letter}1" t="s"><v>{n}</v></c>' for n, letter in enumerate("ABCDE"))
    _, rows, _ = read(workbook(f'<row r="1">{cells}</row>', strings=strings), header_row=None)
    assert rows[1] == ["plain & simple", "rich ", "kana", None, "a\r"]


def test_a_shared_string_that_is_not_there_is_damage(only: ReadCell) -> None:
    with pytest.raises(InputError) as caught:
        only('<c r="A1" t="s"><v>3</v></c>', strings="<si><t>one</t></si>")
    assert str(caught.value) == (
        "made.xlsx, sheet Orders: the file is damaged after row 1: there is no shared text number 3; open it in Excel "
        "and save it again"
    )


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"><v>NaN</v></c>',
        '<c r="A1"><v>Infinity</v></c>',
        '<c r="A1"><v>1_000</v></c>',
        '<c r="A1"><v>1E+9999</v></c>',
        '<c r="A1"><v>twelve</v></c>',
        '<c r="A1" t="b"><v>2</v></c>',
        '<c r="A1" t="q"><v>2</v></c>',
        '<c r="XFE1"><v>2</v></c>',
        '<c r="ZZZ1"><v>2</v></c>',
        '<c r="ABCDEFG1"><v>2</v></c>',
    ],
)
def test_a_cell_no_spreadsheet_writes_is_damage(only: ReadCell, cell: str) -> None:
    with pytest.raises(InputError, match=r"made.xlsx, sheet Orders: the file is damaged after row"):
        only(cell)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="9999999"><c r="A9999999"><v>1</v></c></row>',
        "<row r='2'><c r='A2'><v>1</v></c></row><row r='1'><c r='A2'><v>1</v></c></row>",
    ],
)
def test_rows_out_of_order_are_damage_not_dropped(workbook: MakeWorkbook, rows: str, read: ReadTable) -> None:
    with pytest.raises(InputError, match=r"row [0-9]+ comes after row [0-9]+"):
        read(workbook(HEADING + rows))


@pytest.mark.parametrize(
    "row",
    [
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="A2"><v>3</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><is><r><t>rich</t></r></is></c></row>',
        '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c><c><v>2</v></c></row>',
    ],
)
def test_two_cells_of_one_name_are_damage_and_neither_is_taken(
    workbook: MakeWorkbook, row: str, read: ReadTable
) -> None:
    with pytest.raises(InputError, match=r"the file is damaged after row 2: cell [AB]2 stands twice; open it in Excel"):
        read(workbook(HEADING + row))


def test_a_sheet_of_prefixed_names_is_read_alike(workbook: MakeWorkbook, read: ReadTable) -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:cols><x:col min="2" max="2" hidden="1"/></x:cols><x:sheetData>'
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>No</x:t></x:is></x:c><x:c r="B1" t="str"><x:v>Q</x:v></x:c>'
        '</x:row><x:row r="3" hidden="1"><x:c r="A3"><x:v>7.1000000000000001</x:v></x:c>'
        '<x:c r="B3"><x:f>A3</x:f></x:c></x:row></x:sheetData>'
        '<x:mergeCells><x:mergeCell ref="A3:A4"/></x:mergeCells></x:worksheet>'
    )
    titles, rows, findings = read(workbook(sheet=sheet))
    assert titles == ["No", "Q"]
    assert rows == {3: [Decimal("7.1"), WITHOUT_VALUE]}
    assert sorted(found.code for found in findings) == [
        "blank-rows", "float-noise", "hidden-columns", "hidden-rows",
    ]  # fmt: skip


def test_where_a_sheet_turns_odd_half_way_no_row_is_lost_or_doubled(workbook: MakeWorkbook, read: ReadTable) -> None:
    plain = [f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 40_000)]
    plain[20_000] = plain[20_000].replace("<v>", "<!-- odd --><v>")
    plain[30_000] = plain[30_000].replace("<v>", '<v xml:space="preserve">')
    _, rows, findings = read(workbook(HEADING + "".join(plain)))
    assert [row[0] for row in rows.values()] == list(map(Decimal, range(2, 40_000)))
    assert list(rows) == list(range(2, 40_000))
    assert findings == []


def test_a_strict_workbook_is_read_alike(workbook: MakeWorkbook, read: ReadTable) -> None:
    """Excel's "Strict Open XML": other namespaces, dates as ISO text."""
    path = workbook(HEADING + '<row r="2"><c r="A2" t="d"><v>2026-01-31</v></c><c r="B2" t="s"><v>0</v></c></row>',
                    strings="<si><t>text</t></si>")  # fmt: skip
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            strict = text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
            old = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            archive.writestr(name, strict.replace(old, "http://purl.oclc.org/ooxml/officeDocument/relationships"))
    assert read(path)[1:] == ({2: [datetime(2026, 1, 31), "text"]}, [])


def test_rows_and_cells_without_their_names_are_counted(workbook: MakeWorkbook, read: ReadTable) -> None:
    rows = "<row><c t='str'><v>A</v></c><c t='str'><v>B</v></c></row><row/><row><c/><c><v>5</v></c></row>"
    assert read(workbook(rows))[1] == {3: [None, Decimal(5)]}


def test_empty_columns_on_the_left_keep_their_letters(workbook: MakeWorkbook, read: ReadTable) -> None:
    rows = '<row r="1"><c r="C1" t="str"><v>No</v></c></row><row r="2"><c r="C2"><v>1</v></c></row>'
    titles, found, _ = read(workbook(rows))
    assert titles == ["A", "B", "No"]
    assert found == {2: [None, None, Decimal(1)]}


def test_a_column_that_only_later_rows_fill_is_told(workbook: MakeWorkbook, read: ReadTable) -> None:
    rows = HEADING + '<row r="2"><c r="A2"><v>1</v></c><c r="AB2"><v>5</v></c></row>'
    _, found, findings = read(workbook(rows))
    assert found == {2: [Decimal(1), None]}
    assert [(told.code, told.row, told.column, told.value) for told in findings] == [("extra-cells", 2, 28, "5")]


def test_empty_styled_cells_and_rows_are_nothing(workbook: MakeWorkbook, read: ReadTable) -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><v>No</v></c><c r="B1" s="0"/><c r="C1" s="0"></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="0"/><c r="D2"><v></v></c></row>'
        '<row r="3" s="1" customFormat="1"/><row r="4"><c r="A4" s="0"/></row><row r="5" hidden="1"/>'
    )
    titles, found, findings = read(workbook(rows))
    assert titles == ["No"]
    assert found == {2: [Decimal(1)]}
    assert [(told.code, told.row, told.message) for told in findings] == [
        ("trailing-blank-rows", 3, "wholly blank rows at the end: 3; they are left out")
    ]


def test_a_million_formatted_blank_rows_take_a_moment(workbook: MakeWorkbook, read: ReadTable) -> None:
    blank = "".join(f'<row r="{n}" spans="1:2" s="1" customFormat="1"/>' for n in range(3, 400_000))
    _, found, findings = read(workbook(HEADING + '<row r="2"><c r="A2"><v>1</v></c></row>' + blank))
    assert found == {2: [Decimal(1), None]}
    assert [told.code for told in findings] == ["trailing-blank-rows"]


def test_binary_noise_is_counted_once_with_its_first_cell(workbook: MakeWorkbook, read: ReadTable) -> None:
    noisy = "".join(f'<row r="{n}"><c r="B{n}"><v>0.30000000000000004</v></c></row>' for n in range(3, 8))
    _, found, findings = read(workbook(HEADING + noisy))
    assert {row[1] for row in found.values()} == {Decimal("0.3")}
    assert [(told.code, told.row, told.column, told.severity) for told in findings if told.code == "float-noise"] == [
        ("float-noise", 3, 2, Severity.NOTICE)
    ]
    assert findings[-1].message == (
        "numbers with more digits than a spreadsheet shows (0.30000000000000004): 5; read as the 15 digits shown"
    )


def test_each_formula_without_a_stored_value_is_a_cell_in_doubt(tmp_path: Path, read: ReadTable) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["No", "Amount"], [1, "=A2*2"], [2, "=A3*2"]):
        book.active.append(row)
    book.save(tmp_path / "formulas.xlsx")
    _, found, findings = read(tmp_path / "formulas.xlsx")
    assert found == {2: [Decimal(1), WITHOUT_VALUE], 3: [Decimal(2), WITHOUT_VALUE]}
    assert findings == []


def test_a_formula_that_gives_empty_text_is_blank_and_no_error(workbook: MakeWorkbook, read: ReadTable) -> None:
    rows = HEADING + '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
    assert read(workbook(rows))[1:] == ({2: [Decimal(1), None]}, [])


def lint_book(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Orders"
    for row in (["No", "Supplier", "Price"], [1, "Acme", 2], [2, None, 3], [3, "Beta", 4]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.auto_filter.ref = "A1:C4"
    sheet.auto_filter.add_filter_column(0, ["1", "2"])
    book.create_sheet("Old").append([1])
    book.create_sheet("Empty")
    book.create_sheet("Secret").append([1])
    book["Secret"].sheet_state = "hidden"
    path = tmp_path / "lint.xlsx"
    book.save(path)
    return path


def test_what_a_sheet_hides_is_told_once_with_its_place(tmp_path: Path, read: ReadTable) -> None:
    _, rows, findings = read(lint_book(tmp_path))
    assert list(rows) == [2, 3, 4]
    assert [(told.code, told.severity.value, told.row, told.column) for told in findings] == [
        ("other-sheets", "notice", 0, 0),
        ("hidden-sheets", "notice", 0, 0),
        ("hidden-columns", "notice", 0, 3),
        ("active-filter", "notice", 0, 0),
        ("hidden-rows", "notice", 4, 0),
    ]
    assert [told.message for told in findings] == [
        "only the sheet 'Orders' is read; others hold data too: 'Old'; name the sheet you mean",
        "hidden sheets hold data and are not read: 'Secret'",
        "hidden columns: C; they are read like all others",
        "a filter is active; the rows it hides are read like all others; clear it to see what is read",
        "hidden rows: 1; they are read like all others; delete those that should not be",
    ]


def test_sheets_are_chosen_by_name_and_wrong_names_answered(tmp_path: Path, read: ReadTable) -> None:
    path = lint_book(tmp_path)
    assert read(path, sheet="Old", header_row=None)[1] == {1: [Decimal(1)]}
    assert read(path, sheet=" old ", header_row=None)[1] == {1: [Decimal(1)]}
    secret = read(path, sheet="Secret", header_row=None)[2]
    assert [told.message for told in secret] == ["the sheet 'Secret', which is read, is hidden"]
    with pytest.raises(InputError) as caught:
        read(path, sheet="Ordrs")
    assert str(caught.value) == (
        "lint.xlsx: there is no sheet 'Ordrs'; it has 'Orders', 'Old', 'Empty', 'Secret'; did you mean 'Orders'?"
    )
    with pytest.raises(InputError, match=r"lint\.xlsx, sheet Empty: there is no row 1 to hold the headings"):
        read(path, sheet="Empty")


def test_a_heading_merged_over_columns_stands_over_each(tmp_path: Path, read: ReadTable) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["No", "Ship to", None], [None, "Street", "City"], [1, "Main St", "Reno"]):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("A1:A2")
    book.save(tmp_path / "merged.xlsx")
    titles, rows, findings = read(tmp_path / "merged.xlsx", header_rows=2)
    assert titles == ["No", "Ship to Street", "Ship to City"]
    assert rows == {3: [Decimal(1), "Main St", "Reno"]}
    assert findings == []


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "libreoffice.xls", "libreoffice.ods"])
def test_what_libreoffice_saves_is_read(name: str, read: ReadTable) -> None:
    titles, rows, findings = read(FILES / name, header_row=2)
    assert titles == [
        "A", "PO Number", "Need by date", "Qty", "Price", "Flag", "Err", "When", "Time", "Zip", "Note", "Amount",
    ]  # fmt: skip
    open_document = name.endswith("ods")
    assert list(rows) == [3, 4]
    assert rows[3] == [
        None,
        "00042",
        datetime(2026, 1, 31),
        Decimal(3),
        Decimal("0.3"),
        Formatted(Decimal(1), "TRUE", "") if open_document else True,
        CellError("#DIV/0!"),
        datetime(2026, 1, 31, 10, 15, 20),
        time(9, 30),
        "00501",
        "  padded & <b>\nsecond",
        Decimal("0.9"),
    ]
    assert rows[4][10:] == ["é ü 漢字 😀", Decimal("-3086419.725")]
    codes = {told.code for told in findings}
    assert "formats-unseen" not in codes
    assert {"other-sheets", "hidden-sheets", "hidden-rows"} <= codes


def test_values_written_by_openpyxl_are_read_as_written(tmp_path: Path, read: ReadTable) -> None:
    row = ["=text", "x" * 32_767, 12.5, -3, True, date(2026, 1, 31), datetime(2026, 1, 31, 23, 59, 59, 999000), "é\t\n"]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([f"c{n}" for n in range(len(row))])
    sheet.append(row)
    sheet["A2"].data_type = "s"
    book.save(tmp_path / "plain.xlsx")
    expected = [*row]
    expected[2], expected[3], expected[5] = Decimal("12.5"), Decimal(-3), datetime(2026, 1, 31)
    assert read(tmp_path / "plain.xlsx")[1] == {2: expected}


def test_an_old_workbook_of_many_sectors_keeps_errors_and_zeros_in_every_row(read: ReadTable) -> None:
    _, rows, findings = read(FILES / "padded.xls")
    assert len(rows) == 198
    for number, (no, padded, doubled, amount, text) in rows.items():
        assert no == Formatted(Decimal(number), f"000-00-{number:04}", r"000\-00\-0000")
        assert padded == f"{number * 7:05}"
        assert doubled == (CellError("#N/A") if number % 50 == 0 else Decimal(number * 2))
        assert (amount, text) == (Decimal(number) * Decimal("1.1"), f"text {number}")
    assert {told.code for told in findings} <= {"float-noise"}


def test_a_sheet_that_bulkpo_added_is_neither_read_nor_told_of(tmp_path: Path, read: ReadTable) -> None:
    book = Workbook()
    first = book.worksheets[0]
    first.title = "bulkpo summary"
    first.append(["Errors", 3])
    book.create_sheet("Orders").append(["Number"])
    book["Orders"].append(["0042"])
    book.save(tmp_path / "marked.xlsx")
    assert read(tmp_path / "marked.xlsx") == (["Number"], {2: ["0042"]}, [])
