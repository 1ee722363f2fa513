"""Do something with orders that are in an instance: close, cancel, issue, reopen or release those of a list."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulkpo.errors import UsageError
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.schema.scopes import WRITE, scope_of
from bulkpo.workspace.opening import HERE, Scopes, Workspace, element_tables
from bulkpo.workspace.requests import DoRequest
from bulkpo.workspace.session import Act, Intent, Session, Work

if TYPE_CHECKING:
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.journal.journal import Journal
    from bulkpo.journal.records import Run
    from bulkpo.mapping.language.export import ExportMapping
    from bulkpo.model.profile import Profile
    from bulkpo.runs.doing.do import DoJob
    from bulkpo.runs.doing.listing import OrderList
    from bulkpo.runs.doing.outcome import DoResult
    from bulkpo.runs.doing.wanted import Wanted

_ORDERS = "purchase_orders"


def do(
    request: DoRequest, session: Session | None = None, workspace: Workspace = HERE
) -> "tuple[OrderList, DoResult | None]":
    """List orders, and do what is asked with those that allow it, each exactly once; raises UsageError if not meant.

    The result is None where nothing was to be done. What was asked and what came of it is in the journal: whatever ends
    the run, `resume` goes on with it.
    """
    from bulkpo.runs.doing.do import Wish, begin_task, work_claimed
    from bulkpo.runs.doing.listing import Verdict

    session = session or Session()
    _check(request, workspace.profile(request.to))
    source = _source(request, workspace)
    places = [] if request.is_dry else [_output(request)]
    with workspace.claimed(places), workspace.client(request.to, _SCOPES, session.stop) as client:
        listing = _listed(request, source, client)
        session.watch.listed(listing, client.profile)
        to_do = len(listing.those(Verdict.TO_DO))
        if request.is_dry or not to_do:
            return listing, None
        noun = kind_of(_ORDERS).noun
        place = request.file or Path(f"{_slug(request)}.xlsx")
        session.ask(Intent(Act.DO, client.profile, to_do, noun, place, task=request.task))
        wish = Wish(_ORDERS, _said(request), str(_output(request).resolve()), request.reason, request.comment)
        with workspace.journal(session.command) as journal, ExitStack() as held:
            run = begin_task(client, journal, listing, wish, held)
            return listing, work_claimed(_job(client, journal, run, session, workspace))


def go_on(run: "Run", session: Session, workspace: Workspace) -> "DoResult":
    """Go on with a run that does something with orders."""
    from bulkpo.runs.doing.do import work

    with (
        workspace.claimed([Path(run.options.out or "")]),
        workspace.client(run.profile, _SCOPES, session.stop) as client,
        workspace.journal(session.command) as journal,
    ):
        open_ = sum(count for count in _open(journal, run).values())
        tell = session.watch.begins if run.status.is_over else session.ask
        tell(Intent(Act.RESUME, client.profile, open_, kind_of(run.resource).noun, Path(run.input_file), run.id))
        return work(_job(client, journal, run.id, session, workspace))


_SCOPES = Scopes((scope_of(_ORDERS), scope_of(_ORDERS, WRITE)))


def _open(journal: "Journal", run: "Run") -> dict[str, int]:
    from bulkpo.states import UNDER_WAY, ActionState

    steps = kind_of(run.resource).tasks[run.options.task]
    states = (ActionState.WAITING, *UNDER_WAY)
    return {step: sum(journal.count_actions(run.id, step)[state] for state in states) for step in steps}


def _job(client: "CoupaClient", journal: "Journal", run: int, session: Session, workspace: Workspace) -> "DoJob":
    from bulkpo.journal.run import RunJournal
    from bulkpo.runs.doing.do import DoJob
    from bulkpo.runs.own_files import OwnFiles

    noun = kind_of(_ORDERS).noun
    job = DoJob(client, RunJournal(journal, run), OwnFiles(workspace.data), session.stop)
    job.progress = lambda done, total: session.watch.counted(Work.SENT, done, total)
    job.waits = lambda documents, seconds: session.watch.waits(noun.counted(documents), seconds)
    return job


def _check(request: DoRequest, profile: "Profile") -> None:
    """Raise UsageError for what cannot be asked for, before anything is read."""
    kind = kind_of(_ORDERS)
    if request.task not in kind.tasks:
        raise UsageError(f"{request.task!r} is nothing that can be done; say one of {', '.join(kind.tasks)}")
    ways = [bool(request.file), bool(request.where), request.run is not None]
    if sum(ways) != 1:
        raise UsageError("say which orders, in one way: a FILE with their numbers, --where CONDITION, or --run NUMBER")
    if (request.column or request.sheet) and request.file is None:
        raise UsageError("--column and --sheet say where in a FILE the numbers are; name the file")
    if (request.reason or request.comment) and not any(kind.actions[step].reason for step in kind.tasks[request.task]):
        able = [task for task, steps in kind.tasks.items() if any(kind.actions[step].reason for step in steps)]
        raise UsageError(
            f"--reason and --comment go with {' and '.join(able)}: of {request.task} Coupa takes none; leave them out"
        )
    if request.send_to_suppliers and profile.is_silent:
        raise UsageError(f"--send-to-suppliers: the profile {profile.name} says `silent: required`, which forbids it")


def _listed(request: DoRequest, source: "Wanted | ExportMapping", client: "CoupaClient") -> "OrderList":
    from bulkpo.runs.doing.listing import Lister, Sending, Task
    from bulkpo.runs.doing.wanted import Wanted

    kind, profile = kind_of(_ORDERS), client.profile
    sending = Sending(request.send_to_suppliers, profile.name if profile.is_silent else "")
    lister = Lister(client, _ORDERS, Task.of(kind, request.task), sending)
    return lister.wanted(source) if isinstance(source, Wanted) else lister.meeting(source.queries)


def _source(request: DoRequest, workspace: Workspace) -> "Wanted | ExportMapping":
    """Which orders: read from the file or the journal, or as checked conditions."""
    from bulkpo.runs.doing.wanted import ListColumn, read_wanted

    if request.file is not None:
        return read_wanted(request.file, ListColumn(request.column, request.sheet))
    if request.run is None:
        return _conditions(request, workspace)
    from bulkpo.runs.doing.of_run import of_run

    with workspace.journal() as journal:
        run = journal.run(request.run)
        if run.profile != request.to:
            raise UsageError(f"run {run.id} is of {run.profile}: say --to {run.profile}")
        return of_run(journal, run)


def _conditions(request: DoRequest, workspace: Workspace) -> "ExportMapping":
    from zoneinfo import ZoneInfo

    from bulkpo.mapping.language.export import ExportContext, export_of
    from bulkpo.shipped import schema_text

    zone = workspace.profile(request.to).time_zone
    now = datetime.now(ZoneInfo(zone) if zone else UTC)
    context = ExportContext(element_tables(), schema_text, {}, now, ZoneInfo(zone) if zone else None)
    data = {"name": "do", "resource": _ORDERS, "where": list(request.where), "columns": ["id"]}
    return export_of(data, context)


def _said(request: DoRequest) -> str:
    """Where the list is from, in words."""
    if request.file is not None:
        return str(request.file.resolve())
    return f"run {request.run}" if request.run is not None else " and ".join(request.where)


def _slug(request: DoRequest) -> str:
    return request.task.replace(" --", "-")


def _output(request: DoRequest) -> Path:
    """The file of results: beside the list, or in the folder."""
    if request.output is not None:
        return request.output
    if request.file is not None:
        return request.file.with_name(f"{request.file.stem}.{_slug(request)}.xlsx")
    return Path(f"{_slug(request)}{f'.run-{request.run}' if request.run is not None else ''}.xlsx")
