"""An import from its first request to its last: planned, sent, settled, added up and reported.

A run that was interrupted, at whatever moment, goes on from its journal; one that is done does nothing more.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from bulkpo.errors import BulkpoError, RunError
from bulkpo.journal.options import AfterCreate, RunOptions
from bulkpo.journal.records import NewRun, PlannedEntry, Run, RunStatus
from bulkpo.model.profile import Profile
from bulkpo.model.totals import ControlTotals
from bulkpo.payload.encode import Encoder
from bulkpo.runs.imports.actions import act_after_create
from bulkpo.runs.imports.history import plan_history, write_history
from bulkpo.runs.imports.job import ImportOptions, Job, exit_code_of, recall, remember, walk
from bulkpo.runs.imports.lookups import settle_unknown, unsent
from bulkpo.runs.imports.plan import FilePlan
from bulkpo.runs.imports.result import write_result
from bulkpo.runs.imports.send import Sender
from bulkpo.runs.imports.totals import ReadBack, control_totals
from bulkpo.states import ActionState, Event, State

_MOST_ROUNDS = 10
_OPEN = (State.PLANNED, State.SENDING, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What a run came to. `trouble` is what kept it from its end, `stopped_because` why it was ended early.

    `notices` tell what went wrong beside it, which changes nothing of what it came to.
    """

    run: int
    counts: Mapping[State, int]
    actions: Mapping[ActionState, int]
    totals: ControlTotals | None
    result: Path | None
    failed: Path | None
    interrupted: bool
    stopped_because: str
    trouble: BulkpoError | None
    requests: int = 0
    seconds: float = 0.0
    notices: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 if all that was asked for is done and agrees; else as the manual's table of exit codes says."""
        counts, actions = self.counts, self.actions
        failed = (
            any(counts[state] for state in (State.REFUSED, State.DIFFERS))
            or any(actions[state] for state in (ActionState.WAITING, ActionState.LEFT))
            or bool(self.stopped_because)
            or (self.totals is not None and not self.totals.agree)
        )
        unknown = bool(counts[State.UNKNOWN] or actions[ActionState.ACTING])
        return exit_code_of(self.trouble, interrupted=self.interrupted, unknown=unknown, failed=failed)

    def as_json(self) -> dict[str, Any]:
        """The keys that importing adds to those of checking."""
        counted = (State.CREATED, State.REFUSED, State.UNKNOWN, State.EXISTING, State.DIFFERS, State.PLANNED)
        return {
            "run": self.run,
            **{str(state): self.counts[state] for state in counted},
            "result": str(self.result) if self.result else None,
            "failed_file": str(self.failed) if self.failed else None,
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            "totals": self.totals.as_json() if self.totals else [],
            "statuses": dict(self.totals.statuses) if self.totals else {},
            "notices": list(self.notices),
        }


def begin(job: Job) -> Job:
    """Write a new run and all its orders into the journal; nothing is sent yet."""
    plan, profile, chosen = job.plan, job.client.profile, job.options
    run = job.journal.start(
        NewRun(
            kind="import",
            mapping=plan.mapping_name,
            mapping_file=str(plan.mapping_file.resolve()),
            mapping_digest=plan.mapping_digest,
            input_file=str(plan.file.resolve()),
            input_digest=plan.file_digest,
            profile=profile.name,
            url=profile.url,
            resource=plan.resource,
            options=RunOptions(chosen.format, chosen.on_existing, chosen.after_create),
        )
    )
    job = replace(job, run=run.id)
    if plan.held.findings:
        remember(job, replace(run.summary, held=plan.held))
    return job


def run_import(job: Job) -> ImportResult:
    """Take a run to its end, or as far as it can be taken; raises RunError if it cannot be taken up at all."""
    started = time.monotonic()
    before = job.client.requests
    with job.journal.claim(job.run):
        run = job.journal.run(job.run)
        _check_same(run, job.plan, job.client.profile)
        if run.summary.held is not None:
            job.plan.hold(run.summary.held)
        job = replace(job, options=_with_options_of(run, job.options))
        trouble, totals = _guarded(job, run)
        report = write_result(job, totals)
        trouble = trouble or report.trouble
        result = ImportResult(
            run=job.run,
            counts=job.journal.counts(job.run),
            actions=job.journal.count_actions(job.run, job.options.after_create),
            totals=totals,
            result=report.result,
            failed=report.failed,
            interrupted=job.interrupted and trouble is None,
            stopped_because=job.stopped_because,
            trouble=trouble,
        )
        notices = write_history(job, is_success=result.exit_code == 0 and not job.plan.checked.failed)
    requests, seconds = job.client.requests - before, time.monotonic() - started
    return replace(result, requests=requests, seconds=seconds, notices=notices)


