"""From judged tables to a guess of the whole mapping: what each column becomes, and what stands beside the columns."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.draft.becomes import ROLES, column_guess
from bulkpo.mapping.guessing.draft.guess import ColumnGuess, Guess, OneOf, PartGuess, Use
from bulkpo.mapping.guessing.judging.engine import ACCOUNTS, CURRENCY, LINE_NUMBER, JudgedTable
from bulkpo.mapping.guessing.money.decide import AMOUNT, PRICE, QUANTITY
from bulkpo.mapping.guessing.orders.key_parts import SEPARATOR
from bulkpo.mapping.guessing.orders.rows import KEY
from bulkpo.mapping.language.figures import plain_path
from bulkpo.model.vocabulary import BLANKS, CURRENCIES

_LINE_CURRENCY = "order-lines/currency/code"
_LONGEST_TEXT = 255


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
        document=_document({name: table for name, (table, _) in parts.items()}, columns),
        marks=marks,
        dates=dates,
        blanks=tuple(blanks_of([each for table in tables for each in table.columns])),
        constants=_constants(tables, columns),
        extras=_extras(tables),
        zone=zone,
        reasons=_reasons({name: table for name, (table, _) in parts.items()}),
    )


def _reasons(parts: Mapping[str, JudgedTable]) -> tuple[str, ...]:
    """What speaks for the guess, once each; what holds of one table of several names it."""
    said = [(name, each) for name, table in parts.items() for each in (*table.reasons, *table.dates.reasons)]
    times = Counter(reason for _, reason in said)
    return tuple(
        dict.fromkeys(f"in {name}: {each}" if len(parts) > 1 and times[each] == 1 else each for name, each in said)
    )


def _extras(tables: Sequence[JudgedTable]) -> dict[str, object]:
    found: dict[str, object] = {"totals_rows": "skip"} if any(table.has_sums for table in tables) else {}
    lines = next((table.by_amount for table in tables if table.by_amount is not None), None)
    return {**found, "crosswalks": {"line-type": {lines.text: "OrderAmountLine"}}} if lines else found


def _part(name: str, table: JudgedTable, source: Mapping[str, object]) -> PartGuess:
    split = any(each.target == _LINE_CURRENCY for each in table.columns)
    columns = tuple(column_guess(each, table, has_line_currency=split) for each in table.columns)
    is_wide = any("[" in path for column in columns for path in column.paths)
    return PartGuess(
        name,
        source,
        columns,
        table.skip_rows,
        _controls(table),
        len(table.table.rows),
        table.reasons,
        table.pers,
        is_wide,
        table.joined_by,
    )


def _controls(table: JudgedTable) -> tuple[Mapping[str, object], ...]:
    """The amount of a line as a control, where it was borne out in every row."""
    product = table.money.product
    if product is None or product.rows < product.tried or product.amount.target != AMOUNT or table.by_amount:
        return ()
    if product.one.is_open or product.other.is_open:
        return ()
    return ({"column": product.amount.title, "equals": "line_amount", "within": "0.01"},)


def _document(parts: Mapping[str, JudgedTable], columns: Sequence[ColumnGuess]) -> dict[str, object]:
    found: dict[str, object] = {"key": KEY, **_key_parts(parts)}
    orders = next(iter(parts.values())).orders
    first = next(iter(parts.values()))
    carried = list(_filled(first)) if orders.is_first_only else [each.title for each in first.groups]
    if carried:
        found["fill_down"] = carried
    if not any(plain_path(path) == LINE_NUMBER for column in columns for path in column.paths):
        found["number_lines"] = True
    return found


def _key_parts(parts: Mapping[str, JudgedTable]) -> dict[str, object]:
    """The columns that an order's number is made of, of each table; nothing where it is one alone."""
    found = {
        name: [each.title for part in table.orders.parts for each in table.columns if each.title == part]
        for name, table in parts.items()
    }
    filled = {name: titles for name, titles in found.items() if titles}
    if not filled:
        return {}
    return {"from": next(iter(filled.values())) if len(parts) == 1 else filled, "separator": SEPARATOR}


def _filled(table: JudgedTable) -> Iterator[str]:
    """The columns to fill down: the order's number, and what lines have that stands on the first row only."""
    for each in table.columns:
        blank = {place for place, key in enumerate(each.column.keys) if not key}
        is_mine = each.target in (CURRENCY, _LINE_CURRENCY) and blank and blank >= set(table.orders.blanks)
        if each.target == KEY or is_mine:
            yield each.title


def blanks_of(columns: Sequence[ColumnSoFar]) -> Iterator[str]:
    """What means an empty cell in the columns that are mapped."""
    seen: dict[str, None] = {}
    for each in columns:
        if each.target and each.target not in ROLES:
            seen.update(dict.fromkeys(str(cell).strip() for cell in each.column.blanks if isinstance(cell, str)))
    return (text for text in seen if text and text.casefold() in BLANKS)


def _constants(tables: Sequence[JudgedTable], columns: Sequence[ColumnGuess]) -> dict[str, object]:
    """What every order and line has, where no column says it."""
    known = [column for column in columns if column.use is Use.MAPPED or column.meaning]
    filled = {plain_path(path) for column in known for path in column.paths}
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
