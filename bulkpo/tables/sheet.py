"""What is said of a sheet to write: its columns, and how rows get into it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from bulkpo.model.table import Cell


class Kind(Enum):
    """What a column holds, which decides how its cells are shown.

    A FIGURE is a count in one row and an amount in another.
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
