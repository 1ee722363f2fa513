"""The orders that failed, whole and in the input's own layout: to be corrected and run again."""

from collections.abc import Collection, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import IO, assert_never

from bulkpo.errors import UsageError
from bulkpo.model.table import Cell, CellError
from bulkpo.runs.checking.mapped import MappedFile, Pass
from bulkpo.runs.reports.tables import Table, refuse_input, tables_of
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.encoding import find_encoding
from bulkpo.tables.reading.sniff import Content, sniff
from bulkpo.tables.source import SourceOptions, open_source
from bulkpo.tables.workbooks.package import Package
from bulkpo.tables.writing.atomic import replacing


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


def refuse_failed(path: Path, source: Path) -> None:
    """Raise UsageError for a name whose extension does not go with the input's layout."""
    wanted = ".xlsx" if form_of(source) is Form.VALUES else source.suffix.lower()
    if path.suffix.lower() != wanted:
        raise UsageError(
            f"{path}: the failed orders of {source.name} are written in its own layout; name a file ending in {wanted}"
        )


def write_failed(path: Path, file: MappedFile, failed: Collection[str]) -> int:
    """Write the rows of the orders with these keys, and the rows that belong to no order; gives how many there are.

    Nothing but rows is left out: headings, formats and what stands above the headings stay. In workbooks formulas that
    look at other rows become their values, since those may be gone. Where the orders come in several files, the others
    are written beside the first, by their own names. Raises OutputError, and UsageError for the name.
    """
    refuse_failed(path, file.path)
    refuse_input(path, file)
    targets = {source: path if source == file.path else path.with_name(source.name) for source in file.files}
    for source, target in targets.items():
        if target.exists() and target.samefile(source):
            raise UsageError(
                f"{path}: the orders come in several files, and {source.name} would be written over; "
                "name a file in another folder"
            )
    rows = _rows_of(file, failed)
    for source, target in targets.items():
        _write(target, source, [table for table in tables_of(file) if table.path == source], rows)
    return len(rows)


def _rows_of(file: MappedFile, failed: Collection[str]) -> set[int]:
    """The rows of these orders and of none; where values are filled down, also skipped rows that give them."""
    fills_down = bool(file.mapping.fill_down)
    wanted: set[int] = set()
    above: list[int] = []
    for records in Pass(file).records():
        skipped = {row for rows in records.skipped.values() for row in rows}
        keys = dict(zip(records.rows, records.keys, strict=True))
        for row in sorted([*keys, *skipped]):
            if row in skipped:
                above.append(row)
                continue
            if keys[row] is None or keys[row] in failed:
                wanted.add(row)
                wanted.update(above if fills_down else ())
            above = []
    return wanted


def _write(target: Path, source: Path, tables: Sequence[Table], rows: Collection[int]) -> None:
    form = form_of(source)
    with replacing(target) as stream:
        match form:
            case Form.TEXT:
                _copy_lines(tables[0], rows, stream)
            case Form.PACKAGE:
                from bulkpo.tables.subset.package import copy_package

                copy_package(source, {table.source.sheet: table.kept(rows) for table in tables}, stream)
            case Form.VALUES:
                _write_values(source, tables, rows, stream)
            case _:
                assert_never(form)


def _copy_lines(table: Table, rows: Collection[int], stream: IO[bytes]) -> None:
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


def _write_values(source: Path, tables: Sequence[Table], rows: Collection[int], stream: IO[bytes]) -> None:
    """Write a workbook of the values, for the older formats, which can only be read."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.cell.cell import WriteOnlyCell

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
