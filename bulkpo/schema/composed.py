"""Headings that are no known name as a whole, but made of known words: `Best_Menge`, `Art. Lieferant`.

Each word, or part of a compound as `Lieferantennr`, stands for a notion in any of seven languages; some notions
together are a meaning. A heading with one word that is not known says nothing here.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from bulkpo.schema.notions import notions_of

_PRICE, _QUANTITY, _UNIT = "order-lines/price", "order-lines/quantity", "order-lines/uom/code"
_NEED, _ITEM, _TEXT = "order-lines/need-by-date", "order-lines/item/item-number", "order-lines/description"
_SUPPLIERS_ITEM, _ACCOUNT = "order-lines/source-part-num", "order-lines/account/code"
_MEANINGS: Mapping[frozenset[str], str] = {
    frozenset(notions.split()): target
    for target, several in {
        "po-number": ("order number", "order id", "order reference"),
        "order-lines/line-num": ("line number", "line order", "line order number"),
        "supplier/number": ("supplier number", "supplier id"),
        "supplier/name": ("supplier name", "supplier account name", "order supplier name"),
        _SUPPLIERS_ITEM: ("supplier item", "supplier item number", "supplier item reference"),
        _ITEM: ("item number", "internal item number", "order item number"),
        _TEXT: ("item text", "item name", "line text", "order line text", "order item text"),
        _QUANTITY: (
            "quantity",
            "ordered quantity",
            "order quantity",
            "line quantity",
            "order line quantity",
            "line ordered quantity",
        ),
        _PRICE: (
            "each price",
            "supplier price",
            "net price",
            "each net price",
            "unit price",
            "net unit price",
            "order price",
            "unit cost",
            "each cost",
            "order unit cost",
            "order unit price",
        ),
        _UNIT: ("unit", "order unit", "item unit", "quantity unit", "order quantity unit"),
        _NEED: (
            "delivery date",
            "need date",
            "need delivery",
            "need delivery date",
            "order delivery date",
            "line delivery date",
            "line need delivery",
            "order need date",
            "line need date",
        ),
        "ORDER_DATE": ("order date", "ordered date"),
        _ACCOUNT: ("ledger account", "ledger account number", "line account number", "line item account number"),
    }.items()
    for notions in several
}


@lru_cache(maxsize=4096)
def composed_meaning(heading: str) -> str:
    """The meaning of a heading that is made of known words, or empty."""
    notions = notions_of(heading)
    if notions is None:
        return ""
    together = frozenset("unit" if each == "unit first" else each for each in notions)
    if together >= {"unit", "price"} and _is_price_unit(notions):
        return "PRICE_UNIT" if together <= {"unit", "price", "net", "order"} else ""
    if {"order", "supplier", "number"} == together:
        return _SUPPLIERS_ITEM if ("order", "number") in pairwise(notions) else "supplier/number"
    return _MEANINGS.get(together, "")


def _is_price_unit(notions: Sequence[str]) -> bool:
    """Whether it is the unit that prices are for: `Price Unit`, `Unità prezzo`; and not `Unit Price`."""
    price = notions.index("price")
    if "unit first" in notions:
        return notions.index("unit first") < price
    return price < notions.index("unit")
