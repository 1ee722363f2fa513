"""Rows as a file format's reader gives them, and what such a reader is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bulkpo.model.finding import Finding
from bulkpo.model.own import OWN_PREFIX
from bulkpo.model.table import Cell
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.sheet_settings import Surroundings

Row = tuple[int, list[Cell]]
"""A row's number, as the user finds it in the file, and its cells from column A on; short and long rows are fine."""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet in the workbook's list: its name, whether it is shown, and the part that holds it."""

    name: str
    visible: bool
    part: str = ""

    @property
    def is_own(self) -> bool:
        """True for a sheet that bulkpo added to a user's workbook, which holds no orders."""
        return self.name.startswith(OWN_PREFIX)


class RowReader(Protocol):
    """What knows a file format."""

    @property
    def file(self) -> str:
        """The file's name."""

    @property
    def sheet(self) -> str:
        """The sheet's name; empty for files without sheets."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the file, known from opening it."""

    @property
    def surroundings(self) -> Surroundings:
        """What the sheet says about itself outside its rows."""

    def rows(self, notes: Notes) -> Iterator[Row]:
        """All rows from the top, blank ones too where the file has them; can be asked for again."""


class PartReader:
    """What a reader of part of another's cells says of the file: the same as that one."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader

    @property
    def file(self) -> str:
        """The file's name."""
        return self._reader.file

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self._reader.sheet

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the file, known from opening it."""
        return self._reader.findings

    @property
    def surroundings(self) -> Surroundings:
        """What the sheet says about itself outside its rows."""
        return self._reader.surroundings


@runtime_checkable
class SheetsReader(Protocol):
    """A reader of a file that has sheets."""

    def filled_sheets(self) -> tuple[SheetEntry, ...]:
        """The sheets that hold anything, in order."""


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether no cell holds anything; text of spaces alone is nothing."""
    for cell in cells:
        if cell is not None and not (isinstance(cell, str) and (not cell or cell.isspace())):
            return False
    return True


def last_filled(cells: Sequence[Cell]) -> int:
    """The number of the last cell that holds anything; 0 if none does."""
    return max((number for number, cell in enumerate(cells, 1) if not is_blank([cell])), default=0)
