"""Two columns that may both be one thing: which of them it is, by their names, or by what the rows say.

A word that sets a column apart yields to none; what only refers to something yields to its number; and of two texts or
dates the one that differs between the lines of an order is the lines' own.
"""

from collections.abc import Sequence

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders, is_one_an_order, varies

_TEXT, _NEED = "order-lines/description", "order-lines/need-by-date"
_LONGER = 1.3


def part_lines_from_orders(judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> None:
    """Settle which of two columns of texts or dates is of lines, and leave the other that is of whole orders."""
    for target in (_TEXT, _NEED):
        mine = [each for each in judged if each.target == target and each.rivals == (target,)]
        if len(mine) != 2 or not orders.is_repeated:
            continue
        of_lines = [each for each in mine if _is_of_lines(each, orders)]
        of_orders = [each for each in mine if is_one_an_order(each, orders)]
        if len(of_lines) == len(of_orders) == 1:
            _settle(of_lines[0], of_orders[0], "it differs between the lines of an order")
        elif target == _TEXT and len(of_lines) == 2:
            short, long = sorted(mine, key=lambda each: each.column.typical_length)
            if long.column.typical_length >= _LONGER * short.column.typical_length:
                _settle(long, short, "its texts are the longest of lines")


def _is_of_lines(each: ColumnSoFar, orders: RowsAsOrders) -> bool:
    several, differing = varies(each, orders)
    return several > 0 and differing * 2 >= several


def _settle(mine: ColumnSoFar, other: ColumnSoFar, reason: str) -> None:
    mine.settle(mine.target, (reason,))
    other.target, other.rivals = "", ()
    other.reasons = (*other.reasons, f"{mine.title!r} is {mine.target}")
