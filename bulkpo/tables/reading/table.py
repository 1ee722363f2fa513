"""A table made of the rows a file format's reader gives: headings, chunks of columns, and what is odd about them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, takewhile
from typing import Protocol, cast

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import CHUNK_ROWS, Cell, Chunk, Column
from bulkpo.tables.pieces import PieceReader, below, filled_columns, rows_of
from bulkpo.tables.reading.headings import lettered, titled
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.sheet_settings import Surroundings
from bulkpo.where import column_letter

Row = tuple[int, list[Cell]]
"""A row's number, as the user finds it in the file, and its cells from column A on; short and long rows are fine."""

_TOTALS = re.compile(
    r"\s*(?:(?:grand|sub|overall)[ -]?)?(?:totals?|sum|summe|gesamt(?:summe)?)(?: [a-z]{3})?\s*:?\s*", re.IGNORECASE
)


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


class TableSource:
    """A table in a file: columns by its headings, rows in chunks."""

    def __init__(self, reader: RowReader, heading: tuple[int, int] | None, width: int = 0) -> None:
        """`heading` is the first heading row and how many there are, or None for `width` columns or more."""
        self._reader = reader
        self._opening = reader.findings
        self._later: tuple[Finding, ...] = ()
        if heading is None:
            self._last_heading = 0
            self._columns = self._without_heading(width)
        else:
            rows = self._heading_rows(*heading)
            self._last_heading = rows[-1][0]
            headings = [cells[: last_filled(cells)] if self.sheet else cells for _, cells in rows]
            self._columns, odd = titled(headings, rows[0][0])
            self._opening += odd

    @property
    def file(self) -> str:
        """The file's name, for messages."""
        return self._reader.file

    @property
    def sheet(self) -> str:
        """The sheet's name; empty for files without sheets."""
        return self._reader.sheet

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in the file's order."""
        return self._columns

    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the file as a whole; complete once the chunks have been read."""
        around = self._reader.surroundings.findings(self._last_heading, len(self._columns))
        return self._opening + around + self._later

    def chunks(self) -> Iterator[Chunk]:
        """The rows below the heading, blank ones left out."""
        notes = Notes()
        blanks = _Blanks(notes, numbered=bool(self._reader.sheet), last_row=self._last_heading)
        seen = _Seen(notes, blanks)
        if isinstance(self._reader, PieceReader):
            yield from self._of_pieces(self._reader.pieces(notes), seen)
        else:
            yield from _chunks(self._filled(self._reader.rows(notes), seen))
        blanks.file_ended()
        if seen.last is not None:
            _look_for_totals(seen.last, notes)
        self._later = notes.findings()

    def _of_pieces(self, pieces: Iterable[Chunk | Row], seen: "_Seen") -> Iterator[Chunk]:
        """A chunk for each piece below the heading without blank rows; all others are walked row by row."""
        for kind, alike in groupby(pieces, type):
            if kind is not Chunk:
                yield from _chunks(self._filled(cast("Iterator[Row]", alike), seen))
                continue
            for piece in cast("Iterator[Chunk]", alike):
                chunk = below(piece, self._last_heading)
                columns = filled_columns(chunk, len(self._columns))
                if columns is None or seen.blanks.has_gaps(chunk.rows):
                    yield from _chunks(self._filled(rows_of(chunk), seen))
                elif chunk.rows:
                    seen.blanks.passed(chunk.rows[0], chunk.rows[-1])
                    seen.last = (chunk.rows[-1], [column[-1] for column in columns])
                    yield replace(chunk, columns=columns)

    def _filled(self, rows: Iterable[Row], seen: "_Seen") -> Iterator[Row]:
        """The rows that hold something, each as wide as the headings; odd ones noted."""
        width = len(self._columns)
        for number, cells in rows:
            if number <= self._last_heading:
                continue
            if is_blank(cells):
                seen.blanks.seen(number)
                continue
            seen.blanks.ended(number)
            if len(cells) != width:
                self._fit(number, cells, seen.notes)
            seen.last = (number, cells)
            yield seen.last

    def _fit(self, row: int, cells: list[Cell], notes: Notes) -> None:
        """Make a row as wide as the headings; filled cells beyond them are told."""
        width = len(self._columns)
        extra = [number for number, cell in enumerate(cells[width:], width + 1) if not is_blank([cell])]
        if extra:
            message = (
                f"the row has {len(extra)} filled {'cell' if len(extra) == 1 else 'cells'} to the right of the last "
                f"heading (column {column_letter(width) if width else 'A'}); give the column a heading, or mend the row"
            )
            value = str(cells[extra[0] - 1])
            notes.tell(Finding("extra-cells", message, row, extra[0], value=value))
        del cells[width:]
        cells.extend([None] * (width - len(cells)))

    def _heading_rows(self, first: int, count: int) -> list[Row]:
        rows = self._reader.rows(Notes())
        top = next((row for row in rows if row[0] >= first), None)
        if top is None:
            raise InputError(f"{self._here()}: there is no row {first} to hold the headings; the table is empty")
        if is_blank(top[1]) or (self.sheet and top[0] != first):
            filled = top if not is_blank(top[1]) else next((row for row in rows if not is_blank(row[1])), None)
            if filled is None:
                raise InputError(f"{self._here()}: there is nothing from row {first} on; the table is empty")
            raise InputError(
                f"{self._here()}: row {first}, which should hold the headings, is blank; the first filled row is "
                f"{filled[0]}; say header_row: {filled[0]} if that is the heading"
            )
        if not self.sheet:
            return [top, *islice(rows, count - 1)]
        headings = [top, *takewhile(lambda row: row[0] < first + count, rows)]
        if count > 1:
            self._reader.surroundings.spread(headings)
        return headings

    def _without_heading(self, width: int) -> tuple[Column, ...]:
        first = [cells for _, cells in islice(self._reader.rows(Notes()), CHUNK_ROWS) if not is_blank(cells)]
        if not first:
            raise InputError(f"{self._here()}: there is nothing in it; the table is empty")
        return lettered(max(width, *map(last_filled, first)))

    def _here(self) -> str:
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file


@dataclass(slots=True)
class _Seen:
    """What one reading has met so far: oddities, blank rows, and the last row that holds something."""

    notes: Notes
    blanks: "_Blanks"
    last: Row | None = None


class _Blanks:
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
        self._first = self._first or row
        self._count += 1

    def ended(self, row: int) -> None:
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
        if self._count:
            self._notes.tally("trailing-blank-rows", self._first, count=self._count)


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether no cell holds anything; text of spaces alone is nothing."""
    for cell in cells:
        if cell is not None and not (isinstance(cell, str) and (not cell or cell.isspace())):
            return False
    return True


def last_filled(cells: Sequence[Cell]) -> int:
    """The number of the last cell that holds anything; 0 if none does."""
    return max((number for number, cell in enumerate(cells, 1) if not is_blank([cell])), default=0)


def _chunks(rows: Iterator[Row]) -> Iterator[Chunk]:
    while some := list(islice(rows, CHUNK_ROWS)):
        cells = zip(*(cells for _, cells in some), strict=True)
        yield Chunk([number for number, _ in some], list(map(list, cells)))


def _look_for_totals(last: Row, notes: Notes) -> None:
    """Tell of a last row that says Total and little else."""
    number, cells = last
    filled = [(column, cell) for column, cell in enumerate(cells, 1) if not is_blank([cell])]
    if len(filled) * 2 > len(cells):
        return
    for column, cell in filled:
        if isinstance(cell, str) and _TOTALS.fullmatch(cell):
            message = f"the last row says {cell.strip()!r} and is mostly blank: it looks like a totals row; delete it"
            notes.tell(Finding("totals-row", message, number, column, value=cell, severity=Severity.ERROR))
            return
