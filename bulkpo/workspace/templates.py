"""Templates: workbooks to fill in, written from a mapping or for a resource, and known again when they come back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulkpo.errors import UsageError
from bulkpo.model.profile import SANDBOX
from bulkpo.workspace.opening import HERE, Scopes, Workspace, element_tables, known_zone_of

if TYPE_CHECKING:
    from bulkpo.mapping.language.spec import ImportMapping
    from bulkpo.runs.drafting.choices import InstanceChoices
    from bulkpo.runs.drafting.templates.known_templates import KnownTemplates

_MOST_CHOICES = 5_000


@dataclass(frozen=True, slots=True)
class TemplateRequest:
    """Write a template to `output`, by `mapping` or with the usual columns of `resource`.

    `to` names the profile whose instance the drop-downs come from; None leaves them out. `time_zone` is that of dates
    where neither mapping nor profile says one. `today` is the day it is made on.
    """

    output: Path
    mapping: Path | None = None
    resource: str = "purchase_orders"
    to: str | None = SANDBOX
    time_zone: str | None = None
    today: date = field(default_factory=date.today)


@dataclass(frozen=True, slots=True)
class WrittenTemplate:
    """A template: its file, how many columns it has and must have filled, and its lists with their lengths.

    `left` are element paths without a list, each with the reason; `instance` is whose lists they are.
    """

    file: Path
    columns: int
    required: int
    lists: dict[str, int]
    left: dict[str, str]
    instance: str

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        names = ("columns", "required", "lists", "left", "instance")
        return {"file": str(self.file), **{name: getattr(self, name) for name in names}}


def write_template(request: TemplateRequest, workspace: Workspace = HERE) -> WrittenTemplate:
    """Write it; a file that is there stays. Raises MappingError, UsageError, InputError, OutputError, ServiceError."""
    from bulkpo import __version__
    from bulkpo.runs.checking.mapped import read_mapping
    from bulkpo.runs.checking.mapping_files import merged_data
    from bulkpo.runs.checking.stamps import digest_of_mapping
    from bulkpo.runs.drafting.templates.template import TemplateFacts, place_template, stamp_of
    from bulkpo.runs.drafting.templates.template_layout import template_sheets
    from bulkpo.schema.meanings import MEANINGS, Meanings
    from bulkpo.shipped import schema_text

    tables = element_tables()
    zone = known_zone_of(request.time_zone) or workspace.profile(request.to or SANDBOX).time_zone
    known = _known(workspace)
    path = request.mapping or known.usual(_resource(request), zone or "", tables)
    mapping = read_mapping(path, tables, zone)
    choices, instance = _choices(request, mapping, workspace)
    sheets = template_sheets(mapping, tables, Meanings(schema_text(MEANINGS)), choices.values)
    digest = digest_of_mapping(merged_data(path).document.data) if request.mapping is not None else ""
    stamp = stamp_of(mapping, digest, sheets, zone or "")
    facts = TemplateFacts(request.today, __version__, instance)
    placed = place_template(request.output, (mapping, stamp), (sheets, choices), facts)
    if request.mapping is not None:
        known.note(stamp, request.mapping)
    columns = [each for sheet in sheets for each in sheet.columns]
    required = sum(each.is_required for each in columns)
    return WrittenTemplate(placed.file, len(columns), required, placed.lists, dict(choices.left), instance)


def mapping_for(files: Sequence[Path], workspace: Workspace = HERE) -> Path:
    """The mapping that templates among files are of; raises UsageError where they are none, or not of one mapping."""
    known, tables = _known(workspace), element_tables()
    found = {file: known.mapping_of(file, tables) for file in files}
    if len(set(found.values())) > 1:
        said = "; ".join(f"{file} of {mapping}" for file, mapping in found.items())
        raise UsageError(f"these are templates of several mappings ({said}); check them one by one")
    return next(iter(found.values()))


def _known(workspace: Workspace) -> "KnownTemplates":
    from bulkpo.runs.drafting.templates.known_templates import KnownTemplates

    return KnownTemplates(workspace.data, workspace.folder)


def _resource(request: TemplateRequest) -> str:
    from bulkpo.schema.tables import UnknownElement

    try:
        resource = element_tables().resource(request.resource)
    except UnknownElement as error:
        raise UsageError(f"{error}; `bulkpo elements --resources` lists them") from None
    if "POST" not in resource.methods:
        raise UsageError(f"{resource.name} can only be read, not created, so there is nothing to fill in")
    return resource.name


def _choices(request: TemplateRequest, mapping: "ImportMapping", workspace: Workspace) -> "tuple[InstanceChoices, str]":
    """What the instance has for the elements that columns fill as they are, and whose that is."""
    from bulkpo.runs.drafting.choices import InstanceChoices, choices_of, resource_of
    from bulkpo.runs.drafting.templates.template_layout import asked_paths
    from bulkpo.schema.scopes import scope_of

    tables = element_tables()
    asked = asked_paths(mapping, tables)
    named = dict.fromkeys(resource for it in asked if (resource := resource_of(it, tables)) is not None)
    if request.to is None or not named:
        return InstanceChoices(), ""
    with workspace.client(request.to, Scopes((), tuple(map(scope_of, named)))) as client:
        return choices_of(asked, client, tables, _MOST_CHOICES), str(client.profile)
