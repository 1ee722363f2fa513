"""Columns that say what each other is: a code and the name it goes with, two dates of which one comes after the other.

They are looked for once names are used up. Whose names say something else are left alone.
"""

from collections.abc import Sequence

from bulkpo.mapping.guessing.cells.day_order import comes_after
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.fits.meanings import fit
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders, is_one_an_order
from bulkpo.mapping.guessing.unsettled.second_reason import go_together, is_apart
from bulkpo.schema.notions import heard

_ITEM, _TEXT, _NEED = "order-lines/item/item-number", "order-lines/description", "order-lines/need-by-date"
_SUPPLIERS_ITEM, _NAME, _NUMBER = "order-lines/source-part-num", "supplier/name", "supplier/number"
_ALL, _MOST = 0.98, 0.8
_FEWEST_ARTICLES = 5
_SHORTEST_CODE = 4


def settle_pairs(judged: Sequence[ColumnSoFar], orders: RowsAsOrders, *, has_headings: bool) -> None:
    """Settle what goes together: dates, articles and their texts; suppliers' numbers and names without headings."""
    _dates(judged, orders)
    _articles(judged)
    if not has_headings:
        _suppliers(judged, orders)


def _free(judged: Sequence[ColumnSoFar], target: str) -> list[ColumnSoFar]:
    """The columns that are nothing, or that are but offered as this."""
    return [
        each
        for each in judged
        if (not each.target or (each.target == target and each.is_open))
        and each.column.filled
        and not each.same_as
        and not is_apart(target, each.title)
    ]


def _dates(judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> None:
    """Of two dates nobody knows the later is when something is needed, the other the order's own."""
    if any(each.target == _NEED and not each.is_open for each in judged):
        return
    mine = [each for each in _free(judged, _NEED) if each.column.shares.date >= _ALL]
    others = [each for each in judged if each not in mine and each.column.shares.date >= _MOST and not each.target]
    if len(mine) != 2 or others:
        return
    for early, late in (mine, mine[::-1]):
        if comes_after(late.column, early.column) and (not orders.is_repeated or is_one_an_order(early, orders)):
            late.settle(_NEED, (f"it never comes before {early.title!r}, and there are no other dates",))
            early.settle("ORDER_DATE", (f"{late.title!r} never comes before it",))
            return


def _articles(judged: Sequence[ColumnSoFar]) -> None:
    """A code that goes with one text of lines each, where no other column has articles."""
    text = next((each for each in judged if each.target == _TEXT and not each.is_open), None)
    if text is None or any(each.target in (_ITEM, _SUPPLIERS_ITEM) and not each.is_open for each in judged):
        return
    mine = [
        each
        for each in _free(judged, _ITEM)
        if fit(_ITEM, each.column).value > 0
        and not _may_be_figures(each)
        and go_together(each.column, text.column, _FEWEST_ARTICLES)
    ]
    if len(mine) == 1:
        target = _SUPPLIERS_ITEM if heard(mine[0].title).says("supplier") else _ITEM
        mine[0].settle(target, (f"each goes with one {text.title!r}", "no other column numbers articles"))


def _may_be_figures(each: ColumnSoFar) -> bool:
    """Whether the cells may be prices or quantities: numbers with decimals, or short ones, or of several lengths."""
    if each.column.shares.number < _MOST:
        return False
    lengths = {len(text) for text in each.column.different}
    return each.column.shares.whole < _ALL or len(lengths) > 1 or min(lengths) < _SHORTEST_CODE


def _suppliers(judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> None:
    """A code and a name that are one an order and go together, where no other two do."""
    if not orders.is_repeated:
        return
    names = [each for each in _of_orders(judged, orders, _NAME) if each.column.shares.letters >= _ALL]
    pairs = [
        (number, name)
        for name in names
        for number in _of_orders(judged, orders, _NUMBER)
        if number is not name and go_together(number.column, name.column)
    ]
    if len(pairs) == 1:
        for each, target, other in zip(pairs[0], (_NUMBER, _NAME), pairs[0][::-1], strict=True):
            each.settle(target, (f"each goes with one {other.title!r}", "it is one an order, and no other two are so"))


def _of_orders(judged: Sequence[ColumnSoFar], orders: RowsAsOrders, target: str) -> list[ColumnSoFar]:
    known = [each for each in judged if each.target == target and not each.is_open]
    mine = known or [each for each in _free(judged, target) if fit(target, each.column).value > 0]
    return [each for each in mine if is_one_an_order(each, orders)]
