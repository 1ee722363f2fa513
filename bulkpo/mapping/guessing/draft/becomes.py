"""What a judged column becomes in the mapping: elements, a reason to be ignored, or a choice that is left open."""

from collections.abc import Mapping, Sequence

from bulkpo.mapping.guessing.cells.marks import own_marks
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.columns.serial_days import serial_block
from bulkpo.mapping.guessing.draft.guess import ColumnGuess, Sure, Use
from bulkpo.mapping.guessing.judging.engine import CURRENCY, JudgedTable
from bulkpo.mapping.guessing.money.amount_lines import UNIT, AmountLines
from bulkpo.mapping.guessing.money.decide import PRICE, QUANTITY
from bulkpo.mapping.guessing.orders.left_out import says_no
from bulkpo.mapping.guessing.orders.open_states import open_states
from bulkpo.mapping.values.numbers import NumberMarks

_LINE_CURRENCY = "order-lines/currency/code"
_LONGEST_TEXT = 255
_AROUND_ZERO = " 0.,-%€$£"
ROLES: Mapping[str, str] = {
    "ORDER_DATE": "Coupa keeps its own date of the order",
    "PRICE_UNIT": "how many the price is for",
    "LINE_AMOUNT": "Coupa works out the amount of a line",
    "ORDER_AMOUNT": "Coupa adds the lines up",
    "RECEIVED": "what is received is not loaded; see open in docs/mappings.md",
    "INVOICED": "what is invoiced is not loaded; see open in docs/mappings.md",
    "OPEN_QUANTITY": "what is still open; see open in docs/mappings.md",
    "OTHER_QUANTITY": "another quantity than what is ordered",
    "STATUS": "orders are loaded open",
    "DELETED": "read by skip_rows",
    "RETURN": "returns are no orders",
    "DELIVERY_COMPLETE": "orders are loaded open",
    "COMPANY": "not needed in Coupa",
    "PLANT": "not needed in Coupa",
    "DOCUMENT_TYPE": "not needed in Coupa",
    "TAX": "Coupa works out taxes itself",
    "COST_CENTER": "lines are billed to accounts",
    "NOTE": "not kept in Coupa",
    "EXCHANGE_RATE": "Coupa keeps its own rates",
    "PRICE_WITH_TAX": "with tax or before discounts; Coupa wants the net price",
    "AMOUNT_WITH_TAX": "with tax",
    "LOCAL_AMOUNT": "in another currency than the order",
    "LOCAL_CURRENCY": "not the currency of the order",
    "LIST_PRICE": "not the price of this order",
    "DISCOUNT": "not sure whether the price has it already",
    "FREIGHT": "not part of the lines",
    "REQUISITION": "the number of the requisition",
    "INVOICE_NUMBER": "the number of an invoice",
    "INVOICE_DATE": "not a date of the order",
    "RECEIPT_DATE": "when it was received",
    "PROMISED_DATE": "not when it is needed",
    "SHIP_METHOD": "not kept in Coupa",
    "INTERNAL_ID": "a number of the old system alone",
    "REVISION": "Coupa counts versions itself",
    "SUPPLIER_DETAIL": "suppliers are kept in Coupa",
    "PERSON": "not needed in Coupa",
    "AMOUNT_OPEN": "budgeted, paid or still open, not what is ordered",
}
"""Why a column that is no element is ignored, by its role."""
_FIXED: Mapping[str, str] = {
    "type": "all are external orders",
    "transmission-method-override": "suppliers have these orders already; nothing is sent to them",
    "transmission-emails": "suppliers have these orders already; nothing is sent to them",
}
"""Elements that are the same for all orders whatever a column says, and why."""


def column_guess(each: ColumnSoFar, table: JudgedTable, *, has_line_currency: bool) -> ColumnGuess:
    """What a column becomes; `has_line_currency` where another column is the currency of the lines."""
    sample = next((str(cell) for cell in each.column.counts), "")
    said = ColumnGuess(
        each.title,
        each.column.column.number,
        Use.IGNORED,
        meaning="" if each.is_offered else each.target,
        reasons=each.reasons,
        sample=sample,
    )
    if each.is_open:
        return _with(said, Use.UNDECIDED, each.rivals, Sure.OPEN, _open_block(each, table))
    if each.unneeded or each.same_as or not each.target or not each.column.filled:
        return _unused(said, each)
    if each.target in _FIXED:
        return _with(said, Use.IGNORED, (), _sure(each), {"ignore": _FIXED[each.target]})
    if table.by_amount is not None and (by_amount := _of_amount_lines(each, table.by_amount)):
        return _with(said, Use.MAPPED, *by_amount)
    if each.target in ROLES:
        return _with(said, Use.IGNORED, (), _sure(each), _role_block(each, table))
    paths = (CURRENCY, _LINE_CURRENCY) if each.target == CURRENCY and not has_line_currency else (each.target,)
    return _with(said, Use.MAPPED, paths, _sure(each), _block(each, table))


