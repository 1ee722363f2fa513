"""What the rows of a block come to that totals rows below them add up, exact and each line in cents."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

import numpy as np

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.proving.columns import ProvedColumn
from bulkpo.mapping.proving.cut import Flags
from bulkpo.mapping.proving.number_form import MOST_DIGITS, NumberCells
from bulkpo.mapping.proving.worth import BlockWorth, Currencies, exact_sum
from bulkpo.mapping.rows.row_lines import PRICE, QUANTITY, PassedLines
from bulkpo.mapping.rows.totals_rows import TotalsRows

_CENTS = 2
_TEN = np.int64(10)


class ProvedTotals:
    """Adds up the lines of one mapping's blocks for its totals rows, which themselves are never proved."""

    def __init__(self, rows: TotalsRows | None, worth: BlockWorth) -> None:
        """`rows` is who asks for it; None where nobody does."""
        self._rows = rows
        self._worth = worth

    def told(
        self, proved: Sequence[ProvedColumn], amounts: NumberCells, mine: Flags, currencies: Currencies
    ) -> Sequence[Callable[[], None]]:
        """What is to be told of some of the rows, given what they are worth as ordered."""
        if self._rows is None or not mine.any():
            return ()
        quantities = self._worth.quantities(proved)
        by_currency = []
        for number, name in enumerate(currencies.names):
            of_currency = mine & (currencies.of_rows == number)
            if of_currency.any():
                by_currency.append((name or None, _sum(amounts, of_currency)))
        lines = PassedLines(
            int(np.count_nonzero(mine)),
            by_currency,
            _sum(in_cents_each(amounts), mine),
            _sum(quantities, mine),
            _sum(in_cents_each(quantities), mine),
        )
        return (partial(self._rows.pass_lines, lines),)


def proved_totals(mapping: ImportMapping, rows: TotalsRows, worth: BlockWorth) -> ProvedTotals | None:
    """What adds up a mapping's blocks for its totals rows.

    None where these may count rows that are skipped, or where lines have no price or no quantity at all.
    """
    if mapping.totals_rows != "skip":
        return ProvedTotals(None, worth)
    paths = {slot.path for slot in mapping.levels[1].variants[0]}
    may_count_skipped = mapping.skip_rows and mapping.totals_figures is not None
    return None if may_count_skipped or not {PRICE, QUANTITY} <= paths else ProvedTotals(rows, worth)


def in_cents_each(numbers: NumberCells) -> NumberCells:
    """Numbers at two decimals, each rounded by itself, half away from zero."""
    excess = np.maximum(numbers.decimals - _CENTS, 0)
    are_tiny = excess > MOST_DIGITS
    powers = _TEN ** np.where(are_tiny, 0, excess)
    rounded = (np.abs(numbers.values) + powers // 2) // powers
    values = np.where(are_tiny, 0, np.where(numbers.values < 0, -rounded, rounded))
    return NumberCells(values, np.minimum(numbers.decimals, _CENTS), numbers.proved)


def _sum(numbers: NumberCells, rows: Flags) -> Decimal:
    return exact_sum(numbers.values[rows], numbers.decimals[rows])
