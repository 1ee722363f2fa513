"""Control totals: orders, lines and amount per currency, which must agree between source, sent and Coupa."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


class Totals:
    """Adds up documents per currency. An empty currency stands for orders that name none."""

    def __init__(self) -> None:
        self._sums: dict[str, tuple[int, int, Decimal]] = {}

    def add(self, currency: str, lines: int, amount: Decimal, documents: int = 1) -> None:
        """Count documents, one if not said otherwise, of `lines` lines worth `amount` in all."""
        known_documents, known_lines, known_amount = self._sums.get(currency, (0, 0, Decimal(0)))
        self._sums[currency] = (known_documents + documents, known_lines + lines, known_amount + amount)

    def by_currency(self) -> tuple[CurrencyTotal, ...]:
        """The totals, sorted by currency."""
        return tuple(CurrencyTotal(currency, *sums) for currency, sums in sorted(self._sums.items()))


def without(totals: Iterable[CurrencyTotal], others: Iterable[CurrencyTotal]) -> tuple[CurrencyTotal, ...]:
    """Totals less others that are a part of them."""
    sums = Totals()
    for sign, some in ((1, totals), (-1, others)):
        for each in some:
            sums.add(each.currency, sign * each.lines, sign * each.amount, sign * each.documents)
    return tuple(total for total in sums.by_currency() if total.documents)


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
