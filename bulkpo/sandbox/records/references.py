"""Finding the records that documents refer to: suppliers, users, currencies and the rest.

A reference is given by its id or by natural keys; all that are given must fit one active record. With
`References.OPEN` a record that is not there is made on first use.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from bulkpo.sandbox.catalog import Catalog, Kind, Link
from bulkpo.sandbox.records import derived
from bulkpo.sandbox.storage.store import Body, Store
from bulkpo.sandbox.values import now

FIRST_USE = "first-use"
_USER = "user"
_MOST_KNOWN = 10_000
_PARTS: Mapping[str, Sequence[str]] = {
    "account": tuple(f"segment-{number}" for number in range(1, 21)),
    "address": ("street1", "street2", "street3", "street4", "city", "state", "postal-code"),
}
"""By what records can be named as well: an account by its segments, an address by what is written on it."""


class References(Enum):
    """What becomes of a reference to a record that is not there."""

    STARTER = "starter"
    """It is refused: only what was loaded is known."""
    OPEN = "open"
    """It is made on first use."""


class UnknownReference(LookupError):  # noqa: N818 - a sentence of an answer
    """No active record has the given keys."""


class ReferenceBook:
    """Looks up records by their keys, and remembers what it found until a record changes."""

    def __init__(self, catalog: Catalog, store: Store, references: References) -> None:
        self._catalog = catalog
        self._store = store
        self._references = references
        self._known: dict[tuple[str, str | None, str], int] = {}

    def forget(self) -> None:
        """Look everything up anew, after a record has changed."""
        self._known.clear()

    def kind(self, link: Link) -> Kind:
        """The kind of the records that an association refers to."""
        return self._catalog.kind(link.refers_to or link.kind.name)

    def known(self, link: Link, raw: Mapping[str, Any]) -> int | None:
        """The id of a record that was given in the very same words before."""
        return self._known.get((link.name, link.refers_to, repr(raw)))

    def resolve(self, link: Link, raw: Mapping[str, Any], given: Mapping[str, Any]) -> int:
        """The id of the record `given`, as `raw`, in an association. Raises UnknownReference. Only within `writing`."""
        id_ = self._resolve(self.kind(link), link.name, given)
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known[link.name, link.refers_to, repr(raw)] = id_
        return id_

    def _resolve(self, kind: Kind, name: str, given: Mapping[str, Any]) -> int:
        keys = _keys(kind, given)
        if not all(isinstance(value, str | int) for value in keys.values()):
            raise UnknownReference(_message(kind, name, keys))
        return self._find(kind, keys) or self._make(kind, name, keys)

    def exists(self, kind: Kind, given: Mapping[str, Any]) -> bool:
        """True if a record, active or not, has the first of the given keys; an account, within its chart too."""
        keys = _keys(kind, given)
        first = next((key for key in kind.keys if key in keys), None)
        if first is None:
            return False
        wanted = {key: keys[key] for key in (first, "account-type") if key in keys}
        bodies = self._store.many(self._store.find(kind.name, first, str(keys[first])))
        return any(self._fits(body, wanted) for body in bodies.values())

    def _find(self, kind: Kind, keys: Mapping[str, Any]) -> int | None:
        if "id" in keys:
            text = str(keys["id"])
            body = (
                self._store.get(kind.name, int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
            )
            return body["id"] if body and derived.is_active(body) else None
        found = [body for body in self._candidates(kind, keys) if self._fits(body, keys)]
        active = [body["id"] for body in found if derived.is_active(body)]
        return int(min(active)) if active else None

    def _candidates(self, kind: Kind, keys: Mapping[str, Any]) -> Iterable[Body]:
        """Records that one of the keys may name: those an index knows, or all there are."""
        parts = _PARTS.get(kind.name, ())
        key = next((key for key in keys if key in kind.keys), None)
        if key is not None:
            return self._store.many(self._store.find(kind.name, key, str(keys[key]))).values()
        if any(part in keys for part in parts):
            pieces = {"conditions": "kind = ?", "direction": "ASC"}
            rows = self._store.rows("documents_where", (kind.name, _MOST_KNOWN, 0), **pieces)
            return self._store.many([id_ for (id_,) in rows]).values()
        return ()

    def _fits(self, body: Body, keys: Mapping[str, Any]) -> bool:
        for key, value in keys.items():
            if key == "account-type":
                chart = self._store.get("account-type", body.get("account-type", 0)) or {}
                if str(value) not in (str(chart.get("name")), str(chart.get("id"))):
                    return False
            elif key == "country":
                if str(value) not in map(str, body.get("country", {}).values()):
                    return False
            elif str(body.get(key)) != str(value):
                return False
        return True

    def _make(self, kind: Kind, name: str, keys: Mapping[str, Any]) -> int:
        parts = _PARTS.get(kind.name, ())
        known = {key: str(value) for key, value in keys.items() if key in kind.keys or key in parts}
        if self._references is References.STARTER or not known or self._clashes(kind, known):
            raise UnknownReference(_message(kind, name, keys))
        body: Body = {"id": self._store.new_id(), **known}
        if "country" in keys:
            body["country"] = {"code": str(keys["country"])}
        if kind.name == "account":
            chart = {"name": str(keys.get("account-type") or "Open")}
            body["account-type"] = self._resolve(self._catalog.kind("account-type"), "account-type", chart)
        self._keep(kind, body, self._maker())
        return int(body["id"])

    def _maker(self) -> int:
        """The user in whose name records are made on first use, so that they can be told from all others."""
        known = self._store.find(_USER, "login", FIRST_USE)
        if known:
            return known[0]
        body: Body = {
            "id": self._store.new_id(),
            "login": FIRST_USE,
            "firstname": "First",
            "lastname": "Use",
            "active": False,
        }
        self._keep(self._catalog.kind(_USER), body, None)
        return int(body["id"])

    def _keep(self, kind: Kind, body: Body, author: int | None) -> None:
        stamp(kind, body, author)
        derived.complete(kind, body)
        self._store.insert(kind.name, body, kind.keys)

    def _clashes(self, kind: Kind, known: Mapping[str, str]) -> bool:
        """True if a record has the first of the keys already: it is inactive, or its other keys are different."""
        key, value = next(iter(known.items()))
        return kind.name != "account" and key in kind.keys and bool(self._store.find(kind.name, key, value))


def _keys(kind: Kind, given: Mapping[str, Any]) -> dict[str, Any]:
    """The id, or else the natural keys, that are given; an account's chart is one of them."""
    names = ("id", *kind.keys, *_PARTS.get(kind.name, ()))
    keys = {key: value for key, value in given.items() if key in names and value not in (None, "")}
    chart = given.get("account-type")
    if kind.name == "account" and isinstance(chart, dict):
        keys["account-type"] = chart.get("name") or chart.get("id")
    country = given.get("country")
    if kind.name == "address" and isinstance(country, dict) and (said := country.get("code") or country.get("name")):
        keys["country"] = said
    return {"id": keys["id"]} if "id" in keys else keys


def stamp(kind: Kind, body: Body, author: int | None) -> None:
    """Write down when, and by whom, a document was made or changed."""
    moment, elements = now(), kind.elements
    if "created-at" in elements:
        body.setdefault("created-at", moment)
    if "updated-at" in elements:
        body["updated-at"] = moment
    if author is not None:
        if "created-by" in elements:
            body.setdefault("created-by", author)
        if "updated-by" in elements:
            body["updated-by"] = author


def _message(kind: Kind, name: str, keys: Mapping[str, Any]) -> str:
    shown = ", ".join(f'"{key.replace("-", "_")}"=>"{value}"' for key, value in keys.items())
    return f"Unable to find valid {kind.title} record for {name.replace('-', '_')} with keys {{{shown}}}"
