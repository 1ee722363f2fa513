"""A workbook to be edited: what may not be changed is grey and locked, what may be has its limits and choices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from bulkpo.errors import OutputError
from bulkpo.model.table import Cell
from bulkpo.tables.writing.atomic import Placing, replacing
from bulkpo.tables.writing.columns import ColumnKind
from bulkpo.where import column_letter

_GREY = PatternFill("solid", fgColor="FFE7E6E6")
_BLUE = PatternFill("solid", fgColor="FFDCE6F1")
_BOLD = Font(name="Calibri", bold=True)
_FREE = Protection(locked=False)
_LONGEST_TEXT = 32_000
_LONGEST_LIST = 250
_MOST_DIGITS = 15
_FORMATS = {
    ColumnKind.TEXT: "@",
    ColumnKind.INTEGER: "0",
    ColumnKind.DECIMAL: "#,##0.00####",
    ColumnKind.DATE: "yyyy-mm-dd",
    ColumnKind.DATETIME: "yyyy-mm-dd hh:mm:ss",
    ColumnKind.BOOLEAN: "General",
}
_ROOM = 200
"""Rows below the last one that have the limits too."""


Sheet = Any
"""A sheet of a workbook being written; its type is none of openpyxl's public ones, and so is that of its cells."""
SheetCell = Any


@dataclass(frozen=True, slots=True)
class EditableSheet:
    """A sheet to write: its name, columns and rows, and the texts to be kept beside it on a hidden sheet."""

    name: str
    columns: "Sequence[EditableColumn]"
    rows: Sequence[Sequence[Cell]]
    hidden: str
    kept: Iterable[str]


@dataclass(frozen=True, slots=True)
class EditableColumn:
    """A column to write: `is_hidden` with what identifies a row, `values` to choose from, `length` at most."""

    title: str
    kind: ColumnKind
    is_editable: bool = False
    is_hidden: bool = False
    values: tuple[str, ...] = ()
    length: int = 0


def write_editable(path: Path, what: EditableSheet, placing: Placing | None = None) -> None:
    """Write a workbook to be edited; raises OutputError."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(what.name[:31])
    _set_out(sheet, what.columns, len(what.rows))
    sheet.append([_heading(sheet, column) for column in what.columns])
    for number, row in enumerate(what.rows, 2):
        sheet.append([_cell(sheet, column, cell, number) for column, cell in zip(what.columns, row, strict=True)])
    hidden = book.create_sheet(what.hidden)
    hidden.sheet_state = "hidden"
    hidden.protection.enable()
    for text in what.kept:
        hidden.append([_text(hidden, text[at : at + _LONGEST_TEXT]) for at in range(0, len(text), _LONGEST_TEXT)])
    with replacing(path, placing) as file:
        book.save(file)


def _set_out(sheet: Sheet, columns: Sequence[EditableColumn], rows: int) -> None:
    """Widths, hidden columns, the filter, the protection and the limits of a sheet."""
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        letter = column_letter(number)
        sheet.column_dimensions[letter].width = max(12, min(40, len(column.title) + 6))
        sheet.column_dimensions[letter].hidden = column.is_hidden
        limit = _limit(column) if column.is_editable else None
        if limit is not None:
            limit.add(f"{letter}2:{letter}{rows + _ROOM}")
            sheet.data_validations.append(limit)
    last = column_letter(len(columns))
    sheet.auto_filter.ref = f"A1:{last}{rows + 1}"
    protection = sheet.protection
    protection.enable()
    protection.autoFilter = protection.sort = protection.formatColumns = protection.formatCells = False
    protection.deleteRows = protection.insertRows = protection.formatRows = False


def _limit(column: EditableColumn) -> DataValidation | None:
    """What a cell of a column may hold, as a spreadsheet program checks it; empty is always allowed."""
    listed = ",".join(column.values)
    if column.kind is ColumnKind.BOOLEAN:
        return _checked(DataValidation("list", formula1='"TRUE,FALSE"', allow_blank=True), "choose TRUE or FALSE")
    if column.values and len(listed) < _LONGEST_LIST and not any("," in value for value in column.values):
        return _checked(DataValidation("list", formula1=f'"{listed}"', allow_blank=True), "choose one of the list")
    if column.kind in (ColumnKind.DECIMAL, ColumnKind.INTEGER):
        kind: Literal["whole", "decimal"] = "whole" if column.kind is ColumnKind.INTEGER else "decimal"
        limit = DataValidation(kind, operator="between", formula1="-1E+24", formula2="1E+24", allow_blank=True)
        return _checked(limit, "write a number")
    if column.kind in (ColumnKind.DATE, ColumnKind.DATETIME):
        limit = DataValidation("date", operator="greaterThan", formula1="1", allow_blank=True)
        return _checked(limit, "write a date")
    if column.length:
        limit = DataValidation("textLength", operator="lessThanOrEqual", formula1=str(column.length), allow_blank=True)
        return _checked(limit, f"at most {column.length} characters")
    return None


def _checked(limit: DataValidation, said: str) -> DataValidation:
    limit.showErrorMessage, limit.error, limit.errorTitle = True, f"{said[0].upper()}{said[1:]}.", "Not possible here"
    return limit


def _heading(sheet: Sheet, column: EditableColumn) -> SheetCell:
    cell = _text(sheet, column.title)
    cell.font, cell.fill = _BOLD, _BLUE if column.is_editable else _GREY
    return cell


def _cell(sheet: Sheet, column: EditableColumn, value: Cell, row: int) -> SheetCell:
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > _MOST_DIGITS:
        value = format(value, "f")  # as many digits as no number in a spreadsheet has
    cell: SheetCell
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT:
            raise OutputError(
                f"row {row}: {column.title} has {len(value):,} characters, more than a cell to edit holds"
            )
        cell = _text(sheet, value)
    elif isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value=value.replace(tzinfo=None))
    elif value is None or isinstance(value, bool | Decimal | date):
        cell = WriteOnlyCell(sheet, value=cast("Any", value))
    else:
        cell = _text(sheet, str(value))
    cell.number_format = "@" if isinstance(value, str) else _FORMATS.get(column.kind, "General")
    if column.is_editable:
        cell.protection = _FREE
    else:
        cell.fill = _GREY
    return cell


def _text(sheet: Sheet, text: str) -> SheetCell:
    """Text as it stands, which is no formula whatever it begins with."""
    cell: SheetCell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell
