"""Tables out: workbooks, CSV, JSON lines and Parquet, streamed, and put in place whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bulkpo.errors import OutputError
from bulkpo.tables.writing.atomic import replacing
from bulkpo.tables.writing.columns import BookSink, FileOptions
from bulkpo.tables.writing.formats import JSON_LINES, LISTED, PARQUET, TSV, XLSX, FileFormat, format_of

_PLAIN = FileOptions()


@contextmanager
def open_book(path: Path, options: FileOptions = _PLAIN) -> Iterator[BookSink]:
    """Write a file by its extension: .xlsx, .csv, .tsv, .jsonl or .parquet.

    It appears under its name when the block ends without an exception; until then what was there stays. Raises
    OutputError for a missing folder, no permission, a full disk or an extension that is not known.
    """
    form = format_of(path)
    if form is None:
        raise OutputError(f"{path}: what to write is chosen by extension; use {LISTED}")
    with replacing(path, options.placing, options.like) as file:
        if form is XLSX:
            from bulkpo.tables.writing.xlsx import XlsxBook

            with XlsxBook(path.name, file, shortens=options.shortens) as workbook:
                yield workbook
        elif form is PARQUET:
            from bulkpo.tables.writing.parquet import ParquetBook

            with ParquetBook(path.name, file, options.zone) as book:
                yield book
        else:
            yield _text_book(form, path.name, file, options)


def _text_book(form: FileFormat, name: str, file: IO[bytes], options: FileOptions) -> BookSink:
    from bulkpo.tables.writing.delimited import CsvBook, JsonLinesBook

    if form is JSON_LINES:
        return JsonLinesBook(name, file)
    if form is TSV:
        return CsvBook(name, file, "\t", FileOptions(is_guarded=options.is_guarded))
    return CsvBook(name, file, ",", options)
