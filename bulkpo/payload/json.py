"""Documents as the JSON that Coupa takes: decimals are text, booleans and whole numbers are native."""

import json
from collections.abc import Sequence

from bulkpo.model.document import Document, Layout, Level, Member, Value
from bulkpo.payload.shape import Shape, reject_unsendable, shape_of

JSON_TYPE = "application/json"

JsonTree = dict[str, "str | int | bool | JsonTree | list[JsonTree] | None"]
"""A document as nested names and values, as it stands in JSON."""


class JsonEncoder:
    """Writes documents of one layout. A value of None leaves its element out, and a reference with it if empty."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._builder = _LevelBuilder(layout)

    def __call__(self, document: Document) -> bytes:
        """The payload; raises InputError if a value holds a character that Coupa cannot take."""
        reject_unsendable(self._layout, document)
        nested = self._builder.build(document.values, document.members)
        return json.dumps(nested, ensure_ascii=False, separators=(",", ":")).encode()


def tree(layout: Layout, document: Document) -> JsonTree:
    """A document as nested names and values."""
    return _LevelBuilder(layout).build(document.values, document.members)


class _LevelBuilder:
    """Builds the members of one level."""

    def __init__(self, level: Level) -> None:
        self._types = tuple(field.type for field in level.fields)
        self._shape = shape_of(level.fields)
        self._below = _LevelBuilder(level.below) if level.below else None
        self._collection = level.below.collection if level.below else ""

    def build(self, values: Sequence[Value], members: Sequence[Member]) -> JsonTree:
        """One member, and the level below it."""
        result = self._nest(self._shape, values)
        if self._below is not None and members:
            build = self._below.build
            result[self._collection] = [build(member.values, member.members) for member in members]
        return result

    def _nest(self, shape: Shape, values: Sequence[Value]) -> JsonTree:
        result: JsonTree = {}
        for name, below in shape.items():
            if not isinstance(below, int):
                inner = self._nest(below, values)
                if inner:
                    result[name] = inner
                continue
            value = values[below]
            if value is not None:
                result[name] = native(self._types[below], value)
        return result


def native(kind: str, value: str) -> str | int | bool | None:
    """A value as JSON has it: booleans and whole numbers are native, and what is to be emptied is null."""
    if not value:
        return None
    if kind == "boolean":
        return value == "true"
    return int(value) if kind == "integer" else value
