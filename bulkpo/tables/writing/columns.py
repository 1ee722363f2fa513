"""What is said of a sheet to write: its columns, and how rows get into it."""

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from pathlib import Path
from typing import Protocol

from bulkpo.model.table import Cell


class ColumnKind(Enum):
    """What a column holds, which decides how its cells are shown.

    A FIGURE is a count in one row and an amount in another. A moment in a column of DATEs is shown without its time
    where that is midnight, and with it where not.
    """

    TEXT = auto()
    INTEGER = auto()
    DECIMAL = auto()
    FIGURE = auto()
    DATE = auto()
    DATETIME = auto()
    BOOLEAN = auto()


@dataclass(frozen=True, slots=True)
class SinkColumn:
    """A column to write. `scale` is the number of decimals shown; values are never rounded.

    With `links` its texts are paths of files from the folder of the file that is written, and lead there where that
    holds links; of several, joined by `; `, to the folder of the first.
    """

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    scale: int | None = None
    links: bool = False


class Csv(StrEnum):
    """Conventions of a CSV file: those that Excel opens with a double click, or Coupa's."""

    EXCEL = "excel"
    COUPA = "coupa"


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What is said of a file besides its name.

    `csv` is heeded by .csv, `is_guarded` by what Excel opens as text: text that it would take for a formula gets an
    apostrophe in front. `zone`, which says where the wall clock of moments hangs, is heeded by .parquet. `placing` is
    told of the finished file right before it takes its place: its inode, size and time stay those. The file may be read
    by whom `like` may be. `shortens` cuts texts that a cell of a workbook cannot hold, which is refused without it.
    """

    csv: Csv = Csv.EXCEL
    is_guarded: bool = True
    zone: str = "UTC"
    placing: Callable[[os.stat_result], None] | None = None
    like: Path | None = None
    shortens: bool = False


class SheetSink(Protocol):
    """An open sheet."""

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows; each has one cell for every column, in the columns' order."""


class BookSink(Protocol):
    """An open file."""

    @property
    def notices(self) -> Sequence[str]:
        """What people should know of the sheets that have ended."""

    def sheet(self, name: str, columns: Sequence[SinkColumn]) -> AbstractContextManager[SheetSink]:
        """Begin a sheet; the one before must have ended."""
