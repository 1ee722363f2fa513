"""What an order is worth as Coupa has it, and as it will be once it is changed."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bulkpo.model.totals import line_amount
from bulkpo.model.worth import Shift, Stake
from bulkpo.payload.change import Change, Edit, How
from bulkpo.runs.planning.same_number import Found

PO_NUMBER = "po-number"
_LINES = "order-lines"
WORTH_FIELDS: Sequence[object] = (
    PO_NUMBER,
    {"supplier": ["name"]},
    {"currency": ["code"]},
    {_LINES: ["id", "type", "price", "quantity", {"currency": ["code"]}]},
)
"""What is read of an order to know what it is called and what it is worth."""

_PARTNER = ("name", "number", "id")


def stake_of(found: Found) -> Stake:
    """What an order is worth as Coupa has it."""
    members = found.get(_LINES)
    lines = [line for line in members if isinstance(line, Mapping)] if isinstance(members, list) else []
    currency = _inner(found, "currency", "code") or next((_inner(it, "currency", "code") for it in lines), "")
    amounts = (line_amount(line.get("type"), line.get("price"), line.get("quantity")) for line in lines)
    partner = next(filter(None, (_inner(found, "supplier", name) for name in _PARTNER)), "")
    return Stake(partner, currency, len(lines), sum(amounts, Decimal(0)))


def shift_of(change: Change, now: Found) -> Shift:
    """What an order is worth now, and once this change is made."""
    before = stake_of(now)
    return Shift(before, stake_of(_applied(change, now)) if change else before)


def _applied(change: Change, now: Found) -> Found:
    """An order as it will be, as far as it says what it is worth."""
    members = now.get(_LINES)
    known: list[object] = list(members) if isinstance(members, list) else []
    lines: dict[object, Found] = {line["id"]: line for line in known if isinstance(line, Mapping) and "id" in line}
    for number, part in enumerate(change.header.parts):
        if part.collection != _LINES:
            continue
        name: object = part.id if part.id is not None else f"new {number}"
        if part.how is How.REMOVED:
            lines.pop(name, None)
        else:
            lines[name] = _edited(lines.get(name, {}), part.edits)
    return {**_edited(now, change.header.edits), _LINES: list(lines.values())}


def _edited(tree: Found, edits: Iterable[Edit]) -> dict[str, Any]:
    """A part with its edits made; of a reference that is another only what the edits say is known."""
    after: dict[str, Any] = dict(tree)
    others = {edit.names[0] for edit in edits if len(edit.names) > 1 and edit.old != edit.new}
    after |= {name: {} for name in others}
    for edit in edits:
        name, *below = edit.names
        if not below:
            after[name] = edit.new
        elif name in others and len(below) == 1:
            after[name] = {**after[name], below[0]: edit.new}
    return after


def _inner(found: Found, name: str, below: str) -> str:
    inner = found.get(name)
    return str(inner.get(below) or "") if isinstance(inner, Mapping) else ""
