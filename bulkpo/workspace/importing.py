"""Bring orders into an instance, resume a run, settle by hand."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulkpo.errors import UsageError
from bulkpo.model.matching import Mode
from bulkpo.model.profile import Format
from bulkpo.schema.scopes import WRITE, scope_of
from bulkpo.workspace.changing import hold_against
from bulkpo.workspace.checking import look_up, reading_scopes
from bulkpo.workspace.doing import go_on
from bulkpo.workspace.inputs import checked_of, open_given, open_kept, plan_of, refuse_unexpected
from bulkpo.workspace.opening import HERE, Scopes, Workspace
from bulkpo.workspace.requests import ImportRequest, ResumeRequest, SettleRequest, Share
from bulkpo.workspace.results import CheckedFile, CheckedInput, DryRunOutcome, ImportOutcome
from bulkpo.workspace.session import Act, Intent, Session, Work

if TYPE_CHECKING:
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.journal.journal import Journal
    from bulkpo.journal.records import Run
    from bulkpo.mapping.language.spec import ImportMapping
    from bulkpo.model.profile import Profile
    from bulkpo.runs.doing.outcome import DoResult
    from bulkpo.runs.imports.decide import Settled
    from bulkpo.runs.imports.job import ImportOptions, Job
    from bulkpo.runs.imports.run import ImportResult
    from bulkpo.runs.planning.batch import Plan
    from bulkpo.runs.planning.changes import Changes
    from bulkpo.runs.planning.plan import FilePlan
    from bulkpo.runs.planning.preflight import Preflight


def import_orders(request: ImportRequest, session: Session | None = None, workspace: Workspace = HERE) -> ImportOutcome:
    """Check a file and create its clean orders, each exactly once; raises UsageError if that is not meant.

    What was sent and what came of it is in the journal: whatever ends the run, `resume` goes on with it.
    """
    return import_approved(request, session or Session(), workspace, Grounds())


Base = Callable[["Changes"], None]
"""Says what changes are based on, where that is not what is there now."""

Approve = Callable[["FilePlan", "Changes | None", "CoupaClient"], dict[str, str]]
"""Whether what would happen is what was approved; gives who approved it. Raises RunError where it is not."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an import stands on beside its request: an approval, and what its changes are based on.

    `beside` are files it stands on besides its inputs, each with what it is: they are noted with the run.
    """

    approve: Approve | None = None
    beside: tuple[tuple[str, Path], ...] = ()
    base: Base | None = None


def import_approved(request: ImportRequest, session: Session, workspace: Workspace, grounds: Grounds) -> ImportOutcome:
    """Import as `import_orders` does, where it is what was approved."""
    from bulkpo.journal.run import RunJournal
    from bulkpo.runs.imports.job import Job
    from bulkpo.runs.imports.papers import Papers
    from bulkpo.runs.imports.run import begin, run_claimed
    from bulkpo.runs.planning.batch import of_one_file

    plan = _plan(request, session, workspace)
    with (
        workspace.claimed(_places(plan, request.out)),
        workspace.client(request.to, _sending_scopes(plan, request), session.stop) as client,
    ):
        looked_up = _prepare(request, plan, client, session)
        options = _options(request, plan, client.profile)
        _refuse_again(request, plan, client.profile, workspace)
        changes = hold_against(plan, client, session, grounds.base)
        approve = grounds.approve
        approval = approve(of_one_file(plan), changes, client) if approve is not None else {}
        session.ask(_intent(request, plan, client.profile, changes))
        papers = Papers(grounds.beside, looked_up is not None, looked_up.unchecked if looked_up is not None else {})
        with workspace.journal(session.command) as journal, ExitStack() as held:
            job = Job(plan, client, journal, run=0, options=options, stop=session.stop, changes=changes, papers=papers)
            job = begin(job, held)
            if approval:
                RunJournal(journal, job.run).remember(**approval)
            return _run(job, session, run_claimed)


def write_plan(request: ImportRequest, write: Approve, session: Session, workspace: Workspace) -> CheckedFile:
    """Work out what an import would do, and hand it to what writes it down; nothing is sent."""
    from bulkpo.runs.planning.batch import of_one_file

    plan = of_one_file(_plan(request, session, workspace))
    with workspace.client(request.to, reading_scopes(plan)) as client:
        _prepare(request, plan, client, session)
        write(plan, hold_against(plan, client, session), client)
    return CheckedFile(plan.mapped, plan.checked)


def dry_run(request: ImportRequest, session: Session | None = None, workspace: Workspace = HERE) -> DryRunOutcome:
    """Say what an import would come to; write nothing, neither to the instance nor beside the file."""
    from bulkpo.journal.options import OnExisting
    from bulkpo.runs.imports.reasons import reasons_held
    from bulkpo.runs.planning import dry_run as rehearsal

    session = session or Session()
    plan = _plan(request, session, workspace)
    with workspace.client(request.to, reading_scopes(plan)) as client:
        _prepare(request, plan, client, session)
        changes = hold_against(plan, client, session)
        if changes is not None:
            result = rehearsal.of_changes(changes, request.limit)
        else:
            result = rehearsal.dry_run(plan, client, OnExisting(request.on_existing), request.limit)
        file, why = checked_of(plan), reasons_held(plan.held.findings)
        return DryRunOutcome(file, plan.held, result, client.profile, why)


def resume(
    request: ResumeRequest, session: Session | None = None, workspace: Workspace = HERE
) -> "ImportOutcome | DoResult | None":
    """Go on with a run; None if every run is done.

    Raises RunError if file or mapping are not those the run was planned from.
    """
    from bulkpo.journal.damage import refuse_lost
    from bulkpo.runs.imports.job import ImportOptions, Job
    from bulkpo.runs.imports.run import run_import

    session = session or Session()
    with workspace.journal() as journal:
        known = journal.run(request.run) if request.run is not None else _last_open(journal)
        if known is None:
            refuse_lost(workspace.data, (run.id for run in journal.runs()))
            return None
        inputs = journal.inputs(known.id)
    if known.options.task:
        return go_on(known, session, workspace)
    file = open_kept(known, inputs, workspace.profile(known.profile).time_zone, session)
    noun, plan = file.kind.noun, plan_of(file)
    refuse_unexpected([plan.file], file)
    with (
        workspace.claimed(_places(plan, known.options.out)),
        workspace.client(known.profile, scopes_of(known), session.stop) as client,
        workspace.journal(session.command) as journal,
    ):
        goes_on = session.ask if not known.status.is_over or request.retry_refused else session.watch.begins
        goes_on(Intent(Act.RESUME, client.profile, file.checked.ok, noun, plan.file, known.id))
        options = ImportOptions(retry_refused=request.retry_refused, send_all=request.send_all)
        job = Job(plan, client, journal, run=known.id, options=options, stop=session.stop)
        return _run(job, session, run_import)


def settle(request: SettleRequest, workspace: Workspace = HERE) -> "Settled":
    """Note what a person found out of an order whose outcome is unknown. Raises RunError where it is known.

    An id is looked up first: what is there must have the order's number.
    """
    from bulkpo.journal.run import RunJournal
    from bulkpo.runs.imports.decide import decide_created, decide_not_made, perhaps_made

    with workspace.journal() as journal:
        known = RunJournal(journal, request.run)
        if request.created is None:
            return decide_not_made(known, request.key)
        perhaps_made(known, request.key)
        run = known.run
        with workspace.client(run.profile, Scopes((scope_of(run.resource),))) as client:
            return decide_created(client, known, request.key, request.created)


def _intent(request: ImportRequest, plan: "Plan", profile: "Profile", changes: "Changes | None") -> Intent:
    """What is about to be done, in how many documents."""
    documents = plan.checked.ok if changes is None else changes.new + changes.changed
    documents = min(documents, request.limit or documents)
    act, remark = (Act.CREATE, plan.kind.remark) if changes is None else (Act.CHANGE, "")
    return Intent(act, profile, documents, plan.kind.noun, plan.file, remark=remark)


def _sending_scopes(plan: "Plan", request: ImportRequest) -> Scopes:
    """The scopes that sending needs, and those of the look-ups before it."""
    return Scopes(
        (scope_of(plan.resource), scope_of(plan.resource, WRITE)),
        reading_scopes(plan).wished if request.preflight else (),
    )


def scopes_of(run: "Run") -> Scopes:
    """The scopes that working on a run's documents needs."""
    return Scopes((scope_of(run.resource), scope_of(run.resource, WRITE)))


