"""What an import or an update would do, order by order and cell by cell, with its totals before and after."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from bulkpo.coupa.client import CoupaClient
from bulkpo.model.document import Document
from bulkpo.model.finding import Severity
from bulkpo.model.table import row_number
from bulkpo.model.totals import CurrencyTotal, Totals
from bulkpo.model.tree import Tree
from bulkpo.payload.change import Change, How
from bulkpo.payload.encode import BodyFormat, Encoder
from bulkpo.runs.doing.listing import FIELDS, worth_of
from bulkpo.runs.planning.changes import Changes
from bulkpo.runs.planning.plan import FilePlan

NEW, CHANGED, UNCHANGED, THERE, HELD = "new", "changed", "unchanged", "there already", "held back"
_TOGETHER = 500
_LINES = "order-lines"


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """One document of a plan: what is to happen, its worth before and after, and what says so to a machine."""

    key: str
    what: str
    supplier: str
    before: CurrencyTotal | None
    after: CurrencyTotal | None
    is_resent: bool
    digest: str
    cells: tuple[tuple[str, str, str, str], ...] = ()
    """Row, element, old and new."""


@dataclass(frozen=True, slots=True)
class PlanOfRun:
    """All that would happen, and what is held back, and why."""

    orders: tuple[PlannedOrder, ...]
    held: tuple[tuple[str, str, str], ...]
    """Key, row and reason."""

    def count(self, what: str) -> int:
        """To how many this would happen."""
        return sum(order.what == what for order in self.orders)

    @property
    def resent(self) -> int:
        """How many would be sent to their suppliers again."""
        return sum(order.is_resent for order in self.orders)

    def totals(self) -> Iterator[tuple[str, str, CurrencyTotal, CurrencyTotal]]:
        """What those to be made or changed are worth before and after, by supplier and currency."""
        sums: dict[tuple[str, str], tuple[Totals, Totals]] = {}
        for order in self.orders:
            if order.what in (NEW, CHANGED):
                for way, total in enumerate((order.before, order.after)):
                    if total is not None:
                        pair = sums.setdefault((order.supplier, total.currency), (Totals(), Totals()))
                        pair[way].add(total.currency, total.lines, total.amount)
        for (supplier, currency), (before, after) in sorted(sums.items()):
            yield supplier, currency, _one(before, currency), _one(after, currency)

    @property
    def digest(self) -> str:
        """The digest of all that would happen."""
        text = json.dumps([[order.key, order.what, order.digest] for order in self.orders] + [list(self.held)])
        return hashlib.sha256(text.encode()).hexdigest()


def _one(totals: Totals, currency: str) -> CurrencyTotal:
    return next(iter(totals.by_currency()), CurrencyTotal(currency, 0, 0, Decimal(0)))


def plan_of_run(plan: FilePlan, changes: Changes | None, client: CoupaClient) -> PlanOfRun:
    """Work out what would happen; of a mapping that creates, which numbers are there already is looked up."""
    planner = _Planner(plan, client)
    orders: list[PlannedOrder] = []
    documents = plan.documents()
    while some := list(islice(documents, _TOGETHER)):
        orders += planner.created(some) if changes is None else planner.changed(some, changes)
    held = tuple(
        (finding.key or "", str(row_number(finding.row) or ""), finding.message)
        for finding in plan.checked.findings
        if finding.severity is Severity.ERROR
    )
    return PlanOfRun(tuple(orders), held)


class _Planner:
    def __init__(self, plan: FilePlan, client: CoupaClient) -> None:
        self._plan = plan
        self._client = client
        self._encode = Encoder(plan.layout, BodyFormat.XML)
        places = {str(field.path): place for place, field in enumerate(plan.layout.fields)}
        self._partner = next((places[path] for path in plan.kind.partner if path in places), None)

    def created(self, documents: Sequence[Document]) -> Iterator[PlannedOrder]:
        """What would happen to documents of a mapping that creates."""
        key = self._plan.key_element
        keys = [document.key for document in documents]
        found = self._client.find_by_keys(self._plan.resource, key, keys, ["id", key])
        for document in documents:
            is_there = bool(found[document.key])
            yield self._made(document, THERE if is_there else NEW)

    def changed(self, documents: Sequence[Document], changes: Changes) -> Iterator[PlannedOrder]:
        """What would happen to documents of a mapping that changes what is there."""
        ids = [str(it.change.id) for each in documents if (it := changes.planned[each.key]).change]
        now = {
            int(found["id"]): found
            for _, some in (self._client.answers_by_keys(self._plan.resource, "id", ids, _FIELDS) if ids else ())
            for found in some
        }
        for document in documents:
            change = changes.planned[document.key].change
            if change is None:
                yield self._made(document, NEW)
            elif not change:
                yield PlannedOrder(document.key, UNCHANGED, "", None, None, is_resent=False, digest="")
            else:
                yield _changed(document.key, change, now.get(change.id, {"id": change.id}))

    def _made(self, document: Document, what: str) -> PlannedOrder:
        currency, lines, amount = self._plan.totals_of(document)
        supplier = document.values[self._partner] or "" if self._partner is not None else ""
        after = CurrencyTotal(currency, 1, lines, amount) if what == NEW else None
        digest = self._encode.digest(document)
        return PlannedOrder(document.key, what, supplier, None, after, is_resent=False, digest=digest)


_FIELDS: Sequence[object] = [*FIELDS[:-1], {_LINES: ["id", "type", "price", "quantity", {"currency": ["code"]}]}]


def _changed(key: str, change: Change, now: Tree) -> PlannedOrder:
    _, supplier, before = worth_of(now)
    after = worth_of(_applied(change, now))[2]
    cells = tuple(
        (
            str(row_number(cell.row) or ""),
            cell.path,
            "(empty)" if cell.old is None else cell.old,
            str(cell.how) if cell.how is not How.CHANGED else "(empty)" if cell.new is None else cell.new,
        )
        for cell in change.cells()
    )
    digest = hashlib.sha256(json.dumps([change.id, cells]).encode()).hexdigest()
    name = str(now.get("po-number") or key)
    return PlannedOrder(name, CHANGED, supplier, before, after, change.resends, digest, cells)


def _applied(change: Change, now: Tree) -> Tree:
    """A document as it will be, as far as it says what it is worth."""
    lines: dict[object, dict[str, object]] = {
        line["id"]: dict(line) for line in now.get(_LINES) or () if isinstance(line, Mapping) and "id" in line
    }
    for number, part in enumerate(change.header.parts):
        if part.collection != _LINES:
            continue
        known: object = part.id if part.id is not None else f"new {number}"
        if part.how is How.REMOVED:
            lines.pop(known, None)
            continue
        line = lines.setdefault(known, {})
        line.update({edit.names[0]: edit.new for edit in part.edits if len(edit.names) == 1})
    return {**now, _LINES: list(lines.values())}
