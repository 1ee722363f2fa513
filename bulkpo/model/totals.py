"""Control totals: orders, lines and amount per currency, which must agree between source, sent and Coupa."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bulkpo.model.document import Value

AMOUNT_LINE = "OrderAmountLine"


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """What there is of one currency. The amount is exact, never rounded."""

    currency: str
    documents: int
    lines: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OpenTotal:
    """What was ordered in one currency, what of it is done, and what is open; the amounts are exact.

    `lines` are all those with a balance that could be read, `finished` those of them of which nothing is open.
    """

    currency: str
    lines: int
    finished: int
    ordered: Decimal
    done: Decimal

    @property
    def open(self) -> Decimal:
        """What is yet to come."""
        return self.ordered - self.done

    def as_json(self) -> dict[str, Any]:
        """For machines; amounts are text, so that no digit is lost."""
        amounts = {"ordered": self.ordered, "done": self.done, "open": self.open}
        counts = {"currency": self.currency, "lines": self.lines, "finished": self.finished}
        return {**counts, **{name: format(each, "f") for name, each in amounts.items()}}


class Totals:
    """Adds up documents per currency. An empty currency stands for orders that name none."""

    def __init__(self) -> None:
        self._sums: dict[str, tuple[int, int, Decimal]] = {}

    def add(self, currency: str, lines: int, amount: Decimal, documents: int = 1) -> None:
        """Count documents, one if not said otherwise, of `lines` lines worth `amount` in all."""
        known_documents, known_lines, known_amount = self._sums.get(currency, (0, 0, Decimal(0)))
        self._sums[currency] = (known_documents + documents, known_lines + lines, known_amount + amount)

    def plus(self, other: "Totals") -> dict[str, CurrencyTotal]:
        """These and others together, by currency."""
        both = Totals()
        for total in (*self.by_currency(), *other.by_currency()):
            both.add(total.currency, total.lines, total.amount, total.documents)
        return {total.currency: total for total in both.by_currency()}

    def by_currency(self) -> tuple[CurrencyTotal, ...]:
        """The totals, sorted by currency."""
        return tuple(CurrencyTotal(currency, *sums) for currency, sums in sorted(self._sums.items()))


def without(totals: Iterable[CurrencyTotal], others: Iterable[CurrencyTotal]) -> tuple[CurrencyTotal, ...]:
    """Totals less others that are a part of them; what is left is written as short as amounts are, not as the whole."""
    sums = Totals()
    for sign, some in ((1, totals), (-1, others)):
        for each in some:
            sums.add(each.currency, sign * each.lines, sign * each.amount, sign * each.documents)
    left = [total for total in sums.by_currency() if total.documents]
    return tuple(replace(total, amount=Decimal(_plain(total.amount))) for total in left)


def summed(several: Iterable[CurrencyTotal]) -> Totals:
    """Totals by currency, to be added to."""
    sums = Totals()
    for each in several:
        sums.add(each.currency, each.lines, each.amount, each.documents)
    return sums


def total_json(total: CurrencyTotal) -> dict[str, Any]:
    """A currency's totals for machines; the amount is text, so that no digit is lost."""
    return {
        "currency": total.currency,
        "documents": total.documents,
        "lines": total.lines,
        "amount": format(total.amount, "f"),
    }


def total_from_json(data: Mapping[str, Any]) -> CurrencyTotal:
    """What `total_json` gave."""
    return CurrencyTotal(data["currency"], data["documents"], data["lines"], Decimal(data["amount"]))


def line_amount(kind: Value, price: Value, quantity: Value) -> Decimal:
    """What a line is worth: its price for an amount line, price times quantity for any other."""
    money = Decimal(price or 0)
    return money if kind == AMOUNT_LINE else money * Decimal(quantity or 0)


def differing_figures(left: Iterable[CurrencyTotal], right: Iterable[CurrencyTotal]) -> dict[str, tuple[str, ...]]:
    """The currencies whose totals differ, each with the names of the figures that do."""
    ours = {total.currency: total for total in left}
    theirs = {total.currency: total for total in right}
    found = {}
    for currency in sorted(ours.keys() | theirs.keys()):
        mine = ours.get(currency, CurrencyTotal(currency, 0, 0, Decimal(0)))
        other = theirs.get(currency, CurrencyTotal(currency, 0, 0, Decimal(0)))
        names = tuple(name for name in ("documents", "lines", "amount") if getattr(mine, name) != getattr(other, name))
        if names:
            found[currency] = names
    return found


@dataclass(frozen=True, slots=True)
class ControlTotals:
    """Orders, lines and amount per currency.

    `source` counts all orders the run was to send, `sent` those it created, as sent, `read_back` the same orders as
    Coupa has them, of which `statuses` counts those in each status.
    """

    source: tuple[CurrencyTotal, ...]
    sent: tuple[CurrencyTotal, ...]
    read_back: tuple[CurrencyTotal, ...]
    statuses: tuple[tuple[str, int], ...] = ()

    @property
    def agree(self) -> bool:
        """True if Coupa has exactly what was sent."""
        return not differing_figures(self.sent, self.read_back)

    def by_currency(self) -> Iterator[tuple[CurrencyTotal, CurrencyTotal, CurrencyTotal]]:
        """Source, sent and read back of each currency."""
        ways = [{total.currency: total for total in way} for way in (self.source, self.sent, self.read_back)]
        for currency in sorted({currency for way in ways for currency in way}):
            none = CurrencyTotal(currency, 0, 0, Decimal(0))
            source, sent, read_back = (way.get(currency, none) for way in ways)
            yield source, sent, read_back

    def as_json(self) -> list[dict[str, Any]]:
        """For machines: the source's figures in front, as a check gives them, then the others."""
        return [
            {"currency": source.currency, **_figures(source), "sent": _figures(sent), "read_back": _figures(back)}
            for source, sent, back in self.by_currency()
        ]

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Any]], statuses: Mapping[str, int]) -> "ControlTotals":
        """What `as_json` gave, and the statuses beside it."""
        ways = [
            [_total(it["currency"], it) for it in data],
            [_total(it["currency"], it["sent"]) for it in data],
            [_total(it["currency"], it["read_back"]) for it in data],
        ]
        source, sent, read_back = (tuple(total for total in way if total.documents) for way in ways)
        return cls(source, sent, read_back, tuple(statuses.items()))


def _figures(total: CurrencyTotal) -> dict[str, Any]:
    return {"documents": total.documents, "lines": total.lines, "amount": _plain(total.amount)}


def _plain(amount: Decimal) -> str:
    """An exact amount with two decimals, or as many more as it needs."""
    whole, _, decimals = format(amount, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _total(currency: str, figures: Mapping[str, Any]) -> CurrencyTotal:
    return CurrencyTotal(currency, int(figures["documents"]), int(figures["lines"]), Decimal(figures["amount"]))
