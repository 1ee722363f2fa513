"""Spreadsheets and text files as tables: opened by what they hold first, by their extension second."""

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never
from weakref import finalize

from bulkpo.errors import InputError
from bulkpo.model.table import Source
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.column_range import ColumnRange, ColumnRangeReader
from bulkpo.tables.reading.fixed_width import FixedWidthReader, Width
from bulkpo.tables.reading.own_cells import without_own
from bulkpo.tables.reading.packed import TextInput
from bulkpo.tables.reading.row_reader import RowReader, SheetEntry, SheetsReader
from bulkpo.tables.reading.sniff import Content, named_otherwise, sniff
from bulkpo.tables.reading.table import Extent, TableSource


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How a file is to be read; what is left out is found out.

    `header_row` counts from 1 (for text files: the line); None means there are no headings and titles are the
    columns' letters. With `header_rows` of two or more their texts are joined. `width` is how many columns to read at
    least where there are no headings to count. `quotes_as_read` leaves odd quotation marks in text files as the rules
    of CSV have them; `is_guarded` takes an apostrophe before a formula for a guard; `types` are the first cells of rows
    that name their type. `widths` are the columns of a text file whose columns stand at fixed places. `first_row` is
    that of a table without headings and `last_column` the last that is looked for there, `area` the columns it has of
    the sheet, where that is not all of them.
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
    widths: tuple[Width, ...] = ()
    first_row: int = 1
    last_column: int = 0
    area: ColumnRange | None = None


TABLE_ENDINGS = (
    ".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".tab", ".txt", ".html", ".htm", ".xml",
    ".csv.gz", ".tsv.gz", ".txt.gz", ".zip",
)  # fmt: skip
"""How names of files end that may hold tables."""


_ENDINGS = {
    Content.OLD_WORKBOOK: ".xls",
    Content.PAGE: ".html",
    Content.SHEET_XML: ".xml",
    Content.GZIP: ".csv.gz",
    Content.TEXT: ".csv",
}


def ending_of(path: Path) -> str:
    """How the name of a file should end, by what it holds."""
    with reading(path):
        content = sniff(path)
        if content is Content.ARCHIVE:
            from bulkpo.tables.workbooks.package import Package

            package = Package(path)
            if not package.is_workbook:
                return ".zip"
            return ".xlsb" if "xl/workbook.bin" in package else ".ods" if "content.xml" in package else ".xlsx"
    return _ENDINGS[content]


def text_in(path: Path) -> TextInput:
    """The text that a file holds, or an archive of one; raises InputError for an archive of several."""
    from bulkpo.tables.reading.packed import packed_gzip, packed_zip

    with reading(path):
        content = sniff(path)
        if content is Content.GZIP:
            return packed_gzip(path)
        return packed_zip(path) if content is Content.ARCHIVE else path


def is_encoded(path: Path) -> bool:
    """Whether a file is text or a page, whose encoding can be declared; a workbook says its own."""
    return ending_of(path) in (".csv", ".csv.gz", ".html", ".zip")


def filled_sheets(path: Path, encoding: str | None = None) -> tuple[SheetEntry, ...] | None:
    """The sheets of a workbook that hold anything; None for a file that has no sheets."""
    with reading(path):
        reader = _reader(path, SourceOptions(encoding=encoding))
        return reader.filled_sheets() if isinstance(reader, SheetsReader) else None


def open_source(path: Path, options: SourceOptions = SourceOptions()) -> Source:
    """Open a table; raises InputError saying what is wrong with the file and what to do."""
    heading = None if options.header_row is None else (options.header_row, options.header_rows)
    if options.widths:
        heading = (options.header_row or 0, 1)
    with reading(path):
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise InputError(f"{path}: this is no ordinary file; save what it gives to a file first")
        reader = _reader(path, options)
        if options.area is not None:
            reader = ColumnRangeReader(reader, options.area)
        first_column = 1 if options.area is None else options.area.first
        extent = Extent(options.first_row, first_column, options.width, options.last_column)
        source = TableSource(without_own(reader, heading), heading, extent)
        source.note(named_otherwise(path))
        return source


def _reader(path: Path, options: SourceOptions) -> RowReader:
    content = sniff(path)
    match content:
        case Content.TEXT:
            reader = _text_reader(path, options)
        case Content.GZIP:
            from bulkpo.tables.reading.packed import packed_gzip

            reader = _text_reader(packed_gzip(path), options)
        case Content.OLD_WORKBOOK:
            from bulkpo.tables.workbooks import biff
            from bulkpo.tables.workbooks.calamine import LegacyReader

            reader = LegacyReader(path, options.sheet, biff.read_biff(path))
        case Content.PAGE:
            from bulkpo.tables.workbooks.pages import PageReader

            reader = PageReader(path, options.sheet, options.encoding)
        case Content.SHEET_XML:
            from bulkpo.tables.workbooks.sheet_xml import SheetXmlReader

            reader = SheetXmlReader(path, options.sheet)
        case Content.ARCHIVE:
            reader = _archive_reader(path, options)
        case _:
            assert_never(content)
    return reader


def _text_reader(text: TextInput, options: SourceOptions) -> RowReader:
    if options.widths:
        return FixedWidthReader(text, options.widths, options.header_row or 0, options.encoding)
    from bulkpo.tables.reading.delimited import DelimitedReader
    from bulkpo.tables.reading.odd_records import Marks

    marks = Marks(options.quotes_as_read, options.is_guarded, options.types)
    return DelimitedReader(text, options.encoding, options.delimiter, marks)


def _archive_reader(path: Path, options: SourceOptions) -> RowReader:
    from bulkpo.tables.workbooks.package import Package

    package = Package(path)
    if not package.is_workbook:
        from bulkpo.tables.reading.packed import holds_book, packed_zip

        return _packed_reader(path, options) if holds_book(path) else _text_reader(packed_zip(path), options)
    if "content.xml" not in package and "xl/workbook.bin" not in package:
        from bulkpo.tables.workbooks.xlsx import XlsxReader

        return XlsxReader(package, options.sheet)
    from bulkpo.tables.workbooks import opendocument
    from bulkpo.tables.workbooks.calamine import LegacyReader

    package.check()
    overlays = opendocument.read_opendocument(package) if "content.xml" in package else {}
    return LegacyReader(path, options.sheet, overlays)


def _packed_reader(path: Path, options: SourceOptions) -> RowReader:
    """Reads the workbook in an archive, which lies in a folder of its own as long as it is read."""
    from tempfile import TemporaryDirectory

    folder = TemporaryDirectory(prefix="bulkpo-")
    try:
        reader = _reader(_book_in(path, Path(folder.name)), options)
    except BaseException:
        folder.cleanup()
        raise
    finalize(reader, folder.cleanup)
    return reader


def _book_in(path: Path, folder: Path) -> Path:
    """The workbook in an archive, unpacked; raises InputError for an archive in it."""
    from bulkpo.tables.reading.packed import unpacked_book
    from bulkpo.tables.workbooks.package import Package

    book = unpacked_book(path, folder)
    if sniff(book) is Content.ARCHIVE and not Package(book).is_workbook:
        raise InputError(f"{path.name}: {book.name} in it is an archive, too, and no workbook; unpack it first")
    return book
