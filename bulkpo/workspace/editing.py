"""The way back from Excel: an export to be edited, and what was edited brought back as an update."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulkpo.errors import UsageError
from bulkpo.schema.scopes import WRITE, scope_of
from bulkpo.workspace.approving import plan_import
from bulkpo.workspace.exporting import export_mapping
from bulkpo.workspace.importing import import_approved
from bulkpo.workspace.opening import HERE, Scopes, Workspace, element_tables
from bulkpo.workspace.requests import ExportRequest, ImportRequest, UpdateRequest
from bulkpo.workspace.results import ImportOutcome
from bulkpo.workspace.session import Session, Work

if TYPE_CHECKING:
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.runs.approving.plan import PlanOfRun
    from bulkpo.runs.editing.changes import EditStanding
    from bulkpo.runs.editing.edited import AddedRow, CellChange, Edited
    from bulkpo.runs.editing.export import EditableExport
    from bulkpo.runs.planning.changes import Changes
    from bulkpo.runs.planning.plan import FilePlan


@dataclass(frozen=True, slots=True)
class UpdateOutcome:
    """What an edited workbook came to: what was edited, how that stands, and the runs; none where nothing was sent."""

    edited: "Edited"
    standing: "EditStanding"
    runs: tuple[ImportOutcome, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 if all that was edited is in Coupa now."""
        left = bool(self.edited.faults or self.standing.clashes)
        return max((run.exit_code for run in self.runs), default=0) or int(left)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        layout, names = self.edited.layout, self.standing.names
        cells = [
            {
                "cell": it.cell,
                "order": names.get(it.key[0], ""),
                "id": it.key[0],
                "element": layout.columns[it.place].path,
                "old": it.old,
                "new": it.new,
            }
            for it in self.standing.to_make
        ]
        told: dict[str, Any] = self.runs[0].as_json() if self.runs else {"run": None}
        return {
            **told,
            "also": [run.as_json() for run in self.runs[1:]],
            "cells": cells,
            "added": [{"row": it.row, "order": it.key, "line": it.line} for it in self.standing.to_add],
            "already": len(self.standing.already),
            "newer": [names[id_] for id_ in self.standing.newer],
            "conflicts": [clash.said(layout) for clash in self.standing.clashes],
            "faults": [fault.said for fault in self.edited.faults],
        }


def export_to_edit(
    request: ExportRequest, session: Session | None = None, workspace: Workspace = HERE
) -> "EditableExport":
    """Export what a mapping asks for as a workbook to be edited."""
    from bulkpo.runs.editing.export import EditTarget, export_editable
    from bulkpo.runs.own_files import OwnFiles

    session = session or Session()
    mapping = export_mapping(request, workspace.profile(request.to))
    with workspace.client(request.to, Scopes((scope_of(mapping.resource.name),))) as client:
        session.watch.reading(mapping, client.profile)
        path = request.output or Path(f"{mapping.name}.xlsx")
        progress = lambda done, total: session.watch.counted(Work.DOCUMENTS, done, total)  # noqa: E731 - bound to it
        return export_editable(mapping, client, element_tables(), EditTarget(path, OwnFiles(workspace.data), progress))


def update(request: UpdateRequest, session: Session | None = None, workspace: Workspace = HERE) -> UpdateOutcome:
    """Bring what was edited back: shown cell by cell, confirmed, and sent as an update, each document exactly once.

    Once it is planned the documents are held against the export again: the plan starts from what was read for it, and
    somebody may have changed that after the cells were shown. Raises RunError then. New documents are a run of their
    own, once what is there is changed.
    """
    session = session or Session()
    with workspace.claimed([] if request.is_dry else [request.workbook]):
        return _update(request, session, workspace)


