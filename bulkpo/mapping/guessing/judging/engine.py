"""One unknown table judged as a whole: columns, orders, money, numbers, dates, rows to leave out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bulkpo.mapping.guessing.cells.coded import coded
from bulkpo.mapping.guessing.cells.days import DateGuess, DateWitness, WrittenDates, dates_of
from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar, assign, by_target
from bulkpo.mapping.guessing.columns.candidates import ByPath, candidates_of
from bulkpo.mapping.guessing.columns.references import InstanceRecords, borne_out
from bulkpo.mapping.guessing.columns.serial_days import tell_serial_days
from bulkpo.mapping.guessing.money.amount_lines import AmountLines, amount_lines
from bulkpo.mapping.guessing.money.decide import PRICE, Money, decide_money
from bulkpo.mapping.guessing.orders.allocations import decide_allocations
from bulkpo.mapping.guessing.orders.key_parts import are_alike, in_parts, take_parts, twin_of
from bulkpo.mapping.guessing.orders.left_out import cancelled_rows, odd_rows, sum_rows, with_headings_again
from bulkpo.mapping.guessing.orders.order_numbers import number_of_something
from bulkpo.mapping.guessing.orders.rows import (
    KEY,
    RowsAsOrders,
    first_of_groups,
    is_numbered,
    is_one_an_order,
    orders_of,
    varies,
)
from bulkpo.mapping.guessing.orders.shared_lines import of_shared_lines
from bulkpo.mapping.guessing.unsettled.leftovers import settle_leftovers
from bulkpo.mapping.guessing.unsettled.unknown import Around, decide_unknown
from bulkpo.mapping.guessing.unsettled.unnamed import SharedNumber, decide_factors, number_by_rows
from bulkpo.schema.synonyms import Synonyms

LINE_NUMBER = "order-lines/line-num"
CURRENCY = "currency/code"
ACCOUNTS = ("order-lines/account/", "order-lines/account-allocations/")
LINE_CURRENCY = "order-lines/currency/code"
_ALL_CODES = 0.98
_DOUBLED = (
    "two tables stand side by side, with the same headings: map the columns of the one here and ignore those of the "
    "other (with #2), and map these in a second mapping, or their orders are not loaded"
)
_SUPPLIERS_ITEM = "order-lines/source-part-num"
_ARTICLES = ("order-lines/item/item-number", _SUPPLIERS_ITEM)
_PURCHASE = frozenset(("po", "purchase", "purchasing"))


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known before a file is looked at: names, the elements' own names, and how dates are written.

    `records` are what an instance has, where one is asked.
    """

    synonyms: Synonyms
    by_path: ByPath
    dates: DateWitness
    records: InstanceRecords | None = None


@dataclass(frozen=True, slots=True)
class JudgedTable:
    """A table with all that was found out about it.

    `pers` are the columns that say how many a price is for, by the paths of prices; `groups` those that stand on the
    first row of a group of orders only. `joined_by` has the column by which lines name their orders, and that of these.
    """

    table: TableCells
    columns: Sequence[ColumnSoFar]
    orders: RowsAsOrders
    money: Money
    dates: DateGuess
    own_dates: Mapping[str, DateGuess] = field(default_factory=dict)
    skip_rows: Mapping[str, object] = field(default_factory=dict)
    has_sums: bool = False
    reasons: tuple[str, ...] = ()
    by_amount: AmountLines | None = None
    pers: Mapping[str, str] = field(default_factory=dict)
    groups: Sequence[ColumnSoFar] = ()
    joined_by: Mapping[str, str] = field(default_factory=dict)


