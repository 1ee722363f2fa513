"""One run in the journal: its orders, the actions on them, and what is kept of it.

What is *recorded* is on disk once something later is, or `flush` returns; what is *announced* is on disk at once, since
the request it speaks of leaves right after.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace

from bulkpo.attachment_states import AttachmentEvent, AttachmentState
from bulkpo.errors import BulkpoError, JournalError, RunError
from bulkpo.journal.journal import Journal
from bulkpo.journal.moves import NO_FACTS, Facts
from bulkpo.journal.records import (
    Action,
    Attachment,
    Entry,
    Happening,
    PlannedAttachment,
    PlannedEntry,
    Run,
    RunInput,
    RunStatus,
    RunSummary,
    Stint,
)
from bulkpo.model.profile import Profile
from bulkpo.payload.compare import Compared
from bulkpo.states import ActionEvent, ActionState, Event, State

ATTACHABLE = (State.CREATED, State.CHANGED, State.UNCHANGED)
"""The states of orders that this run made or brought up to date: only to these something is attached."""


@dataclass(frozen=True, slots=True)
class RunJournal:
    """The journal of one run."""

    journal: Journal
    id: int

    @property
    def run(self) -> Run:
        """The run as it stands now; raises RunError if there is none."""
        return self.journal.run(self.id)

    @contextmanager
    def stint(self, what: str, profile: Profile | None = None) -> Iterator["StintNotes"]:
        """Note who works on the run, which this process holds, from when till when; gives where facts are noted.

        A stint that a kill ended has no end.
        """
        by = self.journal.by if profile is None else self.journal.by.at(profile)
        notes = StintNotes(self, self.journal.begin_stint(self.id, what, by))
        try:
            yield notes
        except BulkpoError:
            with suppress(JournalError):
                notes.end()
            raise
        notes.end()

    def claim(self) -> AbstractContextManager[None]:
        """Hold the run for this process; raises RunError naming the process that holds it."""
        return self.journal.claim(self.id)

    def plan(self, entries: Iterable[PlannedEntry], attachments: Iterable[PlannedAttachment] = ()) -> int:
        """Write down the orders and what goes with them, instead of any written before, and open the run."""
        return self.journal.plan(self.id, entries, attachments)

    def set_status(self, status: RunStatus) -> None:
        """Say how far the run is."""
        self.journal.set_status(self.id, status)

    def remember(self, **changes: object) -> None:
        """Keep facts of the run's summary, beside those kept before."""
        self.journal.set_summary(self.id, replace(self.run.summary, **changes))  # type: ignore[arg-type]  # its fields

    def inputs(self) -> list[RunInput]:
        """The run's inputs, where it has several."""
        return self.journal.inputs(self.id)

    def entries(self, states: Iterable[State] = tuple(State), *, are_tried: bool = False) -> Iterator[Entry]:
        """The orders in these states, in the file's order; what changes meanwhile may be seen or not.

        With `are_tried` only those that were sent at least once.
        """
        return self.journal.entries(self.id, states, are_tried=are_tried)

    def entries_of(self, keys: Iterable[str]) -> dict[str, Entry]:
        """The orders with these keys, by key; keys of no order are left out."""
        return self.journal.entries_of(self.id, keys)

    def held_elsewhere(self, keys: Sequence[str]) -> dict[str, int]:
        """Which of these orders another run is sending to the same instance, by key, with that run's number.

        A run holds what it has sent until it is done, and, while a process works on it, what it has changed, and what
        it is still to send before any run begun later.
        """
        mine, held = self.run, dict[str, int]()
        for other in self.journal.runs():
            if other.id == self.id or other.status.is_over or _bound(other) != _bound(mine):
                continue
            states = {State.SENDING, State.UPDATING, State.UNKNOWN, State.CREATED}
            if self._is_worked_on(other.id):
                if other.id < self.id and next(self.journal.entries(other.id, tuple(State)), None) is None:
                    held |= dict.fromkeys(keys, other.id)  # it has not written down yet which are its own
                states |= {State.CHANGED, State.PLANNED} if other.id < self.id else {State.CHANGED}
            entries = self.journal.entries_of(other.id, keys)
            held |= {key: other.id for key, entry in entries.items() if entry.state in states}
        return held

    def _is_worked_on(self, run: int) -> bool:
        try:
            with self.journal.claim(run):
                return False
        except RunError:
            return True

    def counts(self) -> dict[State, int]:
        """How many orders there are in each state."""
        return self.journal.counts(self.id)

    def happenings(self, entry: Entry) -> list[Happening]:
        """All that happened to an order, in order."""
        return self.journal.happenings(entry)

    def trail(self, entry: Entry) -> list[Happening]:
        """All that happened to an order that was sent, in order; raises JournalError if that is lost."""
        trail = self.journal.happenings(entry)
        if not trail or trail[-1].state != entry.state:
            raise self.lost(entry)
        return trail

    def lost(self, entry: Entry) -> JournalError:
        """What to say where it is lost what happened to an order, or what was to be sent of it."""
        return JournalError(
            f"the journal is damaged: {entry.key} in run {self.id} is {entry.state}, and what happened to it is lost, "
            "so nothing is sent from this run; look for it in Coupa, say what you found with `bulkpo settle "
            f"{self.id} --order {entry.key}`, or give the run up with `bulkpo runs --abandon {self.id}` and import its "
            "file anew with --on-existing compare"
        )

    def details(self, event: str, entries: Iterable[Entry]) -> dict[int, str]:
        """What the last such event of each of these orders noted, by number; orders without one are left out."""
        return self.journal.details(self.id, event, [entry.number for entry in entries])

    def announce(self, entry: Entry, event: Event, facts: Facts = NO_FACTS) -> Entry:
        """Note what is about to happen to an order; comes back when that is on disk."""
        after, ticket = self.journal.record(entry, event, facts)
        self.journal.wait(ticket)
        return after

    def record(self, entry: Entry, event: Event, facts: Facts = NO_FACTS) -> Entry:
        """Note what happened to an order."""
        return self.journal.record(entry, event, facts)[0]

    def plan_actions(self, action: str, numbers: Iterable[int]) -> None:
        """Write down that an action is to be done on these orders; those written down before stay as they are."""
        self.journal.plan_actions(self.id, action, numbers)

    def actions(self, action: str, states: Iterable[ActionState] = tuple(ActionState)) -> Iterator[Action]:
        """The actions in these states, in the file's order."""
        return self.journal.actions(self.id, action, states)

    def count_actions(self, action: str) -> dict[ActionState, int]:
        """How many actions there are in each state."""
        return self.journal.count_actions(self.id, action)

    def announce_action(self, action: Action, event: ActionEvent) -> Action:
        """Note that an action is about to be done; comes back when that is on disk."""
        after, ticket = self.journal.record_action(action, event)
        self.journal.wait(ticket)
        return after

    def record_action(self, action: Action, event: ActionEvent, message: str = "") -> Action:
        """Note what happened to an action."""
        return self.journal.record_action(action, event, message)[0]

    def record_done(self, action: Action, happened: ActionEvent, entry: Entry, event: Event, facts: Facts) -> Action:
        """Note together that an action is done and what that makes of its order."""
        return self.journal.record_done(action, happened, entry, event, facts)

    def attachments(self, states: Iterable[AttachmentState] = tuple(AttachmentState)) -> Iterator[Attachment]:
        """What is to be attached and is in these states, in the file's order."""
        return self.journal.attachments(self.id, states)

    def count_attachments(self) -> dict[AttachmentState, int]:
        """How many are in each state, of those whose order is there for them."""
        return self.journal.count_attachments(self.id, ATTACHABLE)

    def announce_attachment(self, it: Attachment, event: AttachmentEvent) -> Attachment:
        """Note that something is about to be attached; comes back when that is on disk."""
        after, ticket = self.journal.record_attachment(it, event)
        self.journal.wait(ticket)
        return after

    def record_attachment(self, it: Attachment, event: AttachmentEvent, facts: Facts = NO_FACTS) -> Attachment:
        """Note what happened to something that is to be attached."""
        return self.journal.record_attachment(it, event, facts)[0]

    def read_back(self, orders: Mapping[int, Sequence[Compared]]) -> None:
        """Keep orders, by number, as they were read back."""
        self.journal.read_back(self.id, orders)

    def flush(self) -> None:
        """Come back when everything recorded so far is on disk."""
        self.journal.flush()


