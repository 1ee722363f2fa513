"""Undo: cancel what a run created and put back what it changed, as far as nobody has changed it since.

What is left is told with the reason.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bulkpo.attachment_states import AttachmentState
from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import BulkpoError, OutputError, StoppedError
from bulkpo.journal.records import Action, Entry
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.runs.delivery.deliver import Deliverer, Manner
from bulkpo.runs.imports.actions import MOST_UNCLEAR, ActionKind, Deeds, Looked, changed_since
from bulkpo.runs.imports.job import check_instance, exit_code_of
from bulkpo.runs.imports.papers import results_of
from bulkpo.runs.imports.restore import RESTORE, Restores
from bulkpo.runs.imports.undo_file import CANCEL, write_undone
from bulkpo.runs.own_files import OwnFiles
from bulkpo.runs.planning.same_number import Found, is_same_number
from bulkpo.states import UNDER_WAY, ActionEvent, ActionState, Event, State

_ACTIONS = (CANCEL, RESTORE)
_CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class LeftOrder:
    """An order that was not cancelled, and why."""

    key: str
    coupa_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What undoing a run came to; `undone`: orders now cancelled or as they were; `waiting`: not yet.

    `earlier` of the undone ones were undone before, by the same command. `file` has each order and what became of it;
    None where it could not be written. `attachments` are those that this run had attached, and that stay.
    """

    run: int
    undone: int
    waiting: int
    left: tuple[LeftOrder, ...]
    requests: int
    seconds: float
    interrupted: bool
    trouble: BulkpoError | None
    file: Path | None = None
    earlier: int = 0
    attachments: int = 0

    @property
    def exit_code(self) -> int:
        """0 if nothing this run created is left in force."""
        return exit_code_of(
            self.trouble, interrupted=self.interrupted, unknown=self.waiting > 0, failed=bool(self.left)
        )

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "run": self.run,
            "undone": self.undone,
            "undone_before": self.earlier,
            "waiting": self.waiting,
            "left": [{"key": it.key, "id": it.coupa_id, "reason": it.reason} for it in self.left],
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            "file": None if self.file is None else str(self.file),
            "attachments_left": self.attachments,
        }


@dataclass(frozen=True, slots=True)
class UndoOptions:
    """How patiently a run is undone: see the options of an import. `own` knows the files that may be replaced."""

    settle_seconds: float = 5.0
    patience_seconds: float = 120.0
    own: OwnFiles | None = None


def undo(
    client: CoupaClient, journal: RunJournal, stop: threading.Event, options: UndoOptions = UndoOptions()
) -> UndoResult:
    """Cancel what a run created and put back what it changed.

    Raises RunError for a run of another instance, or one being worked on.

    Done again, it goes on where it was interrupted, and looks once more at what was left. `stop` ends it in good order.
    """
    started, before = time.monotonic(), client.requests
    with journal.claim(), journal.stint("undo", client.profile) as notes:
        run = journal.run
        check_instance(run, client.profile)
        advice = f"`bulkpo undo {run.id}` goes on from here"
        manner = Manner(options.settle_seconds, options.patience_seconds, MOST_UNCLEAR, advice, stop)
        earlier = journal.counts()[State.UNDONE]
        trouble, file = _take_back(client, journal, manner), None
        try:
            if options.own is not None:
                file = write_undone(journal, options.own, kind_of(run.resource))
        except OutputError as error:
            trouble = trouble or error
        notes.note(results=results_of([("what was undone", file)]), trouble=str(trouble or ""))
        counts = [journal.count_actions(name) for name in _ACTIONS]
        return UndoResult(
            run=run.id,
            undone=journal.counts()[State.UNDONE],
            waiting=sum(each[state] for each in counts for state in (ActionState.WAITING, *UNDER_WAY)),
            left=tuple(it for name in _ACTIONS for it in _left(journal, name)),
            requests=client.requests - before,
            seconds=time.monotonic() - started,
            interrupted=stop.is_set() and trouble is None,
            trouble=trouble,
            file=file,
            earlier=earlier,
            attachments=sum(1 for _ in journal.attachments([AttachmentState.ATTACHED])),
        )


def _take_back(client: CoupaClient, journal: RunJournal, manner: Manner) -> BulkpoError | None:
    """Cancel and put back what can be; gives what kept it from its end."""
    deeds, restores = _errands(client, journal)
    trouble = None
    try:
        Deliverer(deeds, client.profile, manner).deliver_all(deeds.open())
        Deliverer(restores, client.profile, manner).deliver_all(restores.open())
    except StoppedError:
        pass
    except BulkpoError as error:
        trouble = error
    journal.flush()
    return trouble


def _errands(client: CoupaClient, journal: RunJournal) -> tuple[Deeds, Restores]:
    """What was created is to be cancelled, and what was changed put back; what was left before is tried once more."""
    run = journal.run
    for name, state in ((CANCEL, State.CREATED), (RESTORE, State.CHANGED)):
        journal.plan_actions(name, [entry.number for entry in journal.entries([state])])
        for action in journal.actions(name, [ActionState.LEFT]):
            journal.record_action(action, ActionEvent.RETRY)
    judge = partial(_judge, run.options.key)
    deeds = Deeds(client, run.resource, journal, ActionKind(CANCEL, Event.CANCELLED, judge, looks_first=True))
    return deeds, Restores(client, run.resource, journal, run.options.format)


def _judge(key: str, entry: Entry, action: Action, found: Found | None) -> Looked:
    """What is under an order's id: ours to cancel, or changed, or somebody else's by its number."""
    if found is None:
        return ActionEvent.CHANGED, "it is no longer in Coupa"
    if key and found.get(key) is not None and not is_same_number(found[key], entry.key):
        return ActionEvent.CHANGED, f"under this id Coupa has {key} {found[key]}, which this run did not create"
    if found.get("status") == _CANCELLED:
        if action.state in UNDER_WAY:
            return ActionEvent.FOUND_DONE, ""
        return ActionEvent.CHANGED, "somebody has cancelled it already"
    changed = changed_since(entry, found)
    return (ActionEvent.CHANGED, changed) if changed else (ActionEvent.NOT_DONE, "")


def _left(journal: RunJournal, name: str) -> Iterator[LeftOrder]:
    entries = journal.entries()
    for action in journal.actions(name, [ActionState.LEFT]):
        entry = next(entry for entry in entries if entry.number == action.number)
        yield LeftOrder(entry.key, entry.coupa_id, action.message)
