"""A reader of some columns of a sheet: a table that another stands beside."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bulkpo.model.table import Cell
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import PartReader, Row, RowReader
from bulkpo.tables.reading.sheet_settings import Surroundings
from bulkpo.where import column_letter


@dataclass(frozen=True, slots=True)
class ColumnRange:
    """The first and the last column of a table, from 1."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{column_letter(self.first)}:{column_letter(self.last)}"


class ColumnRangeReader(PartReader):
    """Rows whose cells outside a range of columns are blank; cells keep their places."""

    def __init__(self, reader: RowReader, columns: ColumnRange) -> None:
        super().__init__(reader)
        self._columns = columns

    @property
    def surroundings(self) -> Surroundings:
        """What the sheet says about itself, as far as these columns reach."""
        around, mine = self._reader.surroundings, self._columns
        merges = tuple(area for area in around.merges if area.right >= mine.first and area.left <= mine.last)
        return replace(around, merges=merges)

    def rows(self, notes: Notes) -> Iterator[Row]:
        """All rows from the top, their cells in the range."""
        notes.width = 0
        before: list[Cell] = [None] * (self._columns.first - 1)
        for number, cells in self._reader.rows(notes):
            yield number, [*before, *cells[self._columns.first - 1 : self._columns.last]]
