"""One unknown table judged as a whole: columns, orders, money, numbers, dates, rows to leave out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bulkpo.mapping.guessing.assign import ColumnSoFar, assign, by_target
from bulkpo.mapping.guessing.candidates import ByPath, candidates_of
from bulkpo.mapping.guessing.days import DateGuess, DateWitness, WrittenDates, dates_of
from bulkpo.mapping.guessing.left_out import cancelled_rows, odd_rows, sum_rows
from bulkpo.mapping.guessing.money import Money, decide_money
from bulkpo.mapping.guessing.orders import KEY, RowsAsOrders, is_numbered, orders_of
from bulkpo.mapping.guessing.synonyms import Synonyms
from bulkpo.mapping.guessing.table import TableCells

LINE_NUMBER = "order-lines/line-num"
CURRENCY = "currency/code"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known before a file is looked at: names, the elements' own names, and how dates are written."""

    synonyms: Synonyms
    by_path: ByPath
    dates: DateWitness


@dataclass(frozen=True, slots=True)
class JudgedTable:
    """A table with all that was found out about it."""

    table: TableCells
    columns: Sequence[ColumnSoFar]
    orders: RowsAsOrders
    money: Money
    dates: DateGuess
    own_dates: Mapping[str, DateGuess] = field(default_factory=dict)
    skip_rows: Mapping[str, object] = field(default_factory=dict)
    has_sums: bool = False
    reasons: tuple[str, ...] = ()


def judge(table: TableCells, known: Knowledge) -> JudgedTable:
    """Judge a table."""
    judged = assign(table, candidates_of(table, known.synonyms, known.by_path))
    orders = _decide_key(table, judged)
    _decide_line_number(judged, orders)
    money = decide_money(table, judged, orders)
    _decide_currency(judged)
    dates, own_dates = _dates(judged, known.dates)
    skip, cancelled = cancelled_rows(judged, len(table.rows))
    sums = sum_rows(judged, orders)
    odd, notes = odd_rows(judged, sums)
    said = (*orders.reasons, *cancelled, *notes, *((f"{len(sums):,} rows add up others",) if sums else ()))
    return JudgedTable(table, judged, orders, money, dates, own_dates, {**skip, **odd}, bool(sums), said)


def _decide_key(table: TableCells, judged: Sequence[ColumnSoFar]) -> RowsAsOrders:
    """Which column numbers the orders: by its name, and by what the rows say of it."""
    key = by_target(judged).get(KEY)
    if key is None:
        return RowsAsOrders(keys=[""] * len(table.rows))
    orders = orders_of(key, judged)
    named = next((each for each in key.candidates if each.target == KEY), None)
    if key.is_open and any(rival != KEY for rival in key.rivals):
        return orders
    contended = sum(each.target == KEY for each in judged) > 1
    if orders.is_proved and not contended and (orders.is_repeated or (named is not None and named.is_named)):
        key.settle(KEY, orders.reasons)
    elif not key.is_open:
        key.open_between([KEY], "the rows do not bear it out")
    return orders


def _decide_line_number(judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> None:
    line = by_target(judged).get(LINE_NUMBER)
    if line is None or not any(orders.keys) or not line.column.filled:
        return
    if is_numbered(line, orders):
        line.settle(LINE_NUMBER, ("no number stands twice in an order",))
    elif any(each.target.endswith("account-allocations/pct") for each in judged):
        line.settle(LINE_NUMBER, ("rows with one number share a line",))
    else:
        line.target, line.rivals = "", ()
        line.reasons = ("its numbers stand more than once in an order; lines are counted instead",)


def _decide_currency(judged: Sequence[ColumnSoFar]) -> None:
    """A currency needs its name and its codes."""
    for each in judged:
        if each.target not in (CURRENCY, "order-lines/currency/code") or each.is_open:
            continue
        named = next((one for one in each.candidates if one.target == CURRENCY), None)
        if named is not None and not (named.is_named and named.by_values):
            each.open_between(
                [each.target], "its cells are not currency codes" if not named.by_values else "its name says less"
            )


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
