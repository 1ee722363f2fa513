"""Documents marked as exported, one by one, once their file is in place; and never one that was changed since.

What is to be marked is durable before the file appears, and each mark is noted when it is made. After a crash the rest
is marked first, whatever is asked for then: the file that is in place is the one that holds them. What the file will be
is noted before it is put there, so that a crash right after is known from one right before.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused
from bulkpo.errors import ServiceError
from bulkpo.journal.notebook import Notebook
from bulkpo.mapping.language.export import CHANGED
from bulkpo.model.tree import Tree

_TOGETHER = 50
_ATTEMPTS = 5


@dataclass(slots=True)
class Marking:
    """How the marking went: how many were marked, and which were not, and why."""

    marked: int = 0
    changed: int = 0
    refused: dict[int, str] = field(default_factory=dict)

    def notices(self) -> tuple[str, ...]:
        """What people should know of it."""
        said = [f"{self.marked:,} marked as exported"]
        if self.changed:
            said.append(f"{self.changed:,} changed since they were read; left for the next export")
        said += [f"id {number} could not be marked: {reason}" for number, reason in self.refused.items()]
        return tuple(said)


def plan_marks(notebook: Notebook, documents: Sequence[Tree]) -> None:
    """These documents are in the file that is being written."""
    notebook.plan_marks((document["id"], str(document.get(CHANGED) or "")) for document in documents)


def mark_all(notebook: Notebook, resource: str, client: CoupaClient, tick: Callable[[int], None]) -> tuple[str, ...]:
    """Mark what is to be marked; says how it went. Raises ServiceError; the rest is then marked next time."""
    marking = Marking()
    with ThreadPoolExecutor(client.profile.workers) as pool:
        while marks := notebook.open_marks(_TOGETHER):
            same = _unchanged(client, resource, marks)
            marking.changed += len(marks) - len(same)
            for number, outcome in zip(same, pool.map(lambda one: _set(client, resource, one), same), strict=True):
                if isinstance(outcome, Refused):
                    marking.refused[number] = "; ".join(outcome.messages)
                else:
                    marking.marked += 1
            notebook.settle_marks(marks)
            tick(marking.marked)
    return marking.notices()


def _unchanged(client: CoupaClient, resource: str, marks: dict[int, str]) -> list[int]:
    asked = [("id[in]", ",".join(map(str, marks)))]
    found = client.find(resource, asked, ["id", CHANGED])
    return [document["id"] for document in found if marks[document["id"]] == str(document.get(CHANGED) or "")]


def _set(client: CoupaClient, resource: str, number: int) -> Created | Refused:
    """The flag comes to the same however often it is set, so what is unclear is set again."""
    outcome: Outcome | None = None
    for _ in range(_ATTEMPTS):
        outcome = client.mark_exported(resource, number)
        if isinstance(outcome, Created | Refused):
            return outcome
        if isinstance(outcome, NotMade) and outcome.is_final:
            break
    raise ServiceError(
        f"{client.profile} does not let id {number} be marked as exported: {getattr(outcome, 'reason', '')}; the "
        "file is in place: give the command again to mark the rest"
    )
