"""The way back from Excel: an export to be edited, and what was edited brought back as an update."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulkpo.errors import UsageError
from bulkpo.schema.scopes import WRITE, scope_of
from bulkpo.workspace.approving import plan_import
from bulkpo.workspace.exporting import export_mapping
from bulkpo.workspace.importing import Grounds, import_approved
from bulkpo.workspace.opening import HERE, Scopes, Workspace, element_tables
from bulkpo.workspace.requests import ExportRequest, ImportRequest, UpdateRequest
from bulkpo.workspace.results import ImportOutcome
from bulkpo.workspace.session import Session, Work
from bulkpo.workspace.workbook_watch import WorkbookWatch

if TYPE_CHECKING:
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.runs.approving.plan import PlanOfRun
    from bulkpo.runs.editing.changes import EditStanding
    from bulkpo.runs.editing.edited import AddedRow, CellChange, Edited
    from bulkpo.runs.editing.export import EditableExport
    from bulkpo.runs.editing.places import EditPlaces
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
    if fetching := next((column.title for column in mapping.columns if column.fetches), None):
        raise UsageError(f"{fetching}: attached files cannot be edited; leave the column out, or --editable")
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
    from bulkpo.runs.editing.based import base_on_export
    from bulkpo.runs.editing.changes import hold_edits, refuse_moved

    edited, standing = _held_against(request, session, workspace)
    changes = _wanted(request, standing, with_skipped=True)
    imports = [] if request.is_dry else _imports_of(request, edited, standing, workspace, changes)

    def still_so(_plan: "FilePlan", _changes: "Changes | None", client: "CoupaClient") -> dict[str, str]:
        refuse_moved(request.workbook, standing, hold_edits(edited, client))
        return {}

    def base(changes: "Changes") -> None:
        if request.on_conflict == "skip":
            base_on_export(edited, standing.clashes, changes)

    runs: list[ImportOutcome] = []
    beside = (("workbook that was edited", request.workbook),)
    for wanted, places, are_new in imports:
        if runs and runs[-1].exit_code not in (0, 1):
            break
        shown = replace(session, watch=WorkbookWatch(session.watch, places))
        grounds = Grounds(None, beside) if are_new else Grounds(still_so, beside, base)
        runs.append(import_approved(wanted, shown, workspace, grounds))
    return UpdateOutcome(edited, standing, tuple(runs))


def plan_update(
    request: UpdateRequest, path: Path, session: Session | None = None, workspace: Workspace = HERE
) -> "tuple[PlanOfRun, Path]":
    """Write what an edited workbook would change as a workbook to be approved; send nothing."""
    session = session or Session()
    edited, standing = _held_against(request, session, workspace)
    changes = _wanted(request, standing, with_skipped=False)
    imports = _imports_of(request, edited, standing, workspace, changes)
    if not imports:
        raise UsageError(f"{request.workbook}: there is nothing to change, so there is nothing to approve")
    if len(imports) > 1:
        raise UsageError(
            f"{request.workbook}: it changes what is there and adds new orders, and a plan is for one of these; plan "
            "it without the new orders, and have these in a copy of the workbook without other edits"
        )
    wanted, places, _ = imports[0]
    shown = replace(session, watch=WorkbookWatch(session.watch, places))
    return plan_import(wanted, path, shown, workspace, request.workbook)


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
    request: UpdateRequest,
    edited: "Edited",
    standing: "EditStanding",
    workspace: Workspace,
    changes: "list[CellChange]",
) -> "list[tuple[ImportRequest, EditPlaces, bool]]":
    """The imports that make the changes, and what is new; each with its places and whether it is the latter."""
    from bulkpo.runs.editing.sending import Sendings, write_import

    added, out = _wanted_rows(request, standing), request.workbook.resolve().parent
    there = Sendings(changes, [row for row in added if row.id is not None])
    new = Sendings((), [row for row in added if row.id is None])
    files = [
        (write_import(edited, sendings, request.workbook, workspace.data), sendings.are_new)
        for sendings in (there, new)
        if sendings.changes or sendings.added
    ]
    terms = ImportRequest(Path(), Path(), request.to, on_conflict=request.on_conflict, again=True, out=out)
    terms = replace(terms, edited=request.workbook)
    return [
        (replace(terms, mapping=written.mapping, file=written.table), written.places, are_new)
        for written, are_new in files
    ]


def _wanted_rows(request: UpdateRequest, standing: "EditStanding") -> "list[AddedRow]":
    """The rows to add: not to a document that is skipped for a cell that clashes."""
    skipped = {clash.change.key[0] for clash in standing.clashes} if request.on_conflict == "skip" else set()
    return [row for row in standing.to_add if row.id not in skipped]


def _wanted(request: UpdateRequest, standing: "EditStanding", *, with_skipped: bool) -> "list[CellChange]":
    """The changes to make, as is to be done about those that clash; `with_skipped` those too that are to be left."""
    clashing = {clash.change.key[0] for clash in standing.clashes}
    match request.on_conflict:
        case "mine":
            return [*standing.to_make, *(clash.change for clash in standing.clashes if clash.theirs is not None)]
        case "theirs":
            return list(standing.to_make)
        case _ if with_skipped:
            every = [*standing.to_make, *(clash.change for clash in standing.clashes)]
            return sorted(every, key=lambda change: (change.row, change.column))
        case _:
            return [change for change in standing.to_make if change.key[0] not in clashing]
