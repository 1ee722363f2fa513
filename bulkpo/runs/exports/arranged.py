"""Rows of an export as its mapping arranges them: calculated, added up, put in order, and cut after so many.

Coupa is always asked by id, whatever the order of the file: so nothing is read twice or missed while documents change.
What is put in order, or added up, is held in memory until all is read.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from decimal import Context, Decimal, Inexact
from functools import cmp_to_key
from itertools import islice
from typing import Any, NamedTuple

from bulkpo.mapping.language.export_columns import ExportColumn
from bulkpo.mapping.language.export_shape import RowShape
from bulkpo.mapping.values.arithmetic import Operand, Operation, calculate
from bulkpo.model.table import Cell

_Row = Sequence[Cell]
_BATCH = 512
_EXACT = Context(prec=200, traps=[Inexact])


class Calculated:
    """Works columns out of others; a row that lacks a number, or would divide by zero, has no result."""

    def __init__(self, columns: Sequence[ExportColumn]) -> None:
        places = {column.title: place for place, column in enumerate(columns)}
        self._work = [
            (
                place,
                column.steps,
                [_Used(places[operand.column], kind, operand) for kind, operand in _named(column.steps)],
            )
            for place, column in enumerate(columns)
            if column.steps
        ]

    def rows(self, rows: Sequence[_Row]) -> Sequence[_Row]:
        """The rows with their results; a column is calculated with what Coupa gave, and with results further left."""
        if not self._work or not rows:
            return rows
        columns: list[Sequence[Cell]] = list(zip(*rows, strict=True))
        for place, steps, used in self._work:
            operands = [[each.number(cell) for cell in columns[each.place]] for each in used]
            columns[place] = _results(columns[place], steps, operands)
        return list(zip(*columns, strict=True))


class _Used(NamedTuple):
    """A column that is calculated with: its place, for which kind of step, and what its empty cells and zeros mean."""

    place: int
    kind: str
    operand: Operand

    def number(self, cell: Cell) -> Decimal | None:
        """The number to calculate with; None where there is none."""
        number = cell if isinstance(cell, Decimal) else self.operand.empty
        return self.operand.zero if self.kind == "divide_by" and not number and number is not None else number


def _named(steps: Sequence[Operation]) -> Iterator[tuple[str, Operand]]:
    """The columns that steps calculate with."""
    return ((it.kind, it.operand) for it in steps if it.operand is not None and it.operand.column)


def _results(
    cells: Sequence[Cell], steps: Sequence[Operation], operands: Sequence[Sequence[Decimal | None]]
) -> list[Cell]:
    numbers: list[Decimal] = []
    whole: list[int] = []
    for place, cell in enumerate(cells):
        if isinstance(cell, Decimal) and all(column[place] is not None for column in operands):
            numbers.append(cell)
            whole.append(place)
    chosen = [[column[place] or Decimal(0) for place in whole] for column in operands]
    results: list[Cell] = [None] * len(cells)
    for place, result in zip(whole, calculate(steps, numbers, chosen).numbers, strict=True):
        results[place] = result
    return results


class Arrangement:
    """Takes rows in as they are read, and gives them out as they are written."""

    def __init__(self, columns: Sequence[ExportColumn], shape: RowShape) -> None:
        titles = [column.title for column in columns]
        self._shape = shape
        self._grouped = [titles.index(title) for title in shape.group_by]
        self._summed = [titles.index(title) for title in shape.sums]
        written = [column.title for column in shape.columns(columns)]
        self._order = [(written.index(each.title), each.is_descending) for each in shape.order_by]
        self._groups: dict[tuple[Cell, ...], tuple[list[Decimal], int]] = {}
        self._kept: list[_Row] = []
        self._left = shape.limit

    @property
    def is_full(self) -> bool:
        """Whether no more rows are needed."""
        return self._left == 0 and not (self._grouped or self._order)

    def take(self, rows: Sequence[_Row]) -> Sequence[_Row]:
        """Take rows in; gives those that can be written at once."""
        if self._grouped:
            self._group(rows)
            return ()
        if self._order:
            self._kept.extend(rows)
            if self._shape.limit is not None:
                self._kept = heapq.nsmallest(self._shape.limit, self._kept, key=self._key())
            return ()
        now = rows if self._left is None else rows[: self._left]
        self._left = None if self._left is None else self._left - len(now)
        return now

    def rest(self) -> Iterator[Sequence[_Row]]:
        """The rows that waited for the last one, some at a time."""
        rows = [(*key, *sums, *self._counted(count)) for key, (sums, count) in self._groups.items()] or self._kept
        if self._order:
            rows = sorted(rows, key=self._key())
        waiting = iter(rows[: self._shape.limit])
        while batch := list(islice(waiting, _BATCH)):
            yield batch

    def _group(self, rows: Sequence[_Row]) -> None:
        for row in rows:
            key = tuple(row[place] for place in self._grouped)
            sums, count = self._groups.get(key, ([Decimal(0)] * len(self._summed), 0))
            numbers = (row[place] for place in self._summed)
            pairs = zip(sums, numbers, strict=True)
            added = [_EXACT.add(total, cell) if isinstance(cell, Decimal) else total for total, cell in pairs]
            self._groups[key] = (added, count + 1)

    def _counted(self, count: int) -> tuple[Cell, ...]:
        return (Decimal(count),) if self._shape.count else ()

    def _key(self) -> Callable[[_Row], Any]:
        return cmp_to_key(self._compare)

    def _compare(self, one: _Row, other: _Row) -> int:
        for place, is_descending in self._order:
            left, right = one[place], other[place]
            if left == right:
                continue
            if left is None or right is None:
                return 1 if left is None else -1  # what is blank stands last, whichever way
            is_less = left < right if type(left) is type(right) else str(left) < str(right)  # type: ignore[operator]
            return -1 if is_less != is_descending else 1
        return 0
