"""An import from its first request to its last: planned, sent, settled, added up and reported.

A run that was interrupted, at whatever moment, goes on from its journal; one that is done does nothing more.
"""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bulkpo.attachment_states import ATTACHING, AttachmentState
from bulkpo.errors import BulkpoError, RunError
from bulkpo.journal.options import RunOptions
from bulkpo.journal.records import NewRun, Run, RunInput, RunStatus
from bulkpo.journal.run import RunJournal, StintNotes
from bulkpo.model.held import Held
from bulkpo.model.profile import Profile
from bulkpo.model.signoff import SignOff
from bulkpo.model.totals import ControlTotals
from bulkpo.runs.imports.fates import FAILED
from bulkpo.runs.imports.job import ImportOptions, Job, check_instance, exit_code_of
from bulkpo.runs.imports.line import ImportLine
from bulkpo.runs.imports.papers import notes_of, results_of
from bulkpo.runs.imports.result import ResultFiles, write_results
from bulkpo.runs.planning.batch import Plan
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.states import UNDER_WAY, ActionState, State


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What a run came to. `trouble` is what kept it from its end, `stopped_because` why it was ended early.

    `files` are the results of each file, in order. `is_over` is false where `resume` can go on, and `is_limited` true
    where only `--all` does. `notices` tell what went wrong beside it, which changes nothing of what it came to.
    `sign_off` is what became of the whole file, `attachments` how many are in each state.
    """

    run: int
    counts: Mapping[State, int]
    actions: Mapping[ActionState, int]
    totals: ControlTotals | None
    files: tuple[ResultFiles, ...]
    interrupted: bool
    stopped_because: str
    trouble: BulkpoError | None
    requests: int = 0
    seconds: float = 0.0
    notices: tuple[str, ...] = ()
    is_over: bool = True
    is_limited: bool = False
    sign_off: SignOff | None = None
    attachments: Mapping[AttachmentState, int] = field(default_factory=dict)

    @property
    def result(self) -> Path | None:
        """The result, where there is one; of several files each has its own."""
        return self.files[0].result if len(self.files) == 1 else None

    @property
    def failed(self) -> Path | None:
        """The failed orders, as the result."""
        return self.files[0].failed if len(self.files) == 1 else None

    @property
    def exit_code(self) -> int:
        """0 if all that was asked for is done and agrees; else as the manual's table of exit codes says."""
        counts, actions = self.counts, self.actions
        failed = (
            any(counts[state] for state in FAILED)
            or any(actions[state] for state in (ActionState.WAITING, ActionState.LEFT))
            or bool(self.stopped_because)
            or (self.totals is not None and not self.totals.agree)
            or (self.sign_off is not None and self.sign_off.differing > 0)
            or any(self.attachments.get(it) for it in (AttachmentState.WAITING, AttachmentState.LEFT))
        )
        unknown = bool(counts[State.UNKNOWN] or any(actions[state] for state in UNDER_WAY))
        unknown = unknown or any(self.attachments.get(state) for state in ATTACHING)
        return exit_code_of(self.trouble, interrupted=self.interrupted, unknown=unknown, failed=failed)

    def as_json(self) -> dict[str, Any]:
        """The keys that importing adds to those of checking."""
        made = (State.CREATED, State.REFUSED, State.UNKNOWN, State.EXISTING, State.DIFFERS, State.PLANNED)
        counted = (*made, State.CHANGED, State.UNCHANGED, State.CONFLICT)
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
            "sign_off": self.sign_off.as_json() if self.sign_off else None,
            "attachments": {str(state): self.attachments.get(state, 0) for state in AttachmentState},
        }


def begin(job: Job, held: ExitStack | None = None) -> Job:
    """Write a new run into the journal; its orders are written down when it is run, and nothing is sent yet.

    `held` is given the claim on it: then it is taken on by `run_claimed`.
    """
    plan, profile, options = job.plan, job.client.profile, job.options
    new = NewRun(
        kind="import",
        mapping=plan.mapping_name,
        mapping_file=str(plan.mapping_file.resolve()),
        mapping_digest=plan.mapping_digest,
        input_file=os.path.realpath(plan.file),
        input_digest=plan.file_digest,
        profile=profile.name,
        url=profile.url,
        resource=plan.resource,
        options=RunOptions(
            options.format,
            options.on_existing,
            options.after_create,
            plan.key_element,
            None if options.out is None else os.path.realpath(options.out),
            options.limit,
            options.canary,
            options.max_failures,
            on_conflict=options.on_conflict,
            edited=options.edited,
            tables=options.tables,
            expect=options.expect,
        ),
    )
    run = job.journal.start(new, () if isinstance(plan, FilePlan) else plan.inputs(), held)
    if isinstance(plan, FilePlan) and plan.held != Held():
        RunJournal(job.journal, run.id).remember(held=plan.held)
    if shelves := plan.mapping.shelves:
        unfit = {name: {it: tuple(found) for it, found in shelf.unfit.items()} for name, shelf in shelves.items()}
        RunJournal(job.journal, run.id).remember(unfit_files=unfit)
    return replace(job, run=run.id)


