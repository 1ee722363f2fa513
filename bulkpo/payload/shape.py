"""How the elements of a level nest: `supplier/name` and `supplier/number` stand under one `supplier`."""

import re
from collections.abc import Iterable, Iterator

from bulkpo.errors import InputError
from bulkpo.model.document import Document, Field, Level, Value

Shape = dict[str, "int | Shape"]
"""A level's elements by name, in order; a number is the place of a plain element's value in the level's values."""

_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def shape_of(fields: Iterable[Field]) -> Shape:
    """The nesting of a level's fields, each name where it first stands.

    Raises ValueError if one path is given twice or lies below another.
    """
    shape: Shape = {}
    for number, field in enumerate(fields):
        *outer, last = field.path.names
        inner = shape
        for name in outer:
            below = inner.setdefault(name, {})
            if not isinstance(below, dict):
                raise ValueError(f"{field.full_path} lies below an element that has a value of its own")  # noqa: TRY004 - the layout is wrong, not a type
            inner = below
        if last in inner:
            raise ValueError(f"{field.full_path} stands twice in one level, or holds other elements")
        inner[last] = number
    return shape


def leaves(shape: Shape) -> Iterator[int]:
    """The places of a shape's values, in the order in which they are written."""
    for below in shape.values():
        if isinstance(below, int):
            yield below
        else:
            yield from leaves(below)


def reject_unsendable(layout: Level, document: Document) -> None:
    """Raise InputError if a value holds a character that XML cannot, naming document, row, element and character."""
    for level, row, values in _levels(layout, document):
        for field, value in zip(level.fields, values, strict=True):
            found = _UNSENDABLE.search(value) if value is not None else None
            if found:
                raise InputError(
                    f"document {document.key}, row {row}, {field.full_path}: holds the character "
                    f"U+{ord(found[0]):04X}, which Coupa cannot take; remove it"
                )


def _levels(layout: Level, document: Document) -> Iterator[tuple[Level, int, tuple[Value, ...]]]:
    yield layout, document.row, document.values
    waiting = [(layout.below, member) for member in document.members]
    while waiting:
        level, member = waiting.pop(0)
        if level is not None:
            yield level, member.row, member.values
            waiting.extend((level.below, below) for below in member.members)
