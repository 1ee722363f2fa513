"""The summary sheet of a report: what was found in groups, totals, rows left out, and how to go on."""

from collections.abc import Sequence
from decimal import Decimal
from textwrap import wrap

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bulkpo.model.finding import Finding
from bulkpo.model.table import row_number, table_number
from bulkpo.runs.reports.facts import CheckFacts
from bulkpo.where import cell_name

_WIDTHS = (10, 62, 34, 52, 26)
_TITLE = Font(name="Calibri", bold=True, size=16)
_SECTION = Font(name="Calibri", bold=True, size=12)
_BOLD = Font(name="Calibri", bold=True)
_PLAIN = Font(name="Calibri")
_QUIET = Font(name="Calibri", color="FF5B6475")
_LINK = Font(name="Calibri", color="FF0B57D0", underline="single")
_HEAD_FILL = PatternFill("solid", fgColor="FFE6EAF1")
_COLOURS = {"error": PatternFill("solid", fgColor="FFF8C9C4"), "notice": PatternFill("solid", fgColor="FFFFF2C2")}
_LINE = Border(bottom=Side("thin", color="FFD5DAE3"))
_WRAPPED = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
_LINE_HEIGHT = 15
_HIGHEST_ROW = 400
_AMOUNT = "#,##0.00####"
_COUNT = "#,##0"

_Shown = str | int | Decimal | None


def how_to_go_on(facts: CheckFacts, name: str) -> list[str]:
    """What to do next, step by step."""
    sheets = " and ".join(table.place for table in facts.tables)
    mapping = facts.file.mapping.file
    if not facts.checked.errors:
        many = facts.kind.noun.many
        return [f"Nothing has to be corrected. Load the {many}: bulkpo import {mapping} {facts.file.source.file}"]
    marked = (
        f"On {sheets}, correct the cells marked red. Point at a cell to read what is wrong with it; the last "
        "column, bulkpo findings, says the same for the whole row."
    )
    return [
        marked,
        f"Save this workbook and check it again: bulkpo check {mapping} {name}",
        "What bulkpo added (marks, its column, this sheet) may stay: it is left out when the file is read.",
    ]


def write_summary(sheet: Worksheet, facts: CheckFacts, name: str) -> None:
    """Fill an empty sheet of the workbook that will be called `name`."""
    writer = _Writer(sheet)
    source = facts.file.source
    writer.text(f"{source.file}, sheet {source.sheet}" if source.sheet else source.file, _TITLE)
    writer.text(f"Checked by the mapping {facts.file.mapping.file}", _QUIET)
    writer.text(facts.counted())
    writer.section("How to go on")
    for number, step in enumerate(how_to_go_on(facts, name), 1):
        writer.text(f"{number}. {step}")
    groups = facts.summary()
    if groups:
        writer.section("What was found")
        writer.head(("Rows", "What", "Where", "How to mend it", "Code"))
        for each, group in zip(groups, facts.mending(), strict=True):
            writer.row((each.rows or None, each.message, each.places, each.remedy, each.code), each.severity)
            writer.link(3, facts.tables[table_number(group.findings[0].row)].source.sheet, group.findings[0])
    headings, totals = facts.totals()
    if totals:
        writer.section(f"Totals of the clean {facts.kind.noun.many}")
        writer.head((headings[0], headings[3], *headings[1:3]))
        for currency, documents, lines, worth in totals:
            writer.row((currency, worth, documents, lines))
    _write_open(writer, facts)
    if facts.skipped():
        writer.section("Rows skipped")
        writer.head(("Rows", "Because", "Which"))
        for reason, count, which in facts.skipped():
            writer.row((count, reason, which))
    if facts.unread():
        writer.section("Columns neither mapped nor ignored")
        writer.head(("Column", "Heading"))
        for letter, title in facts.unread():
            writer.row((letter, title))
    writer.finish()


def _write_open(writer: "_Writer", facts: CheckFacts) -> None:
    headings, totals = facts.open()
    if totals:
        writer.section("What is open")
        writer.head((headings[0], "Amount", *headings[1:3]))
        for currency, lines, finished, *amounts in totals:
            named = zip(amounts, ("ordered", "done", "open"), strict=True)
            writer.row((currency, ", ".join(f"{each:,f} {name}" for each, name in named), lines, finished))
    if facts.agreeing():
        writer.section("The file's own figures")
        writer.text(facts.agreeing())


def height(text: str, width: int) -> int:
    """The height of a row, in points, that shows all of a text in a column so many letters wide."""
    lines = sum(len(wrap(line, width)) for line in text.splitlines())
    return min(_LINE_HEIGHT * max(lines, 1), _HIGHEST_ROW)


class _Writer:
    """Writes a sheet from the top."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._row = 0
        for number, width in enumerate(_WIDTHS):
            sheet.column_dimensions["ABCDE"[number]].width = width

    def text(self, text: str, font: Font | None = None) -> None:
        """A paragraph over the whole width."""
        self._row += 1
        self._put(1, text, font)
        self._sheet.merge_cells(start_row=self._row, end_row=self._row, start_column=1, end_column=len(_WIDTHS))
        self._sheet.row_dimensions[self._row].height = 24 if font is _TITLE else height(text, sum(_WIDTHS))

    def section(self, title: str) -> None:
        """A heading with a blank row above."""
        self._row += 1
        self.text(title, _SECTION)
        self._sheet.row_dimensions[self._row].height = 18

    def head(self, titles: Sequence[str]) -> None:
        """The heads of a table's columns."""
        self._row += 1
        for column, title in enumerate(titles, 1):
            self._put(column, title, _BOLD, _HEAD_FILL)

    def row(self, cells: Sequence[_Shown], severity: str = "") -> None:
        """A row of a table; its first cell has the colour of the severity."""
        self._row += 1
        for column, cell in enumerate(cells, 1):
            self._put(column, cell, None, _COLOURS.get(severity) if column == 1 else None)
            self._sheet.cell(self._row, column).border = _LINE
        widths = zip(cells, _WIDTHS, strict=False)
        self._sheet.row_dimensions[self._row].height = max(height(str(cell), width) for cell, width in widths) + 3

    def link(self, column: int, sheet: str, finding: Finding) -> None:
        """Make a cell of the row just written lead to where a finding is."""
        if not row_number(finding.row):
            return
        cell = self._sheet.cell(self._row, column)
        target = cell_name(row_number(finding.row), finding.column or 1)
        quoted = sheet.replace("'", "''")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{target}")
        cell.font = _LINK

    def finish(self) -> None:
        """Set the sheet up to be seen and printed."""
        self._sheet.sheet_view.showGridLines = False
        self._sheet.sheet_properties.tabColor = "FFC0392B"
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.page_setup.fitToWidth = 1
        self._sheet.page_setup.fitToHeight = 0
        self._sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

    def _put(self, column: int, value: _Shown, font: Font | None = None, fill: PatternFill | None = None) -> None:
        cell = self._sheet.cell(self._row, column)
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("�", value)
            cell.data_type = "s"  # text that starts with = is no formula
        else:
            cell.value = value
            cell.number_format = _COUNT if isinstance(value, int) else _AMOUNT
        cell.alignment = _WRAPPED
        cell.font = font or _PLAIN
        if fill is not None:
            cell.fill = fill
