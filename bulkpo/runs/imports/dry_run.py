"""What an import would do, found out without writing anything: which orders are new, there already, or different."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bulkpo.coupa.client import CoupaClient
from bulkpo.model.document import Document
from bulkpo.payload.compare import differences, fields_of
from bulkpo.runs.imports.plan import FilePlan

_KEYS_AT_A_TIME = 1000
_MOST_DIFFERENCES = 5


@dataclass(slots=True)
class DryRun:
    """How many orders would be created, how many are in Coupa exactly so, and what differs in the others, by key."""

    new: int = 0
    unchanged: int = 0
    differing: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For machines, in the words of an import."""
        return {
            "created": 0,
            "planned": self.new,
            "existing": self.unchanged,
            "differs": len(self.differing),
            "differences": self.differing,
        }


def dry_run(plan: FilePlan, client: CoupaClient) -> DryRun:
    """Look up every clean order and compare; raises ServiceError if the instance cannot be asked."""
    result = DryRun()
    key = plan.key_element
    fields = fields_of(plan.layout)
    wanted = fields if key in fields else [key, *fields]
    for batch in _batches(plan.documents()):
        found = client.find_by_keys(plan.resource, key, [document.key for document in batch], wanted)
        for document in batch:
            others = found[document.key]
            if not others:
                result.new += 1
                continue
            differing = differences(plan.layout, document, others[0])
            if differing:
                result.differing[document.key] = "; ".join(map(str, differing[:_MOST_DIFFERENCES]))
            else:
                result.unchanged += 1
    return result


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    while batch := list(islice(documents, _KEYS_AT_A_TIME)):
        yield batch
