"""What the sandbox serves: the element tables, compiled for quick reading, checking and writing.

An object's associations are of two sorts. One to an object with a resource of its own is a *reference*: only the
id is kept. Every other, and every collection of lines, allocations, attachments and comments, is *owned*: its
members live and die with their document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bulkpo.schema.tables import Element, ElementTables, ObjectTable, Resource

REVISION = "order-header-revision"
CUSTOM_FIELDS = "custom-fields"
GLOBAL_FIELDS = "global-fields"
"""Where custom fields are kept that stand beside the standard elements, as on older instances."""

# The short forms in which users and suppliers appear inside other objects.
_SHORT_FORMS = {
    "user-simple": "user",
    "user-simple-serializer": "user",
    "supplier-simple-serializer": "supplier",
}
_OWNED_COLLECTIONS = frozenset({"order-line", "attachment", "comment", "tagging"})
_NATURAL_KEYS = {
    "account": ("code", "name"),
    "address": ("location-code", "name"),
    "item": ("item-number", "name"),
    "lookup-value": ("name", "external-ref-num"),
    "order-header": ("po-number",),
    "order-line": ("line-num",),
    "supplier": ("number", "name"),
    "user": ("login", "email", "employee-number"),
    "user-simple": ("login", "email", "employee-number"),
}
_USUAL_KEYS = ("code", "number", "name", "login")
_FIRST = ("id", "created-at", "updated-at", "po-number", "status")
_LAST = ("order-lines",)


@dataclass(frozen=True, slots=True)
class Link:
    """An association: its name, the kind its members are shown as, and the kind they are kept as if referred to."""

    name: str
    many: bool
    kind: "Kind"
    refers_to: str | None


class Kind:
    """One object's elements, in the order in which answers show them."""

    def __init__(self, table: ObjectTable, catalog: "Catalog") -> None:
        self.name = table.name
        self.elements: Mapping[str, Element] = table.elements
        # `active?` repeats `active`, and no XML element can be named so: it can be asked for, and is not shown.
        shown = (e for e in table.elements.values() if e.is_plain and not e.name.endswith("?"))
        self.plain = tuple(sorted(shown, key=_position))
        self.blank: Mapping[str, list[str] | bool | None] = {e.name: _blank(e) for e in self.plain}
        self.required = tuple(e for e in table.elements.values() if e.required and not e.read_only)
        self.keys = _NATURAL_KEYS.get(self.name) or tuple(k for k in _USUAL_KEYS if k in table.elements)
        self.title = "".join(map(str.capitalize, self.name.removesuffix("-simple").split("-")))
        self._catalog = catalog

    @cached_property
    def order_of_line(self) -> Link:
        """How queries lead from a line to its order, which no answer shows."""
        return Link("order-header", many=False, kind=self._catalog.kind("order-header"), refers_to="order-header")

    @cached_property
    def links(self) -> Mapping[str, Link]:
        """The associations by name; lines last."""
        links = sorted((e for e in self.elements.values() if not e.is_plain), key=lambda e: e.name in _LAST)
        return {element.name: self._catalog.link(element) for element in links}


@dataclass(frozen=True)
class Served:
    """A resource as the sandbox serves it, and the object's kind."""

    resource: Resource
    kind: Kind

    @property
    def can_create(self) -> bool:
        """True if documents can be created and changed, not only read."""
        return "POST" in self.resource.methods


@dataclass
class Catalog:
    """All kinds and resources, each compiled when first asked for."""

    tables: ElementTables
    _kinds: dict[str, Kind] = field(default_factory=dict)
    _served: dict[str, Served] = field(default_factory=dict)

    def kind(self, name: str) -> Kind:
        """An object's kind; raises UnknownElement."""
        if name not in self._kinds:
            self._kinds[name] = Kind(self.tables.object(name), self)
        return self._kinds[name]

    def resource(self, name: str) -> Served:
        """A resource by its name in the URL; raises UnknownElement."""
        if name not in self._served:
            resource = self.tables.resource(name)
            self._served[name] = Served(resource, self.kind(resource.object))
        return self._served[name]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all resources."""
        return self.tables.resource_names()

    @cached_property
    def kept(self) -> Mapping[str, str]:
        """The kinds that are documents of their own, each with the first resource that serves it."""
        return {self.resource(name).kind.name: name for name in reversed(self.names)}

    def link(self, element: Element) -> Link:
        """An association, with where its members are kept."""
        kind = self.kind(element.type)
        target = _SHORT_FORMS.get(element.type, element.type)
        owned = target not in self.kept or (element.many and target in _OWNED_COLLECTIONS)
        return Link(element.name, element.many, kind, None if owned else target)


def singular(plural: str) -> str:
    """The name of one member of a collection: `order-lines` has `order-line`, `taxes` has `tax`."""
    for ending, one in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("s", "")):
        if plural.endswith(ending):
            return plural.removesuffix(ending) + one
    return plural


def _blank(element: Element) -> list[str] | bool | None:
    """What an answer shows of an element without a value: a boolean is false."""
    if element.many:
        return []
    return False if element.type == "boolean" else None


def _position(element: Element) -> int:
    return _FIRST.index(element.name) if element.name in _FIRST else len(_FIRST)
