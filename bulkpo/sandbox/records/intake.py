"""Reading what a client sent into a document, gathering everything that is wrong with it.

What comes in is the neutral form that both XML and JSON are read into: dicts, lists, text, numbers, None.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from bulkpo.sandbox import values
from bulkpo.sandbox.catalog import CUSTOM_FIELDS, GLOBAL_FIELDS, Kind, Link
from bulkpo.sandbox.records.references import ReferenceBook, UnknownReference, stamp
from bulkpo.sandbox.storage.store import Body, Store
from bulkpo.schema.tables import Element

# Required by the R39 tables, but not by instances: the documented examples leave them out, a line of a catalogue item
# has the item's description, an allocation has a percentage or an amount, and a period is named by its name.
NOT_REQUIRED = {
    "address": frozenset({"country", "local-tax-number"}),
    "supplier-address": frozenset({"local-tax-number"}),
    "item": frozenset({"manufacturer-name", "net-weight", "pack-qty", "pack-uom-id", "pack-weight"}),
    "supplier": frozenset({"enterprise", "online-store", "payment-method", "primary-address", "primary-contact"}),
    "user": frozenset({"salesforce-id"}),
    "order-header-change": frozenset({"reason-insight-event"}),
    "order-line": frozenset({"description"}),
    "order-line-allocation": frozenset({"pct"}),
    "period": frozenset({"name", "start-date", "end-date"}),
}
_CUSTOM_NAME = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,99}", re.ASCII)
_MISSPELT = 0.75
_TRUE_UNLESS_SAID = frozenset({"active", "enabled"})
"""Booleans that are true without a value; every other is false, so that saying so changes nothing."""
_WITH_GLOBAL_FIELDS = frozenset({"order-header", "order-line", "order-header-change", "order-line-change"})
_OWN = frozenset({"id", "created-by", "updated-by"})
_COMMANDS = frozenset({"_delete", "_cancel", "_close", "-delete", "-cancel", "-close"})


@dataclass
class Intake:
    """Reads one document; `errors` holds the sentences of all that is wrong.

    One that `trusts` takes read-only elements and asks for nothing: for reference files, not for clients. `required`
    are elements that the instance asks for beside those of its tables, as in `order-header/supplier`.
    """

    store: Store
    references: ReferenceBook
    author: int
    trusts: bool = False
    required: frozenset[str] = frozenset()
    errors: list[str] = field(default_factory=list)
    _faulty: set[tuple[str, str]] = field(default_factory=set)

    def read(self, kind: Kind, raw: Mapping[str, Any], before: Body | None = None, where: str = "") -> Body:
        """A document as it will be kept: what it was before, changed by what was sent."""
        body: Body = dict(before or {})
        if "id" in kind.elements and "id" not in body:
            body["id"] = self.store.new_id()
        takers = _takers(kind, self.trusts)
        for name, value in raw.items():
            take = takers.get(name) or takers.get(name.replace("_", "-"))
            if take is not None:
                take(self, body, value, where)
            elif name not in _COMMANDS:
                self._take_unknown(kind, body, (name.replace("_", "-"), value), where)
        if not self.trusts:
            asked = _required(kind, self.required)
            for name in asked if before is None else [e.name for e in kind.required if _has(before, e.name)]:
                if not _has(body, name):
                    self.complain(where, name, "can't be blank")
        return body

    def _take_unknown(self, kind: Kind, body: Body, given: tuple[str, Any], where: str) -> None:
        """Keep a custom field of the global namespace, where it can be one, and not a standard element misspelt."""
        name, value = given
        near = get_close_matches(name, [*kind.elements, CUSTOM_FIELDS], n=1, cutoff=_MISSPELT)
        if kind.name in _WITH_GLOBAL_FIELDS and not near and _CUSTOM_NAME.fullmatch(name):
            found = self._custom_object({name: value}, where)
            _put(body, GLOBAL_FIELDS, {**body.get(GLOBAL_FIELDS, {}), **found})
            return
        inside = f" in {where.strip()}" if where else ""
        hint = f"; did you mean {near[0]!r}?" if near else ""
        self.errors.append(f"Unknown element {name!r} of {kind.name}{inside}{hint}")

    def complain(self, where: str, name: str, problem: str) -> None:
        """Note what is wrong with an element; only the first trouble of each is told."""
        if (where, name) not in self._faulty:
            self._faulty.add((where, name))
            text = human(name)
            self.errors.append(f"{where}{text.lower() if where else text} {problem}")

    def take_many(self, link: Link, body: Body, raw: Any, where: str) -> None:  # noqa: ANN401 - what a client sent
        """Keep the members of a collection."""
        if isinstance(raw, list):
            _put(body, link.name, self._members(link, raw, body.get(link.name, []), where))
        elif raw not in (None, ""):
            self.errors.append(f"{where}{human(link.name)} must be a list")

    def take_one(self, link: Link, body: Body, raw: Any, where: str) -> None:  # noqa: ANN401 - what a client sent
        """Keep what one association holds or refers to."""
        if raw in (None, ""):
            body.pop(link.name, None)
        elif not isinstance(raw, dict):
            self.errors.append(f"{where}{human(link.name)} must be an object")
        elif link.refers_to is None:
            body[link.name] = self.read(link.kind, raw, body.get(link.name), f"{where}{human(link.name)} ")
        elif all(value in (None, "") for value in raw.values()):
            body.pop(link.name, None)
        elif (id_ := self._reference(link, raw, where)) is not None:
            body[link.name] = id_

    def _reference(self, link: Link, raw: Mapping[str, Any], where: str) -> int | None:
        id_ = self.references.known(link, raw)
        if id_ is not None:
            return id_
        kind = self.references.kind(link)
        given = {name.replace("_", "-"): value for name, value in raw.items()}
        unknown = [name for name in given if name not in kind.elements and name != CUSTOM_FIELDS]
        try:
            if not unknown:
                return self.references.resolve(link, raw, given)
            inside = f"{where}{human(link.name)}".strip()
            self.errors.extend(f"Unknown element {name!r} of {kind.name} in {inside}" for name in unknown)
        except UnknownReference as error:
            self.errors.append(f"{where}{error}")
        self._faulty.add((where, link.name))
        return None

    def _members(self, link: Link, raw: list[Any], before: list[Any], where: str) -> list[Any]:
        if link.refers_to is not None:
            found = [self._reference(link, one, where) for one in raw if isinstance(one, dict)]
            return [id_ for id_ in found if id_ is not None]
        members = {member["id"]: member for member in before}
        inside = f"{where}{human(link.name)}"
        for number, one in enumerate(raw, 1):
            self._member(link, one, members, f"{inside}[{number}] ")
        return list(members.values())

    def _member(self, link: Link, raw: Any, members: dict[int, Body], inside: str) -> None:  # noqa: ANN401 - as sent
        if not isinstance(raw, dict):
            self.errors.append(f"{inside}must be an object")
            return
        id_ = str(raw.get("id") or "")
        known = members.get(int(id_)) if id_.isascii() and id_.isdigit() and len(id_) < 19 else None
        if id_ and known is None:
            self.errors.append(f"{inside}with id {id_} is not there")
        elif known is not None and wants(raw, "delete"):
            del members[known["id"]]
        elif not wants(raw, "delete"):
            body = self.read(link.kind, raw, known, inside)
            if body != known:
                stamp(link.kind, body, self.author)
            members[body["id"]] = body

    def take_custom_fields(self, body: Body, raw: Any, where: str) -> None:  # noqa: ANN401 - what a client sent
        """Keep custom fields, each beside those that were there before."""
        if raw in (None, ""):
            return
        if not isinstance(raw, dict):
            self.errors.append(f"{where}Custom fields must be an object")
            return
        sent = self._custom_object(raw, where)
        fields = {**body.get(CUSTOM_FIELDS, {}), **sent}
        _put(body, CUSTOM_FIELDS, {name: value for name, value in fields.items() if value is not None})

    def _custom_object(self, raw: Mapping[str, Any], where: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for given, value in raw.items():
            name = given.replace("_", "-")
            if not _CUSTOM_NAME.fullmatch(name):
                self.errors.append(f"{where}Custom field {name!r} is not a name")
            elif isinstance(value, dict):
                found[name] = self._custom_object(value, where)
            elif isinstance(value, list):
                self.errors.append(f"{where}Custom field {name!r} must be a plain value or one choice")
            elif value is None or isinstance(value, bool | int):
                found[name] = value
            else:
                try:
                    found[name] = values.parse("string", value)
                except values.Unreadable as error:
                    self.errors.append(f"{where}Custom field {name!r} {error}")
        return found


_Take = Callable[[Intake, Body, Any, str], None]


@cache
def _takers(kind: Kind, trusts: bool) -> Mapping[str, _Take]:  # noqa: FBT001 - which of two sorts of intake
    """For each element: what is done with the value that was sent."""
    takers = {name: _taker(kind, element, trusts=trusts) for name, element in kind.elements.items()}
    return {**takers, CUSTOM_FIELDS: Intake.take_custom_fields}


def _taker(kind: Kind, element: Element, *, trusts: bool) -> _Take:
    name = element.name
    if name in _OWN or (element.read_only and not trusts):
        return lambda _intake, _body, _raw, _where: None
    if not element.is_plain:
        link = kind.links[name]
        take = Intake.take_many if link.many else Intake.take_one
        return lambda intake, body, raw, where: take(intake, link, body, raw, where)
    return _plain_list(name) if element.many else _plain(name, values.reader(element))


def _plain(name: str, read: Callable[[Any], values.Plain]) -> _Take:
    def take(intake: Intake, body: Body, raw: Any, where: str) -> None:  # noqa: ANN401 - what a client sent
        try:
            value = None if raw is None else read(raw)
        except values.Unreadable as error:
            intake.complain(where, name, str(error))
            return
        if value is None:
            body.pop(name, None)
        elif value is not False or name in body or name in _TRUE_UNLESS_SAID:
            body[name] = value

    return take


def _plain_list(name: str) -> _Take:
    def take(_intake: Intake, body: Body, raw: Any, _where: str) -> None:  # noqa: ANN401 - what a client sent
        items = raw if isinstance(raw, list) else [] if raw in (None, "") else [raw]
        _put(body, name, [str(item) for item in items])

    return take


@cache
def _required(kind: Kind, besides: frozenset[str]) -> tuple[str, ...]:
    waived = NOT_REQUIRED.get(kind.name, frozenset())
    usual = [element.name for element in kind.required if element.name not in waived]
    more = [name for name in kind.elements if f"{kind.name}/{name}" in besides and name not in usual]
    return (*usual, *more)


def _has(body: Body, name: str) -> bool:
    """True if there is something in an element; blanks alone are nothing."""
    value = body.get(name)
    return value not in (None, "", []) and not (isinstance(value, str) and value.isspace())


def _put(body: Body, name: str, value: list[Any] | dict[str, Any]) -> None:
    """Keep what holds something; an empty collection is kept as none."""
    if value:
        body[name] = value
    else:
        body.pop(name, None)


def wants(raw: Mapping[str, Any], command: str) -> bool:
    """True if the client wrote `_delete`, `_cancel` or `_close` with a true value."""
    value = raw.get(f"_{command}", raw.get(f"-{command}"))
    return value is not None and (value is True or str(value).strip().lower() in ("true", "1"))


@cache
def human(name: str) -> str:
    """An element's name at the beginning of a sentence: `po-number` is `Po number`."""
    return name.replace("-", " ").capitalize()
