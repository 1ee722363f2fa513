"""What is shown is what is sent: formats that show more than the digits of a number, in every kind of workbook."""

import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from bulkpo.model.table import Cell, Doubtful, Formatted
from bulkpo.tables.workbooks.number_formats import built_in, style_formats, understand
from bulkpo.tables.workbooks.shown_numbers import as_shown

ReadTable = Callable[..., tuple[list[str], dict[int, list[Cell]], list[object]]]
ACCOUNTING = '_-* #,##0.00 €_-;-* #,##0.00 €_-;_-* "-"?? €_-;_-@_-'


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ('"PO-"0000', "12", "PO-0012"),
        (r"\P\O0000", "12", "PO0012"),
        ('0000"-A"', "12", "0012-A"),
        ('#"-"0000', "120012", "12-0012"),
        ('"V"General', "3", "V3"),
        ("(000) 000-0000", "2125551234", "(212) 555-1234"),
        ("[<=9999999]###-####;(###) ###-####", "5551234", "555-1234"),
        ("[<=9999999]###-####;(###) ###-####", "2125551234", "(212) 555-1234"),
        ('0;-0;"none"', "0", "none"),
        ('"PO-"@', "12", "PO-12"),
        ('0"."00', "1234", "12.34"),
    ],
)
def test_text_in_a_format_belongs_to_what_is_shown(code: str, number: str, shown: str) -> None:
    assert understand(code).of(Decimal(number)) == Formatted(Decimal(number), shown, code)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("0.00", "2021.1"),
        ("0", "2.5"),
        ("#.##", "0.5"),
        ("0%", "1"),
        ("0.00E+00", "4500120000"),
        ("0,", "12000"),
        ("# ?/?", "3"),
        ("[h]:mm", "2"),
        (";;;", "5"),
        ("0;-0;;@", "0"),
        ("00000", "-42"),
        ("0;0", "-5"),
        ("[$PO-]0000", "12"),
        ('"PO-"#,##0', "7"),
        ('"PO-"0', "-7"),
        ('"V"General', "2.1"),
    ],
)
def test_a_number_of_which_something_is_lost_or_uncertain_has_no_text(code: str, number: str) -> None:
    assert understand(code).of(Decimal(number)) == Formatted(Decimal(number), None, code)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("General", "4006381333931"),
        ("General", "2021.1"),
        ("#,##0.00", "1234"),
        ("#,##0.00", "1234.56"),
        ("0.0##", "1.25"),
        ("# ##0", "1234"),
        (ACCOUNTING, "0"),
        (ACCOUNTING, "-5"),
        (r"\U\S\D\ #,##0", "5"),
        ("[$USD] #,##0", "5"),
        ("[$€-407] 0.00", "5"),
        (r"0_);[Red]\(0\)", "-4"),
        ("@", "12"),
    ],
)
def test_grouping_currency_and_zero_decimals_are_no_part_of_a_number(code: str, number: str) -> None:
    assert understand(code).of(Decimal(number)) == Decimal(number)


@pytest.mark.parametrize(("number", "value"), [(2, "2021.10"), (4, "2,021.10"), (10, "202110.00%"), (0, None)])
def test_a_fraction_under_a_built_in_format_is_known(number: int, value: str | None) -> None:
    found = built_in(number).of(Decimal("2021.1"))
    assert isinstance(found, Formatted) == (value is not None)


def test_text_too_is_shown_by_its_format() -> None:
    assert understand('"PO-"@').of_texts("0012") == Formatted("0012", "PO-0012", '"PO-"@')
    assert understand('0;0;0;"T-"@').of_texts("a") == Formatted("a", "T-a", '0;0;0;"T-"@')
    assert understand("_(@_)").of_texts("a") == "a"
    assert understand(";;;").of_texts("a") == Formatted("a", None, ";;;")


def test_only_the_workbooks_own_list_of_formats_counts() -> None:
    """A conditional format has a number format of its own, and may give it a number that is taken."""
    styles = etree.fromstring(
        '<styleSheet><numFmts><numFmt numFmtId="200" formatCode="00000"/></numFmts>'
        '<cellXfs><xf numFmtId="200"/></cellXfs>'
        '<dxfs><dxf><numFmt numFmtId="200" formatCode="0.0"/></dxf></dxfs></styleSheet>'
    )
    assert [form.of(Decimal(77)) for form in style_formats(styles)] == ["00077"]


