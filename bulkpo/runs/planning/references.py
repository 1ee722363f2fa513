"""What orders refer to: elements that name a record of another resource, such as a supplier by name and number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bulkpo.model.document import Layout, Level, Value
from bulkpo.model.path import ElementPath
from bulkpo.schema.tables import ElementTables, UnknownElement

MARKS = {"status": "active", "active": True, "enabled": True}
"""What says that a record can be used: the element, and its value then."""


class Key(NamedTuple):
    """A value by which an order names a record: its place in the level, its element, and which of the record's it is.

    `path` has more than one name where the record is told by one that it refers to itself: an account's type by name.
    """

    place: int
    element: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A record that documents of a level name, by one key or several; `mark` is what says that it can be used."""

    level: int
    resource: str
    keys: tuple[Key, ...]
    mark: str | None

    @property
    def own(self) -> tuple[Key, ...]:
        """The keys that are the record's own, which it can be looked up by."""
        return tuple(key for key in self.keys if len(key.path) == 1)

    def named(self, values: Sequence[Value]) -> tuple[Value, ...]:
        """The values of the keys among those of a document or member."""
        return tuple(values[key.place] for key in self.keys)


class _Association(NamedTuple):
    """A level's element that names a record: its path, the record's resource, and the mark."""

    path: tuple[str, ...]
    resource: str
    mark: str | None


def references(layout: Layout, tables: ElementTables) -> list[Reference]:
    """The references of each level, from the header down."""
    found: list[Reference] = []
    level: Level | None = layout
    number = 0
    while level is not None:
        paths = dict.fromkeys(field.path.names[:-1] for field in level.fields)
        known = [each for path in paths if path and (each := _association(level, path, tables)) is not None]
        names = {each.path for each in known}
        for each in known:
            keys = tuple(key for key in _keys(level, each.path) if len(key.path) == 1 or _outer(key, each) in names)
            found.append(Reference(number, each.resource, keys, each.mark))
        level, number = level.below, number + 1
    return found


def _outer(key: Key, association: _Association) -> tuple[str, ...]:
    return (*association.path, *key.path[:-1])


def _keys(level: Level, path: tuple[str, ...]) -> list[Key]:
    """The fields of a level that are below a path."""
    depth = len(path)
    return [
        Key(place, field.full_path, field.path.names[depth:])
        for place, field in enumerate(level.fields)
        if field.path.names[:depth] == path and len(field.path.names) > depth
    ]


def _association(level: Level, path: tuple[str, ...], tables: ElementTables) -> _Association | None:
    try:
        kind = tables.element(level.object, ElementPath.parse("/".join(path))).type
        table = tables.object("user" if kind == "user-simple" else kind)
    except UnknownElement:
        return None  # custom fields, and what only one instance knows
    if not table.resources:
        return None
    return _Association(
        path, next(iter(table.resources)), next((name for name in MARKS if name in table.elements), None)
    )
