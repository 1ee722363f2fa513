"""What an answer shows of a document: all of it, the short view, the id alone, or chosen elements.

A tree is a dict with the values of JSON; XML is written from the same tree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bulkpo.sandbox.catalog import CUSTOM_FIELDS, GLOBAL_FIELDS, Catalog, Kind, Link
from bulkpo.sandbox.storage.store import Body, Store
from bulkpo.sandbox.values import Shown

Tree = dict[str, Any]


class WholeTree(dict[str, Any]):
    """A tree that shows every plain element of its kind: those it lacks are blank."""

    __slots__ = ()


class RecordTree(WholeTree):
    """The tree of a record that many documents refer to, with its XML and its JSON once they have been written."""

    __slots__ = ("json", "xml")

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree)
        self.xml = self.json = ""


_MOST_RECORDS = 20_000
_CHANGING = frozenset({"order-header"})  # changed too often to be remembered


_Show = Callable[[str], str]


class Size(Enum):
    """How much of each document an answer holds: the values of `return_object`."""

    FULL = "full"
    SHALLOW = "shallow"
    LIMITED = "limited"
    NONE = "none"


@dataclass(frozen=True)
class View:
    """What to show; `fields`, when given, names the wanted elements, each with those wanted below it.

    `shows_deleted` shows the lines that were removed from an order as well.
    """

    size: Size = Size.FULL
    fields: Mapping[str, Any] | None = None
    shows_deleted: bool = False


class Viewer:
    """Makes trees of documents. Records that are referred to are remembered until one changes."""

    def __init__(self, catalog: Catalog, store: Store, shown: Shown) -> None:
        self._catalog = catalog
        self._store = store
        self._shown = shown
        self._records: dict[tuple[str, int], Body] = {}
        self._trees: dict[tuple[str, int], RecordTree] = {}
        self._shows: dict[str, Mapping[str, _Show | None]] = {}

    def forget(self) -> None:
        """Read every record anew, after one has changed."""
        # New dicts, not emptied ones: a thread that is reading now keeps what it finds in the old ones.
        self._records, self._trees = {}, {}

    def record(self, kind: str, id_: int) -> Body:
        """A record that is referred to; empty if it is not there."""
        if kind in _CHANGING:
            return self._store.get(kind, id_) or {}
        records, key = self._records, (kind, id_)
        body = records.get(key)
        if body is None:
            if len(records) > _MOST_RECORDS:
                self.forget()
            body = records[key] = self._store.get(kind, id_) or {}
        return body

    def tree(self, kind: Kind, body: Body, view: View) -> Tree:
        """A document as an answer shows it."""
        if view.fields is not None:
            return self._chosen(kind, body, view.fields)
        if view.size is Size.LIMITED:
            return {"id": body.get("id")}
        if view.size is Size.SHALLOW:
            return self._with_links(kind, body, self._short)
        return self._with_links(kind, body, self._record_tree)

    def _plain(self, kind: Kind, body: Body) -> WholeTree:
        shows = self._shows.get(kind.name)
        if shows is None:
            shows = {e.name: None if e.many else self._shown.converter(e) for e in kind.plain}
            self._shows[kind.name] = shows
        tree = WholeTree()
        for name, value in body.items():
            if name in shows:
                show = shows[name]
                tree[name] = value if show is None else show(value)
        return tree

    def _with_links(self, kind: Kind, body: Body, refer: Callable[[Kind, int, str], Tree]) -> WholeTree:
        tree = self._plain(kind, body)
        if CUSTOM_FIELDS in body:
            tree[CUSTOM_FIELDS] = body[CUSTOM_FIELDS]
        if GLOBAL_FIELDS in body:
            tree[GLOBAL_FIELDS] = body[GLOBAL_FIELDS]
        for name, link in kind.links.items():
            value = body.get(name)
            if value is None:
                if link.many:
                    tree[name] = []
            elif link.many:
                tree[name] = [self._member(link, one, refer) for one in value]
            else:
                tree[name] = self._member(link, value, refer)
        return tree

    def _member(self, link: Link, value: Any, refer: Callable[[Kind, int, str], Tree]) -> Tree:  # noqa: ANN401 - id or body
        if link.refers_to is not None:
            return refer(link.kind, value, link.refers_to)
        if refer == self._short:
            return self._keys(link.kind, value)
        return self._with_links(link.kind, value, refer)

    def _record_tree(self, kind: Kind, id_: int, kept: str) -> Tree:
        """A record inside a document: its plain elements, and its own references by key."""
        trees, key = self._trees, (kind.name, id_)
        tree = trees.get(key)
        if tree is None:
            body = self.record(kept, id_)
            tree = RecordTree(self._plain(kind, body))
            for name, link in kind.links.items():
                if name in body and not link.many and link.refers_to is not None:
                    tree[name] = self._short(link.kind, body[name], link.refers_to)
            if kept not in _CHANGING:
                trees[key] = tree
        return tree

    def _short(self, kind: Kind, id_: int, kept: str) -> Tree:
        return self._keys(kind, self.record(kept, id_))

    def _keys(self, kind: Kind, body: Body) -> Tree:
        plain = self._plain(kind, body)
        return {name: plain.get(name) for name in ("id", *kind.keys) if name in kind.blank}

    def _chosen(self, kind: Kind, body: Body, fields: Mapping[str, Any]) -> Tree:
        plain = self._plain(kind, body)
        tree: Tree = {}
        for name, below in fields.items():
            if name in kind.blank:
                tree[name] = plain.get(name, kind.blank[name])
            elif name == CUSTOM_FIELDS and name in body:
                kept = body[name]
                tree[name] = {key: kept[key] for key in below if key in kept} if below else kept
            elif (link := kind.links.get(name)) is not None:
                self._chosen_link(tree, link, body.get(name), below)
            elif name in body.get(GLOBAL_FIELDS, ()):
                tree.setdefault(GLOBAL_FIELDS, {})[name] = body[GLOBAL_FIELDS][name]
        return tree

    def _chosen_link(self, tree: Tree, link: Link, value: Any, below: Mapping[str, Any]) -> None:  # noqa: ANN401 - ids or bodies
        members: Sequence[Any] = (value or ()) if link.many else () if value is None else (value,)
        trees = [self._chosen_member(link, one, below) for one in members]
        if link.many:
            tree[link.name] = trees
        elif trees:
            tree[link.name] = trees[0]

    def _chosen_member(self, link: Link, value: Any, below: Mapping[str, Any]) -> Tree:  # noqa: ANN401 - id or body
        if not below:
            return self._member(link, value, self._short)
        body = value if link.refers_to is None else self.record(link.refers_to, value)
        return self._chosen(link.kind, body, below)
