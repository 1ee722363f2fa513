"""What was ordered, what is done and what is open, added up by currency while rows are read."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import compress

from bulkpo.mapping.values.arithmetic import exactly
from bulkpo.model.document import Value
from bulkpo.model.totals import OpenTotal

_NOTHING = OpenTotal("", 0, 0, Decimal(0), Decimal(0))


class OpenSums:
    """Adds up lines by currency; those whose row names none by that of their order, which another row may name."""

    def __init__(self, *, comes_in_parts: bool) -> None:
        self._comes_in_parts = comes_in_parts
        self._sums: dict[str, OpenTotal] = {}
        self._by_order: dict[tuple[Value, Value], OpenTotal] = {}
        self._currencies: dict[Value, str] = {}
        self._last: tuple[Value, Value] = (None, None)

    def add(self, keys: Sequence[Value], currencies: Sequence[Value], counted: Sequence[bool], lines: "Lines") -> None:
        """Take in the rows of a chunk; only those that are counted have a balance.

        A row whose order's currency another row names, or none, may have one of its line alone.
        """
        if self._comes_in_parts or None in currencies:
            self._learn(keys, currencies)
            for place in compress(range(len(keys)), counted):
                if currencies[place] is None:
                    at = keys[place], lines.currencies[place]
                    self._by_order[at] = _plus(self._by_order.get(at, _NOTHING), lines.total([place]))
        self._last = (keys[-1], currencies[-1]) if keys else self._last
        for currency in set(currencies) - {None}:
            mine = [is_counted and each == currency for is_counted, each in zip(counted, currencies, strict=True)]
            self._sums[currency or ""] = _plus(
                self._sums.get(currency or "", _NOTHING), lines.total(list(compress(range(len(keys)), mine)))
            )

    def pass_over(self, totals: Sequence[OpenTotal]) -> None:
        """Take in what rows judged elsewhere come to, by the currencies of their orders."""
        with exactly():
            for total in totals:
                self._sums[total.currency] = _plus(self._sums.get(total.currency, _NOTHING), total)

    def _learn(self, keys: Sequence[Value], currencies: Sequence[Value]) -> None:
        for key, currency in (self._last, *zip(keys, currencies, strict=True)):
            if currency is not None:
                self._currencies.setdefault(key, currency)

    def totals(self) -> tuple[OpenTotal, ...]:
        """The sums by currency, once all rows are read."""
        sums = dict(self._sums)
        for (key, of_line), total in self._by_order.items():
            currency = self._currencies.get(key) or of_line or ""
            sums[currency] = _plus(sums.get(currency, _NOTHING), total)
        return tuple(_named(sums[currency], currency) for currency in sorted(sums) if sums[currency].lines)


class Lines:
    """The lines of a chunk: their own currencies, their amounts as ordered and as sent, and which are finished."""

    def __init__(
        self,
        currencies: Sequence[Value],
        ordered: Sequence[Decimal],
        sent: Sequence[Decimal],
        finished: Sequence[bool],
    ) -> None:
        self.currencies = currencies
        self._ordered = ordered
        self._sent = sent
        self._finished = finished

    def total(self, places: Sequence[int]) -> OpenTotal:
        """What the lines at some places come to."""
        ordered = sum((self._ordered[place] for place in places), Decimal(0))
        sent = sum((self._sent[place] for place in places), Decimal(0))
        return OpenTotal("", len(places), sum(self._finished[place] for place in places), ordered, ordered - sent)


def _plus(left: OpenTotal, right: OpenTotal) -> OpenTotal:
    return OpenTotal(
        "",
        left.lines + right.lines,
        left.finished + right.finished,
        left.ordered + right.ordered,
        left.done + right.done,
    )


def _named(total: OpenTotal, currency: str) -> OpenTotal:
    return OpenTotal(currency, total.lines, total.finished, total.ordered, total.done)
