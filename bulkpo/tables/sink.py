"""Tables out: workbooks, CSV, JSON lines and Parquet, streamed, and put in place whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bulkpo.errors import OutputError
from bulkpo.tables.writing.atomic import replacing
from bulkpo.tables.writing.columns import BookSink, FileOptions

_EXTENSIONS = (".xlsx", ".csv", ".tsv", ".jsonl", ".parquet")
_PLAIN = FileOptions()


@contextmanager
def open_book(path: Path, options: FileOptions = _PLAIN) -> Iterator[BookSink]:
    """Write a file by its extension: .xlsx, .csv, .tsv, .jsonl or .parquet.

    It appears under its name when the block ends without an exception; until then what was there stays. Raises
    OutputError for a missing folder, no permission, a full disk or an extension that is not known.
    """
    extension = path.suffix.lower()
    if extension not in _EXTENSIONS:
        listed = f"{', '.join(_EXTENSIONS[:-1])} or {_EXTENSIONS[-1]}"
        raise OutputError(f"{path}: what to write is chosen by extension; use {listed}")
    with replacing(path, options.placing, options.like) as file:
        if extension == ".xlsx":
            from bulkpo.tables.writing.xlsx import XlsxBook

            with XlsxBook(path.name, file, shortens=options.shortens) as workbook:
                yield workbook
        elif extension == ".parquet":
            from bulkpo.tables.writing.parquet import ParquetBook

            with ParquetBook(path.name, file, options.zone) as book:
                yield book
        else:
            yield _text_book(path.name, file, options)


def _text_book(name: str, file: IO[bytes], options: FileOptions) -> BookSink:
    from bulkpo.tables.writing.delimited import CsvBook, JsonLinesBook

    match name.lower().rpartition(".")[2]:
        case "jsonl":
            return JsonLinesBook(name, file)
        case "tsv":
            return CsvBook(name, file, "\t", FileOptions(is_guarded=options.is_guarded))
        case _:
            return CsvBook(name, file, ",", options)
