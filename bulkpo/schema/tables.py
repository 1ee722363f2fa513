"""Element tables: what is known of each element of Coupa's 308 objects.

The facts are those of Coupa's R39 reference, with corrections that name their source beside the element in
`schemas/coupa/`. A table is read when it is first asked for.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bulkpo.model.path import CUSTOM_FIELDS, ElementPath
from bulkpo.yamldoc import parse_yaml

PLAIN_TYPES = frozenset(
    {"string", "text", "integer", "decimal", "float", "boolean", "datetime", "date", "time"},
)


@dataclass(frozen=True, slots=True)
class Element:
    """One element. `type` is one of PLAIN_TYPES or an object's name; `length` counts characters.

    `precision` is the number of digits in all, `scale` those after the decimal point. `values` are the allowed ones.
    """

    name: str
    type: str
    many: bool = False
    required: bool = False
    read_only: bool = False
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    values: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """True for text, numbers, dates and booleans; False for an object or a collection of objects."""
        return self.type in PLAIN_TYPES


@dataclass(frozen=True, slots=True)
class Resource:
    """An API collection: its name in the URL, the plural that roots its lists, and what it can be asked."""

    name: str
    object: str
    plural: str
    methods: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObjectTable:
    """The elements of one object and the resources that serve it.

    `custom` are an instance's custom fields below `custom-fields`; None where nothing is known of them.
    """

    name: str
    elements: Mapping[str, Element]
    resources: Mapping[str, Resource]
    custom: Mapping[str, Element] | None = None


class UnknownElement(LookupError):  # noqa: N818 - said to users as a sentence, not as an error's name
    """A path or name that no table holds; its text says so and names the nearest one."""


class ElementTables:
    """The tables, read on demand. `read` gives the text of a file below `schemas/`, by its name."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read
        self._tables: dict[str, ObjectTable] = {}
        self._index: dict[str, str] | None = None

    def with_objects(self, objects: Mapping[str, ObjectTable]) -> "ElementTables":
        """These tables with some objects' replaced."""
        changed = ElementTables(self._read)
        changed._tables = {**self._tables, **objects}
        return changed

    def resource_names(self) -> tuple[str, ...]:
        """Every resource that has an endpoint of its own, sorted."""
        return tuple(self._objects_by_resource())

    def resource(self, name: str) -> Resource:
        """A resource by its name in the URL; dashes and underscores alike."""
        wanted = name.strip("/").replace("-", "_")
        index = self._objects_by_resource()
        if wanted not in index:
            raise UnknownElement(f"{name!r} is not a resource of Coupa{nearest(wanted, index)}")
        return self.object(index[wanted]).resources[wanted]

    def object(self, name: str) -> ObjectTable:
        """An object's table."""
        if name not in self._tables:
            try:
                text = self._read(f"coupa/{name}.yaml")
            except FileNotFoundError:
                raise UnknownElement(f"{name!r} is not an object of Coupa") from None
            self._tables[name] = _table(parse_yaml(text, f"{name}.yaml").data)
        return self._tables[name]

    def objects(self) -> Iterator[ObjectTable]:
        """Every object that can be reached from a resource, resources' objects first."""
        waiting = list(dict.fromkeys(self._objects_by_resource().values()))
        seen = set(waiting)
        for name in waiting:
            table = self.object(name)
            yield table
            for element in table.elements.values():
                if not element.is_plain and element.type not in seen:
                    seen.add(element.type)
                    waiting.append(element.type)

    def element(self, object_name: str, path: ElementPath) -> Element:
        """The element a path leads to. Raises UnknownElement naming the step that leads nowhere.

        Custom fields differ between instances: `custom-fields/NAME` is text unless an instance says otherwise,
        and so is `custom-fields/NAME/name`, which tells a choice.
        """
        current, steps = object_name, path.steps
        elements = self.object(current).elements
        for position, step in enumerate(steps):
            if step.name == CUSTOM_FIELDS and position + 1 < len(steps):
                custom = self.object(current).custom
                if custom is None and len(steps) - position in (2, 3):  # a field, or what tells a choice
                    return Element(steps[-1].name, "string")
                elements = custom or {}
                continue
            element = elements.get(step.name)
            if element is None:
                hint = nearest(step.name, elements) or self._meant(object_name, path)
                raise UnknownElement(f"{current} has no element {step.name!r}{hint}")
            if step.index is not None and not element.many:
                raise UnknownElement(f"{step.name!r} of {current} is one element, not several; remove [{step.index}]")
            if position + 1 == len(steps):
                return element
            if element.is_plain:
                raise UnknownElement(f"{step.name!r} of {current} is {element.type}: nothing lies below it")
            current = element.type
            elements = self.object(current).elements
        raise UnknownElement("an element path cannot be empty")

    def _meant(self, object_name: str, path: ElementPath) -> str:
        """The end of a sentence that names the elements people mean who write so: `vendor`, `need-by`, `qty`."""
        from bulkpo.schema.synonyms import SYNONYMS, read_synonyms

        synonyms = read_synonyms(self._read(SYNONYMS))
        meant = [found for found in synonyms.search(" ".join(path.names[-2:])) if self._is_there(object_name, found)]
        return f"; did you mean {' or '.join(meant[:3])}?" if meant else ""

    def _is_there(self, object_name: str, path: str) -> bool:
        elements = self.object(object_name).elements
        return path.partition("/")[0] in elements

    def _objects_by_resource(self) -> Mapping[str, str]:
        if self._index is None:
            self._index = parse_yaml(self._read("coupa/index.yaml"), "index.yaml").data
        return self._index


def nearest(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """The end of a sentence that names the known names nearest to a wrong one, or nothing."""
    close = get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _table(data: Mapping[str, Mapping[str, Mapping[str, object]]]) -> ObjectTable:
    name = str(data["object"])
    return ObjectTable(
        name,
        {element: _element(element, facts) for element, facts in data["elements"].items()},
        {resource: _resource(resource, name, facts) for resource, facts in data.get("resources", {}).items()},
    )


def _element(name: str, facts: Mapping[str, object]) -> Element:
    values = facts.get("values", ())
    limits = {limit: facts[limit] for limit in ("length", "precision", "scale") if limit in facts}
    return Element(
        name,
        type=str(facts["type"]),
        many=bool(facts.get("many")),
        required=bool(facts.get("required")),
        read_only=bool(facts.get("read_only")),
        values=tuple(map(str, values)) if isinstance(values, list) else (),
        **{limit: int(str(size)) for limit, size in limits.items()},
    )


def _resource(name: str, object_name: str, facts: Mapping[str, object]) -> Resource:
    methods, actions = facts.get("methods", []), facts.get("actions", [])
    return Resource(
        name,
        object_name,
        str(facts.get("plural", name.replace("_", "-"))),
        tuple(map(str, methods)) if isinstance(methods, list) else (),
        tuple(map(str, actions)) if isinstance(actions, list) else (),
    )
