"""A copy of an input with some of its rows, in the input's own form."""

from collections.abc import Collection, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import WriteOnlyCell

from bulkpo.model.table import Cell, CellError
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.encoding import find_encoding
from bulkpo.tables.reading.sniff import Content, sniff
from bulkpo.tables.source import SourceOptions, open_source
from bulkpo.tables.subset.table import Table
from bulkpo.tables.workbooks.package import Package


class Form(Enum):
    """How an input is written anew: line by line, row by row within its package, or from its values."""

    TEXT = auto()
    PACKAGE = auto()
    VALUES = auto()


def form_of(path: Path) -> Form:
    """How this input is written anew."""
    with reading(path):
        content = sniff(path)
        if content is Content.TEXT:
            return Form.TEXT
        if content is Content.ARCHIVE:
            package = Package(path)
            if "xl/workbook.bin" not in package and "content.xml" not in package:
                return Form.PACKAGE
        return Form.VALUES


def copy_lines(table: Table, rows: Collection[int], stream: IO[bytes]) -> None:
    """Copy a text file's lines as they are, those of rows that do not stay left out.

    A row is known by its first line and goes on to the next row's; what stands above the first row stays.
    """
    encoding = find_encoding(table.path, table.spec.encoding).name
    kept = table.kept(rows)
    starts = table.filled()
    following = next(starts, 0)
    stays = first = True
    with reading(table.path), table.path.open(encoding=encoding, newline="") as lines:
        for number, line in enumerate(lines, 1):
            if number == following:
                stays = number in kept
                following = next(starts, 0)
            if stays:
                stream.write(_encoded(line, encoding, first=first))
                first = False


def _encoded(line: str, encoding: str, *, first: bool) -> bytes:
    """A line in the file's own encoding; only the first gets the byte order mark, where there is one."""
    if first or encoding not in ("utf-8-sig", "utf-16"):
        return line.encode(encoding)
    return line.encode("utf-8" if encoding == "utf-8-sig" else "utf-16-le" if _IS_LITTLE else "utf-16-be")


_IS_LITTLE = "x".encode("utf-16")[:2] == b"\xff\xfe"


def write_values(source: Path, tables: Sequence[Table], rows: Collection[int], stream: IO[bytes]) -> None:
    """Write a workbook of the values, for the older formats, which can only be read."""
    book = Workbook(write_only=True)

    def cell_of(value: Cell) -> SheetCell:
        cell = WriteOnlyCell(book.worksheets[-1])
        cell.value = str(value) if isinstance(value, CellError) else value
        if isinstance(value, str):
            cell.data_type = "s"  # text that starts with = is no formula
        return cell

    for table in tables:
        sheet = book.create_sheet(table.source.sheet)
        kept = table.kept(rows)
        written = 0
        for chunk in open_source(source, SourceOptions(sheet=table.source.sheet, header_row=None)).chunks():
            for row, *cells in zip(chunk.rows, *chunk.columns, strict=True):
                if row in kept:
                    blank = row - 1 - written if row <= table.last_heading else 0
                    for cells_of_row in [*[[]] * blank, cells]:
                        sheet.append([cell_of(value) for value in cells_of_row])
                    written += blank + 1
    book.save(stream)
