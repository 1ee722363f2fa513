"""How rows make orders: which column numbers them, where their own values stand, how lines are numbered."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress, pairwise

from bulkpo.mapping.guessing.cells.coded import Coded, coded
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar

KEY = "po-number"
_LINE = "order-lines/"
_OF_ORDERS = ("supplier/number", "supplier/name", "currency/code", "ORDER_DATE", "payment-term/code", "ORDER_AMOUNT")
_OF_SUPPLIERS = ("supplier/number", "supplier/name")
_ONE_AN_ORDER = ("supplier/number", "supplier/name", "currency/code")
_OF_LINES = (
    "order-lines/description",
    "order-lines/quantity",
    "order-lines/price",
    "order-lines/line-num",
    "LINE_AMOUNT",
)
_ALL = 0.95
_MOST = 0.9
_STEPS = (1, 2, 5, 10, 50, 100, 1000)
_LONGEST_COUNT, _FEWEST_ORDERS = 6, 2


@dataclass(frozen=True, slots=True)
class RowsAsOrders:
    """How the rows of a table make orders.

    `keys` are the numbers of the rows' orders, filled down where they stand on first rows only. `is_first_only` says
    so; `is_repeated` that some order has several rows; `is_proved` that what belongs to whole orders says the same in
    all rows of each, or that no number stands twice; `against` what speaks against it. `parts` are the titles of the
    columns that a number is made of, where it is not one alone.
    """

    keys: Coded[str] = field(default_factory=lambda: coded(()))
    is_first_only: bool = False
    is_repeated: bool = False
    is_proved: bool = False
    reasons: tuple[str, ...] = ()
    blanks: tuple[int, ...] = ()
    against: str = ""
    parts: tuple[str, ...] = ()


def orders_of(key: ColumnSoFar, judged: Sequence[ColumnSoFar]) -> RowsAsOrders:
    """How the rows make orders if this column numbers them."""
    keys = key.column.keys
    blank = [place for place, text in enumerate(keys) if not text]
    is_first_only = _is_first_only(keys, blank, judged)
    found = orders_by(key.title, filled_down(keys) if is_first_only else keys, judged, [key])
    if is_first_only:
        first = f"{key.title!r} stands on the first row of each order only"
        found = replace(found, is_first_only=True, reasons=(first, *found.reasons))
    return replace(found, blanks=tuple(blank))


def orders_by(name: str, keys: Coded[str], judged: Sequence[ColumnSoFar], mine: Sequence[ColumnSoFar]) -> RowsAsOrders:
    """How the rows make orders by these numbers, one for each row; `mine` are the columns they are of."""
    counts = Counter(text for text in keys if text)
    is_repeated = any(count > 1 for count in counts.values())
    reasons = []
    others = [each for each in judged if each not in mine]
    of_orders = [each for each in others if each.target in _OF_ORDERS and each.column.filled]
    constant = [each.title for each in of_orders if _is_constant(each, keys)]
    against = ""
    if is_repeated:
        against = next((_against(name, each) for each in others if _parts_orders(each, keys, of_orders)), "")
    if is_repeated and constant:
        reasons.append(f"rows with one {name!r} agree in {', '.join(map(repr, constant[:3]))}")
    elif counts and not is_repeated:
        reasons.append(f"no {name!r} stands twice")
    borne_out = bool(constant) or not is_repeated or not of_orders
    is_proved = bool(counts) and borne_out and not against
    return RowsAsOrders(keys, is_repeated=is_repeated, is_proved=is_proved, reasons=tuple(reasons), against=against)


def _against(name: str, other: ColumnSoFar) -> str:
    return f"rows with one {name!r} differ in {other.title!r}, and one order cannot"


def _parts_orders(each: ColumnSoFar, keys: Sequence[str], of_orders: Sequence[ColumnSoFar]) -> bool:
    """Whether a column of whole orders, or of companies, says several things in many an order.

    One that most rows lack says nothing of orders: it is of a list that stands beside them.
    """
    if each.target not in _ONE_AN_ORDER and each.target != "COMPANY":
        return False
    if 2 * each.column.filled < len(keys):
        return False
    is_company = each.target == "COMPANY" and each.column.filled and len(each.column.counts) > 1
    return (each in of_orders or bool(is_company)) and not _is_constant(each, keys)


def is_numbered(line: ColumnSoFar, orders: RowsAsOrders) -> bool:
    """Whether a column numbers the lines within each order: no number stands twice in one."""
    numbers = line.column.keys
    filled = [bool(key and number) for key, number in zip(orders.keys, numbers, strict=True)]
    different = len(set(compress(orders.keys.pairs(numbers), filled)))
    return different > 0 and different >= _ALL * sum(filled)


def counts_anew(line: ColumnSoFar, orders: RowsAsOrders) -> bool:
    """Whether a column counts 1, 2, 3 or 10, 20, 30 anew in each order, of which several have several lines."""
    lines: dict[str, list[int]] = defaultdict(list)
    for key, text in zip(orders.keys, line.column.keys, strict=True):
        if key and not (text.isdecimal() and len(text) <= _LONGEST_COUNT):
            return False
        if key:
            lines[key].append(int(text))
    step = min((min(numbers) for numbers in lines.values()), default=0)
    counted = [sorted(numbers) == [step * one for one in range(1, len(numbers) + 1)] for numbers in lines.values()]
    several = sum(len(numbers) > 1 for numbers in lines.values())
    return step in _STEPS and several >= _FEWEST_ORDERS and sum(counted) >= _MOST * len(counted)


def is_one_an_order(column: ColumnSoFar, orders: RowsAsOrders) -> bool:
    """Whether a column says one thing in all rows of each order."""
    return _is_constant(column, orders.keys)


def varies(column: ColumnSoFar, orders: RowsAsOrders) -> tuple[int, int]:
    """Of the orders of several rows: how many there are, and in how many of them a column's cells differ."""
    rows = Counter(key for key, text in zip(orders.keys, column.column.keys, strict=True) if key and text)
    values = Counter(key for key, text in set(zip(orders.keys, column.column.keys, strict=True)) if key and text)
    several = [key for key, count in rows.items() if count > 1]
    return len(several), sum(values[key] > 1 for key in several)


