"""Prices and quantities that are rarely meant: below zero, zero, or finer than the currency."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from bulkpo.model.currencies import minor_units
from bulkpo.model.document import Layout, Value

PRICE, QUANTITY, CURRENCY = "price", "quantity", "currency/code"
_ZERO = frozenset("0.-")
_ONLY_ZEROS = re.compile("^[-.0]+$", re.MULTILINE)


class OddAmount(NamedTuple):
    """One odd value: the code and what is said, the place of its line among those asked, and the field's position."""

    code: str
    message: str
    line: int
    position: int


class OddAmounts:
    """Finds the odd prices and quantities of lines. A currency with prices finer than itself is told of once."""

    def __init__(self, layout: Layout) -> None:
        fields = [str(each.path) for each in layout.below.fields] if layout.below is not None else []
        self.price = fields.index(PRICE) if PRICE in fields else None
        self.quantity = fields.index(QUANTITY) if QUANTITY in fields else None
        self._told: set[str] = set()

    def among(
        self, prices: Sequence[Value], quantities: Sequence[Value], currencies: Sequence[Value]
    ) -> Iterator[OddAmount]:
        """The odd ones of some lines, given by column; a column may be empty where a layout lacks the element."""
        if self.price is not None and prices:
            given = "\n".join(filter(None, prices))
            if "-" in given:
                yield from self._negative(prices, self.price)
            for currency in {*currencies} - {None} - self._told if "." in given else ():
                units = minor_units(currency or "")
                if units is not None and _finer(units).search(given):
                    yield from self._fine(prices, currencies, (currency or "", units), self.price)
        if self.quantity is not None and _ONLY_ZEROS.search("\n".join(filter(None, set(quantities)))):
            for line, quantity in enumerate(quantities):
                if quantity and _ZERO.issuperset(quantity):
                    message = "the quantity is 0: the line orders nothing; see that it is meant"
                    yield OddAmount("zero-quantity", message, line, self.quantity)

    def _negative(self, prices: Sequence[Value], position: int) -> Iterator[OddAmount]:
        for line, price in enumerate(prices):
            if price and price[0] == "-" and not _ZERO.issuperset(price):
                message = f"the price is {price}, below zero: a credit or a discount; see that it is meant"
                yield OddAmount("negative-price", message, line, position)

    def _fine(
        self, prices: Sequence[Value], currencies: Sequence[Value], named: tuple[str, int], position: int
    ) -> Iterator[OddAmount]:
        currency, units = named
        for line, (price, its) in enumerate(zip(prices, currencies, strict=True)):
            if its == currency and price and _finer(units).search(price):
                self._told.add(currency)
                has = f"{units} decimals" if units else "no decimals"
                message = (
                    f"the price is {price}, but amounts in {currency} have {has}; such prices are sent as they stand"
                )
                yield OddAmount("finer-than-currency", message, line, position)
                return


@cache
def _finer(units: int) -> re.Pattern[str]:
    """A number with more decimals than these, zeros at its end not counted."""
    return re.compile(rf"\.[0-9]{{{units}}}[0-9]*[1-9]")
