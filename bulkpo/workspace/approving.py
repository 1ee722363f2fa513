"""A plan to approve: written down, and applied exactly as it is or refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulkpo.errors import UsageError
from bulkpo.workspace.importing import Grounds, import_approved, write_plan
from bulkpo.workspace.opening import HERE, Workspace
from bulkpo.workspace.requests import ApplyRequest, ImportRequest
from bulkpo.workspace.results import ImportOutcome
from bulkpo.workspace.session import Session

if TYPE_CHECKING:
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.runs.approving.book import PlanFacts
    from bulkpo.runs.approving.plan import PlanOfRun
    from bulkpo.runs.planning.changes import Changes
    from bulkpo.runs.planning.plan import FilePlan

_KEPT = ("to", "on_existing", "on_conflict", "preflight", "strict", "again", "expect")


def plan_import(
    request: ImportRequest,
    path: Path,
    session: Session | None = None,
    workspace: Workspace = HERE,
    source: Path | None = None,
) -> "tuple[PlanOfRun, Path]":
    """Write what an import would do as a workbook to be approved; send nothing.

    `source` is the file as people know it, where that is not the request's.
    """
    from bulkpo.runs.approving.book import write_plan_file
    from bulkpo.runs.approving.plan import plan_of_run
    from bulkpo.runs.own_files import OwnFiles

    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"--plan {path}: a plan is a workbook; name it .xlsx")
    if request.limit or request.canary or request.max_failures:
        raise UsageError("--plan covers the whole file; leave out --limit, --canary and --max-failures")
    made: list[tuple[PlanOfRun, Path]] = []

    def write(plan: "FilePlan", changes: "Changes | None", client: "CoupaClient") -> dict[str, str]:
        planned = plan_of_run(plan, changes, client)
        facts = _facts(request, plan, client)
        facts = facts if source is None else replace(facts, source=str(source.resolve()))
        own, like = OwnFiles(workspace.data), source or request.files[0]
        made.append((planned, write_plan_file(path, planned, facts, own, like)))
        return {}

    with workspace.claimed([path]):
        write_plan(request, write, session or Session(), workspace)
    return made[0]


def apply(request: ApplyRequest, session: Session | None = None, workspace: Workspace = HERE) -> ImportOutcome:
    """Do exactly what a plan says; raises RunError if file, mapping or Coupa changed since it was made.

    Who approved it, and when, is kept with the run.
    """
    from bulkpo.runs.approving.book import read_plan, refuse_other
    from bulkpo.runs.approving.plan import plan_of_run

    read = read_plan(request.plan)
    wanted = _request(read.facts.request)
    if wanted.to != request.to:
        raise UsageError(f"{request.plan}: this plan is for {read.facts.instance}; say --to {wanted.to}")

    def approve(plan: "FilePlan", changes: "Changes | None", client: "CoupaClient") -> dict[str, str]:
        refuse_other(request.plan, read, plan_of_run(plan, changes, client), _facts(wanted, plan, client))
        return read.approval

    beside = (("plan that was approved", request.plan),)
    return import_approved(wanted, session or Session(), workspace, Grounds(approve, beside))


def _facts(request: ImportRequest, plan: "FilePlan", client: "CoupaClient") -> "PlanFacts":
    from bulkpo.runs.approving.book import PlanFacts

    known: dict[str, Any] = {name: getattr(request, name) for name in _KEPT}
    known["mapping"] = str(request.mapping.resolve())
    known["files"] = [str(path.resolve()) for path in request.files]
    known["tables"] = {name: str(path.resolve()) for name, path in request.tables.items()}
    known["expect"] = dict(request.expect)
    known["out"] = None if request.out is None else str(request.out.resolve())
    made = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
    digests = plan.file_digest, plan.mapping_digest
    return PlanFacts(known, str(client.profile), *digests, made, ", ".join(known["files"]))


def _request(known: Mapping[str, Any]) -> ImportRequest:
    """The request a plan was made for."""
    files = tuple(Path(path) for path in known["files"])
    out = None if known["out"] is None else Path(known["out"])
    tables = {name: Path(path) for name, path in known["tables"].items()}
    rest = {name: known[name] for name in (*_KEPT, "expect")}
    wanted = ImportRequest(Path(known["mapping"]), files[0] if len(files) == 1 else files, tables=tables, out=out)
    return replace(wanted, **rest)
