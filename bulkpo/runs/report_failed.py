"""The orders that failed, whole and in the input's own layout: to be corrected and run again."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import IO, assert_never

from bulkpo.errors import UsageError
from bulkpo.mapping.import_spec import SourceSpec
from bulkpo.model.table import Cell, CellError
from bulkpo.runs.mapped import MappedFile
from bulkpo.runs.report_facts import row_keys
from bulkpo.tables.atomic import replacing
from bulkpo.tables.encoding import find_encoding
from bulkpo.tables.faults import reading
from bulkpo.tables.package import Package
from bulkpo.tables.sniff import Content, sniff
from bulkpo.tables.source import SourceOptions, open_source


class Form(Enum):
    """How an input is written anew: line by line, row by row within its package, or from its values."""

    TEXT = auto()
    PACKAGE = auto()
    VALUES = auto()


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that stay: all down to the last heading, and those of failed orders."""

    heading: int
    rows: Collection[int]

    def __contains__(self, row: object) -> bool:
        return row in self.rows or (isinstance(row, int) and row <= self.heading)


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


def refuse_failed(path: Path, source: Path) -> None:
    """Raise UsageError for a name whose extension does not go with the input's layout."""
    wanted = ".xlsx" if form_of(source) is Form.VALUES else source.suffix.lower()
    if path.suffix.lower() != wanted:
        raise UsageError(
            f"{path}: the failed orders of {source.name} are written in its own layout; name a file ending in {wanted}"
        )


def write_failed(path: Path, file: MappedFile, failed: Collection[str]) -> int:
    """Write the rows of the orders with these keys, and the rows that belong to no order; gives how many there are.

    Nothing but rows is left out: headings, formats and what stands above the headings stay. In workbooks formulas
    become their values, since the rows they look at may be gone. Raises OutputError, and UsageError for the name.
    """
    refuse_failed(path, file.path)
    rows = {row for row, key in row_keys(file) if key is None or key in failed}
    kept = Kept(_last_heading(file.mapping.source), rows)
    form = form_of(file.path)
    with replacing(path) as stream:
        match form:
            case Form.TEXT:
                _copy_lines(file, kept, stream)
            case Form.PACKAGE:
                from bulkpo.runs.report_failed_package import copy_package

                copy_package(file.path, file.source.sheet, kept, stream)
            case Form.VALUES:
                _write_values(file, kept, stream)
            case _:
                assert_never(form)
    return len(rows)


def _last_heading(spec: SourceSpec) -> int:
    return 0 if spec.header_row is None else spec.header_row + spec.header_rows - 1


def _copy_lines(file: MappedFile, kept: Kept, stream: IO[bytes]) -> None:
    """Copy a text file's lines as they are, those of rows that do not stay left out.

    A row is known by its first line and goes on to the next row's; what stands above the first row stays.
    """
    encoding = find_encoding(file.path, file.mapping.source.encoding).name
    starts = (row for chunk in file.source.chunks() for row in chunk.rows)
    following = next(starts, 0)
    stays = True
    first = True
    with reading(file.path), file.path.open(encoding=encoding, newline="") as lines:
        for number, line in enumerate(lines, 1):
            if number == following:
                stays = number in kept.rows
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


def _write_values(file: MappedFile, kept: Kept, stream: IO[bytes]) -> None:
    """Write a workbook of the values, for the older formats, which can only be read."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.cell.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(file.source.sheet)
    whole = open_source(file.path, SourceOptions(sheet=file.source.sheet, header_row=None))
    written = 0

    def cell_of(value: Cell) -> SheetCell:
        cell = WriteOnlyCell(sheet)
        cell.value = str(value) if isinstance(value, CellError) else value
        if isinstance(value, str):
            cell.data_type = "s"  # text that starts with = is no formula
        return cell

    for chunk in whole.chunks():
        for row, *cells in zip(chunk.rows, *chunk.columns, strict=True):
            if row not in kept:
                continue
            while row <= kept.heading and written < row - 1:
                sheet.append([])
                written += 1
            sheet.append([cell_of(value) for value in cells])
            written += 1
    book.save(stream)