def _plan(request: ImportRequest, session: Session, workspace: Workspace) -> "Plan":
    profile = workspace.profile(request.to)
    file = open_given(request, profile.time_zone, session, workspace)
    plan = plan_of(file)
    _refuse_loud(plan.mapping, profile)
    _refuse_errors(request, file)
    return plan


def _refuse_loud(mapping: "ImportMapping", profile: "Profile") -> None:
    """Raise UsageError if orders may be sent to suppliers and the profile does not let them."""
    if mapping.mode is Mode.UPDATE:  # which of its changes would send an order again is known once they are planned
        return
    if profile.is_silent and mapping.kind.silencer is not None and not mapping.silent:
        raise UsageError(
            f"{mapping.file}: the profile {profile.name} says `silent: required`, and this mapping does not; add "
            f"`silent: required` to it, so that every {mapping.kind.noun.one} is checked for that"
        )


def _refuse_again(request: ImportRequest, plan: "Plan", profile: "Profile", workspace: Workspace) -> None:
    """Raise UsageError if a run of this very file is not done, unless it is meant to be imported again."""
    if request.again:
        return
    with workspace.journal() as journal:
        for run in journal.runs():
            if run.status.is_over or (run.profile, run.resource) != (profile.name, plan.resource):
                continue
            digests = {run.input_digest, *(each.digest for each in journal.inputs(run.id))}
            path = next((path for path, digest in plan.digests() if digest in digests), None)
            if path is not None:
                raise UsageError(
                    f"{path}: run {run.id} brings this file into {profile} and is not done: "
                    f"`bulkpo resume {run.id}` goes on with it; --again imports the file anew all the same"
                )


