"""What must stand in a document's text for it to answer a query: a look that costs a tenth of opening the document.

What it lets pass is tested all the same: it may let too much pass, and never too little.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from bulkpo.sandbox.catalog import Link
from bulkpo.sandbox.queries.query import Condition, Node
from bulkpo.sandbox.storage.store import statements
from bulkpo.sandbox.values import TEXTS

Mark = tuple[str, ...]
"""Texts of which one must stand there; if there are none, no document answers."""

_MOST = 16
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def marks(
    node: Node, seen: Mapping[str, Collection[str]], ids: Callable[[Link, Node], Sequence[int] | None], level: str = ""
) -> Iterator[Mark]:
    """The marks of a query, all of which must stand in a document's text.

    `seen` names, for each level, the elements that are asked for elsewhere; `ids` gives the records that pass
    conditions, or None if even an absent one does, or if they cannot be told.
    """
    for condition in node.conditions:
        if condition.element.name not in seen.get(level, ()):
            yield from _of_plain(condition)
    for name, condition in node.custom:
        if not condition.test(None):
            yield (_key(name),)
    for name, (link, below) in node.below.items():
        if name in seen.get(level, ()):
            continue
        if link.refers_to is None:
            yield from marks(below, seen, ids, name)
        elif (found := ids(link, below)) is not None:
            yield (_key(name),) if link.many or len(found) > _MOST else tuple(f"{_key(name)}{id_}" for id_ in found)


def all_stand(found: Sequence[Mark]) -> str:
    """In SQL: of each mark one text stands in a document's body."""
    each = [" OR ".join([statements()["part_stands"]] * len(mark)) or "0" for mark in found]
    return " AND ".join(f"({one})" for one in each)


def texts(found: Sequence[Mark]) -> tuple[str, ...]:
    """The texts of all marks, in order."""
    return tuple(text for mark in found for text in mark)


def _of_plain(condition: Condition) -> Iterator[Mark]:
    """The marks of one condition. Written values are those of the store, so that equal ones are equal texts."""
    element, operator, operand = condition.element, condition.operator, condition.operand
    if condition.test(None):
        return
    key = _key(element.name)
    is_text = element.type in TEXTS
    if element.many or operator not in ("", "in", "contains", "starts_with", "ends_with"):
        yield (key,)
    elif operator == "":
        yield (key + _write(operand),)
    elif operator == "in":
        yield tuple(key + _write(one) for one in operand) if len(operand) <= _MOST else (key,)
    elif operator == "starts_with" and is_text:
        yield (key + _write(operand)[:-1],)
    else:
        yield (key,)
        if is_text:
            yield (_write(operand)[1:] if operator == "ends_with" else _write(operand)[1:-1],)


def _key(name: str) -> str:
    return f"{_write(name)}:"
