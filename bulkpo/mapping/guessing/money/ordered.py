"""Whether what is taken for the quantity is what was ordered, and not what was received or invoiced of it.

What is received of an order is never more than what is ordered of it: a column that is as much in many rows and more
in others is the quantity, or may be.
"""

from collections.abc import Sequence
from decimal import Decimal

from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.schema.notions import APART, heard

_QUANTITY = "order-lines/quantity"
_MOST, _SOME = 0.8, 0.2
_FEWEST = 3


def hold_against_more(table: TableCells, judged: Sequence[ColumnSoFar]) -> None:
    """Take the quantity that is never less than the one taken so far, if its name says so; else leave both open."""
    mine = next((each for each in judged if each.target == _QUANTITY and not each.is_open), None)
    if mine is None or not table.has_headings or _says_quantity(mine):
        return
    more = [each for each in judged if not each.target and _is_never_less(table, each, mine)]
    if not more:
        return
    said = f"{more[0].title!r} is never less than {mine.title!r}, as what is ordered is than what is received"
    if len(more) == 1 and heard(more[0].title).says("ordered"):
        more[0].settle(_QUANTITY, ("its name says that it is what is ordered", said))
        mine.settle("RECEIVED", (said,))
        return
    for each in (mine, *more):
        each.target = _QUANTITY
        each.open_between([_QUANTITY], said)


def second_of_quantity(quantity: ColumnSoFar, judged: Sequence[ColumnSoFar]) -> str:
    """What bears out that numbers whose name only sounds like a quantity's are what is ordered; empty if nothing."""
    notions = heard(quantity.title).notions
    if not APART.isdisjoint(notions) or "quantity" not in notions or not all(quantity.column.keys):
        return ""
    if "ordered" in notions:
        return "its name says that it is what is ordered"
    place = judged.index(quantity)
    beside = (*judged[max(0, place - 1) : place], *judged[place + 1 : place + 2])
    unit = next((each for each in beside if each.target == "order-lines/uom/code" and not each.is_open), None)
    return "" if unit is None else f"it stands beside the unit, {unit.title!r}"


def _says_quantity(each: ColumnSoFar) -> bool:
    """Whether its name says plainly that it is the quantity."""
    return any(one.target == _QUANTITY and one.is_named for one in each.candidates)


def _is_never_less(table: TableCells, more: ColumnSoFar, less: ColumnSoFar) -> bool:
    """Whether numbers are as much in many rows, more in others and less in none."""
    if more.column.shares.number < _MOST:
        return False
    pairs = zip(table.numbers(more.column), table.numbers(less.column), strict=True)
    differences = [one - other for one, other in pairs if one is not None and other is not None]
    same = sum(each == 0 for each in differences)
    is_less = sum(each < 0 for each in differences)
    return (
        not is_less
        and same >= max(_FEWEST, _SOME * len(differences))
        and any(each > Decimal(0) for each in differences)
    )
