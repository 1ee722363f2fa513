"""Look before anything is sent: load a mapping, check a file, preview its orders."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulkpo.errors import OutputError, UsageError
from bulkpo.model.profile import SANDBOX
from bulkpo.workspace.inputs import checked_of, open_given, plan_of
from bulkpo.workspace.opening import HERE, Scopes, Workspace, element_tables
from bulkpo.workspace.requests import CheckRequest, PreviewRequest
from bulkpo.workspace.results import CheckedBatch, CheckedInput, CheckResult, WrittenFile
from bulkpo.workspace.session import Session

if TYPE_CHECKING:
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.mapping.language.spec import ImportMapping
    from bulkpo.model.by import By
    from bulkpo.runs.own_files import OwnFiles
    from bulkpo.runs.planning.batch import Plan
    from bulkpo.runs.planning.preflight import Preflight


@dataclass(frozen=True, slots=True)
class Preview:
    """A file checked, and the first of its clean orders as they would be sent."""

    file: CheckedInput
    orders: Iterator[str]


def load(mapping: Path, to: str = SANDBOX, workspace: Workspace = HERE) -> "ImportMapping":
    """Read an import mapping; raises MappingError with all its errors.

    `to` names the profile whose time zone holds for dates, where the mapping declares none.
    """
    from bulkpo.runs.checking.mapped import read_mapping

    return read_mapping(mapping, element_tables(), workspace.profile(to).time_zone)


def merged(mapping: Path) -> tuple[str, tuple[str, ...]]:
    """An import mapping with all it extends merged in, as YAML, and the files it extends; raises MappingError."""
    from bulkpo.runs.checking.mapped import merged_mapping

    load(mapping)
    return merged_mapping(mapping)


def check(request: CheckRequest, session: Session | None = None, workspace: Workspace = HERE) -> CheckResult:
    """Check every cell of a file, and with `to` all that its orders refer to; send nothing."""
    from bulkpo.runs.own_files import OwnFiles

    session = session or Session()
    zone = workspace.profile(request.to or SANDBOX).time_zone
    _refuse_outputs(request)
    file = open_given(request, zone, session, workspace)
    found = None
    if request.to is not None:
        plan = plan_of(file)
        with workspace.client(request.to, reading_scopes(plan)) as client:
            found = look_up(plan, client, session)
        file = checked_of(plan)
    own = OwnFiles(workspace.data)
    by = workspace.by(session.command)
    by = by if request.to is None else by.at(workspace.profile(request.to))
    return CheckResult(file, found, _report(request, file, own, by), _failed(request, file, own))


def preview(request: PreviewRequest, session: Session | None = None, workspace: Workspace = HERE) -> Preview:
    """The first clean orders of a file as they would be sent."""
    from bulkpo.runs.checking.preview import previews

    zone = workspace.profile(SANDBOX).time_zone
    file = open_given(request, zone, session or Session(), workspace)
    return Preview(file, previews(file.layout, plan_of(file).documents(), request.orders, request.form))


def reading_scopes(plan: "Plan") -> Scopes:
    """The scopes that looking up numbers needs, and those to look up what the orders refer to."""
    from bulkpo.runs.planning.references import references
    from bulkpo.schema.scopes import scope_of

    named = {reference.resource: None for reference in references(plan.layout, element_tables())}
    return Scopes((scope_of(plan.resource),), tuple(map(scope_of, named)))


def look_up(plan: "Plan", client: "CoupaClient", session: Session) -> "Preflight":
    """Look up the numbers and references of a file's orders, and add what is wrong to what the check found."""
    from bulkpo.runs.planning.preflight import preflight

    found = preflight(plan, client, element_tables())
    plan.hold_each(found.of_files)
    session.watch.looked_up(checked_of(plan), found, client.profile)
    return found


def _report(request: CheckRequest, file: CheckedInput, own: "OwnFiles", by: "By") -> WrittenFile | None:
    if request.report is None:
        return None
    if isinstance(file, CheckedBatch):
        from bulkpo.runs.reports.batched import write_reports

        return WrittenFile(request.report, holds=write_reports(request.report, file.plan.named(), own, by))
    from bulkpo.runs.reports.write import write_report

    writer = f"report on {file.mapped.path.resolve()}"
    path = own.place(request.report, writer)
    holds = write_report(path, file.mapped, file.checked, by)
    own.note(path, writer, path.stat())
    return WrittenFile(path, holds=holds)


def _failed(request: CheckRequest, file: CheckedInput, own: "OwnFiles") -> WrittenFile | None:
    if request.failed is None or not file.checked.has_errors:
        return None
    if isinstance(file, CheckedBatch):
        from bulkpo.runs.reports.batched import write_all_failed

        return WrittenFile(request.failed, rows=write_all_failed(request.failed, file.plan.named(), own))
    from bulkpo.runs.reports.failed import write_failed

    writer = f"what failed of {file.mapped.path.resolve()}"
    path = own.place(request.failed, writer)
    rows = write_failed(path, file.mapped, file.checked)
    own.note(path, writer, path.stat())
    return WrittenFile(path, rows=rows)


def _refuse_outputs(request: CheckRequest) -> None:
    """Raise UsageError for an output that would take the place of an input, or has no form; before the long work."""
    outputs = [each for each in (request.report, request.failed) if each is not None]
    if not outputs:
        return
    from bulkpo.runs.reports.batched import refuse_list
    from bulkpo.runs.reports.failed import refuse_failed
    from bulkpo.runs.reports.write import report_form

    inputs = (request.mapping, *request.files)
    taken = set(map(os.path.realpath, inputs))
    for path in (each for each in outputs if not (request.are_several and each.is_dir())):
        if os.path.realpath(path) in taken or _is_one_of(path, inputs):
            raise UsageError(f"{path}: this file is read or written already; choose another name")
        taken.add(os.path.realpath(path))
    if request.report is not None:
        (refuse_list if request.are_several else report_form)(request.report)
    if request.failed is not None and not request.are_several:
        refuse_failed(request.failed, request.files[0])


def _is_one_of(path: Path, others: Sequence[Path]) -> bool:
    """Whether a path leads to one of these files, under whatever name."""
    try:
        return path.exists() and any(path.samefile(other) for other in others if other.exists())
    except OSError as error:
        raise OutputError(f"{path}: may not be read or written: {error.strerror}; choose another name") from None
