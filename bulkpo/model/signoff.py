"""What is signed off after an import: what became of the whole file, and whether Coupa has what was sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bulkpo.model.totals import CurrencyTotal, Totals, total_from_json, total_json

MOST_ALTERED = 1000
"""The orders that differ which are named; all are counted."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A document that does not read back as it was sent, and how it differs."""

    key: str
    id: int
    said: str


@dataclass(frozen=True, slots=True)
class PartnerTotal:
    """What was sent of one supplier in one currency, and what Coupa has of it."""

    partner: str
    sent: CurrencyTotal
    read_back: CurrencyTotal


@dataclass(frozen=True, slots=True)
class ChangedTotal:
    """What documents of one supplier in one currency that were changed came to before, after, and as read back."""

    partner: str
    before: CurrencyTotal
    after: CurrencyTotal
    read_back: CurrencyTotal


@dataclass(frozen=True, slots=True)
class SignOff:
    """What became of all documents of a file.

    `outcomes` has what became of them with their totals: together they are the whole file; of documents with errors
    the amount is what can be read of it, of those that were there what Coupa has of them since. `compared` were
    held against Coupa element by element, and `differing` of them are not as they were sent; `altered` names these,
    or the first of them. `transmissions` counts those Coupa has sent to their suppliers, or is about to, by its own
    word for it; None where its kind of document is not sent to anybody. `changed` were there, were changed and read
    back; `resent` counts, by the same word, those whose suppliers are sent them again: their change makes a version
    for the supplier, and Coupa says that they are sent. `changes` has what those that were changed came to before,
    after and as read back.
    """

    outcomes: tuple[tuple[str, CurrencyTotal], ...] = ()
    partners: tuple[PartnerTotal, ...] = ()
    compared: int = 0
    differing: int = 0
    altered: tuple[Altered, ...] = ()
    transmissions: Mapping[str, int] | None = None
    changed: int = 0
    resent: Mapping[str, int] | None = None
    changes: tuple[ChangedTotal, ...] = ()

    @property
    def whole(self) -> tuple[CurrencyTotal, ...]:
        """The whole file."""
        sums = Totals()
        for _, total in self.outcomes:
            sums.add(total.currency, total.lines, total.amount, total.documents)
        return sums.by_currency()

    @property
    def transmitted(self) -> int:
        """How many were sent to their suppliers, or are about to be."""
        return sum((self.transmissions or {}).values())

    def changes_by_currency(self) -> Iterator[tuple[CurrencyTotal, CurrencyTotal, CurrencyTotal]]:
        """What those that were changed came to before, after and as read back, by currency."""
        ways = [Totals(), Totals(), Totals()]
        for each in self.changes:
            for sums, total in zip(ways, (each.before, each.after, each.read_back), strict=True):
                sums.add(total.currency, total.lines, total.amount, total.documents)
        yield from zip(*(sums.by_currency() for sums in ways), strict=True)

    def as_json(self) -> dict[str, Any]:
        """For programs, and for a run's memory."""
        return {
            "file": [total_json(total) for total in self.whole],
            "outcomes": [{"outcome": outcome, **total_json(total)} for outcome, total in self.outcomes],
            "suppliers": [
                {"supplier": it.partner, **total_json(it.sent), "read_back": total_json(it.read_back)}
                for it in self.partners
            ],
            "compared": self.compared,
            "differing": self.differing,
            "altered": [{"key": it.key, "id": it.id, "differs": it.said} for it in self.altered],
            "transmitted": None if self.transmissions is None else self.transmitted,
            "transmissions": None if self.transmissions is None else dict(self.transmissions),
            "changed": self.changed,
            "resent": None if self.resent is None else dict(self.resent),
            "changes": [
                {
                    "supplier": it.partner,
                    "currency": it.before.currency,
                    **{name: total_json(getattr(it, name)) for name in ("before", "after", "read_back")},
                }
                for it in self.changes
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "SignOff":
        """What `as_json` gave."""
        return cls(
            tuple((str(it["outcome"]), total_from_json(it)) for it in data["outcomes"]),
            tuple(
                PartnerTotal(str(it["supplier"]), total_from_json(it), total_from_json(it["read_back"]))
                for it in data["suppliers"]
            ),
            int(data["compared"]),
            int(data["differing"]),
            tuple(Altered(str(it["key"]), int(it["id"]), str(it["differs"])) for it in data["altered"]),
            data["transmissions"],
            int(data.get("changed", 0)),
            data.get("resent"),
            tuple(
                ChangedTotal(
                    str(it["supplier"]), *(total_from_json(it[way]) for way in ("before", "after", "read_back"))
                )
                for it in data.get("changes", ())
            ),
        )


@dataclass(slots=True)
class PartnerTotals:
    """Adds up by supplier and currency."""

    _sums: dict[str, Totals] = field(default_factory=dict)

    def add(self, partner: str, figures: tuple[str, int, Decimal]) -> None:
        """Count a document: its currency, its number of lines and its amount."""
        self._sums.setdefault(partner, Totals()).add(*figures)

    @property
    def by_partner(self) -> dict[tuple[str, str], CurrencyTotal]:
        """The totals by supplier and currency."""
        return {
            (partner, total.currency): total for partner, sums in self._sums.items() for total in sums.by_currency()
        }


def side_by_side(sent: PartnerTotals, read_back: PartnerTotals) -> tuple[PartnerTotal, ...]:
    """What was sent and what was read back, by supplier and currency."""
    return tuple(PartnerTotal(partner, *totals) for partner, *totals in _aligned(sent, read_back))


def changes_side_by_side(
    before: PartnerTotals, after: PartnerTotals, read_back: PartnerTotals
) -> tuple[ChangedTotal, ...]:
    """What was changed, before and after and as read back, by supplier and currency."""
    return tuple(ChangedTotal(partner, *totals) for partner, *totals in _aligned(before, after, read_back))


def _aligned(*ways: PartnerTotals) -> Iterator[tuple[Any, ...]]:
    """Each supplier with its totals of each way in one currency; nothing where a way has none."""
    known = [way.by_partner for way in ways]
    for partner, currency in sorted({key for each in known for key in each}):
        none = CurrencyTotal(currency, 0, 0, Decimal(0))
        yield partner, *(each.get((partner, currency), none) for each in known)


def each_with_totals(outcomes: Iterable[tuple[str, Sequence[CurrencyTotal]]]) -> tuple[tuple[str, CurrencyTotal], ...]:
    """Outcomes each with its totals, as one list."""
    return tuple((outcome, total) for outcome, totals in outcomes for total in totals)