def _update(request: UpdateRequest, session: Session, workspace: Workspace) -> UpdateOutcome:
    from bulkpo.runs.editing.changes import hold_edits, refuse_moved

    edited, standing = _held_against(request, session, workspace)
    imports = [] if request.is_dry else _imports_of(request, edited, standing, workspace)

    def still_so(_plan: "FilePlan", _changes: "Changes | None", client: "CoupaClient") -> dict[str, str]:
        refuse_moved(request.workbook, standing, hold_edits(edited, client))
        return {}

    runs: list[ImportOutcome] = []
    beside = (("workbook that was edited", request.workbook),)
    for wanted, are_new in imports:
        if runs and runs[-1].exit_code not in (0, 1):
            break
        runs.append(import_approved(wanted, session, workspace, None if are_new else still_so, beside))
    return UpdateOutcome(edited, standing, tuple(runs))


def plan_update(
    request: UpdateRequest, path: Path, session: Session | None = None, workspace: Workspace = HERE
) -> "tuple[PlanOfRun, Path]":
    """Write what an edited workbook would change as a workbook to be approved; send nothing."""
    session = session or Session()
    imports = _imports_of(request, *_held_against(request, session, workspace), workspace)
    if not imports:
        raise UsageError(f"{request.workbook}: there is nothing to change, so there is nothing to approve")
    if len(imports) > 1:
        raise UsageError(
            f"{request.workbook}: it changes what is there and adds new orders, and a plan is for one of these; plan "
            "it without the new orders, and have these in a copy of the workbook without other edits"
        )
    return plan_import(imports[0][0], path, session, workspace, request.workbook)


def _held_against(request: UpdateRequest, session: Session, workspace: Workspace) -> "tuple[Edited, EditStanding]":
    """What was edited, and how it stands against what is there now."""
    from bulkpo.runs.editing.changes import hold_edits, refuse_elsewhere
    from bulkpo.runs.editing.read import EditTerms, read_edited

    terms = EditTerms(is_upsert=request.upsert, takes_moved=request.moved == "take")
    edited = read_edited(request.workbook, element_tables(), terms)
    resource = edited.layout.resource
    with workspace.client(request.to, Scopes((scope_of(resource), scope_of(resource, WRITE)))) as client:
        refuse_elsewhere(request.workbook, edited.layout, client.profile)
        standing = hold_edits(edited, client)
        session.watch.edited(edited, standing, client.profile)
    return edited, standing


def _imports_of(
    request: UpdateRequest, edited: "Edited", standing: "EditStanding", workspace: Workspace
) -> list[tuple[ImportRequest, bool]]:
    """The imports that make the changes, and what is new; each with whether it is the latter."""
    from bulkpo.runs.editing.changes import Sendings, write_import

    added, out = _wanted_rows(request, standing), request.workbook.resolve().parent
    there = Sendings(_wanted(request, standing), [row for row in added if row.id is not None])
    new = Sendings((), [row for row in added if row.id is None])
    files = [
        (write_import(edited, sendings, request.workbook, workspace.data), sendings.are_new)
        for sendings in (there, new)
        if sendings.changes or sendings.added
    ]
    return [
        (ImportRequest(*paths, to=request.to, on_conflict=request.on_conflict, again=True, out=out), are_new)
        for paths, are_new in files
    ]


def _wanted_rows(request: UpdateRequest, standing: "EditStanding") -> "list[AddedRow]":
    """The rows to add: not to a document that is skipped for a cell that clashes."""
    skipped = {clash.change.key[0] for clash in standing.clashes} if request.on_conflict == "skip" else set()
    return [row for row in standing.to_add if row.id not in skipped]


def _wanted(request: UpdateRequest, standing: "EditStanding") -> "list[CellChange]":
    """The changes to make, as is to be done about those that clash."""
    clashing = {clash.change.key[0] for clash in standing.clashes}
    match request.on_conflict:
        case "mine":
            return [*standing.to_make, *(clash.change for clash in standing.clashes if clash.theirs is not None)]
        case "theirs":
            return list(standing.to_make)
        case _:
            return [change for change in standing.to_make if change.key[0] not in clashing]
