"""Reading a query string: the conditions, the order, the page and the view it asks for.

`supplier[name][contains]=Acme` is a condition on `name` below `supplier`. All conditions below one collection must
hold for the same member, as in a database join; an absent association and an empty collection count as one member
all of whose elements are blank.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote_plus

from bulkpo.sandbox import values
from bulkpo.sandbox.catalog import CUSTOM_FIELDS, Kind, Link
from bulkpo.sandbox.queries.operators import OPERATORS, Test, make_test
from bulkpo.sandbox.queries.views import Size, View
from bulkpo.sandbox.refused import RefusedRequest, bad_request
from bulkpo.schema.tables import Element

MOST_PER_PAGE = 50
Filters = Mapping[str, tuple[str, str]]
"""The filters an instance keeps, by name: the kind each is for, and the query string it stands for."""
_FAR = 2**62


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a plain element. `operand` is as it is kept; a tuple for `in` and `not_in`."""

    element: Element
    operator: str
    operand: Any
    test: Test


@dataclass(slots=True)
class Node:
    """The conditions on one object and, by association, on those below it."""

    conditions: list[Condition] = field(default_factory=list)
    below: dict[str, tuple[Link, "Node"]] = field(default_factory=dict)
    custom: list[tuple[str, Condition]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Query:
    """What a list is asked for."""

    where: Node
    order_by: str = "id"
    descending: bool = False
    limit: int = MOST_PER_PAGE
    offset: int = 0
    view: View = field(default_factory=View)


def read_query(text: str, kind: Kind, filters: Filters) -> Query:
    """A list's query string; raises RefusedRequest with every sentence that is to be said."""
    where, rest = Node(), {}
    problems: list[str] = []
    for key, value in filtered(text, kind, filters):
        if (setting := key.replace("-", "_")) in _SETTINGS:
            rest[setting] = value
            continue
        try:
            if value is not None and not (value == "" and not _is_known(key, kind)):
                _add(where, kind, key, value)
        except RefusedRequest as refused:
            problems.extend(refused.messages)
    settings: dict[str, Any] = {}
    for key, value in rest.items():
        try:
            settings |= _SETTINGS[key](value or "", kind)
        except RefusedRequest as refused:
            problems.extend(refused.messages)
    if problems:
        raise RefusedRequest(400, problems, kind.name)
    view = View(
        settings.pop("size", Size.FULL),
        settings.pop("fields", None),
        shows_deleted=settings.pop("shows_deleted", False),
    )
    if view.size is Size.NONE:
        raise bad_request("return_object=none is for POST and PUT")
    return Query(where, view=view, **settings)


def read_view(text: str, kind: Kind, filters: Filters) -> View:
    """The view that the query string of a single document asks for; raises RefusedRequest."""
    given = {key.replace("-", "_"): value or "" for key, value in filtered(text, kind, filters)}
    size = _return_object(given.get("return_object", ""), kind).get("size", Size.FULL)
    shows_deleted = _show_deleted_lines(given.get("show_deleted_lines", ""), kind)
    return View(size, _fields(given.get("fields", ""), kind).get("fields"), **shows_deleted)


def filtered(text: str, kind: Kind, filters: Filters) -> list[tuple[str, str | None]]:
    """The keys and values of a query string, behind those of the filter it names; raises RefusedRequest."""
    given = pairs(text)
    named = next((value for key, value in given if key == "filter" and value), None)
    if named is None:
        return given
    known = filters.get(named)
    if known is None or known[0] != kind.name:
        raise bad_request(f"Invalid query: there is no filter named {named!r} for {kind.name}")
    return [*pairs(known[1]), *given]


def pairs(text: str) -> list[tuple[str, str | None]]:
    """The keys and values of a query string; a key without `=` has the value None."""
    found: list[tuple[str, str | None]] = []
    for part in text.split("&"):
        key, equals, value = part.partition("=")
        if key:
            found.append((unquote_plus(key), unquote_plus(value) if equals else None))
    return found


def _steps(key: str) -> list[str]:
    name, _, rest = key.partition("[")
    steps = [name, *rest.removesuffix("]").split("][")] if rest else [name]
    if (rest and not rest.endswith("]")) or any(set(step) & set("[]") or not step for step in steps):
        raise bad_request(f"Invalid query: {key!r} is not written as attribute[operator]")
    return steps


def _is_known(key: str, kind: Kind) -> bool:
    return key.partition("[")[0].replace("_", "-") in kind.elements


def _add(where: Node, kind: Kind, key: str, value: str) -> None:
    steps = _steps(key)
    operator = steps.pop() if len(steps) > 1 and steps[-1] in OPERATORS else ""
    node, current = where, kind
    for position, step in enumerate(steps):
        name = step.replace("_", "-")
        last = position + 1 == len(steps)
        if name == CUSTOM_FIELDS and position + 2 == len(steps):
            field_name = steps[-1].replace("_", "-")
            node.custom.append((field_name, _condition(Element(field_name, "string"), operator, value)))
            return
        if current.name == "order-line" and name == "order-header" and not last:
            link = current.order_of_line
            current = link.kind
            node = node.below.setdefault(name, (link, Node()))[1]
            continue
        element = current.elements.get(name) or _EVERYWHERE.get(name if current is kind else "")
        if element is None:
            raise bad_request(_unknown(name, current))
        if element.is_plain and not last:
            raise bad_request(f"Invalid query: {steps[position + 1]!r} is not an operator; {_operators()}")
        if element.is_plain:
            found = _condition(element, operator, value)
            node.conditions.append(found if name in current.elements else replace(found, test=_or_false(found.test)))
            return
        link = current.links[name]
        current = link.kind
        node = node.below.setdefault(name, (link, Node()))[1]
    raise bad_request(f"Invalid query: {key!r} is an association; name one of its attributes, as in {key}[id]")


def _condition(element: Element, operator: str, value: str) -> Condition:
    try:
        operand, test = make_test(element, operator, value)
    except values.Unreadable as error:
        raise bad_request(f"Invalid query: {error}") from None
    return Condition(element, operator, operand, test)


def _or_false(test: Test) -> Test:
    """A document that says nothing of having been exported was not."""
    return lambda value: test(bool(value))


def _unknown(name: str, kind: Kind) -> str:
    near = get_close_matches(name, list(kind.elements), n=1, cutoff=0.6)
    return f"Invalid query: {name!r} is not an attribute of {kind.name}{f'; did you mean {near[0]!r}?' if near else ''}"


def _operators() -> str:
    return f"operators are {', '.join(sorted(OPERATORS))}"


# Every resource can be asked for what was not exported yet.
_EVERYWHERE = {"exported": Element("exported", "boolean", read_only=True)}


def _limit(value: str, _kind: Kind) -> dict[str, Any]:
    number = _natural("limit", value)
    if number == 0:
        raise bad_request("Invalid query: limit must be at least 1")
    return {"limit": min(number, MOST_PER_PAGE)}


def _offset(value: str, _kind: Kind) -> dict[str, Any]:
    return {"offset": min(_natural("offset", value), _FAR)}


def _natural(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit()) or len(value) > 30:
        raise bad_request(f"Invalid query: {name} must be a whole number, not {value!r}")
    return int(value)


def _order_by(value: str, kind: Kind) -> dict[str, Any]:
    name = value.replace("_", "-")
    element = kind.elements.get(name)
    if not value:
        return {}
    if element is None:
        raise bad_request(_unknown(name, kind))
    if not element.is_plain or element.many:
        raise bad_request(f"Invalid query: cannot order by {value!r}; it is an association")
    return {"order_by": name}


def _dir(value: str, _kind: Kind) -> dict[str, Any]:
    if value.lower() not in ("asc", "desc", ""):
        raise bad_request(f"Invalid query: dir must be asc or desc, not {value!r}")
    return {"descending": value.lower() == "desc"}


def _return_object(value: str, _kind: Kind) -> dict[str, Any]:
    if not value:
        return {}
    try:
        return {"size": Size(value)}
    except ValueError:
        raise bad_request(f"return_object must be none, limited or shallow, not {value!r}") from None


def _fields(value: str, _kind: Kind) -> dict[str, Any]:
    if not value:
        return {}
    try:
        return {"fields": _wanted(json.loads(value))}
    except (ValueError, RecursionError, TypeError):
        raise bad_request('fields must be a JSON list, as in ["id",{"supplier":["name"]}]') from None


def _wanted(given: object) -> Mapping[str, Any]:
    if isinstance(given, dict):  # {"custom_fields": {}} asks for all of them
        given = [given] if given else []
    if not isinstance(given, list):
        raise TypeError
    wanted: dict[str, Any] = {}
    for one in given:
        for name, below in one.items() if isinstance(one, dict) else [(one, [])]:
            if not isinstance(name, str):
                raise TypeError
            wanted[name.replace("_", "-")] = {**wanted.get(name.replace("_", "-"), {}), **_wanted(below)}
    return wanted


def _filter(_value: str, _kind: Kind) -> dict[str, Any]:
    return {}  # what it holds stands in its place already


def _show_deleted_lines(value: str, _kind: Kind) -> dict[str, Any]:
    if value.lower() not in ("true", "false", "1", "0", ""):
        raise bad_request(f"show_deleted_lines must be true or false, not {value!r}")
    return {"shows_deleted": value.lower() in ("true", "1")}


_SETTINGS = {
    "limit": _limit,
    "offset": _offset,
    "order_by": _order_by,
    "dir": _dir,
    "fields": _fields,
    "return_object": _return_object,
    "filter": _filter,
    "show_deleted_lines": _show_deleted_lines,
}
