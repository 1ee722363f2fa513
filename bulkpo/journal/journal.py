"""The journal: the durable record of runs, their orders and what happened to each.

Every change of an order's state goes through the table of `bulkpo.states`, and is kept only if the journal still holds
the state it starts from.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path

from bulkpo.attachment_states import AttachmentEvent, AttachmentState
from bulkpo.errors import RunError
from bulkpo.journal.moves import NO_FACTS, Facts, action_move, attachment_move, entry_move
from bulkpo.journal.records import (
    Action,
    Attachment,
    Entry,
    Happening,
    NewRun,
    Noted,
    PlannedAttachment,
    PlannedEntry,
    Reading,
    Run,
    RunInput,
    RunStatus,
    RunSummary,
    Stint,
)
from bulkpo.journal.sqlite import SqliteStore
from bulkpo.journal.store import Store, Ticket
from bulkpo.model.by import NOBODY, By
from bulkpo.payload.compare import Compared, Sameness
from bulkpo.states import ActionEvent, ActionState, Event, State

_Clock = Callable[[], str]


class Journal:
    """A journal over what keeps it. `now` gives the time as ISO text in UTC; it is noted and never reckoned with.

    `by` is who works with it.
    """

    def __init__(self, store: Store, now: _Clock, by: By = NOBODY) -> None:
        self._store = store
        self._now = now
        self.by = by

    @property
    def name(self) -> str:
        """Where it is, in messages."""
        return self._store.name

    def close(self) -> None:
        """Write what waits, and let go."""
        self._store.close()

    def claim(self, run: int) -> AbstractContextManager[None]:
        """Hold a run for this process; raises RunError naming the process that holds it."""
        return self._store.claim(run)

    def start(self, new: NewRun, inputs: Sequence[RunInput] = (), held: ExitStack | None = None) -> Run:
        """Begin a run, with its inputs where there are several; its orders are written down next.

        `held` is given the claim on it, so that no other process can take it up before this one does.
        """
        return self.run(self._store.start(new, self._now(), inputs, held))

    def inputs(self, run: int) -> list[RunInput]:
        """The inputs of a run, by number; none where it has one, which the run itself names."""
        return self._store.inputs(run)

    def set_input_summary(self, run: int, number: int, summary: RunSummary) -> None:
        """Keep what came of one of a run's inputs."""
        self._store.set_input_summary(run, number, summary)

    def plan(self, run: int, entries: Iterable[PlannedEntry], attachments: Iterable[PlannedAttachment] = ()) -> int:
        """Write down a run's orders and what goes with them, instead of any written before, and open it.

        Says how many orders there are.
        """
        count = self._store.plan(run, entries, self._now())
        self._store.plan_attachments(run, attachments, self._now())
        self.set_status(run, RunStatus.OPEN)
        return count

    def set_status(self, run: int, status: RunStatus) -> None:
        """Say how far a run is."""
        self._store.set_status(run, status, self._now() if status.is_over else None)

    def set_summary(self, run: int, summary: RunSummary) -> None:
        """Keep what a run came to."""
        self._store.set_summary(run, summary)

    def begin_stint(self, run: int, what: str, by: By) -> Stint:
        """Note that this process begins to work on a run."""
        stint = Stint(len(self._store.stints(run)) + 1, what, self._now(), None, by, {})
        self._store.put_stint(run, stint)
        return stint

    def keep_stint(self, run: int, stint: Stint, *, is_over: bool = False) -> Stint:
        """Keep what is noted of the work, and that it has ended."""
        kept = replace(stint, ended=self._now()) if is_over else stint
        self._store.put_stint(run, kept)
        return kept

    def stints(self, run: int) -> list[Stint]:
        """The work of each process on a run, in order."""
        return self._store.stints(run)

    def read_back(self, run: int, orders: Mapping[int, Sequence[Compared]]) -> None:
        """Keep orders, by number, as they were read back."""
        at = self._now()
        differing = {
            number: any(each.verdict is Sameness.DIFFERS for each in found) for number, found in orders.items()
        }
        readings = [Reading(number, at, tuple(found), differing[number]) for number, found in orders.items()]
        self._store.put_readings(run, readings)

    def readings(self, run: int) -> Iterator[Reading]:
        """A run's orders as they were read back last."""
        return self._store.readings(run)

    def trail(self, run: int) -> Iterator[Noted]:
        """All that happened in a run, in order."""
        return self._store.trail(run)

    def prune(self, run: int) -> None:
        """Forget a run and all that belongs to it; raises RunError while a process works on it."""
        self._store.prune(run)

    def runs(self) -> list[Run]:
        """All runs, the last one first."""
        return self._store.runs()

    def run(self, run: int) -> Run:
        """A run by its number; raises RunError if there is none."""
        found = self._store.run(run)
        if found is None:
            raise RunError(f"there is no run {run} in {self.name}; `bulkpo runs` lists them")
        return found

    def entries(self, run: int, states: Iterable[State] = tuple(State), *, are_tried: bool = False) -> Iterator[Entry]:
        """A run's orders in these states, in the file's order; what changes meanwhile may be seen or not.

        With `are_tried` only those that were sent at least once.
        """
        return self._store.entries(run, states, are_tried=are_tried)

    def entry(self, run: int, key: str) -> Entry | None:
        """A run's order by its key."""
        return self.entries_of(run, [key]).get(key)

    def entries_of(self, run: int, keys: Iterable[str]) -> dict[str, Entry]:
        """A run's orders with these keys, by key; keys of no order are left out."""
        return self._store.entries_of(run, keys)

    def counts(self, run: int) -> dict[State, int]:
        """How many orders there are in each state."""
        return self._store.counts(run)

    def happenings(self, entry: Entry) -> list[Happening]:
        """All that happened to an order, in order."""
        return self._store.happenings(entry.run, entry.number)

    def details(self, run: int, event: str, numbers: Iterable[int]) -> dict[int, str]:
        """What the last such event of each of these orders noted, by number; orders without one are left out."""
        return self._store.details(run, event, numbers)

    def record(self, entry: Entry, event: Event, facts: Facts = NO_FACTS) -> tuple[Entry, Ticket]:
        """Note what happened to an order; durable once `wait` returns for the ticket, or something later is."""
        moved = entry_move(entry, event, facts, self._now())
        return moved.after, self._store.add([moved])

    def plan_actions(self, run: int, action: str, numbers: Iterable[int]) -> None:
        """Write down that an action is to be done on these orders; those written down before stay as they are."""
        self._store.plan_actions(run, action, numbers, self._now())

    def actions(self, run: int, action: str, states: Iterable[ActionState] = tuple(ActionState)) -> Iterator[Action]:
        """The actions of a run in these states, in the file's order."""
        return self._store.actions(run, action, states)

    def count_actions(self, run: int, action: str) -> dict[ActionState, int]:
        """How many actions there are in each state."""
        return self._store.count_actions(run, action)

    def record_action(self, action: Action, event: ActionEvent, message: str = "") -> tuple[Action, Ticket]:
        """Note what happened to an action."""
        moved = action_move(action, event, message, self._now())
        return moved.after, self._store.add([moved])

    def record_done(self, action: Action, happened: ActionEvent, entry: Entry, event: Event, facts: Facts) -> Action:
        """Note together that an action is done and what that makes of its order."""
        at = self._now()
        moved = action_move(action, happened, "", at)
        self._store.add([moved, entry_move(entry, event, facts, at)])
        return moved.after

    def attachments(self, run: int, states: Iterable[AttachmentState] = tuple(AttachmentState)) -> Iterator[Attachment]:
        """What is to be attached and is in these states, in the file's order."""
        return self._store.attachments(run, states)

    def count_attachments(self, run: int, owners: Iterable[State]) -> dict[AttachmentState, int]:
        """How many are in each state, of those whose order is in one of these."""
        return self._store.count_attachments(run, owners)

    def record_attachment(
        self, it: Attachment, event: AttachmentEvent, facts: Facts = NO_FACTS
    ) -> tuple[Attachment, Ticket]:
        """Note what happened to something that is to be attached."""
        moved = attachment_move(it, event, facts, self._now())
        return moved.after, self._store.add([moved])

    def wait(self, ticket: Ticket) -> None:
        """Come back when what a ticket stands for is on disk."""
        ticket.wait()

    def flush(self) -> None:
        """Come back when everything recorded so far is on disk."""
        self._store.flush()


def journal_in(folder: Path, now: _Clock, by: By = NOBODY) -> Journal:
    """The journal of a working folder; raises JournalError if it cannot be used."""
    return Journal(SqliteStore(folder), now, by)
