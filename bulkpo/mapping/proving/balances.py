"""What is still open of lines, found over bytes: what is ordered less what is done.

A row is proved of which something is ordered and some or all of it open, as `bulkpo.mapping.rows.balance` has it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bulkpo.mapping.language.spec import ImportMapping, Rule
from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.columns import (
    ANY_NUMBER,
    NumberColumn,
    Passed,
    ProvedColumn,
    is_within,
    number_column,
    number_form,
)
from bulkpo.mapping.proving.conditions import AskedColumns
from bulkpo.mapping.proving.cut import Cut, Flags
from bulkpo.mapping.proving.fields import ProvedField
from bulkpo.mapping.proving.fractions import Fractions, whole_number, with_fewest_decimals
from bulkpo.mapping.proving.number_form import MOST_DECIMALS, MOST_DIGITS, Integers, NumberCells
from bulkpo.mapping.rows.balance import BalanceField
from bulkpo.mapping.rows.settle_figures import FigureSettler
from bulkpo.mapping.values.arithmetic import Operation

_SUBTRACT = Operation("subtract")


class _Balance(NamedTuple):
    """A balance: the number of its field, how its element is proved, and how it is read what is done."""

    field: int
    rule: Rule
    decimals: int
    most: int
    place: int
    way: NumberColumn
    empty: tuple[int, int] | None
    read: BalanceField


class OpenLines(NamedTuple):
    """What is open of the lines of a block: their columns with that in the place of what is ordered.

    `counted` are the rows that have a balance, `finished` those of them of which all is done, by reason in `why`.
    """

    columns: Sequence[ProvedColumn]
    is_bad: Flags
    counted: Flags
    finished: Flags
    why: Sequence[tuple[str, Flags]]
    passed: Sequence[Passed]


class ProvedBalances:
    """Finds what is open of the lines of one mapping's blocks."""

    def __init__(self, balances: Sequence[_Balance]) -> None:
        self._balances = balances

    def __bool__(self) -> bool:
        return bool(self._balances)

    def opened(self, cut: Cut, cells: Sequence[Cells], proved: Sequence[ProvedColumn]) -> OpenLines:
        """What is open of all rows, given the cells of each field and what is proved of them."""
        is_bad, counted, finished = (np.zeros(cut.height, np.bool_) for _ in range(3))
        columns, why, passed = list(proved), [], []
        for each in self._balances:
            ordered = columns[each.field]
            read = each.way.prove(Cells(cut, each.place, each.way.limit, cells[each.field].wanted), cut)
            passed.append(Passed(each.read.reader.passed, read.has_value))
            rests, is_proved = _rests(each, ordered, read)
            is_bad |= ~read.proved | (ordered.has_value & ~is_proved)
            mine = ordered.has_value & (rests.values == 0)
            is_bad |= mine & finished  # of two balances only one is told of
            finished, counted = finished | mine, counted | ordered.has_value
            columns[each.field] = replace(ordered, numbers=rests)
            why.append((each.read.why_finished, mine))
        return OpenLines(columns, is_bad, counted, finished, why, passed)


def proved_balances(
    mapping: ImportMapping, fields: Sequence[ProvedField], columns: AskedColumns, figures: FigureSettler | None
) -> ProvedBalances | None:
    """What finds what is open in a mapping's blocks; None where it cannot be told of bytes."""
    found = []
    for (_, position), read in figures.balance_fields.items() if figures is not None else ():
        field = next(number for number, each in enumerate(fields) if (each.level, each.position) == (1, position))
        balance = _balance(mapping, field, columns, read)
        if balance is None:
            return None
        found.append(balance)
    return ProvedBalances(found)


def _balance(mapping: ImportMapping, field: int, columns: AskedColumns, read: BalanceField) -> _Balance | None:
    slot = read.slot
    place = columns.places[read.reader.target.column]
    way = number_column(ANY_NUMBER, replace(read.reader.target, when=()), mapping)
    empty = None if read.empty is None else whole_number(read.empty)
    is_plain = slot.rule.length is None and slot.rule.allowed is None and slot.rule.pattern is None
    form = number_form(slot, None)
    if place is None or way is None or form is None or not is_plain or (read.empty is not None and empty is None):
        return None
    decimals = min(form.scale, MOST_DECIMALS)
    most = 10 ** min(form.digits + decimals, MOST_DIGITS)
    return _Balance(field, slot.rule, decimals, most, place, way, empty, read)


def _rests(balance: _Balance, ordered: ProvedColumn, read: ProvedColumn) -> tuple[NumberCells, Flags]:
    """What is open, and the rows of which that is proved."""
    if ordered.numbers is None or read.numbers is None:
        raise TypeError("what is ordered and done is read as numbers")
    done, is_given = read.numbers, read.has_value
    if balance.empty is not None:
        done, is_given = done.instead(~is_given, balance.empty), np.ones_like(is_given)
    fractions = Fractions(ordered.numbers)
    fractions.step(_SUBTRACT, done)
    whole: Integers = np.where(ordered.has_value, fractions.results(balance.decimals), 0)
    rests = NumberCells(*with_fewest_decimals(whole, balance.decimals), ordered.numbers.proved)
    is_usual = (ordered.numbers.values > 0) & (done.values >= 0) & (whole >= 0)
    fits = fractions.fits & (np.abs(whole) < balance.most) & (is_within(rests, balance.rule) | (whole == 0))
    return rests, is_given & is_usual & fits