def judge(table: TableCells, known: Knowledge, shared: SharedNumber | None = None) -> JudgedTable:
    """Judge a table; `shared` is the number that joins it with another, where neither has headings."""
    candidates = candidates_of(table, known.synonyms, known.by_path)
    if known.records is not None:
        candidates = borne_out(candidates, table, known.synonyms, known.records)
    judged = assign(table, candidates)
    by_rows = None if table.has_headings or shared else number_by_rows(judged)
    orders = shared.orders(judged) if shared else by_rows or _decide_key(table, judged)
    has_lines = shared is None or not shared.is_header
    if orders.parts:
        take_parts(orders, judged)
    _decide_line_number(judged, orders)
    decide_allocations(judged, known.synonyms)
    money = decide_money(table, judged, orders)
    by_amount = amount_lines(judged, orders)
    _decide_currency(judged, orders)
    settle_leftovers(judged, orders, has_lines=has_lines, has_headings=table.has_headings)
    tell_serial_days(judged)
    if not table.has_headings and has_lines:
        decide_factors(table, judged)
    lost = decide_unknown(Around(table, judged, orders, has_lines))
    dates, own_dates = _dates(judged, known.dates)
    skip, cancelled = cancelled_rows(judged, len(table.rows))
    sums = sum_rows(judged, orders)
    odd, notes = odd_rows(judged, sums)
    odd, notes = with_headings_again(odd, notes, table.again)
    groups = first_of_groups(judged, orders, sums)
    said = (
        *((_DOUBLED,) if table.is_doubled else ()),
        *orders.reasons,
        *lost,
        *cancelled,
        *notes,
        *((f"{_rows(len(sums))} left out: such rows only add up others",) if sums else ()),
        *(f"{each.title!r} stands on the first row of each group only, and is filled down" for each in groups),
    )
    skipped, pers = {**skip, **odd}, {} if money.per is None else {PRICE: money.per.title}
    return JudgedTable(
        table, judged, orders, money, dates, own_dates, skipped, bool(sums), said, by_amount, pers, groups
    )


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def _decide_key(table: TableCells, judged: Sequence[ColumnSoFar]) -> RowsAsOrders:
    """Which column numbers the orders: by its name, and by what the rows say of it."""
    contenders = [each for each in judged if any(one.target == KEY for one in each.candidates)]
    _prefer_numbers(contenders)
    rows = _rows_by(contenders, judged)
    proved = [each for each in contenders if rows[id(each)].is_proved and rows[id(each)].is_repeated]
    key = by_target(judged).get(KEY)
    if key is None:
        return number_of_something(judged) or RowsAsOrders(keys=coded("" for _ in table.rows))
    if len(proved) == 1 and proved[0].target == KEY:
        key = proved[0]
        _yield_to(key, contenders)
    mine = _unless_articles(key, rows[id(key)], judged)
    together = in_parts(key, mine, judged)
    if together is not None:
        return together
    if key.is_open and any(rival != KEY for rival in key.rivals):
        return mine
    contended = sum(each.target == KEY for each in judged) > 1
    named = any(each.target == KEY and each.is_named for each in key.candidates)
    twin = None if named else twin_of(key, mine, judged)
    if twin is not None:
        for each, other in ((key, twin), (twin, key)):
            each.target = KEY
            each.open_between([KEY], f"{other.title!r} numbers the same orders, and neither name says which is meant")
    elif mine.is_proved and not contended and (mine.is_repeated or named):
        key.settle(KEY, mine.reasons)
    elif not key.is_open or mine.against:
        key.open_between([KEY], mine.against or "the rows do not bear it out")
    return mine


def _rows_by(contenders: Sequence[ColumnSoFar], judged: Sequence[ColumnSoFar]) -> dict[int, RowsAsOrders]:
    """How the rows make orders by each column that may number them."""
    rows = {id(each): orders_of(each, judged) for each in contenders}
    if any(_as_suppliers_items(judged, each) for each in rows.values() if each.against):
        rows = {id(each): orders_of(each, judged) for each in contenders}
    return rows


def _unless_articles(key: ColumnSoFar, rows: RowsAsOrders, judged: Sequence[ColumnSoFar]) -> RowsAsOrders:
    """What the rows say, and that it proves nothing where the numbers may be those of articles."""
    if rows.is_repeated or not _may_be_articles(key, judged):
        return rows
    said = "no number stands twice and nothing has a date: these may be numbers of articles"
    return replace(rows, is_proved=False, against=rows.against or said)


def _may_be_articles(key: ColumnSoFar, judged: Sequence[ColumnSoFar]) -> bool:
    """Whether `Bestellnummer` or `Order Code` may be what articles are ordered by: beside articles, with no date."""
    says_purchase = not _PURCHASE.isdisjoint(key.column.name.split())
    has_dates = any(each.column.shares.date > _ALL_CODES / 2 for each in judged if each.column.filled)
    has_articles = any(each.target in _ARTICLES for each in judged)
    return key.column.filled > 1 and has_articles and not has_dates and not says_purchase


