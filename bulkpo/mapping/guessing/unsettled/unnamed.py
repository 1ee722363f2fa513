"""Tables without headings: which column numbers the orders, and which numbers multiply, by the rows alone.

The number of the order is taken where two things say so: other columns say the same in all rows of one number, and
lines are counted anew with each; or the numbers stand once in one table and come again in another. Price and quantity
are taken where rows multiply, one article has one price at any quantity, and most quantities alone are whole; else
they stay open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bulkpo.mapping.guessing.cells.column import ColumnCells, counts_lines
from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.fits.meanings import fit
from bulkpo.mapping.guessing.money.factors import told_apart
from bulkpo.mapping.guessing.money.products import products
from bulkpo.mapping.guessing.orders.rows import KEY, RowsAsOrders, is_numbered, is_one_an_order

_PRICE, _QUANTITY, _AMOUNT = "order-lines/price", "order-lines/quantity", "LINE_AMOUNT"
_FEWEST_ORDERS = 3
_SHARED = 0.8
_MOST = 0.8
_FEWEST_AGREEING = 2


def number_by_rows(judged: Sequence[ColumnSoFar]) -> RowsAsOrders | None:
    """Take the one column for the orders' number by which the rows fall into orders; None where none does."""
    found = [(each, orders) for each in judged if (orders := _orders(each, judged)) is not None]
    first = found[:1]
    if not first or any(_parts(each) != _parts(first[0][0]) for each, _ in found[1:]):
        return None
    key, orders = first[0]
    twins = [each for each, _ in found[1:]]
    if twins:
        for each in (key, *twins):
            each.target = KEY
            each.open_between(
                [KEY, "supplier/number"], "there are no headings, and several columns part the rows alike"
            )
        return orders
    key.settle(KEY, orders.reasons)
    return orders


def _orders(each: ColumnSoFar, judged: Sequence[ColumnSoFar]) -> RowsAsOrders | None:
    """The orders that a column's cells make, if lines are counted anew with each and other columns agree in each."""
    keys = each.column.keys
    if (
        not all(keys)
        or len(set(keys)) < _FEWEST_ORDERS
        or fit(KEY, each.column).value <= 0
        or _has_decimals(each.column)
    ):
        return None
    if len(list(groupby(keys))) != len(set(keys)) or len(set(keys)) == len(keys):
        return None
    orders = RowsAsOrders(keys, is_repeated=True)
    others = [one for one in judged if one is not each]
    lines = [one for one in others if counts_lines(one.column) and is_numbered(one, orders) and _is_anew(one, keys)]
    agreeing = [one for one in others if len(one.column.counts) > 1 and is_one_an_order(one, orders)]
    if not lines or len(agreeing) < _FEWEST_AGREEING:
        return None
    titles = ", ".join(repr(one.title) for one in agreeing[:3])
    reasons = (
        f"rows with one {each.title!r} agree in {titles}",
        f"{lines[0].title!r} counts the rows of each {each.title!r}",
    )
    return RowsAsOrders(keys, is_repeated=True, is_proved=True, reasons=reasons)


def _has_decimals(each: ColumnCells) -> bool:
    return each.shares.number >= _MOST and each.shares.whole < _MOST


def _is_anew(line: ColumnSoFar, keys: Sequence[str]) -> bool:
    """Whether counting begins again with each number, and only there."""
    first = min(line.column.keys, key=lambda text: (len(text), text))
    begins = [number == first for number in line.column.keys]
    changes = [place == 0 or keys[place] != keys[place - 1] for place in range(len(keys))]
    return begins == changes


def _parts(each: ColumnSoFar) -> list[int]:
    """How many rows stand together, one number after the other."""
    return [len(list(rows)) for _, rows in groupby(each.column.keys)]


def decide_factors(table: TableCells, judged: Sequence[ColumnSoFar]) -> None:
    """Take what multiplies for price and quantity where two things tell which is which, else leave both open.

    What comes out is known for the amount where it is so in all rows.
    """
    found = products(table, [each for each in judged if not each.target])
    if not found:
        return
    product = found[0]
    is_all = product.rows == product.tried and not any(each.has(product.amount) for each in found)
    factors = told_apart(product, table, judged) if is_all and len(found) == 1 else None
    if factors is not None:
        named = ((factors.price, _PRICE), (factors.quantity, _QUANTITY), (product.amount, _AMOUNT))
        for each, target in named:
            each.settle(target, (product.said, factors.said))
        return
    for each in (product.one, product.other):
        each.target = _QUANTITY
        each.open_between([_QUANTITY, _PRICE], f"there are no headings, but {product.said}")
    if is_all:
        product.amount.settle(_AMOUNT, (product.said,))


@dataclass(frozen=True, slots=True)
class SharedNumber:
    """A column that joins two tables without headings: its number in its table, and whether each stands once there."""

    column: int
    is_header: bool

    def orders(self, judged: Sequence[ColumnSoFar]) -> RowsAsOrders:
        """Take the column for the orders' number; its rows as orders."""
        key = next(each for each in judged if each.column.column.number == self.column)
        said = "each number stands once here and comes again in the other table"
        if not self.is_header:
            said = "its numbers come again here, and each stands once in the other table"
        key.settle(KEY, (said, "all that the one table has, the other has"))
        return RowsAsOrders(key.column.keys, is_repeated=not self.is_header, is_proved=True, reasons=(said,))


def shared_numbers(tables: Sequence[TableCells]) -> dict[int, SharedNumber]:
    """What joins two tables without headings, by their places: nothing where no two columns do, or several."""
    unnamed = [(place, table) for place, table in enumerate(tables) if not table.has_headings]
    found = [
        {one: SharedNumber(head.column.number, is_header=True), two: SharedNumber(line.column.number, is_header=False)}
        for one, heads in unnamed
        for head in heads.columns
        if stands_once(head)
        for two, lines in unnamed
        if two != one
        for line in _with(head, lines.columns)
    ]
    return found[0] if len(found) == 1 else {}


def stands_once(each: ColumnCells) -> bool:
    """Whether a column may number orders and has no number twice."""
    keys = each.keys
    is_number = fit(KEY, each).value > 0 and not _has_decimals(each) and each.shares.date < _MOST
    return is_number and len(keys) >= _FEWEST_ORDERS and all(keys) and len(set(keys)) == len(keys)


def _with(head: ColumnCells, lines: Sequence[ColumnCells]) -> Iterator[ColumnCells]:
    wanted = set(head.keys)
    for each in lines:
        theirs = set(each.keys) - {""}
        if len(theirs) < each.filled and theirs <= wanted and len(theirs) >= _SHARED * len(wanted):
            yield each
