"""Whether the cells of a column are computed from others: a sum, a difference, a product, an order's total."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import combinations, permutations

from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar, by_target
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders

_CENT = Decimal("0.011")
_MOST_COLUMNS = 12
_FEWEST, _TELLING = 3, 0.25
_NUMBERS = 0.8
_Numbers = Sequence[Decimal | None]


def computed_from(each: ColumnSoFar, table: TableCells, judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> str:
    """What a column's numbers are in every row; empty where they are nothing of the kind, or price or quantity is open.

    Where price or quantity is yet to be found, a quantity would pass for the sum of what is received and open.
    """
    known = by_target(judged)
    money = [known.get(target) for target in ("order-lines/price", "order-lines/quantity")]
    if any(one is None or one.is_open for one in money) or each.column.shares.number < _NUMBERS:
        return ""
    others = [one for one in judged if one is not each and one.column.shares.number >= _NUMBERS][:_MOST_COLUMNS]
    numbers = {one.title: table.numbers(one.column) for one in (each, *others)}
    mine, names = numbers[each.title], [one.title for one in others]
    for one, two in combinations(names, 2):
        if _holds(mine, (numbers[one], numbers[two]), _plus):
            return f"{one} + {two} in every row"
        if _holds(mine, (numbers[one], numbers[two]), _times):
            return f"{one} x {two} in every row"
    for one, two in permutations(names, 2):
        if _holds(mine, (numbers[one], numbers[two]), _minus):
            return f"{one} - {two} in every row"
    return _total(mine, (known.get("LINE_AMOUNT"), table, orders))


_Pair = tuple[Decimal, Decimal]


def _plus(pair: _Pair) -> tuple[Decimal, bool]:
    return pair[0] + pair[1], pair[0] != 0 and pair[1] != 0


def _minus(pair: _Pair) -> tuple[Decimal, bool]:
    return pair[0] - pair[1], pair[0] not in (0, pair[1]) and pair[1] != 0


def _times(pair: _Pair) -> tuple[Decimal, bool]:
    return pair[0] * pair[1], not {Decimal(0), Decimal(1)} & set(pair)


def _holds(mine: _Numbers, pair: tuple[_Numbers, _Numbers], by: Callable[[_Pair], tuple[Decimal, bool]]) -> bool:
    """Whether the numbers come out in every row, and enough rows tell that this is no chance."""
    rows = telling = 0
    for number, one, two in zip(mine, *pair, strict=True):
        if number is None or one is None or two is None:
            continue
        result, tells = by((one, two))
        if abs(result - number) > _CENT:
            return False
        rows += 1
        telling += tells
    return telling >= _FEWEST and telling >= _TELLING * rows


def _total(mine: _Numbers, around: tuple[ColumnSoFar | None, TableCells, RowsAsOrders]) -> str:
    """Whether the numbers are what the lines of each order come to."""
    amount, table, orders = around
    if amount is None or not orders.is_repeated or table.step > 1:
        return ""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for key, number in zip(orders.keys, table.numbers(amount.column), strict=True):
        sums[key] += number or 0
    pairs = [(sums[key], number) for key, number in zip(orders.keys, mine, strict=True) if number is not None and key]
    if len(pairs) < _FEWEST or any(abs(one - two) > _CENT for one, two in pairs):
        return ""
    return f"the sum of {amount.title} in each order"