@pytest.mark.parametrize(
    ("number", "shown", "value"),
    [
        ("12", "PO-0012", Formatted(Decimal(12), "PO-0012", "")),
        ("42", "00042", "00042"),
        ("1234", "1.234,00 €", Decimal(1234)),
        ("1234.5", "1,234.5", Decimal("1234.5")),
        ("2021.1", "2021.10", Formatted(Decimal("2021.1"), None, "")),
        ("2.5", "3", Formatted(Decimal("2.5"), None, "")),
        ("0.5", "50%", Formatted(Decimal("0.5"), None, "")),
        ("1", "100%", Formatted(Decimal(1), None, "")),
        ("4006381333931", "4.01E+12", Decimal(4006381333931)),
        ("0.333333333333333", "0.3333333333", Decimal("0.333333333333333")),
        ("-5", "(5)", Decimal(-5)),
        ("1", "TRUE", Formatted(Decimal(1), "TRUE", "")),
    ],
)
def test_a_number_is_compared_with_the_text_beside_it(number: str, shown: str, value: Cell) -> None:
    assert as_shown(Decimal(number), shown) == value


OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def open_document(path: Path, *cells: str) -> Path:
    """A sheet with a heading for each of the cells, and the cells below."""
    heads = "".join(
        f'<table:table-cell office:value-type="string"><text:p>H{number}</text:p></table:table-cell>'
        for number in range(len(cells))
    )
    rows = f"<table:table-row>{heads}</table:table-row><table:table-row>{''.join(cells)}</table:table-row>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{manifest}"><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>',
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {OFFICE}><office:body><office:spreadsheet>"
            f'<table:table table:name="Orders">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def test_an_open_document_keeps_line_breaks_tabs_and_blanks(tmp_path: Path, read: ReadTable) -> None:
    text = 'a<text:line-break/>b<text:tab/>c<text:s text:c="3"/>d<text:span>e<text:s/>f</text:span>'
    cell = f'<table:table-cell office:value-type="string"><text:p>{text}</text:p><text:p>g</text:p></table:table-cell>'
    assert read(open_document(tmp_path / "o.ods", cell))[1] == {2: ["a\nb\tc   de f\ng"]}


def test_an_open_document_tells_formulas_without_value_and_what_is_shown(tmp_path: Path, read: ReadTable) -> None:
    path = open_document(
        tmp_path / "o.ods",
        '<table:table-cell office:value-type="float" office:value="12"><text:p>PO-0012</text:p></table:table-cell>',
        '<table:table-cell table:formula="of:=A1*2"/>',
        '<table:table-cell table:formula="of:=A1" office:value-type="float"/>',
        '<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/>',
    )
    cells = read(path)[1][2]
    assert cells[0] == Formatted(Decimal(12), "PO-0012", "")
    assert [cell.code for cell in cells[1:3] if isinstance(cell, Doubtful)] == ["formula-without-value"] * 2
    assert cells[3] is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0.4", "0"), ("36", "0"), ("0.04", "000"), ("-5", "0005")],
    ids=["rounded", "in thousands", "padded and rounded", "without its sign"],
)
def test_an_open_document_number_shown_as_another_is_not_sent_as_that(
    tmp_path: Path, read: ReadTable, value: str, shown: str
) -> None:
    start = f'<table:table-cell office:value-type="float" office:value="{value}">'
    path = open_document(tmp_path / "o.ods", f"{start}<text:p>{shown}</text:p></table:table-cell>")
    assert read(path)[1][2] == [Formatted(Decimal(value), None, "")]


def test_an_open_document_tells_the_cells_that_are_merged(tmp_path: Path, read: ReadTable) -> None:
    path = open_document(
        tmp_path / "o.ods",
        '<table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell>",
        "<table:covered-table-cell/>",
        '<table:table-cell office:value-type="string"><text:p>y</text:p></table:table-cell>',
    )
    covered = read(path)[1][2][1]
    assert isinstance(covered, Doubtful)
    assert (covered.code, covered.instead) == ("merged-cells", "x")
