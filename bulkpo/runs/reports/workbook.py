"""The report of a check in the user's own workbook: wrong cells marked, reasons at the end of their rows, a summary."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bulkpo.errors import InputError
from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.own import OWN_COLUMN, OWN_SHEET, is_own, own_text
from bulkpo.model.table import row_number, table_number
from bulkpo.runs.reports.facts import CheckFacts, remedy_of
from bulkpo.runs.reports.run_sheet import OWN_RUN_SHEET
from bulkpo.runs.reports.stored_values import put_back, stored_values
from bulkpo.runs.reports.summary import height, write_summary
from bulkpo.tables.subset.table import Table
from bulkpo.tables.workbooks.package import Package
from bulkpo.tables.workbooks.workbook import read_workbook

AUTHOR = "bulkpo"
ERROR_FILL = PatternFill("solid", fgColor="FFF8C9C4")
NOTICE_FILL = PatternFill("solid", fgColor="FFFFF2C2")
_NO_FILL = PatternFill()
_REASON_WIDTH = 90
_RUN_WIDTHS = (24, 80)
_COMMENT_WIDTH = 340
_LETTERS_A_LINE = 52
_LONGEST_CELL = 32_000

NOT_LOADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    SyntaxError,  # of XML that is none
    EOFError,
    RuntimeError,  # encrypted parts, ways of compressing that Python does not know, elements nested without end
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    InputError,
)
"""What comes of workbooks, or parts of them, that openpyxl does not understand."""


def load_book(path: Path) -> Workbook:
    """The user's workbook, as it can be changed; raises one of NOT_LOADABLE for a workbook that cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of what it leaves out; the values are not among it
        with path.open("rb") as stream:  # not by its name, which may say otherwise than what it holds
            return load_workbook(stream)


def annotated(name: str, facts: CheckFacts) -> bytes:
    """The user's workbook, marked; `name` is what it will be called. Raises one of NOT_LOADABLE."""
    path = facts.file.path
    book = load_book(path)
    if book.calculation is not None:  # openpyxl takes the want of a word for yes
        book.calculation.fullCalcOnLoad = read_workbook(Package(path)).uncalculated
    _annotate(book, name, facts)
    written = BytesIO()
    book.save(written)
    values = stored_values(path)
    if not values:
        return written.getvalue()
    whole = BytesIO()
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "marked.xlsx"
        copy.write_bytes(written.getvalue())
        put_back(values, copy, whole)
    return whole.getvalue()


def _annotate(book: Workbook, name: str, facts: CheckFacts) -> None:
    for table in facts.tables:
        _Annotator(book[table.source.sheet], table, facts.kind).annotate(facts)
    for known in (OWN_SHEET, OWN_RUN_SHEET):
        if known in book.sheetnames:
            book.remove(book[known])
    write_summary(book.create_sheet(OWN_SHEET), facts, name)
    if told := facts.run():
        sheet = book.create_sheet(OWN_RUN_SHEET)
        for row in (("Fact", "Value"), *told):
            sheet.append([_clean(text) for text in row])
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = _RUN_WIDTHS
    book.active = book.index(book[facts.file.source.sheet])


class _Annotator:
    """Marks one sheet."""

    def __init__(self, sheet: Worksheet, table: Table, kind: DocumentKind) -> None:
        self._sheet = sheet
        self._table = table
        self._kind = kind
        self._heading = table.last_heading
        self._forget_earlier()
        self._reasons = self._reason_column(max((column.number for column in table.source.columns), default=0))

    def annotate(self, facts: CheckFacts) -> None:
        """Mark the cells of all findings of this table, and write the reasons."""
        by_cell: dict[tuple[int, int], list[Finding]] = {}
        errors = set()
        for finding in facts.checked.errors + facts.checked.notices:
            if finding.severity is Severity.ERROR:
                errors.add(finding.row)
            row = row_number(finding.row) or (self._heading if len(facts.tables) == 1 else 0)
            if row and finding.column and table_number(finding.row) == self._table.number:
                by_cell.setdefault((row, finding.column), []).append(finding)
        for (row, column), findings in by_cell.items():
            self._mark(self._sheet.cell(row, column), findings)
        for row, reason in facts.reasons().items():
            if table_number(row) == self._table.number:
                self._write_reason(row_number(row), reason, ERROR_FILL if row in errors else NOTICE_FILL)
        self._write_heading()

    def _forget_earlier(self) -> None:
        """Take away the marks of an earlier report, which the user may have corrected the workbook in."""
        for row in self._sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == AUTHOR:
                    cell.comment = None
                    cell.fill = _NO_FILL

    def _reason_column(self, width: int) -> int:
        """The column of an earlier report, emptied; otherwise the first that is free to the right of everything."""
        sheet, earlier = self._sheet, 0
        for row in sheet.iter_rows(min_row=max(self._heading, 1)):
            for cell in row:
                if is_own(cell.value):
                    earlier = cell.column or 0
                    cell.value = None
                elif cell.column == earlier:
                    cell.value = None
                else:
                    continue
                if not isinstance(cell, MergedCell):
                    cell.fill = _NO_FILL
        filled = (cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None)
        return earlier or max(filled, default=width) + 1

    def _mark(self, cell: Cell | MergedCell, findings: Sequence[Finding]) -> None:
        is_error = any(finding.severity is Severity.ERROR for finding in findings)
        cell.fill = ERROR_FILL if is_error else NOTICE_FILL
        if isinstance(cell, MergedCell):
            return
        text = "\n\n".join(_explained(findings, self._kind))
        if cell.comment is not None:
            text += f"\n\nThe comment that was here:\n{cell.comment.text}"
        cell.comment = Comment(_clean(text), AUTHOR, height=height(text, _LETTERS_A_LINE) + 30, width=_COMMENT_WIDTH)

    def _write_reason(self, row: int, reason: str, fill: PatternFill) -> None:
        cell = self._sheet.cell(row, self._reasons)
        if isinstance(cell, MergedCell) or all(each.value is None for each in self._sheet[row]):
            return
        cell.value = _clean(own_text(reason, has_heading=bool(self._heading)))[:_LONGEST_CELL]
        cell.data_type = "s"  # text that starts with = is no formula
        cell.alignment = Alignment(wrap_text=True)
        cell.fill = fill
        dimension = self._sheet.row_dimensions[row]
        dimension.hidden = False
        dimension.height = max(dimension.height or 0, height(reason, _REASON_WIDTH))

    def _write_heading(self) -> None:
        letter = get_column_letter(self._reasons)
        self._sheet.column_dimensions[letter].width = _REASON_WIDTH
        if not self._heading:
            return
        cell = self._sheet.cell(self._heading, self._reasons)
        if not isinstance(cell, MergedCell):
            cell.value = OWN_COLUMN
            cell.font = Font(name="Calibri", bold=True)
        if self._sheet.freeze_panes is None:
            self._sheet.freeze_panes = f"A{self._heading + 1}"
        if not self._sheet.auto_filter.ref and not self._sheet.tables:  # a table has a filter, and two may not overlap
            self._sheet.auto_filter.ref = f"A{self._heading}:{letter}{self._sheet.max_row}"


def _explained(findings: Iterable[Finding], kind: DocumentKind) -> Iterable[str]:
    """What a cell's comment says of each finding, each said once."""
    said = set()
    for finding in findings:
        found = finding.value or "(empty)"
        text = f"Found: {found[:200]}\n{finding.message}\nTo do: {remedy_of(finding.code, kind)}"
        if text not in said:
            said.add(text)
            yield text


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("�", text)