def run_import(job: Job) -> ImportResult:
    """Take a run to its end, or as far as it can be taken; raises RunError if it cannot be taken up at all."""
    with RunJournal(job.journal, job.run).claim():
        return run_claimed(job)


def run_claimed(job: Job) -> ImportResult:
    """Take a run that this process holds to its end, as `run_import` does."""
    with RunJournal(job.journal, job.run).stint("import", job.client.profile) as notes:
        result = _worked(job, notes)
        written = (each for some in result.files for each in (("result", some.result), ("failed orders", some.failed)))
        trouble = str(result.trouble or result.stopped_because)
        notes.note(results=results_of(written), notices=result.notices, trouble=trouble)
        return result


def _worked(job: Job, notes: StintNotes) -> ImportResult:
    started, before = time.monotonic(), job.client.requests
    journal = RunJournal(job.journal, job.run)
    run = journal.run
    _check_same(run, journal.inputs(), job.plan, job.client.profile)
    held_again(run, journal.inputs(), job.plan)
    notes.note(**notes_of(job.plan, job.papers))
    options = _with_options_of(run, job.options)
    job.plan.out = options.out
    line = ImportLine(replace(job, options=options), journal)
    trouble, totals = line.work()
    files = write_results(job.plan, journal, totals)
    trouble = trouble or next(filter(None, (each.trouble for each in files)), None)
    result = ImportResult(
        run=run.id,
        counts=journal.counts(),
        actions=journal.count_actions(run.options.after_create),
        totals=totals,
        files=files,
        interrupted=line.halt.is_interruption and trouble is None,
        stopped_because=line.halt.reason,
        trouble=trouble,
        is_over=journal.run.status.is_over,
        sign_off=line.sign_off,
        attachments=journal.count_attachments(),
    )
    left_out = _left_out(line, result)
    notices = left_out + line.doubts + line.tell(is_success=result.exit_code == 0 and not job.plan.checked.failed)
    requests, seconds = job.client.requests - before, time.monotonic() - started
    return replace(result, requests=requests, seconds=seconds, notices=notices, is_limited=bool(left_out))


def held_again(run: Run, inputs: Sequence[RunInput], plan: Plan) -> Plan:
    """Hold back what was held back when the run was planned; gives the plan."""
    if not isinstance(plan, FilePlan):
        plan.hold_each([each.summary.held or Held() for each in inputs])
    elif (held := run.summary.held) is not None:
        plan.hold(held)
    return plan


def _left_out(line: ImportLine, result: ImportResult) -> tuple[str, ...]:
    """What the run's limit left out; nothing where something else ended the import."""
    left, limit = result.counts[State.PLANNED], line.limit
    if limit is None or not left or result.trouble or result.interrupted or result.stopped_because:
        return ()
    return (f"--limit {limit:,} left {left:,} out; `bulkpo resume {result.run} --all` sends them",)


def _with_options_of(run: Run, session: ImportOptions) -> ImportOptions:
    """The options of a session, with those that belong to the run as it was begun."""
    kept = run.options
    out = None if kept.out is None else Path(kept.out)
    brakes: dict[str, Any] = {"limit": kept.limit, "canary": kept.canary, "max_failures": kept.max_failures}
    if session.send_all:
        brakes = {"limit": None, "canary": 0, "max_failures": None}
    kinds: dict[str, Any] = {"format": kept.format, "on_existing": kept.on_existing, "after_create": kept.after_create}
    kinds["on_conflict"] = kept.on_conflict
    return replace(session, out=out, **kinds, **brakes)


def _check_same(run: Run, inputs: Sequence[RunInput], plan: Plan, profile: Profile) -> None:
    """Raise RunError if the run was planned from another file, another mapping or for another instance."""
    if run.status is RunStatus.ABANDONED:
        raise RunError(f"run {run.id} was abandoned; import its file anew: what is in Coupa already is not sent again")
    advice = (
        f"put it back as it was to go on with run {run.id}, or end that by `bulkpo runs --abandon {run.id}` and import "
        "it as a new run"
    )
    if run.input_digest != plan.file_digest:
        known = {each.digest for each in inputs}
        changed = next((path for path, digest in plan.digests() if digest not in known), plan.file)
        raise RunError(f"{changed}: changed since run {run.id} was planned from it on {run.started}; {advice}")
    if run.mapping_digest != plan.mapping_digest:
        raise RunError(
            f"{plan.mapping_file}: the mapping, a base or a crosswalk it names, changed since run {run.id} was "
            f"planned with it on {run.started}; {advice}"
        )
    check_instance(run, profile)
