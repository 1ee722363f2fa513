"""Spreadsheets and text files as tables: opened by what they hold first, by their extension second."""

import stat
from dataclasses import dataclass
from pathlib import Path

from bulkpo.errors import InputError
from bulkpo.model.table import Source
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.own_cells import without_own
from bulkpo.tables.reading.row_reader import RowReader
from bulkpo.tables.reading.sniff import Content, sniff
from bulkpo.tables.reading.table import TableSource


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How a file is to be read; what is left out is found out.

    `header_row` counts from 1 (for text files: the line); None means there are no headings and titles are the
    columns' letters. With `header_rows` of two or more their texts are joined. `width` is how many columns to read at
    least where there are no headings to count. `quotes_as_read` leaves odd quotation marks in text files as the rules
    of CSV have them; `is_guarded` takes an apostrophe before a formula for a guard; `types` are the first cells of rows
    that name their type.
    """

    sheet: str | None = None
    header_row: int | None = 1
    header_rows: int = 1
    encoding: str | None = None
    delimiter: str | None = None
    quotes_as_read: bool = False
    is_guarded: bool = True
    width: int = 0
    types: tuple[str, ...] = ()


def open_source(path: Path, options: SourceOptions = SourceOptions()) -> Source:
    """Open a table; raises InputError saying what is wrong with the file and what to do."""
    heading = None if options.header_row is None else (options.header_row, options.header_rows)
    with reading(path):
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise InputError(f"{path}: this is no ordinary file; save what it gives to a file first")
        return TableSource(without_own(_reader(path, options), heading), heading, options.width)


def _reader(path: Path, options: SourceOptions) -> RowReader:
    content = sniff(path)
    if content is Content.TEXT:
        from bulkpo.tables.reading.delimited import DelimitedReader
        from bulkpo.tables.reading.odd_records import Marks

        marks = Marks(options.quotes_as_read, options.is_guarded, options.types)
        return DelimitedReader(path, options.encoding, options.delimiter, marks)
    if content is Content.OLD_WORKBOOK:
        from bulkpo.tables.workbooks import biff
        from bulkpo.tables.workbooks.calamine import LegacyReader

        return LegacyReader(path, options.sheet, biff.read_biff(path))
    return _archive_reader(path, options)


def _archive_reader(path: Path, options: SourceOptions) -> RowReader:
    from bulkpo.tables.workbooks.package import Package

    package = Package(path)
    if "content.xml" not in package and "xl/workbook.bin" not in package:
        from bulkpo.tables.workbooks.xlsx import XlsxReader

        return XlsxReader(package, options.sheet)
    from bulkpo.tables.workbooks import opendocument
    from bulkpo.tables.workbooks.calamine import LegacyReader

    package.check()
    overlays = opendocument.read_opendocument(package) if "content.xml" in package else {}
    return LegacyReader(path, options.sheet, overlays)
