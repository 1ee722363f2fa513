"""A table made of the rows a file format's reader gives: headings, chunks of columns, and what is odd about them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import groupby, islice, takewhile
from types import NoneType
from typing import Protocol, cast, runtime_checkable

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding
from bulkpo.model.table import CHUNK_ROWS, Cell, Chunk, Column
from bulkpo.tables.reading.areas import Areas
from bulkpo.tables.reading.blanks import Blanks, Seen
from bulkpo.tables.reading.blocks import TableBlocks, TextBlocks
from bulkpo.tables.reading.headings import beyond_letters, lettered, titled
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row, RowReader, SheetsReader, is_blank, last_filled
from bulkpo.where import column_letter

_MOST_BEYOND = 20_000_000


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a table reaches: its first row, where no heading tells it, its first column, and its least width.

    `last_column` is the last that is looked for where there are no headings: its first cell may stand far below.
    """

    first_row: int = 1
    first_column: int = 1
    width: int = 0
    last_column: int = 0


class TableSource:
    """A table in a file: columns by its headings, rows in chunks."""

    def __init__(self, reader: RowReader, heading: tuple[int, int] | None, extent: Extent = Extent()) -> None:
        """`heading` is the first heading row and how many there are, or None for columns by letters."""
        self._reader = reader
        self._opening = reader.findings
        self._later: tuple[Finding, ...] = ()
        self._before = extent.first_column - 1
        self._has_headings = heading is not None
        if heading is None:
            self._last_heading = extent.first_row - 1
            columns = self._without_heading(extent)
        else:
            rows = self._heading_rows(*heading)
            self._last_heading = rows[-1][0]
            headings = [cells[: last_filled(cells)] if self.sheet else cells for _, cells in rows]
            columns, odd = titled(headings, rows[0][0])
            self._opening += odd
        self._width = len(columns)
        self._columns = columns[self._before :]

    def note(self, findings: tuple[Finding, ...]) -> None:
        """Tell more of what is known from opening the file."""
        self._opening += findings

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

    @property
    def last_heading(self) -> int:
        """The number of the last row above the table's own: of its headings, or of what stands above it."""
        return self._last_heading

    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the file as a whole; complete once the chunks have been read."""
        around = self._reader.surroundings.findings(self._width)
        later = self._later if self._has_headings else tuple(beyond_letters(self._later))
        return self._opening + around + later

    def chunks(self) -> Iterator[Chunk]:
        """The rows below the heading, blank ones left out."""
        width = self._width
        notes = Notes(width)
        areas = Areas(self._here(), self._reader.surroundings.merges_below(self._last_heading, width), notes.areas)
        blanks = Blanks(notes, numbered=bool(self._reader.sheet), last_row=self._last_heading)
        seen = Seen(notes, blanks)
        if isinstance(self._reader, PieceReader):
            chunks = self._of_pieces(self._reader.pieces(notes), seen)
        else:
            chunks = _chunks(self._filled(self._reader.rows(notes), seen))
        for chunk in areas.over(chunks) if self.sheet else chunks:
            yield replace(chunk, columns=chunk.columns[self._before :]) if self._before else chunk
        blanks.file_ended()
        self._later = notes.findings()

    @contextmanager
    def by_blocks(self) -> Iterator[TableBlocks | None]:
        """The rows below the heading by blocks of bytes, to be read to the end; None where they cannot be read so."""
        if not isinstance(self._reader, BlockReader):
            yield None
            return
        width = self._width
        notes = Notes(width)
        seen = Seen(notes, Blanks(notes, numbered=False, last_row=self._last_heading))
        with self._reader.by_blocks() as blocks:
            if blocks is None:
                yield None
                return
            yield TableBlocks(blocks, seen, width, lambda pieces: self._of_pieces(pieces, seen))
        seen.blanks.file_ended()
        self._later = notes.findings()

    def _of_pieces(self, pieces: Iterable[Chunk | Row], seen: "Seen") -> Iterator[Chunk]:
        """A chunk for each piece below the heading without blank rows; all others are walked row by row."""
        for kind, alike in groupby(pieces, type):
            if kind is not Chunk:
                yield from _chunks(self._filled(cast("Iterator[Row]", alike), seen))
                continue
            for piece in cast("Iterator[Chunk]", alike):
                chunk = below(piece, self._last_heading)
                if not chunk.columns:
                    seen.blanks.seen_rows(chunk.rows)
                    continue
                columns = filled_columns(chunk, self._width)
                if columns is None or seen.blanks.has_gaps(chunk.rows):
                    yield from _chunks(self._filled(rows_of(chunk), seen))
                elif chunk.rows:
                    seen.blanks.passed(chunk.rows[0], chunk.rows[-1])
                    yield replace(chunk, columns=columns)

    def _filled(self, rows: Iterable[Row], seen: "Seen") -> Iterator[Row]:
        """The rows that hold something, each as wide as the headings; odd ones noted."""
        width = self._width
        for number, cells in rows:
            if number <= self._last_heading:
                continue
            if is_blank(cells):
                seen.blanks.seen(number)
                continue
            seen.blanks.ended(number)
            if len(cells) != width:
                self._fit(number, cells, seen)
            yield number, cells

    def _fit(self, row: int, cells: list[Cell], seen: "Seen") -> None:
        """Make a row as wide as the headings; filled cells beyond them are told."""
        width = self._width
        beyond = cells[width:]
        extra = []
        if beyond.count(None) < len(beyond):
            self._bound_beyond(row, len(beyond), seen)
            extra = [number for number, cell in enumerate(beyond, width + 1) if not is_blank([cell])]
        if extra:
            message = (
                f"the row has {len(extra)} filled {'cell' if len(extra) == 1 else 'cells'} to the right of the last "
                f"heading (column {column_letter(width) if width else 'A'}); give the column a heading, or mend the row"
            )
            value = str(cells[extra[0] - 1])
            seen.notes.tell(Finding("extra-cells", message, row, extra[0], value=value))
        del cells[width:]
        cells.extend([None] * (width - len(cells)))

    def _bound_beyond(self, row: int, count: int, seen: "Seen") -> None:
        """Count cells to the right of the headings that are to be looked at; raises InputError beyond all measure."""
        seen.beyond += count
        if seen.beyond > _MOST_BEYOND:
            raise InputError(
                f"{self._here()}: down to row {row:,} the rows reach over {_MOST_BEYOND:,} cells to the right of the "
                "last heading; clear what stands there, or give the columns headings"
            )

    def _heading_rows(self, first: int, count: int) -> list[Row]:
        rows = self._reader.rows(Notes())
        top = next((row for row in rows if row[0] >= first), None)
        if top is None:
            raise InputError(
                f"{self._here()}: there is no row {first} to hold the headings; the table is empty{self._elsewhere()}"
            )
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

    def _elsewhere(self) -> str:
        """The end of a sentence that names the other sheets that hold anything, or nothing."""
        entries = self._reader.filled_sheets() if isinstance(self._reader, SheetsReader) else ()
        names = [entry.name for entry in entries if entry.name != self.sheet]
        return f"; if another sheet is meant, name it: source: {{sheet: {' or '.join(names[:5])}}}" if names else ""

    def _without_heading(self, extent: Extent) -> tuple[Column, ...]:
        above, rows = self._last_heading, self._reader.rows(Notes())
        lasts = (last_filled(cells) for number, cells in rows if number > above and not is_blank(cells))
        width = max(islice(lasts, CHUNK_ROWS), default=0)
        if not width and above:
            raise InputError(f"{self._here()}: there is nothing from row {above + 1} on; the table is empty")
        if not width:
            raise InputError(f"{self._here()}: there is nothing in it; the table is empty")
        while width < extent.last_column and (last := next(lasts, 0)):
            width = min(extent.last_column, max(width, last))
        return lettered(max(extent.width, width))

    def _here(self) -> str:
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file


def _chunks(rows: Iterator[Row]) -> Iterator[Chunk]:
    while some := list(islice(rows, CHUNK_ROWS)):
        cells = zip(*(cells for _, cells in some), strict=True)
        yield Chunk([number for number, _ in some], list(map(list, cells)))


@runtime_checkable
class PieceReader(Protocol):
    """A reader of cells that gives rows of the same shape many at a time, by column."""

    def pieces(self, notes: Notes) -> Iterator[Chunk | tuple[int, list[Cell]]]:
        """All rows from the top, blank ones too where the file has them; columns as far as the cells reach."""


@runtime_checkable
class BlockReader(Protocol):
    """A reader of text that may be read by blocks of bytes."""

    def by_blocks(self) -> AbstractContextManager[TextBlocks | None]:
        """The file by blocks of bytes; None where its characters are not such."""


def rows_of(chunk: Chunk) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a chunk, one by one; one without columns has blank rows alone."""
    if not chunk.columns:
        return ((number, []) for number in chunk.rows)
    return zip(chunk.rows, map(list, zip(*chunk.columns, strict=True)), strict=True)


def below(chunk: Chunk, row: int) -> Chunk:
    """The rows of a chunk after one of this number."""
    above = bisect_right(chunk.rows, row)
    return (
        replace(chunk, rows=chunk.rows[above:], columns=[cells[above:] for cells in chunk.columns]) if above else chunk
    )


def filled_columns(chunk: Chunk, width: int) -> list[Sequence[Cell]] | None:
    """A chunk's columns, so many, if there is nothing beyond and something in each row; else None."""
    height = len(chunk.rows)
    if not any(map(_is_full, chunk.columns[:width])):
        return None
    if any(column.count(None) < height for column in chunk.columns[width:]):
        return None
    missing = range(width - len(chunk.columns))
    return [*chunk.columns[:width], *([None] * height for _ in missing)]


def _is_full(column: Sequence[Cell]) -> bool:
    """Whether no cell of a column is blank, where its types tell."""
    kinds = set(map(type, column))
    return all(map(str.strip, cast("Sequence[str]", column))) if kinds == {str} else not kinds & {str, NoneType}
