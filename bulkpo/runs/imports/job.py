"""What the steps of an import share: the plan, the instance, the journal, and how the import is to go."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import BulkpoError, RunError
from bulkpo.journal.journal import Journal
from bulkpo.journal.options import AfterCreate, OnExisting
from bulkpo.journal.records import Entry, RunSummary
from bulkpo.model.document import Document
from bulkpo.payload.encode import BodyFormat
from bulkpo.runs.imports.plan import FilePlan
from bulkpo.states import State

Pair = tuple[Entry, Document]
ImportProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import is to go. `format`, `on_existing` and `after_create` belong to the run; the rest to this session.

    `limit` stops after that many orders; `canary` sends the first ones one by one and stops if one fails;
    `max_failures` stops once more orders than that were refused. `settle_seconds` is how long an order whose outcome
    is unknown is given to appear before it is looked up; `patience_seconds` how long an instance that takes nothing
    is tried again.
    """

    format: BodyFormat = BodyFormat.XML
    on_existing: OnExisting = OnExisting.SKIP
    after_create: AfterCreate = AfterCreate.NONE
    limit: int | None = None
    canary: int = 0
    max_failures: int | None = None
    retry_refused: bool = False
    settle_seconds: float = 5.0
    patience_seconds: float = 120.0


@dataclass(slots=True)
class Desk:
    """What a run works with. `stop` is set from outside to end it in good order."""

    client: CoupaClient
    journal: Journal
    stop: threading.Event = field(default_factory=threading.Event)
    settle_seconds: float = 5.0
    patience_seconds: float = 120.0


@dataclass(slots=True)
class Job:
    """An import at work. `stop` is set from outside to end it in good order."""

    plan: FilePlan
    client: CoupaClient
    journal: Journal
    run: int
    options: ImportOptions
    stop: threading.Event = field(default_factory=threading.Event)
    progress: ImportProgress | None = None
    stopped_because: str = ""

    def desk(self) -> Desk:
        """What actions on the created orders work with."""
        options = self.options
        return Desk(self.client, self.journal, self.stop, options.settle_seconds, options.patience_seconds)

    @property
    def interrupted(self) -> bool:
        """True once somebody outside has asked to stop."""
        return self.stop.is_set() and not self.stopped_because

    def end(self, reason: str) -> None:
        """Send nothing more, and say why."""
        self.stopped_because = self.stopped_because or reason
        self.stop.set()


def exit_code_of(trouble: BulkpoError | None, *, interrupted: bool, unknown: bool, failed: bool) -> int:
    """What a run ends with, as the manual's table of exit codes says; `trouble` is what kept it from its end."""
    if trouble is not None:
        return trouble.exit_code
    if interrupted:
        return 130
    return 5 if unknown else int(failed)


def remember(job: Job, summary: RunSummary) -> None:
    """Keep in the journal what the run has come to."""
    job.journal.set_summary(job.run, summary)


def recall(job: Job) -> RunSummary:
    """What is kept of the run."""
    return job.journal.run(job.run).summary


def walk(job: Job, states: Iterable[State]) -> Iterator[Pair]:
    """The run's orders in these states, each with its document derived anew; raises RunError if they do not match."""
    documents = job.plan.numbered()
    for entry in job.journal.entries(job.run, states):
        document = next((document for number, document in documents if number == entry.number), None)
        if document is None or document.key != entry.key:
            raise RunError(
                f"run {job.run}: order {entry.number} was {entry.key} when the run was planned and is "
                f"{document.key if document else 'gone'} now; the file or the mapping gives other orders than then"
            )
        yield entry, document