def _guarded(job: Job, run: Run) -> tuple[BulkpoError | None, ControlTotals | None]:
    """Work on a run; what stops it is told beside the totals, so that a report is written all the same."""
    if run.status is RunStatus.DONE and not (job.options.retry_refused and job.journal.counts(run.id)[State.REFUSED]):
        return None, run.summary.totals
    try:
        if run.status is RunStatus.PLANNING:
            job.journal.plan(job.run, _planned(job))
        elif run.status is RunStatus.DONE:
            job.journal.set_status(job.run, RunStatus.OPEN)  # until the refused orders are sent again
        _take_up(job)
        read_back = ReadBack(job)
        try:
            _send_and_settle(job, read_back)
            act_after_create(job)
        finally:
            read_back.finish()
        if job.interrupted:
            return None, None
        totals = control_totals(job, read_back)
    except BulkpoError as error:
        return error, None
    remember(job, replace(recall(job), totals=totals))
    if _is_open(job):
        job.journal.set_status(job.run, RunStatus.OPEN)
    else:
        plan_history(job)
        job.journal.set_status(job.run, RunStatus.DONE)
    return None, totals


def _is_open(job: Job) -> bool:
    counts, actions = job.journal.counts(job.run), job.journal.count_actions(job.run, job.options.after_create)
    waiting = actions[ActionState.WAITING] or actions[ActionState.ACTING]
    return bool(waiting) or any(counts[state] for state in _OPEN)


def _planned(job: Job) -> Iterator[PlannedEntry]:
    encoder = Encoder(job.plan.layout, job.options.format)
    for number, document in job.plan.numbered():
        yield PlannedEntry(number, document.key, document.row, encoder.digest(document))


def _take_up(job: Job) -> None:
    """Take over from a process that ended: what it was sending may or may not be in Coupa."""
    for entry in job.journal.entries(job.run, [State.SENDING]):
        job.journal.record(entry, Event.FOUND_SENDING)
    if job.options.retry_refused:
        for entry in job.journal.entries(job.run, [State.REFUSED]):
            job.journal.record(entry, Event.RETRY)
    job.journal.flush()


def _send_and_settle(job: Job, read_back: ReadBack) -> None:
    """Send what is planned, settle what is unknown, and send again what proves not to be there."""
    _settle(job)
    for number in range(_MOST_ROUNDS):
        if job.stop.is_set() or not _send(job, read_back, again=number > 0):
            return
        _settle(job)
    job.end(f"some orders could not be sent in {_MOST_ROUNDS} tries; `bulkpo resume` tries again")


def _settle(job: Job) -> None:
    """Give orders whose outcome is unknown a little time to appear, then look them up."""
    if job.journal.counts(job.run)[State.UNKNOWN] and not job.interrupted:
        time.sleep(job.options.settle_seconds)
        settle_unknown(job)


def _send(job: Job, read_back: ReadBack, *, again: bool) -> bool:
    """Send what is planned; False if there is nothing. `again` sends only what was tried before."""
    # What an action changes after an order was created is read back after it.
    created = read_back.created if job.options.after_create is AfterCreate.NONE else None
    sender = Sender(job, job.journal.counts(job.run)[State.PLANNED], created)
    if again:
        return sender.send_all((entry, document) for entry, document in walk(job, [State.PLANNED]) if entry.attempts)
    pairs = islice(unsent(job), job.options.limit)
    tried = sender.send_one_by_one(islice(pairs, job.options.canary))
    return sender.send_all(pairs) or tried


def _with_options_of(run: Run, session: ImportOptions) -> ImportOptions:
    """The options of a session, with those that belong to the run as it was begun."""
    kept = run.options
    return replace(session, format=kept.format, on_existing=kept.on_existing, after_create=kept.after_create)


def _check_same(run: Run, plan: FilePlan, profile: Profile) -> None:
    """Raise RunError if the run was planned from another file, another mapping or for another instance."""
    advice = f"put it back as it was to go on with run {run.id}, or import it as a new run"
    if run.input_digest != plan.file_digest:
        raise RunError(f"{plan.file}: changed since run {run.id} was planned from it on {run.started}; {advice}")
    if run.mapping_digest != plan.mapping_digest:
        raise RunError(
            f"{plan.mapping_file}: the mapping, or a crosswalk it names, changed since run {run.id} was planned with "
            f"it on {run.started}; {advice}"
        )
    check_instance(run, profile)


def check_instance(run: Run, profile: Profile) -> None:
    """Raise RunError if a run belongs to another instance. The sandbox's address changes, its data stay."""
    same = run.profile == profile.name if profile.is_sandbox else run.url == profile.url
    if not same:
        raise RunError(
            f"run {run.id} was planned for {run.profile} ({run.url}) and cannot go on in {profile}; "
            f"name {run.profile} to go on with it"
        )
