"""What keeps a journal: the few things a database must do for it.

Whatever keeps these promises can stand in for the SQLite file; `tests/unit/journal/test_store_contract.py` asks each
of them of every store there is.

- What was written is there for the next process, however this one ends, once its ticket, or any later one, was waited
  for. Everything but `add` waits by itself.
- Moves added together are written together or not at all, in the order in which they were added, and each only if the
  journal still holds the state it starts from; if not, the ticket raises JournalError, and so does everything after it.
- Reading sees all that was added before. Threads may share a store.
- What cannot be done is a JournalError that names the store; a library's own error never comes out.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol

from bulkpo.attachment_states import AttachmentState
from bulkpo.journal.moves import AnyMove
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
from bulkpo.states import ActionState, State


class Ticket(Protocol):
    """Moves on their way to the disk."""

    def wait(self) -> None:
        """Come back when they are on disk; raises JournalError if they cannot be."""


class Store(Protocol):
    """Keeps runs, their orders and actions, and what happened to each."""

    @property
    def name(self) -> str:
        """Where it is, in messages."""

    def close(self) -> None:
        """Write what waits, and let go."""

    def claim(self, run: int) -> AbstractContextManager[None]:
        """Hold a run for this process, until it ends at the latest; raises RunError naming the one that holds it."""

    def start(self, new: NewRun, at: str, inputs: Sequence[RunInput] = (), held: ExitStack | None = None) -> int:
        """Begin a run, which is then PLANNING, with its inputs where there are several, or not at all.

        Gives its number, which is never used again. `held` is given the claim on it, before anybody else sees it.
        """

    def inputs(self, run: int) -> list[RunInput]:
        """The inputs of a run, where it has several, by number."""

    def set_input_summary(self, run: int, number: int, summary: RunSummary) -> None:
        """Keep what came of one of several inputs."""

    def plan(self, run: int, entries: Iterable[PlannedEntry], at: str) -> int:
        """Keep a run's orders as PLANNED, instead of any kept before; says how many there are."""

    def plan_attachments(self, run: int, attachments: Iterable[PlannedAttachment], at: str) -> None:
        """Keep what is to be attached to a run's orders as WAITING; `plan` forgets what was kept before."""

    def attachments(self, run: int, states: Iterable[AttachmentState]) -> Iterator[Attachment]:
        """What is to be attached and is in these states, by order and place."""

    def count_attachments(self, run: int, owners: Iterable[State]) -> dict[AttachmentState, int]:
        """How many are in each state, for every state, of those whose order is in one of `owners`."""

    def set_status(self, run: int, status: RunStatus, ended: str | None) -> None:
        """Say how far a run is."""

    def set_summary(self, run: int, summary: RunSummary) -> None:
        """Keep what a run came to."""

    def prune(self, run: int) -> None:
        """Forget a run and all that belongs to it; raises RunError while a process holds it."""

    def runs(self) -> list[Run]:
        """All runs, the last one first."""

    def run(self, run: int) -> Run | None:
        """A run by its number."""

    def add(self, moves: Sequence[AnyMove]) -> Ticket:
        """Write moves down; they are durable when the ticket was waited for."""

    def flush(self) -> None:
        """Come back when everything added so far is on disk."""

    def entries(self, run: int, states: Iterable[State], *, are_tried: bool = False) -> Iterator[Entry]:
        """A run's orders in these states, by number; what changes meanwhile may be seen or not.

        With `are_tried` only those that were sent at least once.
        """

    def entries_of(self, run: int, keys: Iterable[str]) -> dict[str, Entry]:
        """A run's orders with these keys, by key; keys of no order are left out."""

    def counts(self, run: int) -> dict[State, int]:
        """How many orders are in each state, for every state."""

    def happenings(self, run: int, number: int) -> list[Happening]:
        """All that happened to an order and its actions, in order."""

    def details(self, run: int, event: str, numbers: Iterable[int]) -> dict[int, str]:
        """What the last such event of each of these orders noted, by number; orders without one are left out."""

    def plan_actions(self, run: int, action: str, numbers: Iterable[int], at: str) -> None:
        """Keep that an action is WAITING for these orders; those kept before stay as they are."""

    def actions(self, run: int, action: str, states: Iterable[ActionState]) -> Iterator[Action]:
        """The actions of this name in these states, by number."""

    def count_actions(self, run: int, action: str) -> dict[ActionState, int]:
        """How many actions of this name are in each state, for every state."""

    def put_stint(self, run: int, stint: Stint) -> None:
        """Keep a process's work on a run, instead of what was kept of it before."""

    def stints(self, run: int) -> list[Stint]:
        """The work on a run, by number."""

    def put_readings(self, run: int, readings: Sequence[Reading]) -> None:
        """Keep orders as they were read back, instead of how they were before."""

    def readings(self, run: int) -> Iterator[Reading]:
        """The orders of a run as they were read back last, by number."""

    def trail(self, run: int) -> Iterator[Noted]:
        """All that happened in a run, in order."""
