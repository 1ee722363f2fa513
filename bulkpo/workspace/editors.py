"""Schemas for editors: what a mapping of one resource may say, as one instance has it, written to a file."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bulkpo.errors import UsageError
from bulkpo.workspace.opening import HERE, Scopes, Workspace, element_tables

if TYPE_CHECKING:
    from bulkpo.runs.drafting.choices import InstanceChoices
    from bulkpo.runs.drafting.editor_schema import SchemaScope
    from bulkpo.schema.tables import ElementTables

_MOST_CHOICES = 200


@dataclass(frozen=True, slots=True)
class SchemaRequest:
    """Write the schema for mappings of `resource` to `output`.

    `way` says whether they import or export, `mode` how they import. `instance` is the file that says what is special
    about an instance; `to` names a profile, whose instance is asked for units, suppliers and the like.
    """

    output: Path
    resource: str = "purchase_orders"
    way: Literal["import", "export"] = "import"
    mode: Literal["create", "update", "upsert"] = "create"
    instance: Path | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenSchema:
    """The schema's file, how many element paths it knows, and of how many it knows what can stand there."""

    file: Path
    paths: int
    listed: int
    left: dict[str, str] = field(default_factory=dict)

    def line_for(self, mapping: Path) -> str:
        """The first line of a mapping in this place, by which editors find the schema."""
        way = os.path.relpath(self.file.absolute(), mapping.absolute().parent)
        return f"# yaml-language-server: $schema={Path(way).as_posix()}"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"file": str(self.file), "paths": self.paths, "listed": self.listed, "left": self.left}


def write_schema(request: SchemaRequest, workspace: Workspace = HERE) -> WrittenSchema:
    """Write it; one that was written before is replaced. Raises UsageError, MappingError, OutputError, ServiceError."""
    from bulkpo.runs.drafting.editor_schema import PathNotes, editor_schema, save_schema
    from bulkpo.runs.own_files import OwnFiles
    from bulkpo.schema.meanings import MEANINGS, Meanings
    from bulkpo.shipped import schema_text

    tables = instance_tables(request.instance)
    scope = _wanted(request, tables)
    choices = _choices(request, scope, tables, workspace)
    told = PathNotes(Meanings(schema_text(MEANINGS)), choices.values)
    schema = editor_schema(json.loads(schema_text(scope.shipped)), scope, tables, told)
    file = save_schema(schema, request.output, OwnFiles(workspace.data))
    offered = sum("const" in each for each in schema["$defs"]["path"]["anyOf"])
    return WrittenSchema(file, offered, len(choices.values), dict(choices.left))


def instance_tables(instance: Path | None) -> "ElementTables":
    """The element tables, with what an instance's file says laid over them."""
    tables = element_tables()
    if instance is None:
        return tables
    from bulkpo.runs.checking.mapping_files import read_yaml
    from bulkpo.schema.instance import parse_instance
    from bulkpo.shipped import schema_text

    return parse_instance(read_yaml(instance), str(instance), json.loads(schema_text("instance.schema.json")), tables)


def _wanted(request: SchemaRequest, tables: "ElementTables") -> "SchemaScope":
    from bulkpo.model.matching import Mode
    from bulkpo.runs.drafting.editor_schema import SchemaScope, Way
    from bulkpo.schema.tables import UnknownElement

    try:
        resource = tables.resource(request.resource)
    except UnknownElement as error:
        raise UsageError(f"{error}; `bulkpo elements --resources` lists them") from None
    if request.way == "import" and "POST" not in resource.methods:
        raise UsageError(f"{resource.name} can only be read, not created; say --for export")
    return SchemaScope(Way(request.way), resource.name, resource.object, Mode(request.mode))


def _choices(
    request: SchemaRequest, scope: "SchemaScope", tables: "ElementTables", workspace: Workspace
) -> "InstanceChoices":
    from bulkpo.runs.drafting.choices import InstanceChoices, choices_of, resource_of
    from bulkpo.runs.drafting.editor_schema import listed_paths
    from bulkpo.schema.scopes import scope_of

    if request.to is None:
        return InstanceChoices()
    listed = listed_paths(tables, scope)
    named = dict.fromkeys(resource for it in listed if (resource := resource_of(it, tables)) is not None)
    with workspace.client(request.to, Scopes((), tuple(map(scope_of, named)))) as client:
        return choices_of(listed, client, tables, _MOST_CHOICES)
