"""The row accounting: what was read, left out, held back, sent and made, and whether that adds up."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from bulkpo.model.totals import total_json
from bulkpo.runs.evidence.case import Case
from bulkpo.runs.evidence.trails import Counted

_ROWS = {"failed": "with errors or held back"}
"""What parts of the rows are called, where their notes say it shorter."""


class Sum(NamedTuple):
    """Parts that must come to a whole, each with what it is called."""

    what: str
    whole: int
    parts: Mapping[str, int]

    @property
    def closes(self) -> bool:
        """Whether they do."""
        return self.whole == sum(self.parts.values())

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"what": self.what, "whole": self.whole, "parts": dict(self.parts), "closes": self.closes}


@dataclass(frozen=True, slots=True)
class Accounting:
    """The sums of a run, and its control figures as the journal keeps them."""

    sums: tuple[Sum, ...]
    figures: Mapping[str, Any]

    @property
    def closes(self) -> bool:
        """Whether all sums close."""
        return all(each.closes for each in self.sums)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"closes": self.closes, "sums": [each.as_json() for each in self.sums], **self.figures}


def accounting(case: Case, counted: Counted) -> Accounting:
    """The accounting of a run."""
    return Accounting(tuple(_sums(case, counted)), _figures(case))


def _sums(case: Case, counted: Counted) -> Iterator[Sum]:
    rows, checked = case.first("rows"), case.first("checked")
    if rows is not None:
        parts = {_ROWS.get(name, name): count for name, count in rows.items() if name != "read"}
        yield Sum("rows, as the check read them", rows["read"], parts)
    if rows is not None and counted.has_rows:
        yield Sum("rows, each with its outcome in rows.jsonl", rows["read"], dict(sorted(counted.rows.items())))
    if checked is not None:
        held = case.first("held") or 0
        parts = {"with errors": checked["failed"] - held, "held back": held, **dict(sorted(counted.orders.items()))}
        yield Sum("orders, as the check found them", checked["documents"], parts)
    attached = dict(sorted(counted.attachments.items()))
    if attached:
        yield Sum("attachments, by outcome", sum(attached.values()), attached)
    yield Sum("orders of the run, by outcome", sum(counted.states.values()), dict(sorted(counted.orders.items())))


def _figures(case: Case) -> dict[str, Any]:
    """Control figures: what was expected of the file, totals three ways, and what is signed off."""
    summary = case.run.summary
    ways = summary.totals.as_json() if summary.totals is not None else []
    signed = summary.sign_off
    checked = case.first("checked") or {}
    return {
        "expected": case.first("expected") or dict(case.run.options.expect),
        "findings": checked.get("findings", {}),
        "totals": ways,
        "file_by_outcome": []
        if signed is None
        else [{"outcome": it, **total_json(one)} for it, one in signed.outcomes],
        "differing": [] if signed is None else [asdict(each) for each in signed.altered],
        "skipped": case.first("skipped") or {},
    }
