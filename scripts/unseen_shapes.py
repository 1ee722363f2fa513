"""The shapes a company's export may have: one row a line, typed rows, wide rows, pages, tables beside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Value = str | int | Decimal | float | date | None
Line = Mapping[str, Any]
Shown = Callable[[Value, "Company"], Value]
Rows = list[list[Value]]


@dataclass(frozen=True)
class Fact:
    """One column: its heading, the fact its cells hold and what it becomes. In capitals: ignored, and why."""

    heading: str
    fact: str
    what: str
    title: str = ""


def plain(lines: Sequence[Line], company: "Company", shown: Shown) -> Rows:
    """One row a line, everything on each."""
    return [[shown(line[fact.fact], company) for fact in company.facts] for line in lines]


@dataclass(frozen=True)
class Company:
    """How one company's system gives its orders."""

    name: str
    facts: Sequence[Fact]
    file: str = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    date: str = "%Y-%m-%d"
    date_order: str = ""
    decimal: str = "."
    thousands: str = ""
    as_text: bool = False
    po: str = "{}"
    currencies: Sequence[str] = ("EUR", "USD", "GBP")
    orders: int = 9
    above: Sequence[Sequence[Value]] = ()
    below: Sequence[Sequence[Value]] = ()
    foot: Sequence[Sequence[Value]] = ()
    arrange: Callable[[Sequence[Line], "Company", Shown], Rows] = plain
    table: Callable[[Rows], Rows] | None = None
    header_row: int | None = 0
    header_rows: int = 1
    columns: Mapping[str, str] = field(default_factory=dict)
    open_is_right: Sequence[str] = ()
    fill_down: bool = False


WHAT = {
    "po": "po-number", "vendor": "supplier/number", "vendor name": "supplier/name", "currency": "currency/code",
    "line": "order-lines/line-num", "line10": "order-lines/line-num", "line1000": "order-lines/line-num",
    "sku": "order-lines/item/item-number", "text": "order-lines/description", "qty": "order-lines/quantity",
    "unit": "order-lines/uom/code", "price": "order-lines/price", "per price": "order-lines/price",
    "due": "order-lines/need-by-date", "part": "order-lines/source-part-num", "terms": "payment-term/code",
    "account": "order-lines/account/code", "per": "PER", "amount": "AMOUNT", "buyer": "IGNORE",
}  # fmt: skip


def facts(text: str) -> tuple[Fact, ...]:
    """Columns from `heading=fact`, one after the other between bars; what each becomes follows from the fact."""
    pairs = (part.strip().rpartition("=") for part in text.split("|"))
    return tuple(Fact(heading, fact, WHAT.get(fact, "IGNORE")) for heading, _, fact in pairs)


def first_row_only(lines: Sequence[Line], company: Company, shown: Shown) -> Rows:
    """What the order has stands on its first row only."""
    of_order = {"po", "vendor", "vendor name", "currency", "ordered", "terms", "total", "buyer"}
    rows = plain(lines, company, shown)
    for row in rows[1:]:
        for place, fact in enumerate(company.facts):
            if fact.fact in of_order:
                row[place] = ""
    return rows


def with_subtotal(lines: Sequence[Line], company: Company, shown: Shown) -> Rows:
    """A row below each order adds its amounts up."""
    added = [shown(lines[0]["total"], company) if fact.fact == "amount" else "" for fact in company.facts]
    added[0] = f"Subtotal {lines[0]['po']}" if company.decimal == "." else f"Summe {lines[0]['po']}"
    return [*plain(lines, company, shown), added]


def paged(rows: Rows) -> Rows:
    """Headings and a title again on each page of fourteen rows."""
    title, heading, *rest = rows
    pages = [rest[start : start + 14] for start in range(0, len(rest), 14)]
    return [row for number, page in enumerate(pages, 1) for row in ([*title, f"Page {number}"], heading, *page)]


def typed(lines: Sequence[Line], company: Company, shown: Shown) -> Rows:
    """An H row for the order, an L row for each line, told apart by the first cell."""
    head = [shown(lines[0][name], company) for name in ("po", "vendor", "vendor name", "currency", "ordered", "terms")]
    names = ("po", "line", "sku", "text", "qty", "unit", "price", "due")
    return [["H", *head], *(["L", *(shown(line[name], company) for name in names)] for line in lines)]


def coupa_flat(lines: Sequence[Line], company: Company, shown: Shown) -> Rows:
    """Coupa's own flat file: rows of Header and of Line."""
    head = [shown(lines[0][name], company) for name in ("po", "vendor name", "vendor", "currency", "terms", "buyer")]
    names = ("line", "sku", "text", "part", "qty", "price", "due", "unit", "account")
    return [["Header", *head], *(["Line", *(shown(line[name], company) for name in names)] for line in lines)]


def wide(lines: Sequence[Line], company: Company, shown: Shown) -> Rows:
    """One row an order, its lines side by side."""
    row = [shown(lines[0][name], company) for name in ("po", "vendor", "currency", "ordered")]
    for place in range(4):
        names = ("text", "qty", "unit", "price")
        row += [shown(lines[place][name], company) if place < len(lines) else "" for name in names]
    return [row]


def beside(rows: Rows) -> Rows:
    """A table of suppliers to the right of the orders."""
    right = [
        ["", "Vendor List", "Contact"],
        ["", "Kestrel", "sales@kestrel.example"],
        ["", "Maier", "info@maier.example"],
    ]
    return [[*row, *(right[place] if place < len(right) else ["", "", ""])] for place, row in enumerate(rows)]


def units_in_cells(lines: Sequence[Line], company: Company, shown: Shown) -> Rows:
    """ALV's way: the unit in the cell of the quantity, the currency in that of the price."""
    rows = plain(lines, company, shown)
    for row, line in zip(rows, lines, strict=True):
        for place, fact in enumerate(company.facts):
            if fact.fact in ("qty", "open"):
                row[place] = f"{row[place]} {line['unit']}"
            if fact.fact in ("price", "amount"):
                row[place] = f"{row[place]} {line['currency']}"
    return rows