def _is_constant(each: ColumnSoFar, keys: Sequence[str]) -> bool:
    """Whether a column says one thing in all rows of each order that has several."""
    pairs = {(key, text) for key, text in set(zip(keys, each.column.keys, strict=True)) if key and text}
    values = Counter(key for key, _ in pairs)
    return bool(values) and len(pairs) - len(values) <= (1 - _ALL) * len(values)


def _is_first_only(keys: Sequence[str], blank: Sequence[int], judged: Sequence[ColumnSoFar]) -> bool:
    """Whether rows without a number are lines of the order above: they hold lines, and no order of their own."""
    if not blank or not keys or not keys[0]:
        return False
    repeats = sum(one == two for one, two in pairwise(keys) if one and two)
    lines = [each for each in judged if each.target in _OF_LINES and each.column.filled]
    counts = list(map(sum, zip(*(each.column.keys.changed(bool) for each in lines), strict=True)))
    whole = [place for place in blank if counts[place] * 2 > len(lines)] if lines else []
    return bool(lines) and len(whole) >= _MOST * len(blank) / 2 and len(whole) >= 1 and repeats * 5 <= len(whole)


def filled_down(keys: Sequence[str]) -> Coded[str]:
    """Texts with what stands above in the place of empty ones."""
    return coded(_down(keys))


def _down(keys: Sequence[str]) -> Iterator[str]:
    last = ""
    for key in keys:
        last = key or last
        yield last


def first_of_groups(
    judged: Sequence[ColumnSoFar], orders: RowsAsOrders, left_out: Sequence[int]
) -> tuple[ColumnSoFar, ...]:
    """The columns of suppliers that stand on the first row of a group of orders only, as pivot tables have them.

    Rows `left_out` that add up the groups bear it out: without any, suppliers may be missing, and none is carried down.
    """
    named = [each for each in judged if each.target in _OF_SUPPLIERS and not each.is_open]
    if orders.is_first_only or not orders.keys or not named or not left_out:
        return ()
    passed = set(left_out)
    places = [place for place in range(len(orders.keys)) if place not in passed]
    found = []
    for each in named:
        keys = [each.column.keys[place] for place in places]
        filled = list(filter(None, keys))
        is_grouped = bool(filled) and bool(keys[0]) and len(filled) == len(set(filled)) and len(filled) * 2 <= len(keys)
        if is_grouped and len(filled) > 1:
            carried = dict(zip(places, filled_down(keys), strict=True))
            own = {(orders.keys[place], text) for place, text in carried.items()}
            if len(own) == len({key for key, _ in own}):
                found.append(each)
    return tuple(found)
