"""A task done with the orders of a list, each exactly once: planned, done, read back and told.

A run that was interrupted, at whatever moment, goes on from its journal; the list itself is not needed any more.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import BulkpoError, RunError, StoppedError
from bulkpo.journal.journal import Journal
from bulkpo.journal.options import RunOptions
from bulkpo.journal.records import Action, Entry, NewRun, PlannedEntry, Run, RunStatus
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.kind import KindAction
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.runs.delivery.deliver import Deliverer, Manner
from bulkpo.runs.doing.judging import Doubts, judging
from bulkpo.runs.doing.listing import FIELDS, ListedOrder, OrderList, Task, Verdict
from bulkpo.runs.doing.outcome import DoResult, outcomes, write_outcomes
from bulkpo.runs.imports.actions import ActionKind, Deed, Deeds
from bulkpo.runs.imports.job import check_instance
from bulkpo.runs.imports.lookups import facts_of
from bulkpo.runs.imports.papers import results_of
from bulkpo.runs.own_files import OwnFiles
from bulkpo.runs.planning.same_number import Found
from bulkpo.runs.planning.worth import PO_NUMBER
from bulkpo.states import UNDER_WAY, ActionEvent, ActionState, Event, State

KIND = "do"
_TOGETHER = 50
_OPEN = (ActionState.WAITING, *UNDER_WAY)
_MOST_UNCLEAR = 5
_LONGEST_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for besides the list: of what, where the list is from, where results go, and the reason to give."""

    resource: str
    input: str
    out: str
    reason: str = ""
    comment: str = ""


@dataclass(slots=True)
class DoJob:
    """A run on its way, by the files its folder knows as its own. Setting `stop` ends it in good order.

    `settle_seconds` and `patience_seconds` are as of an import; `progress` is told how many are done of how many,
    `waits` of how many it is waited to be known, and for how long at most.
    """

    client: CoupaClient
    journal: RunJournal
    own: OwnFiles
    stop: threading.Event = field(default_factory=threading.Event)
    progress: Callable[[int, int], None] | None = None
    waits: Callable[[int, float], None] | None = None
    settle_seconds: float = 5.0
    patience_seconds: float = 120.0


def begin_task(client: CoupaClient, journal: Journal, listing: OrderList, wish: Wish, held: ExitStack) -> int:
    """Write down what is to be done with which orders, and with which nothing; says the run's number.

    `held` is given the claim on it.
    """
    profile, task = client.profile, listing.task
    run = journal.start(
        NewRun(
            kind=KIND,
            mapping=task.name,
            mapping_file="",
            mapping_digest="",
            input_file=wish.input,
            input_digest="",
            profile=profile.name,
            url=profile.url,
            resource=wish.resource,
            options=RunOptions(key=PO_NUMBER, out=wish.out, task=task.name, reason=wish.reason, comment=wish.comment),
        ),
        held=held,
    )
    mine = RunJournal(journal, run.id)
    with mine.stint("list", profile) as notes:
        notes.note(files=_list_of(run))
        mine.plan(PlannedEntry(number, order.key, 0, "") for number, order in enumerate(listing.orders, 1))
        _plan(mine, task, listing)
    return run.id


def _list_of(run: Run) -> list[dict[str, Any]]:
    """The file of a list; none where it is from a condition, or from a run."""
    path = Path(run.input_file)
    return results_of([("list", path if path.is_absolute() else None)])


def _plan(journal: RunJournal, task: Task, listing: OrderList) -> None:
    first, last = task.steps[0][0], task.steps[-1][0]
    orders = dict(enumerate(listing.orders, 1))
    for entry in journal.entries():
        if (found := orders[entry.number].found) is not None:
            journal.record(entry, Event.KEY_TAKEN, replace(facts_of(found), message=orders[entry.number].status))
    for name, _ in task.steps:
        numbers = [number for number, order in orders.items() if _step(task, order, first, last) == name]
        journal.plan_actions(name, numbers)
        for action in journal.actions(name, [ActionState.WAITING]):
            order = orders[action.number]
            if order.verdict is not Verdict.TO_DO:
                event = ActionEvent.FOUND_DONE if order.verdict is Verdict.DONE else ActionEvent.NOT_ALLOWED
                journal.record_action(action, event, order.reason)
    journal.flush()


def _step(task: Task, order: ListedOrder, first: str, last: str) -> str:
    """The action an order begins with, or under whose name it is told that nothing is done with it."""
    return last if order.verdict is Verdict.DONE else task.begins(order.status) or first


def work(job: DoJob) -> DoResult:
    """Take a run to its end, or as far as it can be taken; raises RunError if it cannot be taken up at all."""
    with job.journal.claim():
        return work_claimed(job)


def work_claimed(job: DoJob) -> DoResult:
    """Take a run that this process holds to its end, as `work` does."""
    with job.journal.stint("do", job.client.profile) as notes:
        result = _worked(job)
        notes.note(results=results_of([("result", result.result)]), trouble=str(result.trouble or ""))
        return result


