"""Blank rows and columns, noted while a table is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from bulkpo.tables.reading.oddities import Notes


@dataclass(slots=True)
class Seen:
    """What one reading has met so far: oddities, blank rows, and how many cells beyond the headings."""

    notes: Notes
    blanks: "Blanks"
    beyond: int = 0


class Blanks:
    """Counts blank rows: those between others, and those at the end."""

    def __init__(self, notes: Notes, *, numbered: bool, last_row: int) -> None:
        """`numbered` when every row has a number of its own, so that a gap in them is blank rows too."""
        self._notes = notes
        self._numbered = numbered
        self._last_row = last_row
        self._first = 0
        self._count = 0

    def has_gaps(self, rows: Sequence[int]) -> bool:
        """Whether there are blank rows among these."""
        return self._numbered and bool(rows) and rows[-1] - rows[0] >= len(rows)

    def seen(self, row: int) -> None:
        """Take note of a blank row."""
        self._first = self._first or row
        self._count += 1

    def seen_rows(self, rows: Sequence[int]) -> None:
        """Take note of blank rows that follow each other."""
        if rows:
            self.seen(rows[0])
            self._count += len(rows) - 1

    def ended(self, row: int) -> None:
        """Take note of a row that holds something: the blank ones before it are over."""
        if self._numbered and row - self._last_row > 1:
            self._first, self._count = self._last_row + 1, row - self._last_row - 1
        if self._count:
            self._notes.tally("blank-rows", self._first, count=self._count)
            self._count = self._first = 0
        self._last_row = row

    def passed(self, first: int, last: int) -> None:
        """Take note of rows without a blank one among them."""
        self.ended(first)
        self._last_row = last

    def file_ended(self) -> None:
        """Take note of the end: blank rows before it trail."""
        if self._count:
            self._notes.tally("trailing-blank-rows", self._first, count=self._count)
