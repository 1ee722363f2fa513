"""Which of two columns of dates comes after the other, whichever way their days and months stand."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.model.table import Cell

_FEWEST = 3
_MOST = 0.5
_FIGURES = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\D.*)?|(\d{1,4})\D(\d{1,2})\D(\d{2,4})(?:\D.*)?", re.DOTALL | re.ASCII)
_Day = date | None


def comes_after(one: ColumnCells, other: ColumnCells) -> bool | None:
    """Whether the dates of one never come before those of the other, and are later in many rows; None if none tells.

    Where day and month can be told two ways, it must hold in each way in which all dates can be read.
    """
    ways = [way for way in (_day_first, _month_first) if _reads(one, way) and _reads(other, way)]
    return all(_is_after(one, other, way) for way in ways) if ways else None


def _reads(column: ColumnCells, way: Callable[[Cell], _Day]) -> bool:
    return all(way(cell) is not None for cell in column.sample)


def _is_after(one: ColumnCells, other: ColumnCells, way: Callable[[Cell], _Day]) -> bool:
    rows = later = 0
    days = {cell: way(cell) for column in (one, other) for cell in column.counts}
    for mine, theirs in zip(one.cells, other.cells, strict=True):
        my_day, their_day = days.get(mine), days.get(theirs)
        if my_day is None or their_day is None:
            continue
        if my_day < their_day:
            return False
        rows += 1
        later += my_day > their_day
    return rows >= _FEWEST and later >= _MOST * rows


def _day_first(cell: Cell) -> _Day:
    return _read(cell, lambda first, second: (second, first))


def _month_first(cell: Cell) -> _Day:
    return _read(cell, lambda first, second: (first, second))


def _read(cell: Cell, ordered: Callable[[int, int], tuple[int, int]]) -> _Day:
    """A cell as a day; `ordered` makes month and day of the first two numbers of a date whose year stands last."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _FIGURES.fullmatch(str(cell).strip())
    if found is None:
        return None
    if found[1]:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif len(found[4]) == 4:
        year, month, day = int(found[4]), int(found[5]), int(found[6])
    else:
        year, (month, day) = int(found[6]), ordered(int(found[4]), int(found[5]))
    with suppress(ValueError):
        return date(year + 2000 if year < 100 else year, month, day)
    return None