def _worked(job: DoJob) -> DoResult:
    started = time.monotonic()
    journal = job.journal
    run = journal.run
    kind = kind_of(run.resource)
    task = Task.of(kind, run.options.task)
    check_instance(run, job.client.profile)
    _refuse_unplanned(journal, task)
    trouble, now = _work(job, task)
    told = outcomes(journal, task, now)
    result = write_outcomes(journal, told, job.own, kind)
    return DoResult(
        run=run.id,
        task=task.name,
        done=task.goal.done,
        outcomes=told,
        result=result,
        interrupted=job.stop.is_set() and trouble is None,
        trouble=trouble,
        requests=job.client.requests,
        seconds=time.monotonic() - started,
    )


def _work(job: DoJob, task: Task) -> tuple[BulkpoError | None, dict[int, Found]]:
    """Do all that is left, and read back what came of it; what stops it is told beside that."""
    journal = job.journal
    try:
        if journal.run.status is not RunStatus.DONE:
            for place, (name, action) in enumerate(task.steps):
                if place:
                    journal.plan_actions(name, _through(journal, task.steps[place - 1][0]))
                _Step(job, name, action).do()
            is_open = any(journal.count_actions(name)[state] for name, _ in task.steps for state in _OPEN)
            journal.set_status(RunStatus.OPEN if is_open else RunStatus.DONE)
        ids = [str(entry.coupa_id) for entry in journal.entries([State.EXISTING])]
        answers = job.client.answers_by_keys(journal.run.resource, "id", ids, FIELDS) if ids else ()
        return None, {int(it["id"]): it for _, documents in answers for it in documents}
    except StoppedError:
        return None, {}
    except BulkpoError as error:
        journal.flush()
        return error, {}


def _through(journal: RunJournal, step: str) -> list[int]:
    """The orders a step was done with; not those it was done with before."""
    return [action.number for action in journal.actions(step, [ActionState.DONE])]


def _refuse_unplanned(journal: RunJournal, task: Task) -> None:
    """Raise RunError for a run that was ended, or was killed before it was written down whole."""
    run = journal.run
    again = f"give `bulkpo do {task.name}` again: what is done already is not done twice"
    if run.status is RunStatus.ABANDONED:
        raise RunError(f"run {run.id} was abandoned; {again}")
    planned = {action.number for name, _ in task.steps for action in journal.actions(name)}
    if run.status is RunStatus.PLANNING or any(entry.number not in planned for entry in journal.entries()):
        journal.set_status(RunStatus.ABANDONED)
        raise RunError(f"run {run.id} was interrupted before anything was asked of Coupa, and is ended; {again}")


class _Step:
    """One action of a task, with all orders it is to be done with."""

    def __init__(self, job: DoJob, name: str, action: KindAction) -> None:
        run = job.journal.run
        self._job = job
        self._name = name
        self._doubts = Doubts(float(job.client.profile.settle_for))
        said = dict(zip(action.reason or (), (run.options.reason, run.options.comment), strict=False))
        what = ActionKind(
            name,
            Event.ACTED,
            judging(action, self._doubts),
            looks_first=True,
            verb=action.verb,
            said={element: text for element, text in said.items() if text} or None,
        )
        self._resource = run.resource
        self._deeds = Deeds(job.client, run.resource, job.journal, what)
        advice = f"`bulkpo resume {run.id}` goes on from here"
        self._manner = Manner(job.settle_seconds, job.patience_seconds, _MOST_UNCLEAR, advice, job.stop)

    def do(self) -> None:
        """Do it with all; what is in doubt is looked at until it is known, or `settle_for` has passed."""
        job, pause, is_last = self._job, self._job.settle_seconds, False
        while not job.stop.is_set():
            Deliverer(self._deeds, job.client.profile, self._manner).deliver_all(self._open())
            job.journal.flush()
            counts = job.journal.count_actions(self._name)
            under_way, left = sum(counts[state] for state in UNDER_WAY), self._doubts.seconds_left()
            if not under_way or (is_last and not left):
                return
            is_last = not left
            if left and job.waits is not None:
                job.waits(under_way, left)
            job.stop.wait(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _open(self) -> Iterator[Deed]:
        """What is open, those that wait looked at some at a time right before; what is not to be done is noted."""
        journal, client = self._job.journal, self._job.client
        entries = journal.entries([State.EXISTING])
        waiting = journal.actions(self._name, _OPEN)
        total = sum(journal.count_actions(self._name)[state] for state in _OPEN)
        count = 0
        while some := [(self._entry(entries, action), action) for action in islice(waiting, _TOGETHER)]:
            ids = [str(entry.coupa_id) for entry, action in some if action.state is ActionState.WAITING]
            answers = client.answers_by_keys(self._resource, "id", ids, FIELDS) if ids else ()
            found = {int(it["id"]): it for _, documents in answers for it in documents}
            for entry, action in some:
                deed = Deed(entry, action)
                if action.state is ActionState.WAITING:
                    deed = self._deeds.judge(deed, found.get(entry.coupa_id or 0))
                yield deed
                count += 1
                if self._job.progress is not None:
                    self._job.progress(count, total)

    @staticmethod
    def _entry(entries: Iterator[Entry], action: Action) -> Entry:
        return next(entry for entry in entries if entry.number == action.number)
