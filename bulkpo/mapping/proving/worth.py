"""What proved orders are worth, added up exactly in whole numbers."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.proving.columns import ProvedColumn
from bulkpo.mapping.proving.cut import Flags, Places
from bulkpo.mapping.proving.fields import CURRENCY_PATHS, ProvedField
from bulkpo.mapping.proving.fractions import whole_number
from bulkpo.mapping.proving.judged import Codes
from bulkpo.mapping.proving.number_form import Integers, NumberCells
from bulkpo.mapping.proving.orders import OrderRows
from bulkpo.mapping.values.arithmetic import exactly
from bulkpo.model.currencies import is_currency_code, minor_units
from bulkpo.model.document import Value
from bulkpo.model.totals import AMOUNT_LINE, CurrencyTotal, OpenTotal

_PRICE, _QUANTITY = "order-lines/price", "order-lines/quantity"
_NO_LIMIT = 99
"""More decimals than any number has: those of what is no currency."""
_MOST_AMOUNT = float(1 << 61)
_HALF = np.int64(32)
_LOW_HALF = np.int64((1 << 32) - 1)


class Currencies(NamedTuple):
    """The currencies there are, and which of them the order of each row has.

    `are_mixed` are the rows whose line says another than the first line of its order, or only one of the two says any.
    """

    names: Sequence[str]
    of_rows: Codes
    are_mixed: Flags


class RowsWorth(NamedTuple):
    """What rows are worth, and which of them are lines."""

    amounts: NumberCells
    lines: Flags


class BlockWorth:
    """Adds up the orders of one mapping, as `bulkpo.mapping.kinds.amounts` does."""

    def __init__(
        self, constants: Mapping[str, Value], numbers: Mapping[str, tuple[int, int]], fields: Sequence[ProvedField]
    ) -> None:
        """`constants` are those of the mapping, by path, `numbers` the price and the quantity without decimal marks."""
        self._constants = constants
        self._numbers_said = numbers
        self._at = {each.slot.path: number for number, each in enumerate(fields)}

    def odd_rows(self, proved: Sequence[ProvedColumn], currencies: Currencies, is_clean: Flags) -> Flags:
        """The rows to be told of: with a price or quantity below zero, a price finer than its currency, no quantity.

        Prices finer than their currency, and currencies that are none, are told of once; the first of a block's clean
        rows is enough to find either.
        """
        prices, decimals = self._numbers(_PRICE, proved)
        quantities, _ = self._numbers(_QUANTITY, proved)
        has_quantity = proved[self._at[_QUANTITY]].has_value if _QUANTITY in self._at else _QUANTITY in self._constants
        odd: Flags = (prices < 0) | ((quantities <= 0) & has_quantity) | currencies.are_mixed
        units = np.array([_NO_LIMIT if (found := minor_units(name)) is None else found for name in currencies.names])
        excess = decimals - units[currencies.of_rows]
        finer = np.flatnonzero(is_clean & ~currencies.are_mixed & (excess > 0))
        finer = finer[prices[finer] % 10 ** excess[finer] != 0]
        for number, name in enumerate(currencies.names):
            mine = finer[currencies.of_rows[finer] == number]
            odd[mine[:1]] = True
            if name and not is_currency_code(name):
                odd[np.flatnonzero(is_clean & (currencies.of_rows == number))[:1]] = True
        return odd

    def quantities(self, proved: Sequence[ProvedColumn]) -> NumberCells:
        """The quantities of the rows, 0 where there is none."""
        values, decimals = self._numbers(_QUANTITY, proved)
        return NumberCells(values, decimals, np.ones(len(values), np.bool_))

    def amounts(self, proved: Sequence[ProvedColumn]) -> NumberCells:
        """What the rows are worth; those that may not fit in 64 bits are not proved."""
        prices, price_decimals = self._numbers(_PRICE, proved)
        quantities, quantity_decimals = self._numbers(_QUANTITY, proved)
        are_amounts = self._says("order-lines/type", proved, AMOUNT_LINE)
        fits = np.abs(prices.astype(np.float64) * quantities) <= _MOST_AMOUNT
        decimals = price_decimals + np.where(are_amounts, 0, quantity_decimals)
        return NumberCells(prices * np.where(are_amounts, 1, quantities), decimals, fits)

    def totals(
        self, amounts: NumberCells, firsts: Flags, is_sound: Flags, currencies: Currencies
    ) -> tuple[CurrencyTotal, ...]:
        """What the sound orders are worth, by currency; `firsts` are their first rows."""
        totals = []
        for number, name in enumerate(currencies.names):
            mine = is_sound & (currencies.of_rows == number)
            lines = int(np.count_nonzero(mine))
            if lines:
                amount = exact_sum(amounts.values[mine], amounts.decimals[mine])
                totals.append(CurrencyTotal(name, int(np.count_nonzero(mine & firsts)), lines, amount))
        return tuple(totals)

    def open_totals(
        self, amounts: tuple[NumberCells, NumberCells], counted: Flags, finished: Flags, currencies: Currencies
    ) -> list[OpenTotal]:
        """What is open of the rows that are counted, by currency; `amounts` are what is ordered, and sent of it."""
        totals = []
        for number, name in enumerate(currencies.names):
            mine = counted & (currencies.of_rows == number)
            lines, done = int(np.count_nonzero(mine)), int(np.count_nonzero(mine & finished))
            if lines:
                ordered, sent = (exact_sum(each.values[mine], each.decimals[mine]) for each in amounts)
                with exactly():
                    totals.append(OpenTotal(name, lines, done, ordered, ordered - sent))
        return totals

    def _numbers(self, path: str, proved: Sequence[ProvedColumn]) -> tuple[Integers, Integers]:
        """An element's numbers without their decimal mark, and their decimals; 0 where there is none."""
        height = len(proved[0].proved)
        if path in self._at:
            numbers = proved[self._at[path]].numbers
            if numbers is not None:
                return numbers.values, numbers.decimals
        value, decimals = self._numbers_said[path]
        return np.full(height, value, np.int64), np.full(height, decimals, np.int64)

    def _says(self, path: str, proved: Sequence[ProvedColumn], wanted: str) -> Flags | bool:
        """The rows in which an element has this value."""
        if path not in self._at:
            return self._constants.get(path) == wanted
        column = proved[self._at[path]]
        if column.codes is None or wanted not in column.values:
            return False
        says: Flags = column.codes == column.values.index(wanted)
        return says

    def currencies(self, proved: Sequence[ProvedColumn], orders: OrderRows) -> Currencies:
        """The currency of each order: its own, or its first line's."""
        own, of_lines = (self._coded(path, proved, orders.firsts) for path in CURRENCY_PATHS)
        pairs, of_orders = np.unique(own[1] * len(of_lines[0]) + of_lines[1], return_inverse=True)
        both = (divmod(pair, len(of_lines[0])) for pair in pairs.tolist())
        names = [own[0][mine] or of_lines[0][line] or "" for mine, line in both]
        return Currencies(names, of_orders[orders.of_rows], self._are_mixed(proved, orders))

    def _are_mixed(self, proved: Sequence[ProvedColumn], orders: OrderRows) -> Flags:
        path = CURRENCY_PATHS[1]
        codes = proved[self._at[path]].codes if path in self._at else None
        if codes is None:
            return np.zeros(len(orders.begins), np.bool_)
        are_mixed: Flags = codes != codes[orders.firsts][orders.of_rows]
        return are_mixed

    def _coded(self, path: str, proved: Sequence[ProvedColumn], rows: Places) -> tuple[list[Value], Codes]:
        """The values an element may have, the last one none, and which of them it has in some rows."""
        if path in self._at:
            column = proved[self._at[path]]
            if column.codes is not None:
                values = [*column.values, None]
                return values, column.codes[rows] % len(values)
        return [self._constants.get(path)], np.zeros(len(rows), np.int64)


def block_worth(mapping: ImportMapping, fields: Sequence[ProvedField]) -> BlockWorth | None:
    """What adds up the orders of a mapping; None where a constant does not fit in 64 bits."""
    slots = [slot for level in mapping.levels for slot in level.variants[0] if not slot.targets]
    constants = {slot.path: slot.constant for slot in slots}
    numbers = {path: whole_number(Decimal(constants.get(path) or 0)) for path in (_PRICE, _QUANTITY)}
    fitting = {path: number for path, number in numbers.items() if number is not None}
    return BlockWorth(constants, fitting, fields) if len(fitting) == len(numbers) else None


def exact_sum(amounts: Integers, decimals: Integers) -> Decimal:
    """An exact sum; in two halves, since many amounts of 62 bits do not fit in 64."""
    total = Decimal(0)
    with exactly():
        for scale in np.flatnonzero(np.bincount(decimals)).tolist():
            mine = amounts[decimals == scale]
            whole = (int((mine >> _HALF).sum()) << 32) + int((mine & _LOW_HALF).sum())
            total += Decimal(whole).scaleb(-scale)
    return total
