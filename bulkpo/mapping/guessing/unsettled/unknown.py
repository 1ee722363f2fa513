"""Columns whose names say nothing and whose cells have something: a reason to leave each out, or what it may be.

None is left out in silence: what is constant, counts rows, says yes or no or is computed from others has its reason;
all else is open between what its cells may be, and what may be nothing is told of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.fits.meanings import fit
from bulkpo.mapping.guessing.orders.left_out import SAYS_NO, SAYS_YES
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders, is_one_an_order
from bulkpo.mapping.guessing.unsettled.computed import computed_from

_MOST_OFFERED, _MOST_UNNAMED = 3, 6
_FEWEST_ORDERS, _FEWEST_ROWS = 3, 5
_MOST, _SOME = 0.8, 0.5
_LONGEST_CODE, _LONGEST_NAME = 24, 60
_WANTED = (
    "supplier/number",
    "supplier/name",
    "order-lines/uom/code",
    "order-lines/description",
    "order-lines/need-by-date",
)
"""What hardly an order is without: a column that may be it is never left out for being the same in every row."""
_OF_ORDERS = (
    "supplier/number",
    "supplier/name",
    "payment-term/code",
    "ship-to-address/location-code",
    "shipping-term/code",
    "ship-to-user/email",
    "ship-to-user/login",
    "supplier-site/code",
    "ship-to-attention",
)
_OF_LINES = (
    "order-lines/quantity",
    "order-lines/price",
    "order-lines/description",
    "order-lines/uom/code",
    "order-lines/need-by-date",
    "order-lines/item/item-number",
    "order-lines/source-part-num",
    "order-lines/account/code",
    "order-lines/commodity/name",
    "order-lines/department/name",
    "order-lines/contract/number",
    "order-lines/manufacturer-name",
    "order-lines/manufacturer-part-number",
)
"""What an unknown column may be, the likeliest first."""
_FIGURES = ("order-lines/quantity", "order-lines/price")
_TEXTS = ("supplier/name", "ship-to-attention", "order-lines/description", "order-lines/department/name")


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an unknown column.

    `taken` is what others are; `has_lines` unless it is a table of orders whose lines stand in another.
    """

    table: TableCells
    judged: Sequence[ColumnSoFar]
    orders: RowsAsOrders
    has_lines: bool = True
    taken: frozenset[str] = frozenset()


def decide_unknown(around: Around) -> tuple[str, ...]:
    """Give each unknown column its reason, or leave it open; the words for those that may be nothing."""
    unknown = [each for each in around.judged if _is_unknown(each)]
    known = [each for each in around.judged if each.target and not each.same_as]
    sure = [each for each in known if around.table.has_headings or not each.is_open]
    around = replace(around, taken=frozenset(each.target for each in sure))
    most = _MOST_OFFERED if around.table.has_headings else _MOST_UNNAMED
    lost = []
    for each in unknown:
        twin = next((one for one in known if one.column.keys == each.column.keys), None)
        if twin is not None:
            each.same_as = twin.title
            continue
        each.unneeded = _unneeded(each, around)
        paths = () if each.unneeded else tuple(_may_be(each, around))[:most]
        if paths:
            each.target, each.is_offered = paths[0], around.table.has_headings
            why = "its name is not known" if around.table.has_headings else "there are no headings"
            each.open_between(paths, f"{why}; its cells may be this, or it is to be ignored")
        elif not each.unneeded:
            lost.append(each)
    if not lost:
        return ()
    named = ", ".join(f"{each.title!r} (such as {_first(each)!r})" for each in lost)
    return (f"not understood and left out: {named}; say what it is with --set, or leave it so",)


def _is_unknown(each: ColumnSoFar) -> bool:
    return not each.target and not each.same_as and bool(each.column.filled) and not each.reasons


def _first(each: ColumnSoFar) -> str:
    return " ".join(str(next(iter(each.column.counts))).split())[:30]


def _may_be(each: ColumnSoFar, around: Around) -> Iterator[str]:
    """The elements that no column is yet, and that these cells may be, those first for which they speak."""
    shares, length = each.column.shares, each.column.typical_length
    taken = set(around.taken)
    if shares.date >= _MOST and shares.whole < _MOST:
        taken |= {path for path in (*_OF_ORDERS, *_OF_LINES) if not path.endswith("-date")}
    elif shares.number >= _MOST and shares.whole < _SOME:
        taken |= {path for path in (*_OF_ORDERS, *_OF_LINES) if path not in _FIGURES}
    elif length > _LONGEST_CODE:
        taken |= {path for path in (*_OF_ORDERS, *_OF_LINES) if path not in _TEXTS or length > _LONGEST_NAME}
    is_of_order = is_one_an_order(each, around.orders) or not around.orders.is_repeated
    paths = [
        path
        for path in (*(_OF_ORDERS if is_of_order else ()), *(_OF_LINES if around.has_lines else ()))
        if path not in taken
    ]
    judged = {path: fit(path, each.column).value for path in paths}
    is_whole = shares.whole >= _MOST
    later = "order-lines/price" if is_whole else "order-lines/quantity"
    yield from sorted(
        (path for path in paths if judged[path] > 0), key=lambda path: (path not in _WANTED, path == later)
    )


def _unneeded(each: ColumnSoFar, around: Around) -> str:
    """Why a column is not needed, though nobody knows its name; empty where there is no reason."""
    texts = {str(cell).strip() for cell in each.column.counts}
    if len(texts) == 1 and _may_be_left(each, around):
        return f"the same in every row: {_first(each)}"
    if len(texts) <= _FEWEST_ORDERS and all(text.casefold() in SAYS_YES | SAYS_NO for text in texts):
        return f"says only {' or '.join(sorted(texts))}"
    if _counts_rows(each):
        return "counts the rows"
    if _is_stamp(each):
        return "a moment, as programs write it"
    return computed_from(each, around.table, around.judged, around.orders)


def _may_be_left(each: ColumnSoFar, around: Around) -> bool:
    """Whether a column that says one thing may be left out for that: of several orders, or where it says 0."""
    if str(next(iter(each.column.counts))).strip(" 0.,") == "":
        return True
    several = len(set(around.orders.keys)) >= _FEWEST_ORDERS and each.column.filled >= _FEWEST_ROWS
    return several and not any(path in _WANTED for path in _may_be(each, around))


def _counts_rows(each: ColumnSoFar) -> bool:
    """Whether the cells are 1, 2, 3 and so on from the first row to the last."""
    keys = [key for key in each.column.keys if key]
    return len(keys) >= _FEWEST_ROWS and keys == [str(number) for number in range(1, len(keys) + 1)]


def _is_stamp(each: ColumnSoFar) -> bool:
    """Whether most cells are moments of a day that differ, and no dates."""
    if each.column.shares.date < _MOST:
        return False
    times = {_clock(cell) for cell in each.column.sample}
    return len(times - {""}) > _SOME * len(each.column.sample) and len(times) > 1


def _clock(cell: object) -> str:
    if isinstance(cell, datetime):
        said = cell.strftime("%H%M%S")
    else:
        _, _, clock = str(cell).strip().replace("T", " ").partition(" ")
        said = "".join(filter(str.isdigit, clock)) if ":" in clock else ""
    return said if said.strip("0") else ""
