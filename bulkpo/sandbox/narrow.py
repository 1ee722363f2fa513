"""Which documents can answer a query, as far as the store's narrow tables tell.

The most selective condition that has an index drives the search; the others are tested row by row (a `+` keeps
SQLite from using their indexes). Where no condition is selective, rows are walked in the order of the answer, so that
a page is full after a few.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bulkpo.sandbox.catalog import Catalog, Link, Served
from bulkpo.sandbox.query import Condition, Node, Query
from bulkpo.sandbox.store import Body, Store

_ORDER_COLUMNS = {
    "id": "id",
    "po-number": "po_number",
    "status": "status",
    "exported": "exported",
    "created-at": "created_at",
    "updated-at": "updated_at",
    "version": "version",
}
_COMPARE = {"": "=", "not_eq": "<>", "gt": ">", "lt": "<", "gt_or_eq": ">=", "lt_or_eq": "<="}
_SARGABLE = frozenset({"", "gt", "lt", "gt_or_eq", "lt_or_eq", "in", "starts_with"})
_SELECTIVE = 5_000
_MOST_RECORDS = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """One condition in SQL; `{}` stands where a `+` may come. `drives` if an index can find its rows."""

    sql: str
    values: tuple[Any, ...]
    drives: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """How to walk the candidates. `is_exact` if each of them is an answer, `is_sorted` if in the order asked for."""

    statement: str
    values: tuple[Any, ...]
    parts: dict[str, str]
    is_exact: bool
    is_sorted: bool

    def ids(self, store: Store, limit: int, offset: int) -> list[int]:
        """Some of the candidates' ids, in order."""
        return [row[0] for row in store.rows(self.statement, (*self.values, limit, offset), **self.parts)]


