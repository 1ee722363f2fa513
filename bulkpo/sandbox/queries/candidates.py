"""Which documents can answer a query, as far as the store's narrow tables tell.

The most selective condition that has an index drives the search; the others are tested row by row (a `+` keeps
SQLite from using their indexes). Where no condition is selective, rows are walked in the order of the answer, so that
a page is full after a few.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bulkpo.sandbox.catalog import Catalog, Link, Served
from bulkpo.sandbox.queries.id_ranges import COLUMNS, read_block, span
from bulkpo.sandbox.queries.query import Condition, Node, Query
from bulkpo.sandbox.queries.text_marks import all_stand, marks, texts
from bulkpo.sandbox.storage.pending import binary, is_short
from bulkpo.sandbox.storage.store import Body, Store, statements

_ORDER_COLUMNS = {"id": "id", **COLUMNS}
_LINE_COLUMNS = {"id": "id", "order-header-id": "order_id", "need-by-date": "need_by_date"}
_LINE_NUMBERS = {"price": "price", "quantity": "quantity", "total": "total"}
_SEEN = {
    "": frozenset({*_ORDER_COLUMNS, "supplier"}),
    "order-lines": frozenset({*_LINE_COLUMNS, *_LINE_NUMBERS, "account", "item"}),
}
_COMPARE = {"": "=", "not_eq": "<>", "gt": ">", "lt": "<", "gt_or_eq": ">=", "lt_or_eq": "<="}
_NEARLY = {"": "=", "gt": ">=", "lt": "<=", "gt_or_eq": ">=", "lt_or_eq": "<="}
_SELECTIVE = 5_000
_MOST_RECORDS = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """One condition in SQL; `{plus}` stands where a `+` may come. `drives` if an index can find its rows.

    `row_by_row` is another form of a condition on other tables, for when their rows are too many to gather first.
    One that is not exact lets some rows pass that do not meet the condition.
    """

    sql: str
    values: tuple[Any, ...]
    drives: bool
    row_by_row: str = ""
    is_exact: bool = True

    @property
    def indexed(self) -> str:
        """The condition as an index may serve it."""
        return self.sql.replace("{plus}", "")

    @property
    def walked(self) -> str:
        """The condition as it is asked of each row in turn."""
        return self.row_by_row or self.sql.replace("{plus}", "+")


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

    def beyond(self, last: int) -> "Plan":
        """The candidates after one of them, if they go by id."""
        sign = ">" if self.parts["direction"] == "ASC" else "<"
        parts = {**self.parts, "conditions": f"{self.parts['conditions']} AND id {sign} ?"}
        return replace(self, values=(*self.values, last), parts=parts)

    @property
    def by_id(self) -> bool:
        """True if the candidates go by id."""
        return self.parts.get("order", "id") == "id"


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
            return self._orders(query, direction)
        is_sorted = query.order_by == "id"
        if kind == "order-line":
            parts, is_exact = self._parts(query.where, self._line_column, self._line_link)
            if not is_exact:
                parts += self._marked(query.where, "order-lines", "lines.order_id")
            if served.resource.name.startswith("receivable"):
                parts.append(_part("of_order", (), drives=False, conditions="+status = 'issued'"))
            conditions, values = _written(parts, self._driver("lines", parts), by_id=True)
            pieces = {"conditions": conditions, "order": "id", "direction": direction}
            return Plan("lines_where", values, pieces, is_exact, is_sorted)
        return self._documents(kind, query.where, direction, is_sorted=is_sorted)

    def _orders(self, query: Query, direction: str) -> Plan:
        parts, is_exact = self._parts(query.where, self._order_column, self._order_link)
        driver = self._driver("orders", parts)
        asks_only_ids = all(condition.element.name == "id" for condition in query.where.conditions)
        if driver is None and not asks_only_ids:
            bounds = span(query.where.conditions, filter(None, map(read_block, self._store.blocks())))
            parts.append(_part("between", bounds, drives=False, column="id"))
        if not is_exact:
            parts += self._marked(query.where, "", "orders.id")
        order = _ORDER_COLUMNS.get(query.order_by)
        conditions, values = _written(parts, driver, by_id=order in ("id", None))
        pieces = {"conditions": conditions, "order": order or "id", "direction": direction}
        return Plan("orders_where", values, pieces, is_exact, is_sorted=order is not None)

    def _marked(self, where: Node, level: str, order: str) -> list[Part]:
        """What must stand in the text of an order, for conditions that no column tells of."""
        found = list(marks(where, _SEEN, self._referred, level))
        return [_part("marked", texts(found), drives=False, order=order, marks=all_stand(found))] if found else []

    def _referred(self, link: Link, below: Node) -> list[int] | None:
        """The records that pass conditions; None if an absent one does, or if they are too many to tell."""
        if link.refers_to in (None, "order-header", "order-line") or self._matches(below, {}):
            return None
        ids = self._matching(str(link.refers_to), below)
        return ids if len(ids) < _MOST_RECORDS else None

    def _driver(self, table: str, parts: Sequence[Part]) -> Part | None:
        counted = []
        for part in parts:
            if part.drives:
                values = (*part.values, _SELECTIVE)
                rows = self._store.rows("count_where", values, table=table, conditions=part.indexed)
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
        is_exact = len(parts) == len(found) and not where.custom and all(part.is_exact for part in parts)
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
        if not parts:
            return [], is_exact
        driver = self._driver("lines", parts)  # all conditions are about one line, so they stand together
        conditions, values = _written(parts, driver, by_id=False)
        walked = " AND ".join(part.walked for part in parts)
        return [_part("has_line", values, drives=driver is not None, conditions=conditions, walked=walked)], is_exact

    def _line_column(self, condition: Condition) -> Part | None:
        name = condition.element.name
        if name in _LINE_COLUMNS:
            return _compare(_LINE_COLUMNS[name], condition)
        if name in _LINE_NUMBERS:
            return _compare_number(_LINE_NUMBERS[name], condition)
        if name == "order-header-number" and (inner := _compare("po_number", condition)) is not None:
            return _part("of_order", inner.values, drives=inner.drives, conditions=inner.indexed)
        return None

    def _line_link(self, name: str, link: Link, below: Node) -> tuple[list[Part], bool]:
        return self._records(name, link, below) if name in ("account", "item") else ([], False)

    def _records(self, column: str, link: Link, below: Node) -> tuple[list[Part], bool]:
        """A reference whose record must pass conditions: first the records, then who refers to them."""
        ids = self._referred(link, below)
        if ids is None:
            return [], False
        return [_part("in", (json.dumps(ids),), drives=True, column=column)], True

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
            if (
                condition.element.name not in keys
                or condition.element.type != "string"
                or condition.operator == "blank"
            ):
                return None  # keys are kept as text, and a blank one is not kept at all
            part = _compare("value", condition)
            if part is None:
                return None
            values = (kind, condition.element.name, *part.values)
            return _part("has_key", values, drives=part.drives, conditions=part.indexed)

        parts, is_exact = self._parts(where, column, lambda _name, _link, _below: ([], False))
        if not is_exact and (found := list(marks(where, {"": {"id", *keys}}, self._referred))):
            parts.append(Part(all_stand(found), texts(found), drives=False))
        conditions = " AND ".join(["kind = ?", *(part.indexed for part in parts)])
        values = (kind, *(value for part in parts for value in part.values))
        return Plan("documents_where", values, {"conditions": conditions, "direction": direction}, is_exact, is_sorted)


def _compare(column: str, condition: Condition) -> Part | None:
    """A condition on a column of a narrow table, or None where SQL would not say the same."""
    operator, operand = condition.operator, condition.operand
    if operator in _COMPARE:
        return Part(f"{{plus}}{column} {_COMPARE[operator]} ?", (operand,), drives=operator != "not_eq")
    if operator in ("in", "not_in"):
        return _part(operator, (json.dumps(operand),), drives=operator == "in", column=column)
    if operator == "blank":
        return _part("blank" if operand else "not_blank", (), drives=False, column=column)
    if condition.element.type != "string" or not operand:
        return None
    values = {"contains": (operand,), "starts_with": (operand, len(operand), operand)}
    found: tuple[Any, ...] = values.get(operator, (-len(operand), operand))
    return _part(operator, found, drives=False, column=column)


def _compare_number(column: str, condition: Condition) -> Part:
    """A condition on a decimal that is kept as a binary number; not exact where several decimals may have one."""
    operator, operand = condition.operator, condition.operand
    if operator in _NEARLY:
        compare = _COMPARE if is_short(operand) else _NEARLY
        sql = f"{{plus}}{column} {compare[operator]} ?"
        return Part(sql, (binary(operand),), drives=True, is_exact=is_short(operand))
    if operator == "in":
        numbers = [binary(one) for one in operand]
        return replace(_part("between", (min(numbers), max(numbers)), drives=True, column=column), is_exact=False)
    is_blank = operator == "blank" and operand
    return replace(_part("blank" if is_blank else "not_blank", (), drives=False, column=column), is_exact=False)


def _written(parts: Sequence[Part], driver: Part | None, *, by_id: bool) -> tuple[str, tuple[Any, ...]]:
    """All parts as one condition, with its values. Where nothing drives and the answer goes by id, ids say where."""
    written = [
        part.indexed
        if part is driver or (driver is None and by_id and part.sql.startswith("{plus}id ") and not part.row_by_row)
        else part.walked
        for part in parts
    ]
    return " AND ".join(written) or "1", tuple(value for part in parts for value in part.values)


def _part(name: str, values: tuple[Any, ...], *, drives: bool, **pieces: str) -> Part:
    sql, row_by_row = (statements().get(found, "") for found in (f"part_{name}", f"part_{name}_row_by_row"))
    for piece, text in pieces.items():
        sql, row_by_row = (form.replace(f"{{{piece}}}", text) for form in (sql, row_by_row))
    return Part(sql, values, drives, row_by_row)


def walk(plan: Plan, store: Store) -> Iterator[list[int]]:
    """The candidates' ids, chunk by chunk: small ones first, since a page is often full soon."""
    offset, size, rest = 0, 60, plan
    while ids := rest.ids(store, size, offset):
        yield ids
        if plan.by_id:
            rest = plan.beyond(ids[-1])
        else:
            offset += len(ids)
        size = min(size * 4, 5_000)
