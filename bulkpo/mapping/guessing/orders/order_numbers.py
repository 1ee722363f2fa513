"""The number of the order where no column is named as one: by words of its name and by what the rows say, or open."""

import re
from collections.abc import Sequence

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.fits.meanings import fit
from bulkpo.mapping.guessing.orders.rows import KEY, RowsAsOrders, orders_of
from bulkpo.schema.notions import APART, heard

_NUMBERS = frozenset(("number", "reference", "ref", "id"))
_FREE = ("", "order-lines/contract/number")
_INSTEAD = ("INVOICE_NUMBER", "INTERNAL_ID", "REQUISITION", "REFERENCE")
"""What a column may be named as that numbers the orders where no other does."""
_NO_NUMBER = frozenset(("date", "item", "supplier", "line", "quantity", "price", "unit", "text"))
_AS_ORDERS = re.compile(r"(?:PO|P/O|OC|ODA|BDC)(?=[\W_\d]).*", re.IGNORECASE)
"""How orders are numbered, and nothing else is: `PO-26-0187`."""
_MOST = 0.95


def number_of_something(judged: Sequence[ColumnSoFar]) -> RowsAsOrders | None:
    """Take the column that has the numbers of orders, or leave open the likeliest; None if there is no column at all.

    One is taken whose name says that it is of an order, or whose cells begin as such numbers do, if the rows prove it
    and no other column may be it as well.
    """
    free = [each for each in judged if each.target in (*_FREE, *_INSTEAD) and each.column.filled]
    free = [each for each in free if fit(KEY, each.column).value > 0]
    said = {id(each): reason for each in free if (reason := _says_order(each))}
    named = [each for each in free if id(each) in said]
    of_numbers = [each for each in free if each.target in _FREE and not _NUMBERS.isdisjoint(each.column.name.split())]
    others = sorted(free, key=lambda each: _INSTEAD.index(each.target) if each.target in _INSTEAD else -1)
    proved = [each for each in named if _are_proved(orders_of(each, judged))]
    key = next(iter((*proved, *named, *of_numbers, *others, *_last_resort(judged))), None)
    if key is None:
        return None
    rows = orders_of(key, judged)
    key.target = KEY
    if proved == [key]:
        key.settle(KEY, (said[id(key)], *rows.reasons))
    else:
        key.open_between([KEY], "no column is named as the number of an order")
    return rows


def _are_proved(rows: RowsAsOrders) -> bool:
    """Whether nearly all rows have a number, and what belongs to whole orders says the same in all rows of each."""
    return rows.is_proved and sum(map(bool, rows.keys)) >= _MOST * len(rows.keys)


def _says_order(each: ColumnSoFar) -> str:
    """Why a column is of orders, by its name or the letters its cells begin with; empty where neither says so."""
    notions = frozenset(heard(each.title).notions)
    if "id" in each.column.name.split() or each.title.lower().startswith("id"):  # a program's own key
        return ""
    if notions & {"order", "ordered"} and not notions & (APART | _NO_NUMBER) and not each.target:
        return f"a word of {each.title!r} says that it is of an order"
    texts = [str(cell).strip() for cell in each.column.sample]
    if texts and sum(bool(_AS_ORDERS.fullmatch(text)) for text in texts) >= _MOST * len(texts):
        return f"its cells begin as numbers of orders do, such as {texts[0]}"
    return ""


def _last_resort(judged: Sequence[ColumnSoFar]) -> list[ColumnSoFar]:
    """Columns that nothing is known of, then those that are no element: an order must have a number."""
    filled = [each for each in judged if each.column.filled and not each.same_as]
    return [
        *(each for each in filled if not each.target),
        *(each for each in judged if not each.target),
        *(each for each in filled if each.target[:1].isupper()),
    ]
