"""Tables out: workbooks, CSV and JSON lines, streamed, and put in place whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bulkpo.errors import OutputError
from bulkpo.tables.atomic import replacing
from bulkpo.tables.sheet import BookSink, Kind, SheetSink, SinkColumn

__all__ = ["BookSink", "Kind", "SheetSink", "SinkColumn", "open_book"]


@contextmanager
def open_book(path: Path) -> Iterator[BookSink]:
    """Write a file by its extension: .xlsx, .csv, .tsv or .jsonl.

    It appears under its name when the block ends without an exception; until then what was there stays. Raises
    OutputError for a missing folder, no permission, a full disk or an extension that is not known.
    """
    extension = path.suffix.lower()
    if extension not in (".xlsx", ".csv", ".tsv", ".jsonl"):
        raise OutputError(f"{path}: what to write is chosen by extension; use .xlsx, .csv, .tsv or .jsonl")
    with replacing(path) as file:
        if extension == ".xlsx":
            from bulkpo.tables.xlsxbook import XlsxBook

            with XlsxBook(path.name, file) as workbook:
                yield workbook
        else:
            from bulkpo.tables.textbook import CsvBook, JsonLinesBook

            delimiter = "\t" if extension == ".tsv" else ","
            yield JsonLinesBook(path.name, file) if extension == ".jsonl" else CsvBook(path.name, file, delimiter)
