"""What is planned of cells that clash, based on what was exported: so the conflict is met when it is to be made."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bulkpo.model.document import Value
from bulkpo.payload.change import Edit, Part
from bulkpo.runs.editing.changes import Clash
from bulkpo.runs.editing.edited import CellChange, Edited
from bulkpo.runs.editing.sending import EMPTIED_CELL, in_coupas_form
from bulkpo.runs.planning.changes import Changes

_Old = Mapping[tuple[int | None, str], Value]
"""What was exported, by the line it is of and the path from there."""


def base_on_export(edited: Edited, clashes: Iterable[Clash], changes: Changes) -> None:
    """Take what was exported, not what is there now, for what these documents' changes are based on."""
    exported: dict[int, dict[tuple[int | None, str], Value]] = {}
    for clash in clashes:
        change = clash.change
        path = edited.layout.columns[change.place].path
        is_of_line = edited.layout.is_of_line(change.place)
        name = path.removeprefix(f"{edited.layout.rows}/") if is_of_line else path
        line = change.key[1] if is_of_line else None
        exported.setdefault(change.key[0], {})[line, name] = _value(edited, change)
    for key, planned in changes.planned.items():
        if planned.change and (old := exported.get(planned.change.id)):
            header = _based(planned.change.header, old)
            changes.planned[key] = planned._replace(change=planned.change._replace(header=header), clashes=True)


def _value(edited: Edited, change: CellChange) -> Value:
    """What was exported, in Coupa's form."""
    text = in_coupas_form(edited, replace(change, new=change.old))
    return None if text == EMPTIED_CELL else text


def _based(part: Part, old: _Old) -> Part:
    line = part.id if part.collection else None
    return part._replace(
        edits=tuple(_edit(edit, line, old) for edit in part.edits),
        parts=tuple(_based(below, old) for below in part.parts),
    )


def _edit(edit: Edit, line: int | None, old: _Old) -> Edit:
    known = (line, "/".join(edit.names))
    return edit._replace(old=old[known], old_id=None) if known in old else edit
