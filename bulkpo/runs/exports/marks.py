"""Documents marked as exported once their file is in place; and never one that was changed since.

What is to be marked is durable before the file appears, and each mark is noted when it is made. After a crash the rest
is marked first, whatever is asked for then: the file that is in place is the one that holds them. What the file will be
is noted before it is put there, so that a crash right after is known from one right before.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, assert_never

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused, Unclear
from bulkpo.errors import ServiceError
from bulkpo.journal.notebook import Notebook
from bulkpo.mapping.language.export import CHANGED
from bulkpo.model.tree import Tree
from bulkpo.runs.delivery.deliver import Deliverer, Manner, Standing

_TOGETHER = 50
_MOST_UNCLEAR = 5
_SETTLE_SECONDS = 0.2  # short: the flag comes to the same however often it is set
_PATIENCE_SECONDS = 120.0
_EXPORTED = "exported"
_ADVICE = "the file is in place: give the command again to mark the rest"


class Mark(NamedTuple):
    """A document to be marked, as it was when it was read; `standing` is what is to be done about it next."""

    number: int
    changed: str
    standing: Standing = Standing.READY


@dataclass(slots=True)
class Marking:
    """How the marking went: how many were marked, and which were not, and why; `doubt` is why one is still open."""

    marked: int = 0
    changed: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    doubt: str = ""

    def notices(self) -> tuple[str, ...]:
        """What people should know of it."""
        said = [f"{self.marked:,} marked as exported"]
        if self.changed:
            said.append(f"{self.changed:,} changed since they were read; left for the next export")
        said += [f"id {number} could not be marked: {reason}" for number, reason in sorted(self.refused.items())]
        return tuple(said)


class ExportMarks:
    """The errand of marking the documents in a file; `tick` is told how many are marked."""

    def __init__(self, notebook: Notebook, resource: str, client: CoupaClient, tick: Callable[[int], None]) -> None:
        self._notebook = notebook
        self._resource = resource
        self._client = client
        self._tick = tick
        self._lock = threading.Lock()
        self.went = Marking()

    def open(self) -> Iterator[Mark]:
        """What is still to be marked and has not changed since; looked up a page at a time.

        What a page lacks is looked up by itself: an empty list need not be Coupa's.
        """
        last = 0
        while marks := self._notebook.open_marks(last, _TOGETHER):
            last = max(marks)
            asked = [("id[in]", ",".join(map(str, marks)))]
            found = {int(it["id"]): it for it in self._client.find(self._resource, asked, ["id", CHANGED, _EXPORTED])}
            for number, changed in marks.items():
                mark = Mark(number, changed)
                mark = self._judged(mark, found[number]) if number in found else self.look_up(mark)
                if mark.standing is Standing.READY:
                    yield mark

    def standing(self, it: Mark) -> Standing:
        """What has not changed since can be marked; where the answer was lost, the document is looked at."""
        return it.standing

    def announce(self, it: Mark) -> Mark:
        """On disk since before the file appeared; which of them was tried need not be known, since a mark is a flag."""
        return it

    def ask(self, it: Mark) -> Outcome:
        """Set the flag."""
        return self._client.mark_exported(self._resource, it.number)

    def note(self, it: Mark, outcome: Outcome) -> Mark:
        """Settled once it is marked, or refused; open as before else."""
        match outcome:
            case Created():
                return self._settled(it, marked=1)
            case Refused():
                with self._lock:
                    self.went.refused[it.number] = "; ".join(outcome.messages)
                return self._settled(it)
            case NotMade():
                return it
            case Unclear():
                self.went.doubt = f"id {it.number} may not be marked: {outcome.reason}"
                return it._replace(standing=Standing.UNCLEAR)
            case _:
                assert_never(outcome)

    def look_up(self, it: Mark) -> Mark:
        """Settled if it is marked, changed or gone; else to be marked."""
        return self._judged(it, self._client.show(self._resource, it.number))

    def _judged(self, it: Mark, found: Tree | None) -> Mark:
        """What a document itself says. Coupa takes the flag away with every new version, so it stands for this one."""
        if found is not None and found.get(_EXPORTED) is True:
            return self._settled(it, marked=1)
        if found is None or str(found.get(CHANGED) or "") != it.changed:
            return self._settled(it, changed=1)
        return it._replace(standing=Standing.READY)

    def _settled(self, it: Mark, *, marked: int = 0, changed: int = 0) -> Mark:
        self._notebook.settle_marks([it.number])
        with self._lock:
            self.went.marked += marked
            self.went.changed += changed
            self._tick(self.went.marked)
        return it._replace(standing=Standing.OVER)


def plan_marks(notebook: Notebook, documents: Sequence[Tree]) -> None:
    """These documents are in the file that is being written."""
    notebook.plan_marks((document["id"], str(document.get(CHANGED) or "")) for document in documents)


def mark_all(notebook: Notebook, resource: str, client: CoupaClient, tick: Callable[[int], None]) -> tuple[str, ...]:
    """Mark what is to be marked; says how it went. Raises ServiceError; the rest is then marked next time."""
    marks = ExportMarks(notebook, resource, client, tick)
    manner = Manner(_SETTLE_SECONDS, _PATIENCE_SECONDS, _MOST_UNCLEAR, _ADVICE, threading.Event())
    try:
        Deliverer(marks, client.profile, manner).deliver_all(marks.open())
    except ServiceError as error:
        said = str(error)
        raise ServiceError(said if said.endswith(_ADVICE) else f"{said}; {_ADVICE}") from None
    if notebook.open_marks(0, 1):
        raise ServiceError(f"{client.profile}: {marks.went.doubt}; {_ADVICE}")
    return marks.went.notices()
