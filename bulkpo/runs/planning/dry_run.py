"""What an import would do, found out without writing anything: which orders are new, there already, or different."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import RunError
from bulkpo.journal.options import OnExisting
from bulkpo.model.document import Document
from bulkpo.model.totals import total_json
from bulkpo.model.tree import Tree
from bulkpo.payload.compare import differences, fields_of
from bulkpo.runs.planning.batch import Plan
from bulkpo.runs.planning.changes import Changes

_KEYS_AT_A_TIME = 1000
_MOST_DIFFERENCES = 5
_CANCELLED = "cancelled"


@dataclass(slots=True)
class DryRun:
    """How many orders would be created, how many are in Coupa exactly so, and what differs in the others, by key.

    `cancelled` are those that are there with the same content, and cancelled: their numbers are taken all the same.
    `beyond` are new orders that come after the limit, `on_existing` what is to be done about those that are there;
    `changes` are what an import does that changes documents.
    """

    on_existing: OnExisting = OnExisting.SKIP
    new: int = 0
    beyond: int = 0
    unchanged: int = 0
    cancelled: list[str] = field(default_factory=list)
    differing: dict[str, str] = field(default_factory=dict)
    changes: Changes | None = None

    @property
    def trouble(self) -> RunError | None:
        """What would keep the import from sending anything."""
        taken = self.unchanged + len(self.cancelled) + len(self.differing)
        if self.on_existing is not OnExisting.FAIL or not taken:
            return None
        return RunError(f"{taken:,} are there already, and --on-existing fail lets none be sent then")

    @property
    def exit_code(self) -> int:
        """What the import would end with: an order that is there otherwise counts only where that is compared."""
        if self.trouble is not None:
            return self.trouble.exit_code
        return int(self.on_existing is OnExisting.COMPARE and bool(self.differing))

    def as_json(self) -> dict[str, Any]:
        """For machines, in the words of an import."""
        return {
            "created": 0,
            "planned": 0 if self.trouble else self.new,
            "existing": self.unchanged,
            "differs": len(self.differing),
            "cancelled": len(self.cancelled),
            "differences": self.differing,
            **({} if self.changes is None else _changes_json(self.changes)),
        }


def _changes_json(changes: Changes) -> dict[str, Any]:
    """What would change, for machines: by key, each element with its old and new value."""
    before, after = changes.totals()
    return {
        "existing": 0,
        "changed": 0,
        "unchanged": changes.unchanged,
        "conflict": len(changes.planned) - len(changes.to_make),
        "to_change": changes.changed,
        "sent_again": len(changes.resent),
        "totals_before": [total_json(total) for total in before],
        "totals_after": [total_json(total) for total in after],
        "changes": {
            key: [{"element": it.path, "row": it.row, "old": it.old, "new": it.new} for it in planned.change.cells()]
            for key, planned in changes.to_make.items()
            if planned.change
        },
    }


def of_changes(changes: Changes, limit: int | None = None) -> DryRun:
    """What an import that changes documents would do."""
    result = DryRun(new=changes.new, unchanged=changes.unchanged, changes=changes)
    if limit is not None and changes.new > limit:
        result.new, result.beyond = limit, changes.new - limit
    return result


def dry_run(plan: Plan, client: CoupaClient, on_existing: OnExisting, limit: int | None = None) -> DryRun:
    """Look up every clean order and compare; raises ServiceError if the instance cannot be asked."""
    result = DryRun(on_existing)
    key = plan.key_element
    fields = fields_of(plan.layout)
    wanted = fields if key in fields else [key, *fields]
    for batch in _batches(plan.documents()):
        found = client.find_by_keys(plan.resource, key, [document.key for document in batch], wanted)
        for document in batch:
            _count(result, plan, document, found[document.key])
    if limit is not None and result.new > limit:
        result.new, result.beyond = limit, result.new - limit
    return result


def _count(result: DryRun, plan: Plan, document: Document, others: Sequence[Tree]) -> None:
    if not others:
        result.new += 1
    elif len(others) > 1:
        kind, ids = plan.kind, ", ".join(str(other.get("id")) for other in others)
        result.differing[document.key] = (
            f"there are {len(others)} {kind.noun.many} with this {kind.key_word} (ids {ids})"
        )
    elif differing := differences(plan.layout, document, others[0]):
        left = len(differing) - _MOST_DIFFERENCES
        more = [f"and {left} more differences"] if left > 0 else []
        result.differing[document.key] = "; ".join([*map(str, differing[:_MOST_DIFFERENCES]), *more])
    elif others[0].get("status") == _CANCELLED:
        result.cancelled.append(document.key)
    else:
        result.unchanged += 1


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    while batch := list(islice(documents, _KEYS_AT_A_TIME)):
        yield batch
