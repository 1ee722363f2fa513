"""The integration history: a run that is done is told in Coupa itself, where its profile asks for it.

Nothing here changes what a run came to. A record that is refused, or whose outcome is unknown, becomes a notice;
`bulkpo resume` tries again. Each is noted in the journal before it is sent, and looked up before it is sent again.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused, Unclear
from bulkpo.errors import BulkpoError, ServiceError
from bulkpo.journal.records import Action, Entry, RunStatus
from bulkpo.model.profile import Integration
from bulkpo.runs.imports.history_records import ERROR, RECORD, RESOURCES, RUN, HistoryRecords, RunFacts
from bulkpo.runs.imports.job import Job, recall, remember
from bulkpo.runs.imports.workers import Workers
from bulkpo.states import ActionEvent, ActionState, State

_END = "end of integration run"  # the last request of all: it says how the run went
_MOST_TRIES = 3
_PAUSE_SECONDS = 0.5
_OPEN = (ActionState.WAITING, ActionState.ACTING)
_NOT_DONE = (*_OPEN, ActionState.LEFT)
_FAILED = (State.REFUSED, State.DIFFERS)

_Told = tuple[Entry | None, Action]


def plan_history(job: Job) -> None:
    """Note what is to be told of a run that is about to be done."""
    integration, journal = job.client.profile.integration, job.journal
    if integration is None:
        return
    if not any(journal.count_actions(job.run, _END)[state] for state in _NOT_DONE):
        # A run that is done again, after refused orders were sent once more, is another one to Coupa, and begins where
        # the last one ended. Its number lies beyond those of the orders.
        ends = [action.changed for action in journal.actions(job.run, _END)]
        number = sum(journal.counts(job.run).values()) + len(ends) + 1
        started = max(ends, default=journal.run(job.run).started)
        remember(job, replace(recall(job), history_started=started, integration_run=None))
        journal.plan_actions(job.run, RUN, [number])
        journal.plan_actions(job.run, _END, [number])
    if integration.refused_orders:
        journal.plan_actions(job.run, ERROR, [entry.number for entry in journal.entries(job.run, _FAILED)])
    if integration.created_orders:
        journal.plan_actions(job.run, RECORD, [entry.number for entry in journal.entries(job.run, [State.CREATED])])


def write_history(job: Job, *, is_success: bool) -> tuple[str, ...]:
    """Tell Coupa what is noted and not told yet; gives notices of what could not be told. Never raises."""
    integration = job.client.profile.integration
    if integration is None or job.interrupted:
        return ()
    try:
        is_done = job.journal.run(job.run).status is RunStatus.DONE
        return _Historian(job, integration, is_success=is_success).write() if is_done else ()
    except Exception as error:  # noqa: BLE001 - no fault of the history may hide what was created
        return (f"not all is in Coupa's integration history: {error}; `bulkpo resume {job.run}` tries again",)


class _Historian:
    """Writes the history of one run."""

    def __init__(self, job: Job, integration: Integration, *, is_success: bool) -> None:
        self._job = job
        self._end = "success" if is_success else "fail"
        run, counts = job.journal.run(job.run), job.journal.counts(job.run)
        started = run.summary.history_started or run.started
        facts = RunFacts(
            run.id, job.plan.file.name, started, run.ended or started, job.plan.checked.documents, counts[State.CREATED]
        )
        self._records = HistoryRecords(integration, facts, job.options.format)
        self._coupa_run: int | None = run.summary.integration_run

    def write(self) -> tuple[str, ...]:
        """Write what is open, one kind after the other: all others belong to the integration run."""
        reason = ""
        for name in (RUN, ERROR, RECORD, _END):
            if name != RUN and self._coupa_run is None:
                break
            try:
                self._write_all(name)
            except BulkpoError as error:
                reason = str(error)
                break
        return self._notices(reason)

    def _write_all(self, name: str) -> None:
        journal, run = self._job.journal, self._job.run
        for action in journal.actions(run, name, [ActionState.LEFT]):
            journal.record_action(action, ActionEvent.RETRY)
        Workers(self._write_one, lambda: self._job.client.profile.workers, threading.Event()).run(self._open(name))
        journal.flush()

    def _open(self, name: str) -> Iterator[_Told]:
        journal, run = self._job.journal, self._job.run
        entries = journal.entries(run)
        for action in journal.actions(run, name, _OPEN):
            of_order = name in (ERROR, RECORD)
            yield next(entry for entry in entries if entry.number == action.number) if of_order else None, action

    def _write_one(self, pair: _Told) -> None:
        """Write one record until it is known what came of it, or leave it for the next time."""
        entry, action = pair
        journal = self._job.journal
        for _ in range(_MOST_TRIES):
            if action.state is ActionState.ACTING:
                action = self._look(entry, action)
            if action.state is ActionState.DONE or self._job.interrupted:
                return
            action, ticket = journal.record_action(action, ActionEvent.ACT)
            journal.wait(ticket)
            outcome = self._ask(entry, action)
            match outcome:
                case Created():
                    self._done(action, ActionEvent.ACCEPTED, outcome.id)
                    return
                case Refused():
                    journal.record_action(action, ActionEvent.REFUSAL, "; ".join(outcome.messages))
                    return
                case NotMade():
                    action, _ticket = journal.record_action(action, ActionEvent.NOT_DONE, outcome.reason)
                    if outcome.is_final:
                        raise ServiceError(outcome.reason)
                    pause = float(outcome.retry_after) if outcome.retry_after is not None else _PAUSE_SECONDS
                case Unclear():
                    pause = self._job.options.settle_seconds
                case _:
                    assert_never(outcome)
            self._job.stop.wait(pause)

    def _ask(self, entry: Entry | None, action: Action) -> Outcome:
        client = self._job.client
        if action.action == _END:
            return client.act(RESOURCES[RUN], self._coupa_run or 0, self._end)
        body, content_type = self._records.body(action.action, entry, self._coupa_run)
        return client.create(RESOURCES[action.action], body, content_type)

    def _look(self, entry: Entry | None, action: Action) -> Action:
        """Find out whether a record is there whose answer was lost; how a run went may be said twice."""
        if action.action != _END:
            conditions = self._records.conditions(action.action, entry, self._coupa_run)
            if found := self._job.client.page(RESOURCES[action.action], conditions, ["id"]):
                return self._done(action, ActionEvent.FOUND_DONE, int(str(found[0]["id"])))
        return self._job.journal.record_action(action, ActionEvent.NOT_DONE)[0]

    def _done(self, action: Action, event: ActionEvent, number: int) -> Action:
        if action.action == RUN:
            self._coupa_run = number
            remember(self._job, replace(recall(self._job), integration_run=number))
        return self._job.journal.record_action(action, event, f"id {number}")[0]

    def _notices(self, reason: str) -> tuple[str, ...]:
        """Nothing if all is told; else how much is not, and why."""
        journal, run = self._job.journal, self._job.run
        left = {name: list(journal.actions(run, name, _NOT_DONE)) for name in (RUN, ERROR, RECORD, _END)}
        counted = ", ".join(f"{name}: {len(actions):,}" for name, actions in left.items() if actions)
        if not counted:
            return ()
        said = reason or next((it.message for actions in left.values() for it in actions if it.message), "no answer")
        return (f"not all is in Coupa's integration history ({counted}): {said}; `bulkpo resume {run}` tries again",)
