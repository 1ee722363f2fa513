"""Every element path that people write, with its element: what can be filled, and what can be read.

Of an object that is only referred to, as a supplier by its number, its own plain elements are listed; what lies deeper
still is valid, but nobody looks for it in a list.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bulkpo.model.attached import ATTACHMENT
from bulkpo.model.path import CUSTOM_FIELDS
from bulkpo.schema.tables import Element, ElementTables, ObjectTable

NAMING = ("name", "code", "number", "login", "location-code", "item-number")
"""The elements by which records are named."""
_MOST_DEEP = 3
"""How many collections lie within one another: an order's lines and their allocations are two."""


@dataclass(frozen=True, slots=True)
class ListedPath:
    """A path with the element it leads to, and `trail`: each object on the way with the element of it that is next.

    `collections` are those the way leads through, from the document down.
    """

    path: str
    element: Element
    trail: tuple[tuple[str, str], ...]
    collections: tuple[str, ...] = ()

    @property
    def own_trail(self) -> tuple[tuple[str, str], ...]:
        """The trail without the collections it leads through."""
        return self.trail[len(self.collections) :]

    @property
    def is_required(self) -> bool:
        """Whether Coupa wants a value of every document, or of every member of the collection it is in."""
        own = self.own_trail
        return self.element.required and (len(own) == 1 or own[0][1].startswith(CUSTOM_FIELDS))

    @property
    def is_looked_for(self) -> bool:
        """False for what may name a record and tells nothing of it to people, such as when it was created."""
        return not self.element.read_only or self.element.name in ("id", *NAMING)


def fillable_paths(tables: ElementTables, object_name: str, *, ids: bool = False) -> Iterator[ListedPath]:
    """The paths a document can be given; with `ids` also those of documents and members that are there already."""
    yield from _within(tables, ListedPath("", Element("", object_name), ()), fills=True, ids=ids)


def readable_paths(tables: ElementTables, object_name: str) -> Iterator[ListedPath]:
    """The paths a document can be asked for."""
    yield from _within(tables, ListedPath("", Element("", object_name), ()), fills=False, ids=True)


def object_paths(tables: ElementTables, object_name: str, *, fills: bool) -> Iterator[ListedPath]:
    """The objects that are referred to, such as `supplier` or `supplier/primary-contact`: more lies below each."""
    for each in _within(tables, ListedPath("", Element("", object_name), ()), fills=fills, ids=True, deep=True):
        if not each.element.is_plain:
            yield each


def _within(
    tables: ElementTables, at: ListedPath, *, fills: bool, ids: bool, deep: bool = False
) -> Iterator[ListedPath]:
    """What lies below an object that is sent whole: the document, or a member of one of its collections."""
    table = tables.object(at.element.type)
    for element in table.elements.values():
        here = _next(at, table.name, element)
        if element.is_plain:
            if not (fills and element.read_only) or (ids and element.name == "id"):
                yield here
        elif fills and element.read_only:
            continue
        elif element.many:
            if fills and element.type == ATTACHMENT:
                yield here
            inner = ListedPath(here.path, element, here.trail, (*at.collections, element.name))
            if len(inner.collections) < _MOST_DEEP and _is_new(inner):
                yield from _within(tables, inner, fills=fills, ids=ids, deep=deep)
        else:
            if deep:
                yield here
            yield from _referred(tables, here, fills=fills, deep=deep)
    yield from _custom(table, at)


def _referred(tables: ElementTables, at: ListedPath, *, fills: bool, deep: bool) -> Iterator[ListedPath]:
    table = tables.object(at.element.type)
    for element in table.elements.values():
        is_deeper = deep and not (fills and (element.read_only or element.many))
        if element.is_plain or is_deeper:
            yield _next(at, table.name, element)
    yield from _custom(table, at)


def _custom(table: ObjectTable, at: ListedPath) -> Iterator[ListedPath]:
    """The custom fields that an instance file tells of."""
    for name, element in (table.custom or {}).items():
        path = "/".join(part for part in (at.path, CUSTOM_FIELDS, name) if part)
        if element.is_plain:
            yield ListedPath(path, element, (*at.trail, (table.name, f"{CUSTOM_FIELDS}/{name}")), at.collections)
        else:
            plain = Element("name", "string", required=element.required)
            trail = (*at.trail, (table.name, f"{CUSTOM_FIELDS}/{name}"), (element.type, "name"))
            yield ListedPath(f"{path}/name", plain, trail, at.collections)


def _next(at: ListedPath, owner: str, element: Element) -> ListedPath:
    path = f"{at.path}/{element.name}" if at.path else element.name
    return ListedPath(path, element, (*at.trail, (owner, element.name)), at.collections)


def _is_new(at: ListedPath) -> bool:
    """False for a collection of the very objects the way came from, such as an order's lines' orders."""
    return at.element.type not in {owner for owner, _ in at.trail}
