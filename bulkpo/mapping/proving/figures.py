"""The file's own figures, held over bytes against what its rows and orders come to."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bulkpo.mapping.language.figures import Control
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.columns import ANY_NUMBER, NumberColumn, Passed, number_column
from bulkpo.mapping.proving.cut import Cut, Flags
from bulkpo.mapping.proving.fractions import scaled_up, whole_number
from bulkpo.mapping.proving.number_form import Integers, NumberCells
from bulkpo.mapping.proving.orders import OrderRows
from bulkpo.mapping.proving.worth import RowsWorth
from bulkpo.mapping.rows.controls import LINE, StatedColumn
from bulkpo.mapping.rows.order_columns import COUNT

_MOST_SUM = float(1 << 61)


class _Figure(NamedTuple):
    """A control: its column's place, how its cells are proved, who reads them else, and how far figures may differ."""

    control: Control
    place: int
    way: NumberColumn
    column: StatedColumn
    within: tuple[int, int]


class HeldFigures(NamedTuple):
    """The rows that may not come to what is said of them or their order, and what is to be told of how many rows."""

    is_bad: Flags
    passed: Sequence[Passed]


class ProvedControls:
    """Holds the figures of one mapping's blocks, as `bulkpo.mapping.rows.controls` does."""

    def __init__(self, figures: Sequence[_Figure]) -> None:
        self._figures = figures

    def held(self, cut: Cut, worth: Mapping[str, RowsWorth], orders: OrderRows) -> HeldFigures:
        """Hold all of them against what the rows are worth, as ordered and open; row by row or by orders."""
        is_bad = ~np.logical_and.reduce([each.amounts.proved for each in worth.values()])
        passed = []
        for each in self._figures:
            read = each.way.prove(Cells(cut, each.place, each.way.limit), cut)
            if read.numbers is not None:
                is_bad |= ~read.proved | _differing(each, read.numbers, read.has_value, worth[each.control.of], orders)
            passed.append(Passed(each.column.passed, read.has_value))
        return HeldFigures(is_bad, passed)


def proved_controls(
    mapping: ImportMapping, places: Mapping[str, int | None], stated: Sequence[StatedColumn]
) -> ProvedControls | None:
    """What holds the figures of blocks, `stated` what reads those of the controls; None where that cannot be."""
    found = []
    for control, column in zip(mapping.controls, stated, strict=True):
        place, way = places[control.column], number_column(ANY_NUMBER, column.reader.target, mapping)
        within = whole_number(control.within)
        if place is None or way is None or within is None:
            return None
        found.append(_Figure(control, place, way, column, within))
    return ProvedControls(found)


def _differing(figure: _Figure, said: NumberCells, is_said: Flags, worth: RowsWorth, orders: OrderRows) -> Flags:
    """The rows that come to something else than they say, or whose order may; all are 0 where they say nothing."""
    amounts, lines = worth
    if figure.control.equals == COUNT:
        amounts = NumberCells(lines.astype(np.int64), np.zeros(len(lines), np.int64), lines)
    within, decimals = figure.within
    most = max(decimals, int(said.decimals.max(initial=0)), int(amounts.decimals.max(initial=0)))
    stated, fits = scaled_up(said.values, most - said.decimals)
    mine, are_fitting = scaled_up(amounts.values, most - amounts.decimals)
    (most_apart,), (is_fitting,) = scaled_up(np.array([within]), np.array([most - decimals]))
    if not is_fitting:
        return np.ones_like(is_said)
    wrong: Flags = ~fits | ~are_fitting
    if figure.control.equals == LINE:
        wrong |= is_said & lines & (np.abs(stated - mine) > most_apart)
        return wrong
    return wrong | _differing_orders(stated, is_said, mine, orders, int(most_apart))


def _differing_orders(stated: Integers, is_said: Flags, mine: Integers, orders: OrderRows, most_apart: int) -> Flags:
    """The rows that say something else than the first of their order, or whose order comes to something else."""
    _, firsts, of_rows = orders
    first_said, is_first_said = stated[firsts], is_said[firsts]
    sums = np.add.reduceat(mine, firsts)
    fits = np.add.reduceat(np.abs(mine.astype(np.float64)), firsts) < _MOST_SUM
    wrong_orders = ~fits | (is_first_said & (np.abs(sums - first_said) > most_apart))
    wrong: Flags = wrong_orders[of_rows] | (is_said & ~(is_first_said[of_rows] & (stated == first_said[of_rows])))
    return wrong
