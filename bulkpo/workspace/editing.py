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
    from bulkpo.runs.editing.export import EditableExport
    from bulkpo.runs.editing.read import CellChange, Edited
    from bulkpo.runs.planning.changes import Changes
    from bulkpo.runs.planning.plan import FilePlan


@dataclass(frozen=True, slots=True)
class UpdateOutcome:
    """What an edited workbook came to: what was edited, how that stands, and the run; None where nothing was sent."""

    edited: "Edited"
    standing: "EditStanding"
    run: ImportOutcome | None

    @property
    def exit_code(self) -> int:
        """0 if all that was edited is in Coupa now."""
        left = bool(self.edited.faults or self.standing.clashes)
        return (self.run.exit_code if self.run else 0) or int(left)

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
        told: dict[str, Any] = self.run.as_json() if self.run else {"run": None}
        return {
            **told,
            "cells": cells,
            "already": len(self.standing.already),
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
    somebody may have changed that after the cells were shown. Raises RunError then.
    """
    from bulkpo.runs.editing.changes import hold_edits, refuse_moved

    session = session or Session()
    edited, standing = _held_against(request, session, workspace)
    wanted = _import_of(request, edited, standing, workspace)
    if wanted is None or request.is_dry:
        return UpdateOutcome(edited, standing, None)

    def still_so(_plan: "FilePlan", _changes: "Changes | None", client: "CoupaClient") -> dict[str, str]:
        refuse_moved(request.workbook, standing, hold_edits(edited, client))
        return {}

    return UpdateOutcome(edited, standing, import_approved(wanted, session, workspace, still_so))


def plan_update(
    request: UpdateRequest, path: Path, session: Session | None = None, workspace: Workspace = HERE
) -> "tuple[PlanOfRun, Path]":
    """Write what an edited workbook would change as a workbook to be approved; send nothing."""
    session = session or Session()
    wanted = _import_of(request, *_held_against(request, session, workspace), workspace)
    if wanted is None:
        raise UsageError(f"{request.workbook}: there is nothing to change, so there is nothing to approve")
    return plan_import(wanted, path, session, workspace, request.workbook)


def _held_against(request: UpdateRequest, session: Session, workspace: Workspace) -> "tuple[Edited, EditStanding]":
    """What was edited, and how it stands against what is there now."""
    from bulkpo.runs.editing.changes import hold_edits, refuse_elsewhere
    from bulkpo.runs.editing.read import read_edited

    edited = read_edited(request.workbook, element_tables())
    resource = edited.layout.resource
    with workspace.client(request.to, Scopes((scope_of(resource), scope_of(resource, WRITE)))) as client:
        refuse_elsewhere(request.workbook, edited.layout, client.profile)
        standing = hold_edits(edited, client)
        session.watch.edited(edited, standing, client.profile)
    return edited, standing


def _import_of(
    request: UpdateRequest, edited: "Edited", standing: "EditStanding", workspace: Workspace
) -> ImportRequest | None:
    """The import that makes the changes; None where there are none."""
    from bulkpo.runs.editing.changes import write_import

    changes = _wanted(request, standing)
    if not changes:
        return None
    mapping, table = write_import(edited, changes, request.workbook, workspace.data)
    out = request.workbook.resolve().parent
    return ImportRequest(mapping, table, to=request.to, on_conflict=request.on_conflict, again=True, out=out)


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