class StintNotes:
    """What is noted of a stint while it lasts."""

    def __init__(self, journal: RunJournal, stint: Stint) -> None:
        self._journal = journal
        self.stint = stint

    def note(self, **facts: object) -> None:
        """Keep facts beside those noted before, as JSON has them."""
        self.stint = replace(self.stint, notes={**self.stint.notes, **facts})
        self.stint = self._journal.journal.keep_stint(self._journal.id, self.stint)

    def end(self) -> None:
        """Note that the work is over."""
        self.stint = self._journal.journal.keep_stint(self._journal.id, self.stint, is_over=True)


class ResultNotes:
    """What is kept of the results of a run, or of one of its inputs."""

    def __init__(self, journal: RunJournal, of_input: RunInput | None = None) -> None:
        self._journal = journal
        self._input = of_input

    @property
    def summary(self) -> RunSummary:
        """What was kept so far."""
        return self._journal.run.summary if self._input is None else self._input.summary

    def remember(self, **changes: object) -> None:
        """Keep facts beside those kept before."""
        if self._input is None:
            self._journal.remember(**changes)
            return
        summary = replace(self._input.summary, **changes)  # type: ignore[arg-type]  # its fields
        self._input = replace(self._input, summary=summary)
        self._journal.journal.set_input_summary(self._journal.id, self._input.number, summary)


def result_notes(journal: RunJournal, inputs: Sequence[RunInput]) -> Iterator[ResultNotes]:
    """The notes of each input; those of the run where it has one."""
    if not inputs:
        yield ResultNotes(journal)
    yield from (ResultNotes(journal, each) for each in inputs)


def _bound(run: Run) -> tuple[str, str]:
    """Where a run's documents go."""
    return run.profile, run.resource
