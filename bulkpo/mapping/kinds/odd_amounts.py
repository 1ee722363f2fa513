"""What is rarely meant: prices below zero or finer than their currency, quantities of 0, currencies that are none."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from bulkpo.model.currencies import is_currency_code, meant_currency, minor_units, stands_for
from bulkpo.model.document import Layout, Value
from bulkpo.model.text import quoted

PRICE, QUANTITY, CURRENCY = "price", "quantity", "currency/code"
_ZERO = frozenset("0.-")
_ONLY_ZEROS = re.compile("^[-.0]+$", re.MULTILINE)


class OddAmount(NamedTuple):
    """One odd value: the code and what is said, the place of its line among those asked, and its field.

    The field is the position in `level`, 0 for the header and 1 for lines; a currency's is the first of those that may
    have it, which is `value`.
    """

    code: str
    message: str
    line: int
    position: int
    level: int = 1
    value: str = ""


class OddAmounts:
    """Finds the odd ones of lines. A currency that is none, or has prices finer than itself, is told of once each."""

    def __init__(self, layout: Layout) -> None:
        fields = [str(each.path) for each in layout.below.fields] if layout.below is not None else []
        self.price = fields.index(PRICE) if PRICE in fields else None
        self.quantity = fields.index(QUANTITY) if QUANTITY in fields else None
        of_header = [str(each.path) for each in layout.fields]
        names = enumerate((of_header, fields))
        self.currencies = [(level, each.index(CURRENCY)) for level, each in names if CURRENCY in each]
        self._finer: set[str] = set()
        self._seen: set[Value] = {None, ""}

    def among(
        self, prices: Sequence[Value], quantities: Sequence[Value], currencies: Sequence[Value]
    ) -> Iterator[OddAmount]:
        """The odd ones of some lines, given by column; a column may be empty where a layout lacks the element."""
        if not self._seen.issuperset(currencies):
            yield from self._unknown(currencies)
        if self.price is not None and prices:
            given = "\n".join(filter(None, prices))
            if "-" in given:
                yield from self._negative(prices, self.price)
            for currency in {*currencies} - {None} - self._finer if "." in given else ():
                units = minor_units(currency or "")
                if units is not None and _finer(units).search(given):
                    yield from self._fine(prices, currencies, (currency or "", units), self.price)
        if self.quantity is not None and _ONLY_ZEROS.search("\n".join(filter(None, set(quantities)))):
            for line, quantity in enumerate(quantities):
                if quantity and _ZERO.issuperset(quantity):
                    message = "the quantity is 0: the line orders nothing; see that it is meant"
                    yield OddAmount("zero-quantity", message, line, self.quantity)
        if self.quantity is not None and any("-" in quantity for quantity in set(quantities) if quantity):
            yield from self._returned(quantities, self.quantity)

    def _unknown(self, currencies: Sequence[Value]) -> Iterator[OddAmount]:
        level, position = next(iter(self.currencies), (1, 0))
        for line, currency in enumerate(currencies):
            if currency and currency not in self._seen and not is_currency_code(currency):
                meant, other = meant_currency(currency), stands_for(currency)
                said = f"is no currency's code of ISO 4217{f', as {meant} is' if meant else ''}"
                said = f"stands for {other} in ISO 4217, and is no money" if other else said
                message = f"{quoted(currency)} {said}; a `crosswalk` makes codes of what stands here"
                yield OddAmount("odd-currency", message, line, position, level, currency)
            self._seen.add(currency)

    def _negative(self, prices: Sequence[Value], position: int) -> Iterator[OddAmount]:
        for line, price in enumerate(prices):
            if price and price[0] == "-" and not _ZERO.issuperset(price):
                message = f"the price is {price}, below zero: a credit or a discount; see that it is meant"
                yield OddAmount("negative-price", message, line, position)

    def _returned(self, quantities: Sequence[Value], position: int) -> Iterator[OddAmount]:
        for line, quantity in enumerate(quantities):
            if quantity and quantity[0] == "-" and not _ZERO.issuperset(quantity):
                message = f"the quantity is {quantity}, below zero: a return; see that it is meant"
                yield OddAmount("negative-quantity", message, line, position)

    def _fine(
        self, prices: Sequence[Value], currencies: Sequence[Value], named: tuple[str, int], position: int
    ) -> Iterator[OddAmount]:
        currency, units = named
        for line, (price, its) in enumerate(zip(prices, currencies, strict=True)):
            if its == currency and price and _finer(units).search(price):
                self._finer.add(currency)
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
