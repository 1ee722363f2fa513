"""What an import or an update would do, order by order and cell by cell, with its totals before and after."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from bulkpo.coupa.client import CoupaClient
from bulkpo.model.document import Document
from bulkpo.model.finding import Severity
from bulkpo.model.table import row_number
from bulkpo.model.totals import CurrencyTotal, Totals, total_json
from bulkpo.model.worth import Stake
from bulkpo.payload.change import Change, How
from bulkpo.payload.encode import BodyFormat, Encoder
from bulkpo.runs.planning.attachments import planned_attachments
from bulkpo.runs.planning.changes import Changes
from bulkpo.runs.planning.plan import FilePlan

NEW, CHANGED, UNCHANGED, THERE, HELD = "new", "changed", "unchanged", "there already", "held back"
_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """One document of a plan: what is to happen, its worth before and after, and what says so to a machine."""

    key: str
    what: str
    before: Stake | None
    after: Stake | None
    is_resent: bool
    digest: str
    cells: tuple[tuple[str, str, str, str], ...] = ()
    """Row, element, old and new."""


@dataclass(frozen=True, slots=True)
class PlanOfRun:
    """All that would happen, and what is held back, why, and what it is worth as far as that can be read."""

    orders: tuple[PlannedOrder, ...]
    held: tuple[tuple[str, str, str], ...]
    """Key, row and reason."""

    held_totals: tuple[CurrencyTotal, ...] = ()
    attached: tuple[tuple[str, ...], ...] = ()
    """Number of the document, place, row, what is attached, and the SHA-256 of its bytes."""

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
                for way, stake in enumerate((order.before, order.after)):
                    if stake is not None:
                        pair = sums.setdefault((stake.partner, stake.currency), (Totals(), Totals()))
                        pair[way].add(*stake.figures)
        for (supplier, currency), (before, after) in sorted(sums.items()):
            yield supplier, currency, _one(before, currency), _one(after, currency)

    def left(self) -> tuple[CurrencyTotal, ...]:
        """What those that stay as they are are worth, by currency."""
        sums = Totals()
        for order in self.orders:
            if order.what == UNCHANGED and order.after is not None:
                sums.add(*order.after.figures)
        return sums.by_currency()

    @property
    def digest(self) -> str:
        """The digest of all that would happen."""
        orders = [[order.key, order.what, order.digest] for order in self.orders]
        attached = [list(self.attached)] if self.attached else []
        text = json.dumps([*orders, list(self.held), [total_json(total) for total in self.held_totals], *attached])
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
    totals = Totals()
    for total in (*plan.held.worth, *(plan.held.with_errors or plan.checked.failed_totals)):
        totals.add(total.currency, total.lines, total.amount, total.documents)
    attached = tuple(
        (str(each.number), str(each.place), str(each.row), each.content, each.digest)
        for each in planned_attachments(plan)
    )
    return PlanOfRun(tuple(orders), held, totals.by_currency(), attached)


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
        for document in documents:
            planned = changes.planned[document.key]
            if planned.change is None:
                yield self._made(document, NEW)
            else:
                yield _changed(planned.number or document.key, planned.change)

    def _made(self, document: Document, what: str) -> PlannedOrder:
        currency, lines, amount = self._plan.totals_of(document)
        supplier = document.values[self._partner] or "" if self._partner is not None else ""
        after = Stake(supplier, currency, lines, amount) if what == NEW else None
        digest = self._encode.digest(document)
        return PlannedOrder(document.key, what, None, after, is_resent=False, digest=digest)


def _changed(key: str, change: Change) -> PlannedOrder:
    """What happens to a document that is there; its digest covers what it is worth as well."""
    cells = tuple(
        (
            str(row_number(cell.row) or ""),
            cell.path,
            "(empty)" if cell.old is None else cell.old,
            str(cell.how) if cell.how is not How.CHANGED else "(empty)" if cell.new is None else cell.new,
        )
        for cell in change.cells()
    )
    before, after = change.worth or (None, None)
    worth = None if change.worth is None else change.worth.as_json()
    digest = hashlib.sha256(json.dumps([change.id, cells, worth]).encode()).hexdigest()
    what = CHANGED if change else UNCHANGED
    return PlannedOrder(key, what, before, after, change.resends, digest, cells)
