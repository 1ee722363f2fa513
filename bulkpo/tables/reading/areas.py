"""Areas of cells that do not hold what people see: cells under a merged one, cells that one formula fills."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bulkpo.errors import InputError
from bulkpo.model.table import Cell, Chunk, Doubtful
from bulkpo.tables.reading.sheet_settings import Area


@dataclass(frozen=True, slots=True)
class DoubtfulArea:
    """An area whose cells are in doubt, all of them or those that are blank."""

    area: Area
    doubt: Doubtful
    fills_blanks_only: bool


class Areas:
    """Lays the areas of one sheet over its rows, which come from the top.

    `doubtful` may grow while rows are read, as an area is met in its first row.
    """

    def __init__(self, place: str, merges: Iterable[Area], doubtful: list[DoubtfulArea]) -> None:
        """`place` is the table's, for messages."""
        self._place = place
        self._waiting = sorted(merges, key=lambda area: area.top, reverse=True)
        self._merges: list[tuple[Area, Cell]] = []
        self._doubtful = doubtful

    def over(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """The chunks, with doubts where an area lies over their cells."""
        for chunk in chunks:
            first, last = chunk.rows[0], chunk.rows[-1]
            while self._waiting and self._waiting[-1].top <= last:
                self._merges.append((self._waiting.pop(), None))
            self._merges = [each for each in self._merges if each[0].bottom >= first]
            if self._overlap(chunk):
                raise InputError(
                    f"{self._place}: merged cells lie over each other at row {first} or below, so the file is damaged; "
                    "open it in Excel and save it again"
                )
            doubtful = [each for each in self._doubtful if each.area.bottom >= first and each.area.top <= last]
            if not self._merges and not doubtful:
                yield chunk
                continue
            columns = [list(column) for column in chunk.columns]
            self._merges = [(area, _cover(chunk.rows, columns, area, shown)) for area, shown in self._merges]
            for each in doubtful:
                _doubt(chunk.rows, columns, each)
            yield replace(chunk, columns=columns)

    def _overlap(self, chunk: Chunk) -> bool:
        """Whether the merged areas over a chunk add up to more cells than it has."""
        first, last, width = chunk.rows[0], chunk.rows[-1], len(chunk.columns)
        covered = (
            (min(area.bottom, last) - max(area.top, first) + 1) * (min(area.right, width) - area.left + 1)
            for area, _ in self._merges
        )
        return sum(covered) > (last - first + 1) * width


def _cover(rows: Sequence[int], columns: list[list[Cell]], area: Area, shown: Cell) -> Cell:
    """Doubt the cells under a merged one that hold something else; gives what is shown in its stead."""
    start, end = bisect_left(rows, area.top), bisect_right(rows, area.bottom)
    if start < end and rows[start] == area.top:
        shown = columns[area.left - 1][start]
    for number in range(area.left, min(area.right, len(columns)) + 1):
        column = columns[number - 1]
        for place in range(start, end):
            is_first = rows[place] == area.top and number == area.left
            if not is_first and (column[place] is None or column[place] != shown):
                column[place] = _under(area, column[place], shown, is_below=number == area.left)
    return shown


def _under(area: Area, cell: Cell, shown: Cell, *, is_below: bool) -> Doubtful:
    holds = "holds nothing itself" if cell is None else "holds something else than is shown"
    message = (
        f"the cell is one of the merged cells {area} and {holds}; unmerge them and fill in every cell, or declare "
        "merged_cells: fill (or as_read)"
    )
    return Doubtful(cell, "merged-cells", message, "merged_cells", instead=shown, is_below=is_below)


def _doubt(rows: Sequence[int], columns: list[list[Cell]], each: DoubtfulArea) -> None:
    area = each.area
    for number in range(area.left, min(area.right, len(columns)) + 1):
        column = columns[number - 1]
        for place in range(bisect_left(rows, area.top), bisect_right(rows, area.bottom)):
            cell = column[place]
            if cell is None or not (each.fills_blanks_only or isinstance(cell, Doubtful)):
                column[place] = replace(each.doubt, value=cell)
