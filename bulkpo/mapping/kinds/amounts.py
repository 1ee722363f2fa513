"""What a document is worth, found by its layout, for control totals."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain, compress, repeat
from operator import mul, sub

from bulkpo.model.document import Columns, Document, Layout, Value
from bulkpo.model.totals import AMOUNT_LINE, CurrencyTotal, line_amount

_Values = Sequence[Value]

_quantity_of = lru_cache(20_000)(Decimal)
"""The number a quantity's text stands for; quantities repeat themselves."""


class Amounts:
    """Currency, number of lines and amount of documents of one layout."""

    def __init__(self, layout: Layout) -> None:
        lines = layout.below
        self._header_currency = _position(layout, "currency/code")
        self._currency = _position(lines, "currency/code")
        self._type = _position(lines, "type")
        self._price = _position(lines, "price")
        self._quantity = _position(lines, "quantity")

    def of(self, document: Document) -> tuple[str, int, Decimal]:
        """A document's currency ("" if it names none), its number of lines, and its exact amount."""
        amount = Decimal(0)
        kind, price, quantity = self._type, self._price, self._quantity
        for line in document.members:
            values = line.values
            amount += line_amount(
                None if kind is None else values[kind],
                None if price is None else values[price] or None,
                None if quantity is None else values[quantity] or None,
            )
        currency = _at(document.values, self._header_currency)
        if currency is None and document.members:
            currency = _at(document.members[0].values, self._currency)
        return currency or "", len(document.members), amount

    def of_columns(
        self, header: Columns, lines: Columns, starts: Sequence[int], amounts: Sequence[Decimal] = ()
    ) -> tuple[CurrencyTotal, ...]:
        """What documents are worth whose rows are lines, by currency; `starts` has the places of their first rows.

        `amounts` are those of the lines, where they are known already.
        """
        count = len(lines[0])
        if not amounts:
            wanted = (None if place is None else lines[place] for place in (self._type, self._price, self._quantity))
            amounts = _line_amounts(*wanted) or [Decimal(0)] * count
        currencies = self._currencies(header, lines, starts)
        documents = Counter(currencies)
        if len(documents) == 1:
            return (CurrencyTotal(currencies[0], len(starts), count, sum(amounts, Decimal(0))),)
        lengths = list(map(sub, [*starts[1:], count], starts))
        totals = []
        for currency, number in documents.items():
            are_mine = [each == currency for each in currencies]
            mine = list(compress(amounts, chain.from_iterable(map(repeat, are_mine, lengths))))
            totals.append(CurrencyTotal(currency, number, len(mine), sum(mine, Decimal(0))))
        return tuple(totals)

    def _currencies(self, header: Columns, lines: Columns, starts: Sequence[int]) -> list[str]:
        """The currency of each document: its own, or its first line's."""
        of_header = () if self._header_currency is None else header[self._header_currency]
        of_lines = () if self._currency is None else lines[self._currency]
        return [
            (of_header[start] if of_header else "") or (of_lines[start] if of_lines else "") or "" for start in starts
        ]


class LineAmounts:
    """What the lines of one level are worth, and in which currency, found by its layout."""

    def __init__(self, layout: Layout) -> None:
        lines = layout.below
        self._currencies = (_position(layout, "currency/code"), _position(lines, "currency/code"))
        self._places = tuple(_position(lines, name) for name in ("type", "price", "quantity"))

    def of(self, lines: Columns) -> list[Decimal]:
        """The amount of each line; 0 where nothing says a price."""
        kinds, prices, quantities = (None if place is None else lines[place] for place in self._places)
        return _line_amounts(kinds, prices, quantities) or [Decimal(0)] * (len(lines[0]) if lines else 0)

    def currencies(self, header: Columns, lines: Columns) -> tuple[Sequence[Value], Sequence[Value]]:
        """The currency of each row's order, None where the row does not say it, and that of its line alone."""
        nothing: list[Value] = [None] * len(lines[0])
        of_order, of_line = self._currencies
        own = nothing if of_line is None else lines[of_line]
        return (own if of_order is None else header[of_order]), own


def _line_amounts(kinds: _Values | None, prices: _Values | None, quantities: _Values | None) -> list[Decimal]:
    """What lines are worth, nothing without prices; a level without one of the elements has None for its column."""
    if prices is None:
        return []
    numbers: Iterable[str | int] = repeat(0) if quantities is None else _filled(quantities)
    if kinds is not None and AMOUNT_LINE in kinds:
        numbers = [1 if kind == AMOUNT_LINE else number for kind, number in zip(kinds, numbers, strict=False)]
    return list(map(mul, map(Decimal, _filled(prices)), map(_quantity_of, numbers)))


def _filled(values: Sequence[Value]) -> Sequence[str | int]:
    """Numbers with 0 where there is none."""
    return [value or 0 for value in values] if None in values else values  # type: ignore[return-value]  # no None here


def _position(layout: Layout | None, path: str) -> int | None:
    fields = layout.fields if layout is not None else ()
    return next((place for place, field in enumerate(fields) if str(field.path) == path), None)


def _at(values: tuple[Value, ...], place: int | None) -> Value:
    return None if place is None else values[place]
