"""Cells that take several columns and rows, laid out on a grid as they are shown."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bulkpo.errors import InputError
from bulkpo.model.table import MOST_COLUMNS, Cell
from bulkpo.tables.reading.sheet_settings import Area

_MOST_AREAS = 100_000
_LAST_ROW = 1_048_576
_MOST_CELLS = 50_000_000


class CellSpan(NamedTuple):
    """A cell, and how many columns and rows it takes; `column` is where it says it stands, 0 where it follows."""

    value: Cell
    width: int = 1
    height: int = 1
    column: int = 0


class Grid:
    """Lays rows of spans out, from the top; `areas` are those of more than one cell met so far."""

    def __init__(self, place: str) -> None:
        """`place` is the table's, for messages."""
        self._place = place
        self._taken: dict[int, int] = {}
        self._ends = 0
        self._reach = 0
        self.areas: list[Area] = []

    def row(self, number: int, spans: Iterable[CellSpan]) -> list[Cell]:
        """The cells of a row; those that a cell above or to the left takes are None."""
        if self._ends < number:
            self._taken = {column: last for column, last in self._taken.items() if last >= number}
            self._ends = min(self._taken.values(), default=_LAST_ROW)
        taken = self._taken
        cells: list[Cell] = []
        column = 1
        for span in spans:
            column = span.column or column
            while not span.column and column in taken:
                column += 1
            last = column + span.width - 1
            if last > MOST_COLUMNS:
                raise InputError(
                    f"{self._place}, row {number}: the row is wider than the {MOST_COLUMNS:,} columns a table may have"
                )
            cells.extend([None] * (last - len(cells)))
            cells[column - 1] = span.value
            if span.width > 1 or span.height > 1:
                self._take(number, column, span)
                self._bound(number, span.width)
                taken.update(dict.fromkeys(range(column, last + 1), number + span.height - 1))
                self._ends = min(self._ends, number + span.height - 1)
            column = last + 1
        self._bound(number, len(cells))
        return cells

    def _bound(self, number: int, count: int) -> None:
        self._reach += count
        if self._reach > _MOST_CELLS:
            raise InputError(
                f"{self._place}, row {number}: the rows up to here reach over {_MOST_CELLS:,} cells; save the table as "
                ".xlsx without its empty columns"
            )

    def _take(self, number: int, column: int, span: CellSpan) -> None:
        if len(self.areas) < _MOST_AREAS:
            bottom = min(number + span.height - 1, _LAST_ROW)
            self.areas.append(Area(number, column, bottom, column + span.width - 1))


def laid_out(place: str, rows: Iterable[tuple[int, Iterable[CellSpan]]]) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a table, laid out."""
    grid = Grid(place)
    for number, spans in rows:
        yield number, grid.row(number, spans)
