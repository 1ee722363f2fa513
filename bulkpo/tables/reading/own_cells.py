"""A reader without what bulkpo has added to the file: the column of reasons is never read back as the user's."""

from collections.abc import Iterator
from itertools import takewhile

from bulkpo.model.own import OWN_COLUMN, is_own
from bulkpo.model.table import Cell, Chunk
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import PartReader, Row, RowReader, last_filled
from bulkpo.tables.reading.table import PieceReader, rows_of

Heading = tuple[int, int]
"""The first heading row and how many there are."""


def without_own(reader: RowReader, heading: Heading | None) -> RowReader:
    """A reader of the user's own cells; the same one where there is certainly nothing else."""
    column, is_last = _own_column(reader, heading) if heading is not None else (0, True)
    if heading is not None and not column:
        return reader
    return OwnCells(reader, column, is_last=is_last)


def _own_column(reader: RowReader, heading: Heading) -> tuple[int, bool]:
    """The column that the headings call bulkpo's own, 0 if none does, and whether no heading stands behind it."""
    first, count = heading
    left = count
    for number, cells in takewhile(lambda row: row[0] < first + count or not reader.sheet, reader.rows(Notes())):
        if number < first:
            continue
        for column, cell in enumerate(cells, 1):
            if cell == OWN_COLUMN:
                return column, last_filled(cells) == column
        left -= 1
        if not left:
            break
    return 0, True


class OwnCells(PartReader):
    """Rows without the cells that are bulkpo's own: a column of them, or the last cell of a row if it is marked."""

    def __init__(self, reader: RowReader, column: int, *, is_last: bool) -> None:
        """`column` is the number of bulkpo's own column, 0 where no heading tells it; of others behind it, it stays."""
        super().__init__(reader)
        self._column = column
        self._is_last = is_last

    def rows(self, notes: Notes) -> Iterator[Row]:
        """All rows from the top."""
        self._widen(notes)
        for number, cells in self._reader.rows(notes):
            yield number, self._theirs(cells)

    def _widen(self, notes: Notes) -> None:
        """Tell the reader of the table's width with bulkpo's own column."""
        notes.width = max(notes.width, self._column) if notes.width else 0

    def _theirs(self, cells: list[Cell]) -> list[Cell]:
        """A row's cells without bulkpo's own.

        A row that has slipped to the right holds the user's cells in bulkpo's column and beyond; they stay.
        """
        last = last_filled(cells)
        if (last and is_own(cells[last - 1])) or (self._is_last and 0 < self._column == last):
            cells = cells[: last - 1]
        elif not self._is_last and self._column <= len(cells) and cells[self._column - 1] != OWN_COLUMN:
            cells = [*cells[: self._column - 1], None, *cells[self._column :]]
        return cells

    def pieces(self, notes: Notes) -> Iterator[Chunk | Row]:
        """All rows from the top, many at a time where they are read so and nothing among them is bulkpo's own."""
        if not isinstance(self._reader, PieceReader):
            yield from self.rows(notes)
            return
        self._widen(notes)
        for piece in self._reader.pieces(notes):
            if not isinstance(piece, Chunk):
                yield piece[0], self._theirs(piece[1])
            elif self._has_none(piece):
                yield piece
            else:
                yield from ((number, self._theirs(cells)) for number, cells in rows_of(piece))

    def _has_none(self, chunk: Chunk) -> bool:
        """Whether certainly nothing of a chunk is bulkpo's own."""
        if self._column:
            return len(chunk.columns) < self._column
        return not chunk.columns or not any(map(is_own, chunk.columns[-1]))
