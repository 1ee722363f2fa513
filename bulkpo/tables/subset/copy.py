"""A workbook of the values of some of an input's rows, for the older formats, which can only be read."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from bulkpo.model.own import OWN_COLUMN
from bulkpo.model.table import IN_DOUBT, Cell, CellError, Doubtful, Formatted
from bulkpo.tables.source import SourceOptions, open_source
from bulkpo.tables.subset.marks import ERROR_COLOUR, NOTICE_COLOUR
from bulkpo.tables.subset.row_notes import RowNotes
from bulkpo.tables.subset.table import Table
from bulkpo.tables.writing.xlsx_text import coded_text


def write_values(
    source: Path, tables: Sequence[tuple[Table, RowNotes]], rows: Collection[int], stream: IO[bytes]
) -> None:
    """Write the values of these rows, with what is said beside them."""
    book = Workbook(write_only=True)
    for table, beside in tables:
        sheet = book.create_sheet(table.source.sheet)
        width = len(table.source.columns)
        kept = table.kept(rows)
        written = 0
        for chunk in open_source(source, SourceOptions(sheet=table.source.sheet, header_row=None)).chunks():
            for row, *cells in zip(chunk.rows, *chunk.columns, strict=True):
                if row in kept:
                    blank = row - 1 - written if row <= table.last_heading else 0
                    for _ in range(blank):
                        sheet.append([])
                    shown = [_sheet_cell(sheet, value) for value in cells]
                    sheet.append(_noted(sheet, shown, (row, width), beside))
                    written += blank + 1
    book.save(stream)


def _noted(
    sheet: WriteOnlyWorksheet, cells: list[SheetCell], place: tuple[int, int], beside: RowNotes
) -> list[SheetCell]:
    """A row with its wrong cells marked, and the reasons behind the last column."""
    row, width = place
    text = OWN_COLUMN if row == beside.heading and beside.reasons else beside.text(row)
    wrong = beside.marks.get(row, {})
    while len(cells) < max([width if text else 0, *wrong]):
        cells.append(WriteOnlyCell(sheet))
    for column, is_error in wrong.items():
        cells[column - 1].fill = PatternFill("solid", fgColor=ERROR_COLOUR if is_error else NOTICE_COLOUR)
    if text:
        said = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("�", text))
        said.data_type = "s"  # text that starts with = is no formula
        cells.append(said)
    return cells


def _text(text: str) -> str:
    """Text as the workbook can hold it; read back it is what it was."""
    return coded_text(text).replace("\x1f", "_x001F_")


def _sheet_cell(sheet: WriteOnlyWorksheet, value: Cell) -> SheetCell:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, Formatted) and value.code and isinstance(value.stored, Decimal):
        cell.value, cell.number_format = value.stored, value.code
    elif isinstance(value, Doubtful):  # what is in doubt must not be read back as if it were not
        cell.value = str(IN_DOUBT)
    elif isinstance(value, CellError | Formatted):
        cell.value = _text(str(value))
    elif isinstance(value, str):
        cell.value = _text(value)
    else:
        cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # text that starts with = is no formula
    return cell
