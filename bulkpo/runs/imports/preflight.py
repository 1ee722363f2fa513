"""Before the first order: whether the numbers are free, and all that the orders refer to is there and active.

One bulk look-up for each kind of reference. What is wrong is grouped by value: a supplier that is missing is one
finding, however many rows name it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import ServiceError
from bulkpo.model.document import Document, Layout, Level, Member
from bulkpo.model.finding import Finding
from bulkpo.model.path import ElementPath
from bulkpo.runs.imports.plan import FilePlan
from bulkpo.schema.tables import ElementTables, UnknownElement

_PREFIX = 3
_MOST_SUGGESTED = 20
_MOST_ROWS_NAMED = 5
_KEYS_AT_A_TIME = 1000
_MARKS = {"status": "active", "active": True, "enabled": True}
"""What says that a document can be used: the element, and its value then."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An element that names a document of another resource: `supplier/name` names one of `suppliers` by `name`.

    Elements that name the same kind, such as the currency of order and line, are one reference.
    """

    element: str = field(compare=False)
    resource: str
    key: str
    mark: str | None


@dataclass(slots=True)
class Preflight:
    """What looking around in the instance found. `existing` are orders that are there already.

    `unchecked` says of each resource that could not be asked why.
    """

    findings: list[Finding] = field(default_factory=list)
    existing: list[str] = field(default_factory=list)
    unchecked: dict[str, str] = field(default_factory=dict)


Uses = dict[str, list[int]]


def preflight(plan: FilePlan, client: CoupaClient, tables: ElementTables) -> Preflight:
    """Look up every number and every reference; raises ServiceError only if nothing at all can be asked."""
    result = Preflight()
    uses: dict[Reference, Uses] = {}
    places = references(plan.layout, tables)
    documents = plan.documents()
    while batch := list(islice(documents, _KEYS_AT_A_TIME)):
        found = client.find_by_keys(plan.resource, plan.key_element, [it.key for it in batch], ["id", plan.key_element])
        result.existing += [key for key, others in found.items() if others]
        for document in batch:
            _note(uses, places, document)
    for reference, values in uses.items():
        try:
            result.findings += _look_up(client, reference, values)
        except ServiceError as error:
            result.unchecked[reference.resource] = str(error)
    return result


def references(layout: Layout, tables: ElementTables) -> list[list[tuple[int, Reference]]]:
    """The references of each level: the place of the value that names one, and what it names."""
    found = []
    level: Level | None = layout
    while level is not None:
        here = [(place, _reference(level, place, tables)) for place in range(len(level.fields))]
        found.append([(place, reference) for place, reference in here if reference is not None])
        level = level.below
    return found


def _reference(level: Level, place: int, tables: ElementTables) -> Reference | None:
    *outer, key = level.fields[place].path.steps
    if not outer:
        return None
    try:
        kind = tables.element(level.object, ElementPath(tuple(outer))).type
        table = tables.object("user" if kind == "user-simple" else kind)
    except UnknownElement:
        return None  # custom fields, and what only one instance knows
    if not table.resources:
        return None
    mark = next((name for name in _MARKS if name in table.elements), None)
    return Reference(level.fields[place].full_path, next(iter(table.resources)), key.name, mark)


def _note(uses: dict[Reference, Uses], places: Sequence[Sequence[tuple[int, Reference]]], document: Document) -> None:
    members: Iterable[Document | Member] = [document]
    for here in places:
        members = list(members)
        for member in members:
            for place, reference in here:
                value = member.values[place]
                if value is not None:
                    uses.setdefault(reference, {}).setdefault(value, []).append(member.row)
        members = [below for member in members for below in member.members]


def _look_up(client: CoupaClient, reference: Reference, uses: Uses) -> Iterator[Finding]:
    wanted = ["id", reference.key, *([reference.mark] if reference.mark else [])]
    found = client.find_by_keys(reference.resource, reference.key, list(uses), wanted)
    missing = [value for value, others in found.items() if not others]
    for value, others in found.items():
        if others and not any(_is_usable(reference, other) for other in others):
            message = f"{value!r} is in {client.profile} but cannot be used, since it is not active; activate it there"
            yield _finding("reference-inactive", message, reference, (value, uses[value]))
    for number, value in enumerate(missing):
        near = _nearest(client, reference, value) if number < _MOST_SUGGESTED else []
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else "; create it there, or correct the value"
        message = f"{value!r} is not among the {reference.resource} of {client.profile}{hint}"
        yield _finding("reference-unknown", message, reference, (value, uses[value]))


def _is_usable(reference: Reference, other: Mapping[str, object]) -> bool:
    """True unless the document says it is not active; an answer that does not tell is no reason to stop."""
    if reference.mark is None or other.get(reference.mark) is None:
        return True
    return other[reference.mark] == _MARKS[reference.mark]


def _nearest(client: CoupaClient, reference: Reference, value: str) -> list[str]:
    condition = (f"{reference.key}[starts_with]", value[:_PREFIX])
    others = client.page(reference.resource, [condition], ["id", reference.key])
    return get_close_matches(value, [str(other.get(reference.key)) for other in others], n=3)


def _finding(code: str, message: str, reference: Reference, use: tuple[str, list[int]]) -> Finding:
    value, every = use
    rows = sorted(set(every))
    named = ", ".join(map(str, rows[:_MOST_ROWS_NAMED])) + (", …" if len(rows) > _MOST_ROWS_NAMED else "")
    where = f"row {named}" if len(rows) == 1 else f"{len(rows):,} rows: {named}"
    return Finding(code, f"{message} ({where})", row=rows[0], element=reference.element, value=value)
