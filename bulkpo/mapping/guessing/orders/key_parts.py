"""Numbers of orders that stand in several columns: a company's own, a type's or a year's, as JD Edwards has them.

A number alone is not enough where rows with one number are of several orders; it is two columns where both together
part the rows as orders are parted, and neither does alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from bulkpo.mapping.guessing.cells.coded import coded
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar, by_target
from bulkpo.mapping.guessing.fits.meanings import fit
from bulkpo.mapping.guessing.orders.rows import KEY, RowsAsOrders, filled_down, is_numbered, orders_by
from bulkpo.mapping.guessing.orders.shared_lines import are_of_one_thing, stand_together

SEPARATOR = "-"
_LINE_NUMBER = "order-lines/line-num"
_NAMED = ("COMPANY", "DOCUMENT_TYPE", "PLANT", "COST_CENTER")
"""What a second column of a number mostly is, the likeliest first; companies are named like cost centers."""
_OF_WHOLE_ORDERS = _NAMED[:2]
"""What parts orders though their lines are alike; other columns may count the shares or deliveries of a line."""
_FREE = ("", KEY, "order-lines/item/item-number", "order-lines/source-part-num", "order-lines/contract/number")
"""What a column may be taken for that is a number of orders all the same, as each order has one of it."""
_LONGEST = 12
_SOME = 0.5


def in_parts(key: ColumnSoFar, mine: RowsAsOrders, judged: Sequence[ColumnSoFar]) -> RowsAsOrders | None:
    """The orders if other columns go with this one to make their numbers; None where it does alone, or none helps."""
    line = by_target(judged).get(_LINE_NUMBER)
    if line is not None and (not line.column.filled or not _restarts(line)):
        line = None
    twice = line is not None and mine.is_repeated and not is_numbered(line, mine)
    if not mine.keys or not (mine.against or twice):
        return None
    others = [each for each in _others(line, mine, judged) if each is not key]
    for count in (1, 2):
        for more in combinations(others, count):
            together = _together(key, more, judged, mine)
            if _is_sound(together, line) and (together.is_repeated or _are_of_orders(more)):
                why = mine.against or f"{key.title!r} and {line.title if line else ''!r} stand twice together"
                return replace(together, reasons=(*_said(together, why), *together.reasons))
    return None


def _others(line: ColumnSoFar | None, mine: RowsAsOrders, judged: Sequence[ColumnSoFar]) -> list[ColumnSoFar]:
    """The columns that may go with a number; where rows say one line again, not those that may count its shares."""
    if mine.against or line is None or not are_of_one_thing(line, mine, judged):
        return [*_named(judged), *_unknown(judged)]
    are_apart = not stand_together(line, mine)
    return [each for each in _named(judged) if are_apart or each.target in _OF_WHOLE_ORDERS]


def twin_of(key: ColumnSoFar, mine: RowsAsOrders, judged: Sequence[ColumnSoFar]) -> ColumnSoFar | None:
    """Another column of numbers that parts the rows into the same orders, and is nothing that orders have besides."""
    if not mine.is_repeated:
        return None
    return next((each for each in judged if each is not key and each.target in _FREE and are_alike(key, each)), None)


def are_alike(one: ColumnSoFar, other: ColumnSoFar) -> bool:
    """Whether two columns of numbers say the same in other words: each of one goes with one of the other."""
    pairs = set(zip(one.column.keys, other.column.keys, strict=True))
    is_number = fit(KEY, other.column).value > 0 and other.column.shares.date < _SOME
    return is_number and len(pairs) > 1 and len(pairs) == len(set(one.column.keys)) == len(set(other.column.keys))


def _restarts(line: ColumnSoFar) -> bool:
    """Whether a column of line numbers begins again, and does not count through all rows."""
    return len(line.column.counts) * 2 <= line.column.filled


def _said(together: RowsAsOrders, why: str) -> tuple[str, ...]:
    names = " and ".join(map(repr, together.parts))
    return (f"the number of an order is {names} together: {why}",)


def _is_sound(orders: RowsAsOrders, line: ColumnSoFar | None) -> bool:
    is_counted = line is None or is_numbered(line, orders)
    return orders.is_proved and not orders.against and is_counted


def _are_of_orders(more: Sequence[ColumnSoFar]) -> bool:
    """Whether columns are of whole orders by their names, so that a list of orders alone may be parted by them."""
    return all(any(one.target in _OF_WHOLE_ORDERS for one in each.candidates) for each in more)


def _named(judged: Sequence[ColumnSoFar]) -> Iterator[ColumnSoFar]:
    for target in _NAMED:
        yield from (each for each in judged if each.target == target and _may_part(each))


def _unknown(judged: Sequence[ColumnSoFar]) -> Iterator[ColumnSoFar]:
    """Columns nobody knows with few short codes, such as years or branches, most of whose cells are filled."""
    yield from (each for each in judged if not each.target and not each.same_as and _may_part(each))


def _may_part(each: ColumnSoFar) -> bool:
    column = each.column
    is_filled = column.filled >= _SOME * len(column.cells)
    is_code = column.shares.words < _SOME and column.longest <= _LONGEST and column.shares.date < _SOME
    return is_filled and is_code and 1 < len(column.counts) <= max(2, column.filled // 3)


def _together(
    key: ColumnSoFar, more: Sequence[ColumnSoFar], judged: Sequence[ColumnSoFar], mine: RowsAsOrders
) -> RowsAsOrders:
    """The rows as orders by all these columns, in the order they stand in."""
    columns = [each for each in judged if each is key or each in more]
    texts = [filled_down(each.column.keys) if mine.is_first_only else each.column.keys for each in columns]
    keys = coded(SEPARATOR.join(cells) if all(cells) else "" for cells in zip(*texts, strict=True))
    found = orders_by(" and ".join(each.title for each in columns), keys, judged, columns)
    parts = tuple(each.title for each in columns)
    return replace(found, parts=parts, is_first_only=mine.is_first_only, blanks=mine.blanks)


def take_parts(orders: RowsAsOrders, judged: Sequence[ColumnSoFar]) -> None:
    """Take these columns for parts of the order's number."""
    for each in judged:
        if each.title in orders.parts:
            each.settle(KEY, orders.reasons[:2])
