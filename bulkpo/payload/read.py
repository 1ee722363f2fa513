"""A document as Coupa has it, laid out like the one that was sent."""

from collections.abc import Sequence
from typing import Any

from bulkpo.model.document import Document, Layout, Level, Member, Value
from bulkpo.model.path import Step

Found = dict[str, Any]


def document_from(layout: Layout, key: str, found: Found) -> Document:
    """Coupa's answer as a document of a layout; elements it does not have are None."""
    values, members = _member(layout, found)
    return Document(key, 0, values, members)


def _member(level: Level, found: Found) -> tuple[tuple[Value, ...], tuple[Member, ...]]:
    values = tuple([_text(_at(found, field.path.steps)) for field in level.fields])
    below = level.below
    if below is None:
        return values, ()
    inner = found.get(below.collection)
    others = [other for other in inner if isinstance(other, dict)] if isinstance(inner, list) else []
    return values, tuple([Member(0, *_member(below, other)) for other in others])


def _at(found: Found, steps: Sequence[Step]) -> object:
    inner: object = found
    for step in steps:
        if not isinstance(inner, dict):
            return None
        inner = inner.get(step.name)
    return inner


def _text(value: object) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else None
