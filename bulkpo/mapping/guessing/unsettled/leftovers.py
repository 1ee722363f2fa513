"""Columns whose names are not known, but whose values look like something that no other column is yet."""

from collections.abc import Callable, Sequence

from bulkpo.mapping.guessing.cells.column import ColumnCells, counts_lines
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.fits.meanings import fit
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders, counts_anew, is_numbered, is_one_an_order
from bulkpo.mapping.guessing.unsettled.contenders import part_lines_from_orders
from bulkpo.mapping.guessing.unsettled.pairs import settle_pairs
from bulkpo.mapping.guessing.unsettled.second_reason import Neighbours, is_apart, second_reason

_UNIT = "order-lines/uom/code"
_TEXT = "order-lines/description"
_NEED = "order-lines/need-by-date"
_SUPPLIER = "supplier/name"
_LINE = "order-lines/line-num"
_ROW = "INTERNAL_ID"
_BESIDE = ("order-lines/quantity", "order-lines/price")
_ALL, _MOST, _SOME = 0.98, 0.8, 0.5
_LONG = 8
_MOST_UNITS = 20


_INSTEAD = {_SUPPLIER: "COMPANY", _NEED: "PROMISED_DATE"}
"""What a column may be named as that is meant for something, where no other column is it."""


_NAMED_ELSE = {
    _SUPPLIER: ("NOTE",),
    _TEXT: ("NOTE",),
    "supplier/number": ("COMPANY", "COST_CENTER", "order-lines/account/code"),
}
"""What a column may be named as that is taken for something where no other column may be it, and the rows say so."""


def settle_leftovers(
    judged: Sequence[ColumnSoFar], orders: RowsAsOrders, *, has_lines: bool, has_headings: bool
) -> None:
    """Decide what names alone leave open, by what the rows say; offer the rest for what is missing."""
    part_lines_from_orders(judged, orders)
    if has_lines and not any(each.target == _UNIT for each in judged):
        _take_units(judged)
    leave_open(judged, orders, has_lines=has_lines)
    settle_pairs(judged, orders, has_headings=has_headings)


def leave_open(judged: Sequence[ColumnSoFar], orders: RowsAsOrders, *, has_lines: bool = True) -> None:
    """Offer such columns for what is missing; units that stand in every cell are taken for what they are.

    A table of orders that has no lines is offered nothing of these.
    """
    taken = {each.target for each in judged if each.target}
    units = [each for each in judged if each.target == _UNIT]
    for each in units:
        if len(units) == 1 and each.is_open and each.column.unit_share >= _ALL and each.column.shares.letters >= _ALL:
            each.settle(_UNIT, ("every cell is a unit, and no other column has units",))
    if _LINE not in taken and orders.is_repeated:
        free = [each for each in judged if each.target in ("", _ROW) and each.column.filled]
        counting = [each for each in free if counts_anew(each, orders)]
        counting = counting or [each for each in free if counts_lines(each.column)]
        if len(counting) == 1 and is_numbered(counting[0], orders):
            counting[0].settle(_LINE, ("it counts lines, and no number stands twice in an order",))
    for target, looks_so, is_of_orders in _LOOKS:
        if target in taken or not (has_lines or target.startswith("supplier/")):
            continue
        allowed = ("", _INSTEAD.get(target, ""))
        fitting = [each for each in judged if each.target in allowed and not each.same_as and looks_so(each.column)]
        if is_of_orders is not None and orders.is_repeated:
            fitting = [each for each in fitting if is_one_an_order(each, orders) is is_of_orders]
        if 0 < len(fitting) <= 2:
            _offer(target, fitting, Neighbours(judged, orders))
        elif not fitting:
            _take_instead(target, Neighbours(judged, orders))


def _take_instead(target: str, beside: Neighbours) -> None:
    """Take the one column for what is missing that is named as something else, where what the rows say bears it out."""
    named = [each for each in beside.judged if each.target in _NAMED_ELSE.get(target, ()) and not each.same_as]
    named = [each for each in named if 2 * each.column.filled >= len(each.column.cells) or beside.orders.is_first_only]
    free = [each for each in named if fit(each.target, each.column).value <= 0 <= fit(target, each.column).value]
    borne = [(each, reason) for each in free if (reason := second_reason(target, each, beside))]
    if len(borne) == 1:
        each, reason = borne[0]
        each.settle(target, ("no other column is it", reason))


def _offer(target: str, fitting: Sequence[ColumnSoFar], beside: Neighbours) -> None:
    """Take the one of these columns for what it looks like of which something else bears it out; else offer them."""
    borne = [(each, reason) for each in fitting if (reason := second_reason(target, each, beside))]
    if len(borne) == 1 and _others_differ(target, borne[0][0], fitting):
        each, reason = borne[0]
        each.settle(target, ("its cells look so, and no other column is it", reason))
        return
    for each in fitting:
        each.target = target
        each.open_between([target], "its name is not known, but its cells look so, and no other column is it")


def _take_units(judged: Sequence[ColumnSoFar]) -> None:
    """Take the only column of short words, many of them units, that stands beside the quantity or the price."""
    places = [place for place, each in enumerate(judged) if each.target in _BESIDE]
    mine = [
        each
        for place, each in enumerate(judged)
        if not each.target and not each.same_as and any(abs(place - one) <= 1 for one in places)
        if _are_units(each.column)
    ]
    if len(mine) == 1:
        mine[0].settle(_UNIT, ("many of its cells are units", "it stands beside the quantity or the price"))


def _are_units(column: ColumnCells) -> bool:
    is_short = column.typical_length <= _LONG and len(column.counts) <= _MOST_UNITS
    return is_short and column.shares.letters >= _ALL and column.unit_share >= _SOME and column.filled > 1


def _others_differ(target: str, mine: ColumnSoFar, fitting: Sequence[ColumnSoFar]) -> bool:
    """Whether the other columns that look so have names that say something else."""
    return all(each is mine or is_apart(target, each.title) for each in fitting)


def _is_text(column: ColumnCells) -> bool:
    return column.shares.words >= _SOME and column.shares.letters >= _MOST and column.typical_length >= _LONG


def _is_supplier_code(column: ColumnCells) -> bool:
    return column.shares.code >= _MOST and column.shares.letters >= _SOME and column.shares.date < _SOME


def _is_date(column: ColumnCells) -> bool:
    return column.shares.date >= _MOST and column.shares.whole < _SOME


_LOOKS: tuple[tuple[str, Callable[[ColumnCells], bool], bool | None], ...] = (
    (_SUPPLIER, _is_text, True),
    (_TEXT, _is_text, False),
    ("supplier/number", _is_supplier_code, True),
    (_NEED, _is_date, None),
)
"""What may be missing, how its values look, and whether they are those of whole orders."""
