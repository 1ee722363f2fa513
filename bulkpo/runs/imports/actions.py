"""Actions on orders that a run created: issuing them, cancelling them.

An action is ACTING on disk before its request leaves. Where the answer does not say what happened, the order itself
does: it is fetched and looked at before anything is repeated.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import assert_never

from bulkpo.coupa.outcomes import Created, NotMade, Refused, Unclear
from bulkpo.errors import ServiceError
from bulkpo.journal.options import AfterCreate
from bulkpo.journal.records import Action, Entry, Run
from bulkpo.runs.imports.job import Desk, Job
from bulkpo.runs.imports.lookups import Found, facts_of
from bulkpo.runs.imports.workers import Workers
from bulkpo.states import ActionEvent, ActionState, Event, State

_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 15.0
_MOST_UNCLEAR = 5
_OPEN = (ActionState.WAITING, ActionState.ACTING)

Looked = tuple[ActionEvent, str]
"""What looking at an order says of an action: FOUND_DONE, CHANGED, IN_DOUBT or NOT_DONE, and why."""


@dataclass(frozen=True, slots=True)
class ActionKind:
    """What an action is: its name in Coupa, what it does to the order here, and how an order is judged.

    `judge` is asked after a lost answer, and before the action too if `looks_first`.
    """

    name: str
    event: Event
    judge: Callable[[Entry, Action, Found | None], Looked]
    looks_first: bool


class Actor:
    """Does one kind of action on a run's orders, with a number of threads."""

    def __init__(self, desk: Desk, run: Run, kind: ActionKind) -> None:
        self._desk = desk
        self._run = run
        self._kind = kind
        self._workers = Workers(self._do, lambda: desk.client.profile.workers, desk.stop)

    def do_all(self) -> None:
        """Do what is waiting, and settle what was under way when a process ended. Raises what stopped a thread."""
        self._workers.run(self._open())
        self._desk.journal.flush()

    def _open(self) -> Iterator[tuple[Entry, Action]]:
        journal, run = self._desk.journal, self._run.id
        entries = journal.entries(run, [State.CREATED, State.UNDONE])
        for action in journal.actions(run, self._kind.name, _OPEN):
            entry = next(entry for entry in entries if entry.number == action.number)
            if entry.state is State.CREATED:
                yield entry, action

    def _do(self, pair: tuple[Entry, Action]) -> None:
        """Do one action until it is known what came of it, or leave it for the next time."""
        entry, action = pair
        started, wait, unclear = time.monotonic(), _FIRST_WAIT_SECONDS, 0
        while True:
            action = self._look(entry, action)
            if action.state is not ActionState.WAITING:
                return
            action, ticket = self._desk.journal.record_action(action, ActionEvent.ACT)
            self._desk.journal.wait(ticket)
            outcome = self._desk.client.act(self._run.resource, entry.coupa_id or 0, self._kind.name)
            match outcome:
                case Created():
                    self._done(entry, action, ActionEvent.ACCEPTED, {**outcome.document, "id": outcome.id})
                    return
                case Refused():
                    self._desk.journal.record_action(action, ActionEvent.REFUSAL, "; ".join(outcome.messages))
                    return
                case NotMade():
                    action, _ = self._desk.journal.record_action(action, ActionEvent.NOT_DONE, outcome.reason)
                    if outcome.is_final:
                        raise ServiceError(outcome.reason)
                    if time.monotonic() - started > self._desk.patience_seconds:
                        raise ServiceError(
                            f"{self._desk.client.profile} takes nothing: {outcome.reason}; try again later"
                        )
                    pause = float(outcome.retry_after) if outcome.retry_after is not None else wait
                    wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
                case Unclear():
                    unclear += 1
                    pause = self._desk.settle_seconds
                case _:
                    assert_never(outcome)
            if self._desk.stop.wait(pause) or unclear == _MOST_UNCLEAR:
                return

    def _look(self, entry: Entry, action: Action) -> Action:
        """Look at the order if there is need to; the action is WAITING after that if it is to be done."""
        if action.state is ActionState.WAITING and not self._kind.looks_first:
            return action
        found = self._desk.client.show(self._run.resource, entry.coupa_id or 0)
        event, message = self._kind.judge(entry, action, found)
        if event is ActionEvent.FOUND_DONE and found is not None:
            return self._done(entry, action, event, found)
        if event is ActionEvent.NOT_DONE and action.state is ActionState.WAITING:
            return action
        return self._desk.journal.record_action(action, event, message)[0]

    def _done(self, entry: Entry, action: Action, event: ActionEvent, found: Found) -> Action:
        return self._desk.journal.record_done(action, event, entry, self._kind.event, facts_of(found))


def changed_since(entry: Entry, found: Found) -> str:
    """Why an order is not, or may not be, as this run left it; empty if it is."""
    known = {"version": entry.version, "updated-at": entry.updated_at}
    now = {name: None if found.get(name) is None else str(found[name]) for name in known}
    if known == now and any(known.values()):
        return ""
    said = [f"{name} was {known[name]} and is {now[name]}" for name in known if known[name] != now[name]]
    return "changed since: " + ("; ".join(said) or "neither its version nor the time of its last change is known")


_ISSUED = "issued"


def act_after_create(job: Job) -> None:
    """Do the run's action on every order it created; one done is not done again."""
    action = job.options.after_create
    if action is AfterCreate.NONE or job.stop.is_set():
        return
    created = [entry.number for entry in job.journal.entries(job.run, [State.CREATED])]
    job.journal.plan_actions(job.run, action, created)
    Actor(job.desk(), job.journal.run(job.run), ActionKind(action, Event.ACTED, _judge, looks_first=False)).do_all()


def _judge(entry: Entry, action: Action, found: Found | None) -> Looked:
    """What an order says after a lost answer. Issuing sends it to the supplier, and nobody wants that twice."""
    if found is None:
        return ActionEvent.CHANGED, "it is no longer in Coupa"
    if changed_since(entry, found):
        return ActionEvent.FOUND_DONE, ""
    if found.get("status") == _ISSUED and action.action == AfterCreate.ISSUE:
        return ActionEvent.IN_DOUBT, "whether it was sent to the supplier cannot be told; look at it in Coupa"
    return ActionEvent.NOT_DONE, ""