def _prepare(request: ImportRequest, plan: "Plan", client: "CoupaClient", session: Session) -> "Preflight | None":
    """Hold back the orders that refer to what cannot be used, where that is asked for; gives what was looked up."""
    if not request.preflight or client.profile.is_open:
        return None
    found = look_up(plan, client, session)
    _refuse_errors(request, checked_of(plan))
    return found


def _refuse_errors(request: ImportRequest, file: CheckedInput) -> None:
    """Raise UsageError if the file is not what is expected, or there is an error and all is to go or nothing."""
    refuse_unexpected(request.files, file)
    if request.strict and file.exit_code:
        many = file.kind.noun.many
        raise UsageError(f"some {many} have errors and --strict is given: nothing was sent; correct them and try again")


def _options(request: ImportRequest, plan: "Plan", profile: "Profile") -> "ImportOptions":
    from bulkpo.journal.options import AfterCreate, OnConflict, OnExisting
    from bulkpo.payload.encode import BodyFormat
    from bulkpo.runs.imports.job import ImportOptions

    most = request.max_failures
    return ImportOptions(
        format=BodyFormat.JSON if profile.format is Format.JSON else BodyFormat.XML,
        on_existing=OnExisting(request.on_existing),
        after_create=AfterCreate(plan.mapping.after_create or AfterCreate.NONE),
        limit=request.limit,
        canary=request.canary,
        on_conflict=OnConflict(request.on_conflict),
        edited="" if request.edited is None else str(request.edited.resolve()),
        max_failures=plan.checked.ok * most.percent // 100 if isinstance(most, Share) else most,
        out=request.out,
        tables=tuple((name, str(path.resolve())) for name, path in request.tables.items()),
        expect=tuple(request.expect.items()),
    )


def _places(plan: "Plan", out: "Path | str | None") -> "Iterator[Path]":
    """Where the results of a run go, before any of them is there."""
    folder = None if out is None else Path(out)
    for each in plan.files():
        yield (folder or each.file.parent) / each.result_name


def _run(job: "Job", session: Session, run_import: "Callable[[Job], ImportResult]") -> ImportOutcome:
    from bulkpo.runs.imports.reasons import TROUBLED, reasons, reasons_held

    job.progress = lambda done, total: session.watch.counted(Work.SENT, done, total)
    job.waits = session.watch.waits
    result = run_import(job)
    why = reasons(job.journal.entries(job.run, TROUBLED)) + reasons_held(job.plan.held.findings)
    return ImportOutcome(checked_of(job.plan), job.plan.held, result, why)


def _last_open(journal: "Journal") -> "Run | None":
    return next((run for run in journal.runs() if not run.status.is_over), None)
