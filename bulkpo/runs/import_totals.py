"""Control totals three ways: what the file asked for, what was sent, and what Coupa has of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bulkpo.journal.records import Entry
from bulkpo.model.totals import CurrencyTotal, Totals, differences
from bulkpo.payload.compare import fields_of
from bulkpo.payload.read import document_from
from bulkpo.runs.import_job import Job, walk
from bulkpo.states import State

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class ControlTotals:
    """Orders, lines and amount per currency.

    `source` counts all orders the run was to send, `sent` those it created, as sent, `read_back` the same orders as
    Coupa has them.
    """

    source: tuple[CurrencyTotal, ...]
    sent: tuple[CurrencyTotal, ...]
    read_back: tuple[CurrencyTotal, ...]

    @property
    def agree(self) -> bool:
        """True if Coupa has exactly what was sent."""
        return not differences(self.sent, self.read_back)

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
    def from_json(cls, data: Sequence[Mapping[str, Any]]) -> "ControlTotals":
        """What `as_json` gave."""
        ways = [
            [_total(it["currency"], it) for it in data],
            [_total(it["currency"], it["sent"]) for it in data],
            [_total(it["currency"], it["read_back"]) for it in data],
        ]
        source, sent, read_back = (tuple(total for total in way if total.documents) for way in ways)
        return cls(source, sent, read_back)


def control_totals(job: Job) -> ControlTotals:
    """Add up all three ways, fetching the orders this run created."""
    source, sent, read_back = Totals(), Totals(), Totals()
    waiting: list[Entry] = []
    for entry, document in walk(job, State):
        figures = job.plan.totals_of(document)
        source.add(*figures)
        if entry.state is State.CREATED:
            sent.add(*figures)
            waiting.append(entry)
        if len(waiting) == _BATCH:
            _read_back(job, waiting, read_back)
            waiting.clear()
    _read_back(job, waiting, read_back)
    return ControlTotals(source.by_currency(), sent.by_currency(), read_back.by_currency())


def _read_back(job: Job, entries: Sequence[Entry], totals: Totals) -> None:
    layout = job.plan.layout
    ids = {str(entry.coupa_id): entry.key for entry in entries}
    found = job.client.find_by_keys(job.plan.resource, "id", list(ids), fields_of(layout))
    for number, others in found.items():
        for other in others:
            totals.add(*job.plan.totals_of(document_from(layout, ids[number], other)))


def _figures(total: CurrencyTotal) -> dict[str, Any]:
    return {"documents": total.documents, "lines": total.lines, "amount": _plain(total.amount)}


def _plain(amount: Decimal) -> str:
    """An exact amount with two decimals, or as many more as it needs."""
    whole, _, decimals = format(amount, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _total(currency: str, figures: Mapping[str, Any]) -> CurrencyTotal:
    return CurrencyTotal(currency, int(figures["documents"]), int(figures["lines"]), Decimal(figures["amount"]))
