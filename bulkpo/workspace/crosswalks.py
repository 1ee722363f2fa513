"""Crosswalks drafted from a file's values and what an instance has."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulkpo.errors import UsageError
from bulkpo.model.profile import SANDBOX
from bulkpo.workspace.opening import HERE, Scopes, Workspace, element_tables

if TYPE_CHECKING:
    from bulkpo.mapping.language.spec import ImportMapping
    from bulkpo.runs.drafting.crosswalk_draft import CrosswalkUse, DraftedCrosswalk

_MOST_VALUES = 20_000


@dataclass(frozen=True, slots=True)
class CrosswalkRequest:
    """Draft the crosswalk `name` of `mapping` from the values of `files` and those of the instance of profile `to`."""

    name: str
    mapping: Path
    files: tuple[Path, ...]
    output: Path
    to: str = SANDBOX


def draft_crosswalk(request: CrosswalkRequest, workspace: Workspace = HERE) -> "DraftedCrosswalk":
    """Write the draft; raises MappingError, InputError, UsageError, OutputError or ServiceError."""
    from bulkpo.runs.checking.mapped import Input, open_input, read_mapping
    from bulkpo.runs.drafting.crosswalk_draft import crosswalk_use, save_crosswalk_draft, values_of

    if request.output.suffix.lower() != ".xlsx":
        raise UsageError(f"{request.output}: a crosswalk to confirm is a workbook; name it .xlsx")
    mapping = read_mapping(request.mapping, element_tables(), workspace.profile(request.to).time_zone)
    use = crosswalk_use(mapping, request.name)
    files = [open_input(mapping, request.mapping, Input(path)) for path in request.files]
    found = values_of(files, use)
    return save_crosswalk_draft(request.output, mapping, use, found, _values(request.to, mapping, use, workspace))


def _values(to: str, mapping: "ImportMapping", use: "CrosswalkUse", workspace: Workspace) -> Mapping[str, str]:
    """What the element can be, with labels: its own few values, or what the instance has."""
    from bulkpo.runs.drafting.choices import choices_of, resource_of
    from bulkpo.schema.catalogue import fillable_paths
    from bulkpo.schema.scopes import scope_of

    if use.slot.element.values:
        return dict.fromkeys(use.slot.element.values, "")
    tables = element_tables()
    listed = [it for it in fillable_paths(tables, mapping.resource.object, ids=True) if it.path == use.path]
    resource = resource_of(listed[0], tables) if listed else None
    if resource is None:
        raise UsageError(f"{use.path} names no record of Coupa, so there is nothing to hold its values against")
    with workspace.client(to, Scopes((scope_of(resource),))) as client:
        choices = choices_of(listed, client, tables, _MOST_VALUES)
    if use.path in choices.left:
        raise UsageError(f"{use.path}: {choices.left[use.path]}")
    return choices.labels.get(use.path, {})
