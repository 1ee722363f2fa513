"""What is asked of an import, and how its orders are walked through; its stages are composed in `run`."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import BulkpoError, RunError
from bulkpo.journal.journal import Journal
from bulkpo.journal.options import AfterCreate, OnConflict, OnExisting
from bulkpo.journal.records import Entry, Run
from bulkpo.journal.run import RunJournal
from bulkpo.model.document import Document
from bulkpo.model.profile import Profile
from bulkpo.payload.encode import BodyFormat
from bulkpo.runs.imports.papers import Papers
from bulkpo.runs.planning.batch import Plan
from bulkpo.runs.planning.changes import Changes
from bulkpo.states import State

OrderPair = tuple[Entry, Document]
ImportProgress = Callable[[int, int], None]
ImportWaits = Callable[[str, float], None]
"""Told of what it is waited to be known, as in `3 orders`, and for how many seconds at most."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import is to go. What stands before `send_all`, and `out`, is kept with the run, the rest is not.

    `limit` stops after that many orders; `canary` sends one by one until so many were created, and stops if one fails;
    `max_failures` stops once more orders than that were refused. All three count over the whole run, and `send_all`
    heeds them no longer. `settle_seconds` is how long an order whose outcome
    is unknown is given to appear before it is looked up; `patience_seconds` how long an instance that takes nothing
    is tried again. `out` is the folder for the results, where that is not the input's.
    """

    format: BodyFormat = BodyFormat.XML
    on_existing: OnExisting = OnExisting.SKIP
    after_create: AfterCreate = AfterCreate.NONE
    limit: int | None = None
    canary: int = 0
    max_failures: int | None = None
    on_conflict: OnConflict = OnConflict.SKIP
    edited: str = ""
    send_all: bool = False
    retry_refused: bool = False
    settle_seconds: float = 5.0
    patience_seconds: float = 120.0
    out: Path | None = None
    tables: tuple[tuple[str, str], ...] = ()
    expect: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Job:
    """An import as it was asked for. Setting `stop` ends it once what is under way is finished.

    `changes` are those that were planned, where it changes documents that are there; None has them planned anew.
    `papers` are noted with the run for whoever looks at it later.
    """

    plan: Plan
    client: CoupaClient
    journal: Journal
    run: int
    options: ImportOptions
    stop: threading.Event = field(default_factory=threading.Event)
    progress: ImportProgress | None = None
    waits: ImportWaits | None = None
    changes: Changes | None = None
    papers: Papers = field(default_factory=Papers)


class Halt:
    """Ends an import early without cutting anything short: on request, or for a reason found within."""

    def __init__(self, event: threading.Event) -> None:
        self.event = event
        self.reason = ""

    @property
    def is_set(self) -> bool:
        """True once nothing more is to be begun."""
        return self.event.is_set()

    @property
    def is_interruption(self) -> bool:
        """True once somebody outside has asked to stop."""
        return self.event.is_set() and not self.reason

    def end(self, reason: str) -> None:
        """Send nothing more, and say why."""
        self.reason = self.reason or reason
        self.event.set()


def exit_code_of(trouble: BulkpoError | None, *, interrupted: bool, unknown: bool, failed: bool) -> int:
    """What a run ends with, as the manual's table of exit codes says; `trouble` is what kept it from its end."""
    if trouble is not None:
        return trouble.exit_code
    if interrupted:
        return 130
    return 5 if unknown else int(failed)


def check_instance(run: Run, profile: Profile) -> None:
    """Raise RunError if a run belongs to another instance. The sandbox's address changes, its data stay."""
    same = run.profile == profile.name if profile.is_sandbox else run.url == profile.url
    if not same:
        raise RunError(
            f"run {run.id} was planned for {run.profile} ({run.url}) and cannot go on in {profile}; "
            f"name {run.profile} to go on with it"
        )


def walk(plan: Plan, journal: RunJournal, entries: Iterable[Entry]) -> Iterator[OrderPair]:
    """Some of the run's orders, each with its document derived anew; raises RunError if they do not match.

    The file is read no further than the last of them, and not at all where there is none.
    """
    documents = plan.numbered()
    for entry in entries:
        document = next((document for number, document in documents if number == entry.number), None)
        if document is None or document.key != entry.key:
            noun = plan.kind.noun
            raise RunError(
                f"run {journal.id}: {noun.one} {entry.number} was {entry.key} when the run was planned and is "
                f"{document.key if document else 'gone'} now; the file or the mapping gives other {noun.many} than then"
            )
        yield entry, document


def left_of_limit(job: Job, journal: RunJournal) -> int | None:
    """How many more documents the run's limit lets go; None where there is none."""
    if (limit := job.options.limit) is None:
        return None
    sent = sum(1 for _ in journal.entries(set(State) - {State.PLANNED}, are_tried=True))
    return max(0, limit - sent)
