"""Tables out: workbooks, CSV and JSON lines, streamed, and put in place whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from bulkpo.errors import OutputError
from bulkpo.model.table import Cell
from bulkpo.tables.atomic import replacing


class Kind(Enum):
    """What a column holds, which decides how its cells are shown."""

    TEXT = auto()
    INTEGER = auto()
    DECIMAL = auto()
    DATE = auto()
    DATETIME = auto()
    BOOLEAN = auto()


@dataclass(frozen=True, slots=True)
class SinkColumn:
    """A column to write. `scale` is the number of decimals shown; values are never rounded."""

    title: str
    kind: Kind = Kind.TEXT
    scale: int | None = None


class SheetSink(Protocol):
    """An open sheet."""

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows; each has one cell for every column, in the columns' order."""


class BookSink(Protocol):
    """An open file."""

    def sheet(self, name: str, columns: Sequence[SinkColumn]) -> AbstractContextManager[SheetSink]:
        """Begin a sheet; the one before must have ended."""


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
