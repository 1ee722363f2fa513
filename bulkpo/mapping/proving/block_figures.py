"""What the rows of a block come to: their worth, what is open of them, and what the file itself says of that."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from bulkpo.mapping.proving.balances import OpenLines, ProvedBalances
from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.columns import Passed, ProvedColumn
from bulkpo.mapping.proving.cut import Cut, Flags, Places
from bulkpo.mapping.proving.figures import ProvedControls
from bulkpo.mapping.proving.orders import OrderRows
from bulkpo.mapping.proving.totals import ProvedTotals
from bulkpo.mapping.proving.worth import BlockWorth, Currencies, RowsWorth
from bulkpo.mapping.rows.settle_figures import FigureSettler
from bulkpo.model.totals import CurrencyTotal

TellLater = Callable[[], None]
"""What is to be told of rows that are not read as text."""


class SoundLines(NamedTuple):
    """The rows with which sound orders that have lines begin, how many lines these are, and what they are worth."""

    begins: Places
    lines: int
    totals: tuple[CurrencyTotal, ...]


class BlockFigures(NamedTuple):
    """What the rows of one block come to, and which of them are bad: odd, or not what is said of them."""

    is_bad: Flags
    worth: BlockWorth
    orders: OrderRows
    currencies: Currencies
    ordered: RowsWorth
    sent: RowsWorth
    opened: OpenLines
    passed: Sequence[Passed]
    proved: Sequence[ProvedColumn]
    totals: ProvedTotals

    def sound_lines(self, is_sound: Flags) -> SoundLines:
        """What is sent of the sound rows; an order of which all lines are finished is none."""
        lines = is_sound & self.sent.lines
        firsts = lines & self.orders.begins if self.sent.lines.all() else _first_of_orders(lines, self.orders)
        totals = self.worth.totals(self.sent.amounts, firsts, lines, self.currencies)
        return SoundLines(np.flatnonzero(firsts), int(np.count_nonzero(lines)), totals)

    def finished(self, is_sound: Flags, rows: Places) -> Iterator[tuple[str, Places]]:
        """The sound rows that are finished, by reason; `rows` are the places of all in the block."""
        for reason, are_finished in self.opened.why:
            mine = rows[are_finished & is_sound]
            if len(mine):
                yield reason, mine

    def told(self, settler: FigureSettler | None, is_sound: Flags) -> Iterator[TellLater]:
        """What is to be told of the sound rows besides."""
        counted = self.opened.counted & is_sound
        if settler is not None and counted.any():
            amounts = self.ordered.amounts, self.sent.amounts
            totals = self.worth.open_totals(amounts, counted, self.opened.finished, self.currencies)
            yield partial(settler.pass_over, totals)
        yield from self.totals.told(self.proved, self.ordered.amounts, is_sound, self.currencies)


class ProvedFigures:
    """Adds up and holds the figures of one mapping's blocks."""

    def __init__(
        self, worth: BlockWorth, balances: ProvedBalances, controls: ProvedControls, totals: ProvedTotals
    ) -> None:
        self._worth = worth
        self._totals = totals
        self._balances = balances
        self._controls = controls

    def of(
        self, cut: Cut, cells: Sequence[Cells], proved: Sequence[ProvedColumn], orders: OrderRows, is_bad: Flags
    ) -> BlockFigures:
        """What all rows come to, given the cells of each field, what is proved of them, and which rows are bad."""
        worth, opened = self._worth, self._balances.opened(cut, cells, proved)
        ordered = sent = RowsWorth(worth.amounts(proved), np.ones(cut.height, np.bool_))
        if opened.why:
            sent = RowsWorth(worth.amounts(opened.columns), ~opened.finished)
        held = self._controls.held(cut, {"ordered": ordered, "open": sent}, orders)
        currencies = worth.currencies(proved, orders)
        is_bad = is_bad | opened.is_bad | held.is_bad | currencies.are_mixed
        is_bad |= worth.odd_rows(opened.columns, currencies, ~is_bad & sent.lines) & sent.lines
        passed = [*opened.passed, *held.passed]
        return BlockFigures(is_bad, worth, orders, currencies, ordered, sent, opened, passed, proved, self._totals)


def _first_of_orders(wanted: Flags, orders: OrderRows) -> Flags:
    """The first of the wanted rows of each order."""
    so_far = np.cumsum(wanted)
    above: Places = so_far[orders.firsts] - wanted[orders.firsts]
    firsts: Flags = wanted & (so_far - above[orders.of_rows] == 1)
    return firsts