def _as_suppliers_items(judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> bool:
    """Take a code of the supplier's that differs within orders of one supplier for that of the article."""
    known = by_target(judged)
    number, name = known.get("supplier/number"), known.get("supplier/name")
    if number is None or name is None or not orders.is_repeated or _SUPPLIERS_ITEM in known:
        return False
    several, differing = varies(number, orders)
    if not is_one_an_order(name, orders) or differing * 2 < several:
        return False
    number.settle(_SUPPLIERS_ITEM, (f"it differs in orders that are of one {name.title!r}",))
    return True


def _prefer_numbers(contenders: Sequence[ColumnSoFar]) -> None:
    """Where an order has a number and an id besides, each going with one of the other, take the number."""
    ids = [each for each in contenders if each.target == KEY and "id" in each.column.name.split()]
    numbers = [each for each in contenders if each.target == KEY and "number" in each.column.name.split()]
    for each in ids:
        if len(numbers) == 1 and each is not numbers[0] and are_alike(numbers[0], each):
            each.settle("INTERNAL_ID", (f"{numbers[0].title!r} is the number of the same orders",))
            numbers[0].rivals = ()


def _yield_to(key: ColumnSoFar, contenders: Sequence[ColumnSoFar]) -> None:
    """Take the others that may be the number of the order for what they may be besides."""
    for each in contenders:
        if each is not key and each.target == KEY:
            other = next((one for one in each.candidates if one.target != KEY), None)
            each.target, each.rivals = "", ()
            if other is None:
                each.reasons = (*each.reasons, f"{key.title!r} is the number of the order")
            elif other.is_role:
                each.settle(other.target, other.reasons)
            else:
                each.target = other.target
                each.open_between([other.target], "nothing else speaks for it")


def _decide_line_number(judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> None:
    line = by_target(judged).get(LINE_NUMBER)
    if line is None or not any(orders.keys) or not line.column.filled:
        return
    if is_numbered(line, orders):
        line.settle(LINE_NUMBER, ("no number stands twice in an order",))
    elif any(each.target.endswith("account-allocations/pct") for each in judged):
        line.settle(LINE_NUMBER, ("rows with one number share a line",))
    elif shared := of_shared_lines(line, orders, judged):
        line.open_between([LINE_NUMBER], _maybe_shared(shared))
    else:
        line.target, line.rivals = "", ()
        line.reasons = ("its numbers stand more than once in an order; lines are counted instead",)


def _maybe_shared(headings: Sequence[str]) -> str:
    return (
        f"rows with one number agree in {', '.join(map(repr, headings))}: one line in several rows, it seems, as where "
        "it is billed to several accounts; to ignore it orders each row anew"
    )


def _decide_currency(judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> None:
    """A currency needs two of: its name, nothing but codes in its cells, and one code in all rows of each order."""
    coded = [each for each in judged if each.column.shares.currency >= _ALL_CODES]
    for each in judged:
        if each.target not in (CURRENCY, LINE_CURRENCY):
            continue
        named = any(one.target == CURRENCY and one.is_named for one in each.candidates)
        is_alone = [one for one in coded if one.column.keys != each.column.keys] == []
        is_constant = orders.is_repeated and is_one_an_order(each, orders)
        if each in coded and is_alone and is_constant and not (each.is_open and set(each.rivals) - {CURRENCY}):
            each.settle(each.target, ("every cell is a currency code, and each order has one",))
        elif not each.is_open and not (named and each in coded):
            each.open_between([each.target], "its name and cells do not say plainly that it is the currency")


def _dates(judged: Sequence[ColumnSoFar], witness: DateWitness) -> tuple[DateGuess, dict[str, DateGuess]]:
    """How the dates are written that are mapped, judged with all other dates of the table beside them."""
    written = {each.title: witness.written(each.column) for each in judged if each.column.shares.date > 0}
    mine = [each.title for each in judged if _is_mapped_date(each) and each.title in written]
    own = dates_of([written[title] for title in mine])
    if own.is_open:
        own = _beside(own, [written[title] for title in mine], list(written.values()))
    if len(mine) < 2 or not own.is_open:
        return own, {}
    alone = {title: dates_of([written[title]]) for title in mine}
    return own, {title: each for title, each in alone.items() if not each.is_open and each.order}


def _beside(own: DateGuess, mine: Sequence[WrittenDates], everything: Sequence[WrittenDates]) -> DateGuess:
    """What the other dates of the table say of those that say nothing themselves."""
    if any(each.is_mixed for each in mine) or sum(each.day_first for each in mine) * sum(
        each.month_first for each in mine
    ):
        return own
    together = dates_of(everything)
    return (
        own
        if together.is_open
        else DateGuess(
            together.order, own.patterns, own.languages, own.pivot, reasons=(*own.reasons, *together.reasons)
        )
    )


def _is_mapped_date(each: ColumnSoFar) -> bool:
    return bool(each.target) and not each.target[:1].isupper() and each.column.shares.date > 0.5
