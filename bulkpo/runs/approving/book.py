"""The plan as a workbook: what people read and approve, and on a hidden sheet what it was worked out from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bulkpo.errors import InputError, RunError
from bulkpo.model.table import Cell, stored
from bulkpo.model.totals import CurrencyTotal
from bulkpo.runs.approving.plan import CHANGED, HELD, NEW, THERE, UNCHANGED, PlannedOrder, PlanOfRun
from bulkpo.runs.own_files import OwnFiles
from bulkpo.tables.source import SourceOptions, open_source
from bulkpo.tables.workbooks.names import sheet_names
from bulkpo.tables.writing.approval import PlanSheet, write_plan_book
from bulkpo.tables.writing.columns import FileOptions

PLAN_SHEET, _ORDERS, _CELLS, _HELD_BACK, _TOTALS = "Plan", "Orders", "Cells", "Held back", "Totals"
_HIDDEN = "bulkpo plan"
_BY, _ON = "Approved by", "Approved on"
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a plan was worked out from: how it was asked for, and the digests of file and mapping.

    `source` is the file as people know it: of an update, the workbook that was edited.
    """

    request: Mapping[str, Any]
    instance: str
    file_digest: str
    mapping_digest: str
    made: str
    source: str


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan as it is read: its facts, the digests of its orders, that of all, and who approved it when."""

    facts: PlanFacts
    orders: Mapping[str, str]
    digest: str
    approved_by: str
    approved_on: str

    @property
    def approval(self) -> dict[str, str]:
        """What the journal keeps of it."""
        known = {"approved_by": self.approved_by, "approved_on": self.approved_on, "approved_plan": self.digest}
        return {name: text for name, text in known.items() if text}


def write_plan_file(path: Path, planned: PlanOfRun, facts: PlanFacts, own: OwnFiles, like: Path) -> Path:
    """Write a plan to be approved, for whoever may read the file `like`; gives where. Raises OutputError."""
    writer = f"plan of {facts.source}"
    place = own.place(path, writer)
    orders = {order.key: f"{order.what} {order.digest}" for order in planned.orders}
    kept = {
        "request": facts.request,
        "instance": facts.instance,
        "file_digest": facts.file_digest,
        "mapping_digest": facts.mapping_digest,
        "made": facts.made,
        "source": facts.source,
        "digest": planned.digest,
        "orders": orders,
    }
    options = FileOptions(placing=lambda file: own.note(place, writer, file), like=like)
    write_plan_book(place, _sheets(planned, facts), (_HIDDEN, [json.dumps(kept)]), options)
    return place


def _sheets(planned: PlanOfRun, facts: PlanFacts) -> list[PlanSheet]:
    return [
        PlanSheet(PLAN_SHEET, ("What", "Value"), _summary(planned, facts), (_BY, _ON)),
        PlanSheet(_TOTALS, _TOTAL_HEADINGS, [_total_row(*each) for each in planned.totals()]),
        PlanSheet(_ORDERS, _ORDER_HEADINGS, order_rows(planned)),
        PlanSheet(_CELLS, ("Order", "Row", "Element", "Old", "New"), cell_rows(planned)),
        PlanSheet(_HELD_BACK, ("Order", "Row", "Reason"), planned.held),
    ]


def _summary(planned: PlanOfRun, facts: PlanFacts) -> list[Sequence[Cell]]:
    held = len({key for key, _, _ in planned.held})
    counts = [(f"Orders {what}", Decimal(planned.count(what))) for what in (NEW, CHANGED, UNCHANGED, THERE)]
    sums: dict[str, list[Decimal]] = {}
    for _, currency, before, after in planned.totals():
        known = sums.setdefault(currency, [Decimal(0), Decimal(0)])
        known[0] += before.amount
        known[1] += after.amount
    totals = [
        (f"Amount {way} in {currency or '(no currency)'}", amounts[place])
        for currency, amounts in sorted(sums.items())
        for place, way in enumerate(("before", "after"))
    ]
    return [
        ("Instance", facts.instance),
        ("File", facts.source),
        ("Mapping", str(facts.request["mapping"])),
        ("Worked out", facts.made),
        *counts,
        (f"Orders {HELD} or with errors", Decimal(held)),
        ("Cells to change", Decimal(len(cell_rows(planned)))),
        ("Orders sent to suppliers again", Decimal(planned.resent)),
        *totals,
        *(_amount("unchanged", total) for total in planned.left()),
        *(_amount("held back or with errors", total) for total in planned.held_totals),
        ("Digest of the plan", planned.digest),
        (_BY, None),
        (_ON, None),
        ("To do exactly this", "bulkpo apply, with this workbook; it refuses if file, mapping or Coupa changed since"),
    ]


def _amount(what: str, total: CurrencyTotal) -> tuple[str, Cell]:
    return f"Amount {what} in {total.currency or '(no currency)'}", total.amount


_TOTAL_HEADINGS = ("Supplier", "Currency", "Orders before", "Amount before", "Orders after", "Amount after")
_ORDER_HEADINGS = ("Order", "What", "Supplier", "Currency", "Amount before", "Amount after", "Sent again")


def _total_row(supplier: str, currency: str, before: CurrencyTotal, after: CurrencyTotal) -> Sequence[Cell]:
    figures = [Decimal(before.documents), before.amount, Decimal(after.documents), after.amount]
    return [supplier or "(none)", currency or "(none)", *figures]


def order_rows(planned: PlanOfRun) -> list[Sequence[Cell]]:
    """A row for each order that is not left as it is."""
    return [_order_row(order) for order in planned.orders if order.what != UNCHANGED]


def _order_row(order: PlannedOrder) -> Sequence[Cell]:
    stake = order.after or order.before
    known = [None, None] if stake is None else [stake.partner, stake.currency]
    amounts = [None if it is None else it.amount for it in (order.before, order.after)]
    resent = "to its supplier" if order.is_resent else None
    return [order.key, order.what, *known, *amounts, resent]


def cell_rows(planned: PlanOfRun) -> list[Sequence[Cell]]:
    """A row for each element that changes."""
    return [(order.key, *cell) for order in planned.orders for cell in order.cells]


def read_plan(path: Path) -> ReadPlan:
    """Read a plan; raises InputError for a workbook that is none any more."""
    if _HIDDEN not in sheet_names(path):
        raise InputError(f"{path}: this is no plan, or its hidden sheet {_HIDDEN!r} is gone; write it anew with --plan")
    try:
        kept = json.loads(
            "".join(str(stored(cell)) for row in _rows(path, _HIDDEN) for cell in row if cell is not None)
        )
        names = ("request", "instance", "file_digest", "mapping_digest", "made", "source")
        facts = PlanFacts(**{name: kept[name] for name in names})
        said = {str(row[0]): row[1] for row in _rows(path, PLAN_SHEET) if len(row) > 1}
        by, on = (_typed(stored(said.get(name))) for name in (_BY, _ON))
        return ReadPlan(facts, dict(kept["orders"]), str(kept["digest"]), by, on)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise InputError(f"{path}: its hidden sheet cannot be read any more; write the plan anew with --plan") from None


def _typed(cell: Cell) -> str:
    """What was typed into a cell; of a day without a time, the day."""
    text = "" if cell is None else str(cell).strip()
    return text.removesuffix(" 00:00:00") if isinstance(cell, datetime) else text


def _rows(path: Path, sheet: str) -> list[tuple[Cell, ...]]:
    source = open_source(path, SourceOptions(sheet=sheet, header_row=None))
    return [row for chunk in source.chunks() for row in zip(*chunk.columns, strict=True)]


def refuse_other(path: Path, read: ReadPlan, now: PlanOfRun, facts: PlanFacts) -> None:
    """Raise RunError where what would happen now is not what the plan says, naming what is different."""
    anew = "nothing was sent; write the plan anew with --plan and have it approved again"
    if read.facts.instance != facts.instance:
        raise RunError(f"{path}: this plan is for {read.facts.instance}, and this would go to {facts.instance}; {anew}")
    for name, was, is_now in (
        ("the file", read.facts.file_digest, facts.file_digest),
        ("the mapping, or a crosswalk it names,", read.facts.mapping_digest, facts.mapping_digest),
    ):
        if was != is_now:
            raise RunError(f"{path}: {name} changed since the plan was made on {read.facts.made}; {anew}")
    orders = {order.key: f"{order.what} {order.digest}" for order in now.orders}
    other = sorted(key for key in orders.keys() | read.orders.keys() if orders.get(key) != read.orders.get(key))
    if other:
        more = f" and {len(other) - _MOST_NAMED:,} more" if other[_MOST_NAMED:] else ""
        named = ", ".join(other[:_MOST_NAMED])
        raise RunError(f"{path}: Coupa changed since the plan was made on {read.facts.made}: {named}{more}; {anew}")
    if read.digest != now.digest:
        raise RunError(f"{path}: what is held back is not what the plan says, or the plan was changed; {anew}")
    for sheet in _sheets(now, read.facts):
        if not _says(_rows(path, sheet.name), sheet):
            raise RunError(f"{path}: sheet {sheet.name} does not say what the plan is any more; {anew}")


def _says(rows: Sequence[Sequence[Cell]], sheet: PlanSheet) -> bool:
    """Whether a sheet says what it is to say; of the first, beside who approved it."""
    found, wanted = _texts(rows[1:]), _texts(sheet.rows)
    if sheet.name != PLAN_SHEET:
        return found == wanted
    return [row for row in found if row[:1] not in ([_BY], [_ON])] == [
        row for row in wanted if row[0] not in (_BY, _ON)
    ]


def _texts(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Rows as they compare, whatever program saved them."""
    return [_row_texts(row) for row in rows]


def _row_texts(row: Sequence[Cell]) -> list[str]:
    texts = [_cell_text(stored(cell)) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return format(round(cell, 9).normalize() + 0, "f")
    return "" if cell is None else str(cell).strip()