class Narrowing:
    """Makes plans."""

    def __init__(self, catalog: Catalog, store: Store, matches: Callable[[Node, Body], bool]) -> None:
        self._catalog = catalog
        self._store = store
        self._matches = matches

    def plan(self, served: Served, query: Query) -> Plan:
        """The candidates for a query."""
        kind = served.kind.name
        direction = "DESC" if query.descending else "ASC"
        if kind == "order-header":
            parts, is_exact = self._parts(query.where, self._order_column, self._order_link)
            order = _ORDER_COLUMNS.get(query.order_by)
            return self._plan("orders", (parts, is_exact), (order or "id", direction), is_sorted=order is not None)
        is_sorted = query.order_by == "id"
        if kind == "order-line":
            parts, is_exact = self._parts(query.where, self._line_column, self._line_link)
            if served.resource.name.startswith("receivable"):
                parts.append(Part("{}order_id IN (SELECT id FROM orders WHERE +status = 'issued')", (), drives=False))
            return self._plan("lines", (parts, is_exact), ("id", direction), is_sorted=is_sorted)
        return self._documents(kind, query.where, direction, is_sorted=is_sorted)

    def _plan(self, table: str, found: tuple[list[Part], bool], order: tuple[str, str], *, is_sorted: bool) -> Plan:
        parts, is_exact = found
        driver = self._driver(table, parts)
        written = [part.sql.replace("{}", "" if part is driver else "+") for part in parts]
        values = tuple(value for part in parts for value in part.values)
        return Plan(
            f"{table}_where",
            values,
            {"conditions": " AND ".join(written) or "1", "order": order[0], "direction": order[1]},
            is_exact,
            is_sorted,
        )

    def _driver(self, table: str, parts: Sequence[Part]) -> Part | None:
        counted = []
        for part in parts:
            if part.drives:
                sql = part.sql.replace("{}", "")
                rows = self._store.rows("count_where", (*part.values, _SELECTIVE), table=table, conditions=sql)
                counted.append((rows[0][0], part))
        least = min(counted, key=lambda one: one[0], default=(_SELECTIVE, None))
        return least[1] if least[0] < _SELECTIVE else None

    def _parts(
        self,
        where: Node,
        column: Callable[[Condition], Part | None],
        link: Callable[[str, Link, Node], tuple[list[Part], bool]],
    ) -> tuple[list[Part], bool]:
        found = [column(condition) for condition in where.conditions]
        parts = [part for part in found if part is not None]
        is_exact = len(parts) == len(found) and not where.custom
        for name, (one, below) in where.below.items():
            more, exact = link(name, one, below)
            parts.extend(more)
            is_exact = is_exact and exact
        return parts, is_exact

    def _order_column(self, condition: Condition) -> Part | None:
        column = _ORDER_COLUMNS.get(condition.element.name)
        return _compare(column, condition) if column else None

    def _order_link(self, name: str, link: Link, below: Node) -> tuple[list[Part], bool]:
        if name == "supplier":
            return self._records("supplier", link, below)
        if name != "order-lines":
            return [], False
        parts, is_exact = self._parts(below, self._line_column, self._line_link)
        # What must hold for one line may be told for several: with more than one part the answer is not exact.
        inside = [
            Part(f"{{}}id IN (SELECT order_id FROM lines WHERE {part.sql.replace('{}', '')})", part.values, part.drives)
            for part in parts
            if "{}order_id" not in part.sql
        ]
        return inside, is_exact and len(inside) == 1

    def _line_column(self, condition: Condition) -> Part | None:
        match condition.element.name:
            case "id":
                return _compare("id", condition)
            case "order-header-id":
                return _compare("order_id", condition)
            case "order-header-number":
                inner = _compare("po_number", condition)
                if inner is not None:
                    sql = inner.sql.replace("{}", "")
                    return Part(f"{{}}order_id IN (SELECT id FROM orders WHERE {sql})", inner.values, inner.drives)
        return None

    def _line_link(self, name: str, link: Link, below: Node) -> tuple[list[Part], bool]:
        return self._records(name, link, below) if name in ("account", "item") else ([], False)

    def _records(self, column: str, link: Link, below: Node) -> tuple[list[Part], bool]:
        """A reference whose record must pass conditions: first the records, then who refers to them."""
        if link.refers_to is None or self._matches(below, {}):
            return [], False
        ids = self._matching(link.refers_to, below)
        if len(ids) >= _MOST_RECORDS:
            return [], False
        return [Part(f"{{}}{column} IN (SELECT value FROM json_each(?))", (json.dumps(ids),), drives=True)], True

    def _matching(self, kind: str, where: Node) -> list[int]:
        plan = self._documents(kind, where, "ASC", is_sorted=True)
        ids = plan.ids(self._store, _MOST_RECORDS, 0)
        if plan.is_exact or len(ids) >= _MOST_RECORDS:
            return ids
        return [id_ for id_, body in self._store.many(ids).items() if self._matches(where, body)]

    def _documents(self, kind: str, where: Node, direction: str, *, is_sorted: bool) -> Plan:
        keys = self._catalog.kind(kind).keys

        def column(condition: Condition) -> Part | None:
            if condition.element.name == "id":
                return _compare("id", condition)
            if condition.element.name not in keys or condition.operator == "blank":
                return None
            part = _compare("value", condition)
            if part is None:
                return None
            sql = part.sql.replace("{}", "")
            inside = f"{{}}id IN (SELECT id FROM natural_keys WHERE kind = ? AND element = ? AND {sql})"
            return Part(inside, (kind, condition.element.name, *part.values), part.drives)

        parts, is_exact = self._parts(where, column, lambda _name, _link, _below: ([], False))
        conditions = " AND ".join(["kind = ?", *(part.sql.replace("{}", "") for part in parts)])
        values = (kind, *(value for part in parts for value in part.values))
        return Plan("documents_where", values, {"conditions": conditions, "direction": direction}, is_exact, is_sorted)


def _compare(column: str, condition: Condition) -> Part | None:
    """A condition on a column of a narrow table, or None where SQL would not say the same."""
    operator, operand = condition.operator, condition.operand
    if operator in _COMPARE:
        return Part(f"{{}}{column} {_COMPARE[operator]} ?", (operand,), operator in _SARGABLE)
    if operator in ("in", "not_in"):
        word = "NOT IN" if operator == "not_in" else "IN"
        sql = f"{{}}{column} {word} (SELECT value FROM json_each(?))"
        return Part(sql, (json.dumps(operand),), operator == "in")
    if operator == "blank":
        blank = f"({{}}{column} IS NULL OR {{}}{column} = '')"
        return Part(blank if operand else f"NOT {blank}", (), drives=False)
    if condition.element.type != "string" or not operand:
        return None
    match operator:
        case "contains":
            return Part(f"instr({column}, ?) > 0", (operand,), drives=False)
        case "starts_with":
            return Part(
                f"({{}}{column} >= ? AND substr({column}, 1, ?) = ?)", (operand, len(operand), operand), drives=False
            )
        case _:
            return Part(f"substr({column}, ?) = ?", (-len(operand), operand), drives=False)


def walk(plan: Plan, store: Store) -> Iterator[list[int]]:
    """The candidates' ids, chunk by chunk: small ones first, since a page is often full soon."""
    offset, size = 0, 60
    while ids := plan.ids(store, size, offset):
        yield ids
        offset += len(ids)
        size = min(size * 4, 5_000)
