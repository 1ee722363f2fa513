"""What a document is worth before and after a change: whom it is with, its currency, its lines and its amount."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from bulkpo.model.totals import CurrencyTotal


class Stake(NamedTuple):
    """Whom a document is with, its currency, its number of lines and its exact amount; empty where it says neither."""

    partner: str
    currency: str
    lines: int
    amount: Decimal

    @property
    def figures(self) -> tuple[str, int, Decimal]:
        """Its currency, its number of lines and its amount, as totals add them up."""
        return self.currency, self.lines, self.amount

    @property
    def total(self) -> CurrencyTotal:
        """The totals of this document alone."""
        return CurrencyTotal(self.currency, 1, self.lines, self.amount)


class Shift(NamedTuple):
    """What a document is worth before a change and after it."""

    before: Stake
    after: Stake

    def as_json(self) -> list[list[Any]]:
        """For the journal; amounts are text, so that no digit is lost."""
        return [[it.partner, it.currency, it.lines, format(it.amount, "f")] for it in self]

    @classmethod
    def from_json(cls, data: Sequence[Sequence[Any]]) -> "Shift":
        """What `as_json` gave."""
        before, after = (
            Stake(str(partner), str(currency), int(lines), Decimal(amount)) for partner, currency, lines, amount in data
        )
        return cls(before, after)
