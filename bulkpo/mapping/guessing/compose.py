"""From judged tables to a guess of the whole mapping: what each column becomes, and what stands beside the columns."""

from collections.abc import Iterator, Mapping, Sequence

from bulkpo.mapping.guessing.amount_lines import UNIT, AmountLines
from bulkpo.mapping.guessing.assign import ColumnSoFar
from bulkpo.mapping.guessing.engine import ACCOUNTS, CURRENCY, LINE_NUMBER, JudgedTable
from bulkpo.mapping.guessing.guess import ColumnGuess, Guess, OneOf, PartGuess, Sure, Use
from bulkpo.mapping.guessing.marks import own_marks
from bulkpo.mapping.guessing.money import AMOUNT, PRICE, QUANTITY
from bulkpo.mapping.language.figures import plain_path
from bulkpo.mapping.values.numbers import NumberMarks
from bulkpo.model.vocabulary import BLANKS, CURRENCIES

_LINE_CURRENCY = "order-lines/currency/code"
_LONGEST_TEXT = 255
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
    "PRICE_WITH_TAX": "with tax; Coupa wants the price without",
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
    "AMOUNT_OPEN": "not the amount of the order",
}
"""Why a column that is no element is ignored, by its role."""
_FIXED: Mapping[str, str] = {
    "type": "all are external orders",
    "transmission-method-override": "suppliers have these orders already; nothing is sent to them",
    "transmission-emails": "suppliers have these orders already; nothing is sent to them",
}
"""Elements that are the same for all orders whatever a column says, and why."""


def compose(parts: Mapping[str, tuple[JudgedTable, Mapping[str, object]]], resource: str, zone: str) -> Guess:
    """The guess that judged tables make, each with where it is; the first has what an order has once."""
    tables = [table for table, _ in parts.values()]
    first = tables[0]
    guesses = tuple(_part(name, table, source) for name, (table, source) in parts.items())
    columns = [column for part in guesses for column in part.columns]
    dates = next(
        (table.dates for table in tables if table.dates.order or table.dates.patterns or table.dates.is_open),
        first.dates,
    )
    marks = next((table.table.marks for table in tables if table.table.marks is not None), None)
    return Guess(
        resource,
        guesses,
        document=_document(tables, columns),
        marks=marks,
        dates=dates,
        blanks=tuple(_blanks(tables)),
        constants=_constants(tables, columns),
        extras=_extras(tables),
        zone=zone,
        reasons=tuple(reason for table in tables for reason in (*table.reasons, *table.dates.reasons)),
    )


def _extras(tables: Sequence[JudgedTable]) -> dict[str, object]:
    found: dict[str, object] = {"totals_rows": "skip"} if any(table.has_sums for table in tables) else {}
    lines = next((table.by_amount for table in tables if table.by_amount is not None), None)
    return {**found, "crosswalks": {"line-type": {lines.text: "OrderAmountLine"}}} if lines else found


def _part(name: str, table: JudgedTable, source: Mapping[str, object]) -> PartGuess:
    split = any(each.target == _LINE_CURRENCY for each in table.columns)
    columns = tuple(_column(each, table, has_line_currency=split) for each in table.columns)
    return PartGuess(name, source, columns, table.skip_rows, _controls(table), len(table.table.rows), table.reasons)


def _column(each: ColumnSoFar, table: JudgedTable, *, has_line_currency: bool) -> ColumnGuess:
    sample = next((str(cell) for cell in each.column.counts), "")
    said = ColumnGuess(
        each.title, each.column.column.number, Use.IGNORED, meaning=each.target, reasons=each.reasons, sample=sample
    )
    if each.is_open:
        return _with(said, Use.UNDECIDED, each.rivals, Sure.OPEN, {})
    if each.same_as or not each.target or not each.column.filled:
        return _unused(said, each)
    if each.target in _FIXED:
        return _with(said, Use.IGNORED, (), _sure(each), {"ignore": _FIXED[each.target]})
    if table.by_amount is not None and (by_amount := _of_amount_lines(each, table.by_amount)):
        return _with(said, Use.MAPPED, *by_amount)
    if each.target in ROLES:
        block: dict[str, object] = {"ignore": _role_said(each, table)}
        return _with(said, Use.IGNORED, (), _sure(each), block)
    paths = (CURRENCY, _LINE_CURRENCY) if each.target == CURRENCY and not has_line_currency else (each.target,)
    return _with(said, Use.MAPPED, paths, _sure(each), _block(each, table))


def _unused(said: ColumnGuess, each: ColumnSoFar) -> ColumnGuess:
    """A column that is not recognised, empty, or once more what another is."""
    if not each.column.filled:
        return _with(said, Use.IGNORED, (), Sure.SURE, {"ignore": "empty"})
    if each.same_as:
        return _with(said, Use.IGNORED, (), Sure.SURE, {"ignore": f"the same as {each.same_as}"})
    return _with(said, Use.IGNORED, (), Sure.OPEN, {"ignore": each.reasons[-1] if each.reasons else "not recognised"})


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


