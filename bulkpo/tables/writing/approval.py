"""A workbook to be approved: sheets that are locked, cells marked to be filled in, and a hidden sheet of texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection

from bulkpo.model.table import Cell
from bulkpo.tables.writing.atomic import replacing
from bulkpo.tables.writing.columns import FileOptions
from bulkpo.where import column_letter

_BOLD = Font(name="Calibri", bold=True)
_HEADING = PatternFill("solid", fgColor="FFDCE6F1")
_MARKED = PatternFill("solid", fgColor="FFFFF2CC")
_WIDEST, _NARROWEST = 70, 10
_LONGEST_TEXT = 32_000


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A sheet: its name, headings and rows; `marked` are the labels whose cells beside them are to be filled in."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    marked: tuple[str, ...] = ()


def write_plan_book(
    path: Path, sheets: Sequence[PlanSheet], hidden: tuple[str, Sequence[str]], options: FileOptions
) -> None:
    """Write a workbook of such sheets and a hidden one by its name with texts, one a row; raises OutputError."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for each in sheets:
        _write(book.create_sheet(each.name), each)
    kept = book.create_sheet(hidden[0])
    kept.sheet_state = "hidden"
    for row, text in enumerate(hidden[1], 1):
        for column, start in enumerate(range(0, len(text), _LONGEST_TEXT), 1):
            _put(kept.cell(row, column), text[start : start + _LONGEST_TEXT])
    with replacing(path, options.placing, options.like) as file:
        book.save(file)


def _write(sheet: Any, each: PlanSheet) -> None:  # noqa: ANN401 - openpyxl's
    sheet.freeze_panes = "A2"
    sheet.protection.enable()
    sheet.protection.autoFilter = sheet.protection.formatColumns = False
    for column, title in enumerate(each.headings, 1):
        cell = sheet.cell(1, column)
        _put(cell, title)
        cell.font, cell.fill = _BOLD, _HEADING
    for number, values in enumerate(each.rows, 2):
        for column, value in enumerate(values, 1):
            _put(sheet.cell(number, column), value)
        if each.marked and len(values) > 1:
            sheet.cell(number, 2).alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
        if values and values[0] in each.marked:
            cell = sheet.cell(number, 2)
            cell.fill, cell.protection, cell.number_format = _MARKED, Protection(locked=False), "@"
    for column in range(1, len(each.headings) + 1):
        texts = [each.headings[column - 1], *(str(row[column - 1] or "") for row in each.rows[:500])]
        width = max(_NARROWEST, min(_WIDEST, max(map(len, texts)) + 2))
        sheet.column_dimensions[column_letter(column)].width = width
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _put(cell: Any, value: Cell) -> None:  # noqa: ANN401 - openpyxl's
    if isinstance(value, Decimal):
        is_count = value.as_tuple().exponent == 0
        cell.value, cell.number_format = value, "#,##0" if is_count else "#,##0.00####"
    elif value is not None:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=len(str(value)) > _WIDEST, vertical="top")
