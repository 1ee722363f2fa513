"""The parts of a workbook around its cells."""

from collections.abc import Sequence

from bulkpo.tables.writing.columns import ColumnKind, SinkColumn
from bulkpo.tables.writing.xlsx_text import attribute_text, cell_text
from bulkpo.where import column_letter

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_ON_PAPER = (
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
    '<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;L&amp;F, &amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter>"
)
"""Printed, a sheet is as wide as the page, with its name and page number below."""

_HEADER_STYLES = (1, 2)
"""Headings stand above their cells: text on the left, numbers on the right."""

_NUMBERS = (ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.FIGURE)
FIRST_FREE_STYLE = 3
_FIRST_FREE_FORMAT = 164


def sheet_start(widths: Sequence[int], columns: Sequence[SinkColumn]) -> str:
    """A sheet up to and with its heading row: frozen, bold, filled, columns as wide as their content."""
    sizes = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    headings = "".join(
        f'<c r="{column_letter(number)}1" s="{_HEADER_STYLES[column.kind in _NUMBERS]}" t="inlineStr">'
        f'<is><t xml:space="preserve">{cell_text(column.title)}</t></is></c>'
        for number, column in enumerate(columns, 1)
    )
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{sizes}</cols><sheetData><row r="1">{headings}</row>'
    )


def sheet_end(columns: Sequence[SinkColumn], last_row: int, links: str = "") -> str:
    """A sheet from after its rows on: a filter over all of it, its links, no warnings for numbers kept as text."""
    texts = " ".join(
        f"{column_letter(number)}1:{column_letter(number)}{last_row}"
        for number, column in enumerate(columns, 1)
        if column.kind is ColumnKind.TEXT
    )
    ignored = f'<ignoredErrors><ignoredError sqref="{texts}" numberStoredAsText="1"/></ignoredErrors>' if texts else ""
    area = filter_area(len(columns), last_row).replace("$", "")
    return f'</sheetData><autoFilter ref="{area}"/>{links}{_ON_PAPER}{ignored}</worksheet>'


def filter_area(columns: int, rows: int) -> str:
    """The cells a sheet's filter is over."""
    return f"$A$1:${column_letter(columns)}${rows}"


def book_parts(sheets: Sequence[str], filters: Sequence[str], codes: Sequence[str]) -> dict[str, str]:
    """All other parts, by name: for sheets of these names and filters, with number formats of these codes."""
    numbers = range(1, len(sheets) + 1)
    entries = "".join(
        f'<sheet name="{attribute_text(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, sheets, strict=True)
    )
    names = "".join(
        _defined_names(number, _quoted(name), area)
        for number, (name, area) in enumerate(zip(sheets, filters, strict=True))
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    styles = f'<Relationship Id="rId{len(sheets) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_SHEET_TYPES}.worksheet+xml"/>'
        for number in numbers
    )
    return {
        "[Content_Types].xml": _content_types(overrides),
        "_rels/.rels": (
            f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
            f"<sheets>{entries}</sheets><definedNames>{names}</definedNames></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{relations}{styles}</Relationships>'
        ),
        "xl/styles.xml": _styles(codes),
    }


def _content_types(overrides: str) -> str:
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPES}.styles+xml"/>{overrides}</Types>'
    )


def _defined_names(number: int, sheet: str, area: str) -> str:
    """What a sheet's filter is over, and the row that is printed on every page."""
    return (
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{number}" hidden="1">{sheet}!{area}</definedName>'
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{number}">{sheet}!$1:$1</definedName>'
    )


def _quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return attribute_text("'" + sheet.replace("'", "''") + "'")


def _heading_style(side: str) -> str:
    return (
        '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" '
        f'applyAlignment="1"><alignment horizontal="{side}" vertical="center"/></xf>'
    )


def _styles(codes: Sequence[str]) -> str:
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{attribute_text(code)}"/>'
        for number, code in enumerate(codes, _FIRST_FREE_FORMAT)
    )
    cells = "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in range(_FIRST_FREE_FORMAT, _FIRST_FREE_FORMAT + len(codes))
    )
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    return (
        f'{_DECLARATION}<styleSheet xmlns="{_MAIN}">'
        + (f'<numFmts count="{len(codes)}">{formats}</numFmts>' if codes else "")
        + f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFDCE6F1"/><bgColor indexed="64"/></patternFill></fill>'
        '</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
        '<border><left/><right/><top/><bottom style="thin"><color rgb="FF8EA9C1"/></bottom><diagonal/></border>'
        "</borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(codes) + FIRST_FREE_STYLE}">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        f"{_heading_style('general')}{_heading_style('right')}{cells}</cellXfs>"
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