def _role_said(each: ColumnSoFar, table: JudgedTable) -> str:
    if each.target == "PRICE_UNIT" and each is table.money.per:
        return "read by the price"
    if each.target in ("DELETED", "RETURN", "STATUS") and each.title in table.skip_rows:
        return "read by skip_rows"
    return "nothing is cancelled" if each.target == "DELETED" else ROLES[each.target]


def _block(each: ColumnSoFar, table: JudgedTable) -> dict[str, object]:
    """What the mapping says of a column beside its element."""
    block: dict[str, object] = {}
    if each.target == PRICE and table.money.per is not None:
        block["divide_by"] = {"column": table.money.per.title, "empty": 1, "zero": 1}
    marks = own_marks(table.table.written[each.column.column.number], table.table.marks)
    if marks is not None:
        block["numbers"] = marks_data(marks)
    if each.title in table.own_dates:
        block["dates"] = {"order": table.own_dates[each.title].order}
    if (
        each.target == "order-lines/description"
        and max(map(len, map(str, each.column.counts)), default=0) > _LONGEST_TEXT
    ):
        block["shorten"] = True
    return block


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


def _controls(table: JudgedTable) -> tuple[Mapping[str, object], ...]:
    """The amount of a line as a control, where it was borne out in every row."""
    product = table.money.product
    if product is None or product.rows < product.tried or product.amount.target != AMOUNT or table.by_amount:
        return ()
    if product.one.is_open or product.other.is_open:
        return ()
    return ({"column": product.amount.title, "equals": "line_amount", "within": "0.01"},)


def _document(tables: Sequence[JudgedTable], columns: Sequence[ColumnGuess]) -> dict[str, object]:
    found: dict[str, object] = {"key": "po-number"}
    orders = tables[0].orders
    if orders.is_first_only:
        found["fill_down"] = list(_filled(tables[0]))
    if not any(plain_path(path) == LINE_NUMBER for column in columns for path in column.paths):
        found["number_lines"] = True
    return found


def _filled(table: JudgedTable) -> Iterator[str]:
    """The columns to fill down: the order's number, and what lines have that stands on the first row only."""
    for each in table.columns:
        blank = {place for place, key in enumerate(each.column.keys) if not key}
        is_mine = each.target in (CURRENCY, _LINE_CURRENCY) and blank and blank >= set(table.orders.blanks)
        if each.target == "po-number" or is_mine:
            yield each.title


def _blanks(tables: Sequence[JudgedTable]) -> Iterator[str]:
    """What means an empty cell in the columns that are mapped."""
    seen: dict[str, None] = {}
    for table in tables:
        for each in table.columns:
            if each.target and each.target not in ROLES:
                seen.update(dict.fromkeys(str(cell).strip() for cell in each.column.blanks if isinstance(cell, str)))
    return (text for text in seen if text and text.casefold() in BLANKS)


def _constants(tables: Sequence[JudgedTable], columns: Sequence[ColumnGuess]) -> dict[str, object]:
    """What every order and line has, where no column says it."""
    filled = {plain_path(path) for column in columns for path in column.paths}
    found: dict[str, object] = {"type": "ExternalOrderHeader", "transmission-method-override": "do_not_transmit"}
    if not any(path.startswith("ship-to-user/") for path in filled):
        found["ship-to-user/login"] = OneOf(("migration",))
    if CURRENCY not in filled:
        currencies = OneOf(tuple(_hinted_currencies(tables)) or ("USD", "EUR"))
        found[CURRENCY] = currencies
        if _LINE_CURRENCY not in filled:
            found[_LINE_CURRENCY] = currencies
    elif _LINE_CURRENCY not in filled:
        found[_LINE_CURRENCY] = OneOf(("USD", "EUR"))
    if "order-lines/type" not in filled:
        found["order-lines/type"] = "OrderQuantityLine" if QUANTITY in filled else "OrderAmountLine"
    if "order-lines/description" not in filled:
        found["order-lines/description"] = OneOf(("see the old system",))
    if PRICE not in filled:
        found[PRICE] = OneOf(("0.00",))
    if QUANTITY in filled and "order-lines/uom/code" not in filled:
        found["order-lines/uom/code"] = OneOf(("EA",))
    if not any(path.startswith(ACCOUNTS) for path in filled):  # Coupa refuses lines that are billed to nothing
        found["order-lines/account/code"] = OneOf(("01-100-8000",))
        found["order-lines/account/account-type/name"] = OneOf(("SAP100",))
    return found


_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "US$": "USD",
    "R$": "BRL",
    "zł": "PLN",
    "Kč": "CZK",
    "₹": "INR",
    "Ft": "HUF",
    "¥": "JPY",
}


def _hinted_currencies(tables: Sequence[JudgedTable]) -> Iterator[str]:
    """The currencies that stand beside amounts or in headings."""
    seen: dict[str, None] = {}
    for table in tables:
        marks = table.table.marks
        for sign in marks.currency if marks else ():
            seen.setdefault(_SIGNS.get(sign, sign.upper()), None)
        for each in table.columns:
            words = "".join(letter if letter.isalnum() else " " for letter in each.title).split()
            seen.update(dict.fromkeys(word for word in words if word in CURRENCIES))
    return (code for code in seen if code in CURRENCIES)
