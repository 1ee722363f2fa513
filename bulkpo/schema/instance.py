"""Instance files: what is special about one Coupa instance, laid over the element tables.

A custom field is an element like any other: below `custom-fields`, or beside the standard elements on instances that
keep them there (`namespace: global`).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bulkpo.errors import MappingError
from bulkpo.model.path import CUSTOM_FIELDS
from bulkpo.schema.shape import shape_problems
from bulkpo.schema.tables import Element, ElementTables, ObjectTable, UnknownElement, nearest
from bulkpo.yamldoc import YamlDocument, parse_yaml

LOOKUP = "lookup-value"
_SAID = re.compile(r"""^[{\s]*["']?bulkpo["']?\s*:\s*["']?instance/""", re.MULTILINE)


def parse_instance(text: str, file: str, schema: Mapping[str, Any], tables: ElementTables) -> ElementTables:
    """The element tables as one instance has them; raises MappingError with every problem of its file.

    Nothing is told of what another file holds: a mapping of somebody else's may name any.
    """
    if not _SAID.search(text):
        raise MappingError([f"{file}: is no instance file, which begins with `bulkpo: instance/1`; name another"])
    document = parse_yaml(text, file)
    problems = shape_problems(document, schema)
    if problems:
        raise MappingError(problems)
    overlay = _Overlay(document, tables)
    changed = overlay.lay()
    if overlay.problems:
        raise MappingError(overlay.problems)
    return tables.with_objects(changed)


class _Overlay:
    """One instance file, laid over the tables it changes."""

    def __init__(self, document: YamlDocument, tables: ElementTables) -> None:
        self.problems: list[str] = []
        self._document = document
        self._tables = tables
        self._changed: dict[str, ObjectTable] = {}

    def lay(self) -> dict[str, ObjectTable]:
        for name, fields in self._document.data.get("custom_fields", {}).items():
            for field, facts in fields.items():
                self._add(name, field, facts)
        for path, required in self._document.data.get("required", {}).items():
            self._require(path, required=required)
        return self._changed

    def _add(self, object_name: str, field: str, facts: Mapping[str, Any]) -> None:
        keys = ("custom_fields", object_name, field)
        table = self._table(object_name, ("custom_fields", object_name))
        if table is None:
            return
        if field in table.elements:
            self._report(keys, f"{object_name} has an element {field} of its own; a custom field needs another name")
            return
        element = _element(field, facts)
        if facts.get("namespace") == "global":
            changed = replace(table, elements={**table.elements, field: element})
        else:
            changed = replace(table, custom={**(table.custom or {}), field: element})
        self._changed[object_name] = changed

    def _require(self, path: str, *, required: bool) -> None:
        keys = ("required", path)
        object_name, _, name = path.partition("/")
        table = self._table(object_name, keys)
        if table is None:
            return
        if name not in table.elements:
            custom = f"; write required: beside {name} in custom_fields" if name.startswith(CUSTOM_FIELDS) else ""
            hint = custom or nearest(name, table.elements) or "; write object/element, such as order-header/supplier"
            self._report(keys, f"{object_name} has no element {name!r}{hint}")
            return
        element = replace(table.elements[name], required=required)
        self._changed[object_name] = replace(table, elements={**table.elements, name: element})

    def _table(self, name: str, keys: tuple[str, ...]) -> ObjectTable | None:
        try:
            return self._changed.get(name) or self._tables.object(name)
        except UnknownElement as unknown:
            self._report(keys, f"{unknown}; write an object such as order-header or order-line")
            return None

    def _report(self, keys: tuple[str, ...], message: str) -> None:
        self.problems.append(f"{self._document.key_place(keys)}: {message}")


def _element(name: str, facts: Mapping[str, Any]) -> Element:
    return Element(
        name,
        type=LOOKUP if facts["type"] == "lookup" else facts["type"],
        required=facts.get("required", False),
        length=facts.get("length"),
        precision=facts.get("precision"),
        scale=facts.get("scale"),
        values=tuple(map(str, facts.get("values", ()))),
    )