def _unused(said: ColumnGuess, each: ColumnSoFar) -> ColumnGuess:
    """A column that is not recognised, empty, or once more what another is."""
    if not each.column.filled:
        return _with(said, Use.IGNORED, (), Sure.SURE, {"ignore": "empty"})
    if each.unneeded:
        return _with(said, Use.IGNORED, (), Sure.LIKELY, {"ignore": each.unneeded})
    if each.same_as:
        return _with(said, Use.IGNORED, (), Sure.SURE, {"ignore": f"the same as {each.same_as}"})
    return _with(said, Use.IGNORED, (), Sure.OPEN, {"ignore": each.reasons[-1] if each.reasons else "not understood"})


def _of_amount_lines(
    each: ColumnSoFar, lines: AmountLines
) -> tuple[tuple[str, ...], Sure, Mapping[str, object]] | None:
    """What a column says where some lines are bought by amount: the others' quantity and price, or their amount."""
    title, others = lines.unit.title, {lines.unit.title: {"not": lines.text}}
    if each is lines.amount:
        return (PRICE,), Sure.SURE, {"when": {title: lines.text}}
    if each.target in (PRICE, QUANTITY):
        return (each.target,), Sure.SURE, {"when": others}
    if each is lines.unit:
        kind = {"to": "order-lines/type", "crosswalk": "line-type", "unknown": "OrderQuantityLine"}
        return ("order-lines/type", UNIT), Sure.SURE, {"to": [kind, {"to": UNIT, "when": others}]}
    return None


def _with(said: ColumnGuess, use: Use, paths: Sequence[str], sure: Sure, block: Mapping[str, object]) -> ColumnGuess:
    return ColumnGuess(said.title, said.number, use, tuple(paths), said.meaning, sure, said.reasons, block, said.sample)


def _sure(each: ColumnSoFar) -> Sure:
    return Sure.SURE if len(each.reasons) > 1 else Sure.LIKELY


def _role_block(each: ColumnSoFar, table: JudgedTable) -> dict[str, object]:
    """What the mapping says of a column that is no element: why it is ignored, or what it must say of open orders."""
    states = open_states(each, table.orders, has_sums=table.has_sums) if each.target == "STATUS" else ()
    if not states:
        return {"ignore": _role_said(each, table)}
    return {"require": states[0] if len(states) == 1 else {"in": list(states)}, "reason": "only open orders are loaded"}


def _role_said(each: ColumnSoFar, table: JudgedTable) -> str:
    if each.title in table.pers.values():
        return "read by the price"
    if each.target in ("DELETED", "RETURN", "STATUS") and each.title in table.skip_rows:
        return "read by skip_rows"
    if each.target == "DELETED":
        return "nothing is cancelled" if says_no(each) else "not understood, so nothing is left out by it"
    return "it is 0 in every row" if each.target == "DISCOUNT" and _is_zero(each) else ROLES[each.target]


def _is_zero(each: ColumnSoFar) -> bool:
    """Whether every cell that is filled says 0, in money or per cent."""
    return all(str(cell).strip(_AROUND_ZERO) == "" and "0" in str(cell) for cell in each.column.counts)


def _block(each: ColumnSoFar, table: JudgedTable) -> dict[str, object]:
    """What the mapping says of a column beside its element."""
    if each.title in table.orders.parts:
        return {"to": {"ignore": "a part of the order's number"}}
    block: dict[str, object] = {}
    if each.target in table.pers:
        block["divide_by"] = divided_by(table.pers[each.target])
    marks = own_marks(table.table.written[each.column.column.number], table.table.marks)
    if marks is not None:
        block["numbers"] = marks_data(marks)
    if each.title in table.own_dates:
        block["dates"] = {"order": table.own_dates[each.title].order}
    block |= serial_block([each.target], each.column)
    if (
        each.target == "order-lines/description"
        and max(map(len, map(str, each.column.counts)), default=0) > _LONGEST_TEXT
    ):
        block["shorten"] = True
    return block


def _open_block(each: ColumnSoFar, table: JudgedTable) -> dict[str, object]:
    """What holds of an open column whichever of its elements it is: what it is divided by, how its days are counted."""
    per = next((table.pers[path] for path in each.rivals if path in table.pers), None)
    divided = {} if per is None else {"divide_by": divided_by(per)}
    return {**divided, **serial_block(each.rivals, each.column)}


def divided_by(per: str) -> dict[str, object]:
    """What a price is divided by, where a column says how many it is for."""
    return {"column": per, "empty": 1, "zero": 1}


def marks_data(marks: NumberMarks) -> dict[str, object]:
    """Marks as a mapping writes them."""
    data: dict[str, object] = {"decimal": marks.decimal}
    if marks.thousands:
        data["thousands"] = marks.thousands
    if marks.is_indian:
        data["grouping"] = "indian"
    if marks.currency:
        data["currency"] = list(marks.currency)
    return data
