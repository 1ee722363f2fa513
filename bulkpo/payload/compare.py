"""A document held against what Coupa has, to tell whether it is the order that was sent.

Only what was sent is compared, each element by its type: 5.0 equals 5.00, and instants are equal whatever their
offset. Coupa leaves out plain elements that cannot be read back, so a plain element missing there proves nothing;
a reference missing there means that it has none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, NamedTuple

from bulkpo.model.document import Document, Layout, Level, Member, Value
from bulkpo.model.path import Step
from bulkpo.model.text import visible
from bulkpo.model.tree import Tree
from bulkpo.payload.shape import Shape, shape_of

CUSTOM = "custom-fields"
_LINE_NUMBER = "line-num"
ALWAYS = ("id", "status", "version", "updated-at")
NOT_READABLE: Final = object()
"""Stands for a plain element that an answer leaves out, so that nothing is known of it."""


class Difference(NamedTuple):
    """An element that is not the same: what was sent and what Coupa has (None: nothing)."""

    path: str
    ours: str
    theirs: str | None

    def __str__(self) -> str:
        return f"{self.path}: sent {self.ours!r}, Coupa has {'nothing' if self.theirs is None else repr(self.theirs)}"


class Sameness(StrEnum):
    """What holding an element against Coupa says; `NOT_SHOWN` of one that the answer leaves out."""

    SAME = "same"
    DIFFERS = "differs"
    NOT_SHOWN = "not shown"


class Compared(NamedTuple):
    """An element held against Coupa: what was sent, what is there (None: nothing), and what that says."""

    path: str
    sent: str
    found: str | None
    verdict: Sameness


def differences(layout: Layout, document: Document, theirs: Mapping[str, object]) -> list[Difference]:
    """Where what Coupa has differs from what was sent; empty if it is the same order.

    `theirs` is Coupa's answer as nested names and values; values may be text or native.
    """
    return differing(compared(layout, document, theirs))


def compared(layout: Layout, document: Document, theirs: Mapping[str, object]) -> list[Compared]:
    """Every element that was sent, held against what Coupa has; `theirs` is as of `differences`."""
    return list(_compare(layout, (document.values, document.members), theirs, ""))


def differing(elements: Iterable[Compared]) -> list[Difference]:
    """Those that are not the same."""
    return [Difference(path, sent, found) for path, sent, found, verdict in elements if verdict is Sameness.DIFFERS]


def fields_of(layout: Layout) -> list[object]:
    """The elements of a layout as Coupa's `fields` parameter wants them, after those that show a change."""
    return [*ALWAYS, *[field for field in _fields(layout) if field not in ALWAYS]]


def _fields(level: Level) -> list[object]:
    found = _shape_fields(shape_of(level.fields))
    return [*found, {level.below.collection: _fields(level.below)}] if level.below else found


def _shape_fields(shape: Shape) -> list[object]:
    plain: list[object] = [name for name, below in shape.items() if isinstance(below, int)]
    return plain + [{name: _shape_fields(below)} for name, below in shape.items() if not isinstance(below, int)]


def _compare(
    level: Level, ours: tuple[Sequence[Value], Sequence[Member]], theirs: Mapping[str, object], prefix: str
) -> Iterator[Compared]:
    values, members = ours
    for field, value in zip(level.fields, values, strict=True):
        if value is None:
            continue
        found = look(theirs, field.path.names)
        if found is NOT_READABLE:
            yield Compared(f"{prefix}{field.path}", value, None, Sameness.NOT_SHOWN)
            continue
        verdict = Sameness.SAME if same(field.type, value, found) else Sameness.DIFFERS
        yield Compared(f"{prefix}{field.path}", value, coupa_text(found), verdict)
    if level.below and members:
        yield from _compare_members(level.below, members, theirs.get(level.below.collection), prefix)


def _compare_members(level: Level, members: Sequence[Member], theirs: object, prefix: str) -> Iterator[Compared]:
    others = [other for other in theirs if isinstance(other, Mapping)] if isinstance(theirs, list) else []
    name = f"{prefix}{level.collection}"
    if len(others) != len(members):
        yield Compared(name, f"{len(members)} of them", f"{len(others)} of them", Sameness.DIFFERS)
        return
    for number, (member, other) in enumerate(zip(members, _in_our_order(level, members, others), strict=True), 1):
        yield from _compare(level, (member.values, member.members), other, f"{name}[{number}]/")


def _in_our_order(
    level: Level, members: Sequence[Member], others: list[Mapping[str, object]]
) -> list[Mapping[str, object]]:
    """Coupa's members in the order of ours: by line number where both have it, else as they stand."""
    places = [place for place, field in enumerate(level.fields) if field.path.names == (_LINE_NUMBER,)]
    if not places:
        return others
    by_number = {coupa_text(other.get(_LINE_NUMBER)): other for other in others}
    numbers = [member.values[places[0]] for member in members]
    if len(by_number) != len(others) or set(numbers) != set(by_number):
        return others
    return [by_number[number] for number in numbers]


def look(theirs: Mapping[str, object], names: Sequence[str]) -> object:
    """What Coupa has at a path: None if nothing, `NOT_READABLE` if the answer does not say."""
    inner: object = theirs
    for position, name in enumerate(names):
        if not isinstance(inner, Mapping):
            return None
        if name == CUSTOM and name not in inner:
            continue  # older instances keep custom fields beside the standard elements
        if name not in inner:
            return NOT_READABLE if position + 1 == len(names) else None
        inner = inner[name]
    return inner


def same(kind: str, ours: str, theirs: object) -> bool:
    """Whether two values of an element's type are the same to Coupa; an empty text is nothing."""
    text = coupa_text(theirs)
    if text is None:
        return ours.strip() == ""
    if kind in ("decimal", "float", "integer"):
        return number_of(ours) == number_of(text)
    if kind in ("datetime", "date"):
        return instant_of(ours) == instant_of(text)
    return as_read(ours) == as_read(text)


def coupa_text(value: object) -> str | None:
    """A value of Coupa's answer as text; None where there is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def number_of(text: str) -> Decimal | str:
    """A number, or the text that is none."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def instant_of(text: str) -> datetime | str:
    """An instant; a date alone is midnight UTC, as Coupa reads it."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant


def as_read(text: str) -> str:
    """Text as forms, XML readers and the reading of files leave it: line ends alike, no blanks around, none unseen."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\n"))


def document_from(layout: Layout, key: str, found: Tree) -> Document:
    """Coupa's answer as a document of a layout; elements it does not have are None."""
    values, members = _member(layout, found)
    return Document(key, 0, values, members)


def _member(level: Level, found: Tree) -> tuple[tuple[Value, ...], tuple[Member, ...]]:
    values = tuple([_scalar(_at(found, field.path.steps)) for field in level.fields])
    below = level.below
    if below is None:
        return values, ()
    inner = found.get(below.collection)
    others = [other for other in inner if isinstance(other, dict)] if isinstance(inner, list) else []
    return values, tuple([Member(0, *_member(below, other)) for other in others])


def _at(found: Tree, steps: Sequence[Step]) -> object:
    inner: object = found
    for step in steps:
        if not isinstance(inner, dict):
            return None
        inner = inner.get(step.name)
    return inner


def _scalar(value: object) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else None
