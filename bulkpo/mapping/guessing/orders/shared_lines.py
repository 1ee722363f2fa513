"""Rows that share a line: several rows have one line's number, and say the same of what it orders.

So ERPs write distributions (Oracle's `PO_DISTRIBUTIONS`, SAP's `EKKN`): the line again for each account that pays.
To count such rows as lines would order each thing as often as it has accounts.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders

_WHAT = ("order-lines/description", "order-lines/item/item-number", "order-lines/source-part-num")
_HOW_MUCH = ("order-lines/quantity", "order-lines/price", "LINE_AMOUNT")
_PRICE = "order-lines/price"


def of_shared_lines(line: ColumnSoFar, orders: RowsAsOrders, judged: Sequence[ColumnSoFar]) -> tuple[str, ...]:
    """The headings of what rows with one order's and line's number agree in; none where they are lines of their own.

    They have to agree in what is ordered, in a quantity or amount, and in the price if there is one, all of them; and
    to differ in something, as rows that are there twice do not.
    """
    groups = _groups(line, orders)
    what = _agreeing(_WHAT, judged, groups)
    much = _agreeing(_HOW_MUCH[::2], judged, groups)
    prices = _agreeing((_PRICE,), judged, groups)
    has_price = any(each.target == _PRICE for each in judged)
    if not groups or not what or not much or (has_price and not prices) or not _differ(judged, groups):
        return ()
    return tuple(dict.fromkeys(each.title for each in (*what, *much, *prices)))


def are_of_one_thing(line: ColumnSoFar, orders: RowsAsOrders, judged: Sequence[ColumnSoFar]) -> bool:
    """Whether rows with one order's and line's number order the same thing, as shares or deliveries of a line do."""
    groups = _groups(line, orders)
    return bool(groups and _agreeing(_WHAT, judged, groups))


def stand_together(line: ColumnSoFar, orders: RowsAsOrders) -> bool:
    """Whether rows with one order's and line's number stand below one another, as those of several orders do not."""
    return all(rows[-1] - rows[0] == len(rows) - 1 for rows in _groups(line, orders))


def _groups(line: ColumnSoFar, orders: RowsAsOrders) -> list[list[int]]:
    """The rows of each number of a line that stands in several rows of one order."""
    pairs = Counter(zip(orders.keys, line.column.keys, strict=True))
    rows: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row, pair in enumerate(zip(orders.keys, line.column.keys, strict=True)):
        if all(pair) and pairs[pair] > 1:
            rows[pair].append(row)
    return list(rows.values())


def _agreeing(
    targets: Sequence[str], judged: Sequence[ColumnSoFar], groups: Sequence[Sequence[int]]
) -> list[ColumnSoFar]:
    """The columns that may be one of these, and say one thing in all rows of each group."""
    found = [each for each in judged if any(one.target in targets for one in each.candidates) and each.column.filled]
    return [each for each in found if all(_is_one(each, rows) for rows in groups)]


def _is_one(each: ColumnSoFar, rows: Sequence[int]) -> bool:
    return len({each.column.keys[row] for row in rows}) == 1 and bool(each.column.keys[rows[0]])


def _differ(judged: Sequence[ColumnSoFar], groups: Sequence[Sequence[int]]) -> bool:
    return all(any(not _is_one(each, rows) and each.column.filled for each in judged) for rows in groups)
