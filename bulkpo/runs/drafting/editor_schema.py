"""JSON schemas that let editors complete, explain and check element paths while a mapping is written.

They are the shipped ones, made stricter for one resource as one instance has it: each path a mapping may name is told
with its meaning, and a name on the way that is none is an error. What lies deeper than people look for, members by
their numbers (`order-lines[2]/price`) and names with underscores are let pass, as bulkpo lets them.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from bulkpo.model.matching import Mode
from bulkpo.model.path import CUSTOM_FIELDS
from bulkpo.runs.own_files import OwnFiles
from bulkpo.schema.catalogue import ListedPath, fillable_paths, object_paths, readable_paths
from bulkpo.schema.meanings import Meanings, facts
from bulkpo.schema.tables import ElementTables
from bulkpo.tables.writing.atomic import replacing

_Json = dict[str, Any]
_NUMBER = r"(?:\[[1-9][0-9]*\])?"
_ANY = r"[A-Za-z0-9][A-Za-z0-9_/\[\]?-]*"
_PLAIN = ("string", "integer", "number", "boolean")
_TYPO = "This is no element path of {of}: complete it, or look at `bulkpo elements`."


class Way(StrEnum):
    """Whether a mapping brings data into Coupa or out of it."""

    IMPORT = "import"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class SchemaScope:
    """The mappings a schema is for: which way, of which resource and its object, and how an import writes."""

    way: Way
    resource: str
    object: str
    mode: Mode = Mode.CREATE

    @property
    def shipped(self) -> str:
        """The name of the schema it is made from."""
        return f"{self.way}-mapping.schema.json"


@dataclass(frozen=True, slots=True)
class PathNotes:
    """What is told of paths beside their types: what they mean, and what an instance has for them."""

    meanings: Meanings
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def editor_schema(shipped: _Json, scope: SchemaScope, tables: ElementTables, told: PathNotes) -> _Json:
    """The shipped schema of such mappings, with the paths of their resource."""
    paths = listed_paths(tables, scope)
    named = list(object_paths(tables, scope.object, fills=scope.way is Way.IMPORT))
    book = _Paths(_Known(paths, named, _free_customs(tables, scope.object, named)), told, scope)
    schema = dict(shipped)
    del schema["title"]  # it would stand above everything that editors tell
    schema["$defs"] = {**shipped["$defs"], "path": book.path()}
    schema["properties"] = dict(shipped["properties"])
    if scope.way is Way.IMPORT:
        _import(schema, book, scope.mode)
    else:
        _export(schema, book)
    schema["properties"]["resource"] = {**shipped["properties"]["resource"], "enum": _spellings(scope.resource)}
    return schema


def listed_paths(tables: ElementTables, scope: SchemaScope) -> list[ListedPath]:
    """The paths such mappings may name."""
    if scope.way is Way.EXPORT:
        return list(readable_paths(tables, scope.object))
    return list(fillable_paths(tables, scope.object, ids=scope.mode is not Mode.CREATE))


def save_schema(schema: _Json, path: Path, own: OwnFiles) -> Path:
    """Write a schema; raises OutputError. One that bulkpo wrote there is replaced, any other file is left alone."""
    with own.placed(path, "schema for editors") as place, replacing(place) as file:
        file.write(json.dumps(schema, ensure_ascii=False, indent=1).encode())
    return place


def _import(schema: _Json, book: "_Paths", mode: Mode) -> None:
    """Where an import names paths: its columns, key, constants, rules and references."""
    properties = schema["properties"]
    path = {"$ref": "#/$defs/path"}
    key = properties["document"]["properties"]["key"]
    properties["document"] = {
        **properties["document"],
        "properties": {**properties["document"]["properties"], "key": {**path, "title": key["description"]}},
    }
    column = schema["$defs"]["column"]
    schema["$defs"]["column"] = {name: value for name, value in column.items() if name != "description"}
    properties["constants"] = book.constants(properties["constants"])
    properties["rules"] = book.keyed(properties["rules"])
    properties["references"] = book.keyed(properties["references"])
    properties["mode"] = {**properties["mode"], "enum": [mode]}


def _export(schema: _Json, book: "_Paths") -> None:
    """Where an export names paths: its columns and conditions, its rows, and what it goes on from."""
    properties, defs = schema["properties"], schema["$defs"]
    path = {"$ref": "#/$defs/path"}
    defs["column"] = _with_path(defs["column"], path)
    del defs["column"]["description"]
    properties["columns"] = _with_path(properties["columns"], path)
    asked, listed = properties["where"]["oneOf"]
    properties["where"] = {**properties["where"], "oneOf": [book.keyed(asked), listed]}
    properties["rows"] = {**properties["rows"], "enum": book.collections()}


def _with_path(schema: Any, path: _Json) -> Any:  # noqa: ANN401 - a part of a JSON schema
    """A schema with each place for an element path made one; those are texts, or lists of texts, without a title."""
    if isinstance(schema, list):
        return [_with_path(each, path) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema == {"type": "string"} or schema.get("description") == "An element path.":
        return path
    return {name: _with_path(value, path) for name, value in schema.items()}


def _spellings(resource: str) -> list[str]:
    return list(dict.fromkeys((resource, resource.replace("_", "-"))))


def _free_customs(tables: ElementTables, object_name: str, named: Sequence[ListedPath]) -> list[str]:
    """The custom fields of objects of which nobody has told any: whatever name may stand there."""
    ways = {"": object_name}
    for each in named:
        ways[each.path] = each.element.type
        ways |= {
            "/".join(each.collections[: depth + 1]): each.trail[depth + 1][0] for depth in range(len(each.collections))
        }
    return [
        f"{way}/{CUSTOM_FIELDS}".removeprefix("/") for way, name in ways.items() if tables.object(name).custom is None
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """The paths that are listed, the objects they lead through, and ways to where any name may stand."""

    paths: Sequence[ListedPath]
    objects: Sequence[ListedPath]
    free: Sequence[str]


class _Paths:
    """The paths of one resource, as parts of a JSON schema."""

    def __init__(self, known: _Known, told: PathNotes, scope: SchemaScope) -> None:
        self._offered = [it for it in known.paths if it.is_looked_for or scope.way is Way.EXPORT]
        self._objects = known.objects
        self._known = told
        self._resource = scope.resource
        deeper = [*(it.path for it in known.objects if len(it.own_trail) > 1), *known.free]
        ways = [tuple(it.path.split("/")) for it in known.paths] + [(*path.split("/"), "") for path in deeper]
        whole = [path for it in known.objects for path in (it.path, "/".join(it.collections)) if path]
        self._pattern = f"^{_any_of(ways)}$"
        self._ruled = f"^{_any_of([*ways, *(tuple(path.split('/')) for path in whole)])}$"

    def path(self) -> _Json:
        """Any of the paths.

        Any text comes first: once that holds, editors do not gather what each of the paths would have wanted, which
        took them a second.
        """
        told = [{"const": it.path, "description": self._told(it)} for it in self._offered]
        return {**self._name(self._pattern), "anyOf": [{"type": "string"}, *told]}

    def constants(self, shipped: _Json) -> _Json:
        """A block whose keys are paths, and whose values are completed where an element takes only a few."""
        more = [each for each in shipped["additionalProperties"]["anyOf"] if "undecided" in str(each)]
        listed = {it.path: self._constant(it, more) for it in self._offered}
        return {**shipped, "properties": listed, "propertyNames": self._name(self._pattern)}

    def keyed(self, shipped: _Json) -> _Json:
        """A block whose keys are paths, or objects on their way."""
        other = shipped["additionalProperties"]
        listed = {it.path: {"description": self._told(it), **other} for it in (*self._objects, *self._offered)}
        return {**shipped, "properties": listed, "propertyNames": self._name(self._ruled)}

    def _name(self, pattern: str) -> _Json:
        """What is none of the paths is an error, told in a sentence rather than by all there are."""
        return {"type": "string", "pattern": pattern, "patternErrorMessage": _TYPO.format(of=self._resource)}

    def collections(self) -> list[str]:
        """The collections whose members can be rows."""
        return list(dict.fromkeys("/".join(it.collections) for it in self._offered if it.collections))

    def _constant(self, listed: ListedPath, more: Sequence[_Json]) -> _Json:
        told = self._told(listed)
        values = [{"const": value} for value in listed.element.values or self._known.values.get(listed.path, ())]
        return {"description": told, "anyOf": [{"type": [*_PLAIN, "null"], "description": told}, *values, *more]}

    def _told(self, listed: ListedPath) -> str:
        is_plain = listed.element.is_plain
        facts_of = facts(listed.element, is_required=listed.is_required) if is_plain else ""
        example = self._known.meanings.example(listed.trail)
        told = (self._known.meanings.of(listed.own_trail), facts_of, f"Example: {example}" if example else "")
        return " ".join(each for each in told if each)


def _any_of(ways: Iterable[tuple[str, ...]]) -> str:
    """A pattern for paths given by their steps, "" for any steps there may be.

    Dashes may be underscores, and members of collections have numbers, as bulkpo reads them.
    """
    below: dict[str, list[tuple[str, ...]]] = {}
    for first, *rest in ways:
        below.setdefault(first, []).append(tuple(rest))
    return f"(?:{'|'.join(_step(first, rest) for first, rest in below.items())})"


def _step(first: str, rest: Sequence[tuple[str, ...]]) -> str:
    if not first:
        return _ANY
    name = re.escape(first).replace(r"\-", "[-_]")
    inner = [each for each in rest if each]
    if not inner:
        return name
    end = "?" if len(inner) < len(rest) else ""
    return rf"{name}(?:{_NUMBER}/{_any_of(inner)}){end}"
