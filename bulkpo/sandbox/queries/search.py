"""Finding documents. What SQLite can tell from its narrow tables it tells; the rest is tested document by document.

Whatever narrows the candidates only saves time: every answer has passed the tests of `matches`.
"""

import heapq
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from bulkpo.sandbox.catalog import CUSTOM_FIELDS, Catalog, Served
from bulkpo.sandbox.queries.candidates import Narrowing, walk
from bulkpo.sandbox.queries.operators import sortable
from bulkpo.sandbox.queries.query import Node, Query
from bulkpo.sandbox.queries.views import Viewer
from bulkpo.sandbox.storage.store import Body, Store

_CHUNK = 200


class Search:
    """Answers queries about the documents of a store."""

    def __init__(self, catalog: Catalog, store: Store, viewer: Viewer) -> None:
        self._store = store
        self._viewer = viewer
        self._narrowing = Narrowing(catalog, store, self.matches)

    def page(self, served: Served, query: Query) -> list[Body]:
        """The documents of one page."""
        plan = self._narrowing.plan(served, query)
        if plan.is_exact and plan.is_sorted:
            ids = plan.ids(self._store, query.limit, query.offset)
            return list(self._bodies(served, ids))
        found = (
            body
            for ids in walk(plan, self._store)
            for body in self._bodies(served, ids)
            if self.matches(query.where, body)
        )
        end = query.offset + query.limit
        if plan.is_sorted:
            return list(islice(found, query.offset, end))
        key = sortable(served.kind.elements[query.order_by])
        pick = heapq.nlargest if query.descending else heapq.nsmallest
        return pick(end, found, key=lambda body: (key(body.get(query.order_by)), body["id"]))[query.offset :]

    def matches(self, node: Node, body: Body) -> bool:
        """True if a document passes every condition."""
        for condition in node.conditions:
            value = body.get(condition.element.name)
            if isinstance(value, list):
                if not any(map(condition.test, value or [None])):
                    return False
            elif not condition.test(value):
                return False
        for name, condition in node.custom:
            if not condition.test(_custom_text(body.get(CUSTOM_FIELDS, {}).get(name))):
                return False
        return all(self._some(name, below, body) for name, below in node.below.items())

    def _some(self, name: str, below: Any, body: Body) -> bool:  # noqa: ANN401 - a link and a node
        link, node = below
        value = body.get("order-header-id" if link.kind.name == "order-header" and not link.many else name)
        members: Sequence[Any] = value if isinstance(value, list) else () if value is None else (value,)
        if link.refers_to is not None:
            members = [self._viewer.record(link.refers_to, member) for member in members]
        return any(self.matches(node, member) for member in members or ({},))

    def _bodies(self, served: Served, ids: Sequence[int]) -> Iterator[Body]:
        is_line = served.kind.name == "order-line"
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            found = self._lines(chunk) if is_line else self._store.many(chunk)
            yield from (found[id_] for id_ in chunk if id_ in found)

    def _lines(self, ids: Sequence[int]) -> dict[int, Body]:
        orders = self._store.many(sorted({order for _, order in self._store.orders_of_lines(ids)}))
        return {line["id"]: line for body in orders.values() for line in body["order-lines"]}


def _custom_text(value: object) -> str | None:
    """A custom field as text; a choice by its name."""
    if isinstance(value, dict):
        value = value.get("name", value.get("id"))
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
