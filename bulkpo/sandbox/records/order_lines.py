"""Lines within their order: what is asked of one, what is worked out for it, and where a removed one goes."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from bulkpo.sandbox.records import derived
from bulkpo.sandbox.records.intake import Intake
from bulkpo.sandbox.records.moves import ASKED_OF_LINES
from bulkpo.sandbox.storage.store import Body


def line_of(order: Body, id_: int) -> Body:
    """One line of an order that has it."""
    found: Body = next(line for line in order["order-lines"] if line["id"] == id_)
    return found


def check_line(line: Body, where: str, intake: Intake, *, is_added: bool) -> None:
    """Complain of what does not go together; of a catalogue item, or added to an order, it needs no unit of measure."""
    line.setdefault("type", "OrderQuantityLine")
    if "item" not in line and not line.get("description", "").strip():
        intake.complain(where, "description", "can't be blank")
    if line["type"] == "OrderAmountLine":
        if "quantity" in line:
            intake.complain(where, "quantity", "must be blank for an OrderAmountLine")
    else:
        for name in ("quantity",) if is_added or "item" in line else ("quantity", "uom"):
            if name not in line:
                intake.complain(where, name, "can't be blank")
    shares = line.get("account-allocations", ())
    if shares:
        total = sum((Decimal(share["pct"]) for share in shares if "pct" in share), Decimal(0))
        if total != 100 and all("pct" in share for share in shares):
            intake.complain(where, "account-allocations", f"must add up to 100 percent, not {total:f}")
    elif "account" not in line:
        intake.complain(where, "account", "can't be blank")


def complete_lines(order: Body) -> None:
    """Number the lines that have no number, and work out what an order's lines follow from."""
    lines = order["order-lines"]
    order.setdefault("currency", lines[0]["currency"])
    numbers = {line.get("line-num") for line in lines}
    first = "draft" if order["status"] == "draft" else "created"
    following = 1
    for line in lines:
        if not line.get("line-num"):
            while str(following) in numbers:
                following += 1
            line["line-num"] = str(following)
            numbers.add(line["line-num"])
        total = derived.line_total(line)
        line |= {"total": total, "accounting-total": total, "reporting-total": total}
        line |= {"accounting-total-currency": line["currency"], "order-header-id": order["id"]}
        line["order-header-number"] = order["po-number"]
        for name, value in (("status", first), ("version", 1), ("invoiced", "0"), ("received", "0")):
            line.setdefault(name, value)


def refuse_closed(order: Body, before: Body, intake: Intake) -> None:
    """Complain of closed lines that an update changes or removes; one that is opened again can be changed then."""
    now = {line["id"]: line for line in order.get("order-lines", ())}
    for number, line in enumerate(before["order-lines"], 1):
        if line["status"] == "closed" and now.get(line["id"]) != line:
            intake.complain(f"Order lines[{number}] ", "status", "is closed, so the line cannot be changed")


def note_deleted(order: Body, before: Body) -> None:
    """Remember the lines that an update has removed."""
    left = {line["id"] for line in order.get("order-lines", ())}
    gone = [{**line, "status": "deleted"} for line in before["order-lines"] if line["id"] not in left]
    if gone:
        order[DELETED] = [*before.get(DELETED, ()), *gone]


def set_statuses(order: Body, raw: Mapping[str, Any]) -> Iterator[Body]:
    """Give lines the status an update asks for, and yield them: softly closed, closed, or open again.

    Other statuses are left aside, and so are those of a draft's lines.
    """
    if order["status"] == "draft":
        return
    lines = {str(line["id"]): line for line in order.get("order-lines", ())}
    asked = raw.get("order-lines", raw.get("order_lines"))
    for one in asked if isinstance(asked, list) else ():
        line = lines.get(str(one.get("id"))) if isinstance(one, dict) else None
        if line is not None and one.get("status") in ASKED_OF_LINES - {line["status"]}:
            line["status"] = one["status"]
            yield line


DELETED = "deleted-lines"
