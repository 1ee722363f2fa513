"""What a heading may mean of which only some words are known, or known by their beginnings: `Dt. Entrega Prev.`.

This is one piece of evidence and never two: the cells must bear it out. Words that set a column apart from the one
that its other words mean, as `received` does, make it a role, or nothing that one knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bulkpo.schema.notions import APART, Heard, heard

_MOST_UNKNOWN = 2
_PRICE, _QUANTITY, _UNIT = "order-lines/price", "order-lines/quantity", "order-lines/uom/code"
_NEED, _ITEM, _TEXT = "order-lines/need-by-date", "order-lines/item/item-number", "order-lines/description"
_SUPPLIERS_ITEM, _ACCOUNT = "order-lines/source-part-num", "order-lines/account/code"


@dataclass(frozen=True, slots=True)
class _Rule:
    """What notions mean together.

    `apart` is what they mean beside a word that sets the column apart, empty for nothing one knows; `despite` are such
    words that change nothing; `is_whole` says that every word must be known.
    """

    notions: str
    targets: tuple[str, ...]
    apart: Mapping[str, str] = field(default_factory=dict)
    despite: frozenset[str] = frozenset()
    is_whole: bool = False

    def fits(self, said: Heard) -> bool:
        """Whether a heading says all of these notions."""
        return set(self.notions.split()) <= set(said.notions)


_OF_DATES = {
    "received": "RECEIPT_DATE",
    "invoiced": "INVOICE_DATE",
    "confirmed": "PROMISED_DATE",
    "ending": "PROMISED_DATE",
    "written": "ORDER_DATE",
    "payment": "INVOICE_DATE",
}
_OF_NEED = {"confirmed": "PROMISED_DATE"}
_OF_QUANTITIES = {
    "received": "RECEIVED",
    "invoiced": "INVOICED",
    "open": "OPEN_QUANTITY",
    "cancelled": "OTHER_QUANTITY",
    "confirmed": "OTHER_QUANTITY",
    "other": "OTHER_QUANTITY",
    "base": "",
}
_OF_PRICES = {"tax": "PRICE_WITH_TAX", "other": "LIST_PRICE"}
_OF_AMOUNTS = {"received": "RECEIVED", "invoiced": "INVOICED", "open": "AMOUNT_OPEN"}
_OF_SUPPLIERS = {"place": "SUPPLIER_DETAIL"}
_MAKERS = ("order-lines/manufacturer-part-number",)
_RULES = (
    _Rule("manufacturer item", _MAKERS),
    _Rule("manufacturer number", _MAKERS),
    _Rule("manufacturer reference", _MAKERS),
    _Rule("manufacturer name", ("order-lines/manufacturer-name",)),
    _Rule("manufacturer", ("order-lines/manufacturer-name",), is_whole=True),
    _Rule("need date", (_NEED,), _OF_NEED, frozenset(("received", "written"))),
    _Rule("need delivery", (_NEED,), _OF_NEED),
    _Rule("delivery date", (_NEED,), _OF_DATES),
    _Rule("order date", ("ORDER_DATE",), _OF_DATES),
    _Rule("ordered date", ("ORDER_DATE",), _OF_DATES),
    _Rule("document date", ("ORDER_DATE",), _OF_DATES),
    _Rule("date", (), _OF_DATES),
    _Rule("payment terms", ("payment-term/code",), despite=frozenset(("payment",))),
    _Rule("delivery terms", ("shipping-term/code",)),
    _Rule("delivery place number", ("ship-to-address/location-code",), despite=frozenset(("place",))),
    _Rule("quantity unit", (_UNIT, _QUANTITY), _OF_QUANTITIES),
    _Rule("quantity price", ()),
    _Rule("quantity", (_QUANTITY,), _OF_QUANTITIES),
    _Rule("ordered", (_QUANTITY,), is_whole=True),
    _Rule("amount", (), _OF_AMOUNTS),
    _Rule("supplier item name", ()),
    _Rule("supplier item text", ()),
    _Rule("supplier item", (_SUPPLIERS_ITEM,), _OF_SUPPLIERS),
    _Rule("supplier name", ("supplier/name",), _OF_SUPPLIERS, frozenset(("company",))),
    _Rule("supplier number", ("supplier/number",), _OF_SUPPLIERS),
    _Rule("supplier id", ("supplier/number",), _OF_SUPPLIERS),
    _Rule("supplier", ("supplier/number", "supplier/name"), _OF_SUPPLIERS, is_whole=True),
    _Rule("price", (_PRICE,), _OF_PRICES),
    _Rule("cost unit", (_PRICE,), _OF_PRICES),
    _Rule("cost each", (_PRICE,), _OF_PRICES),
    _Rule("item number", (_ITEM,)),
    _Rule("item id", (_ITEM,)),
    _Rule("item text", (_TEXT,)),
    _Rule("item name", (_TEXT,)),
    _Rule("item reference", (_ITEM, _SUPPLIERS_ITEM)),
    _Rule("item", (_ITEM, _TEXT), is_whole=True),
    _Rule("item unit", (_UNIT,)),
    _Rule("order unit", (_UNIT,)),
    _Rule("unit", (_UNIT,), is_whole=True),
    _Rule("ledger account", (_ACCOUNT,)),
    _Rule("order document", ("po-number",)),
    _Rule("document number", ("po-number",), is_whole=True),
    _Rule("line number", ("order-lines/line-num",)),
    _Rule("text", (_TEXT,), is_whole=True),
    _Rule("need", (_NEED,)),
    _Rule("delivery", (_NEED,), is_whole=True),
)
"""The first rule that fits a heading decides."""


@lru_cache(maxsize=4096)
def heard_meanings(heading: str) -> tuple[str, ...]:
    """What a heading may mean by those of its words that are known, the likeliest first."""
    first = heading.partition("/")[0]
    said = heard(first if heard(first).notions == ("supplier",) else heading)  # a vendor or the plant that supplies
    if not said.notions or said.unknown > _MOST_UNKNOWN:
        return ()
    rule = next((rule for rule in _RULES if rule.fits(said)), None)
    if rule is None:
        return ()
    apart = APART.intersection(said.notions)
    role = next((role for notion, role in rule.apart.items() if notion in apart), None)
    if role is not None:
        return (role,) if role else ()
    is_other = apart - rule.despite or (rule.is_whole and said.unknown)
    return () if is_other else rule.targets


def preferred(target: str, one: str, other: str) -> str | None:
    """Which of two headings that may mean one element says so more plainly; None if neither does.

    A word that sets a column apart yields to none, what only refers to something yields to its number.
    """
    if target not in _SAID_BY and not target.startswith("order-lines/"):
        return None
    ranks = {heading: _rank(target, heard(heading)) for heading in (one, other)}
    if one == other or ranks[one] == ranks[other]:
        return None
    return min(ranks, key=lambda heading: ranks[heading])


def set_apart(target: str, said: Heard) -> frozenset[str]:
    """The notions of a heading by which its column is another than the one of this element."""
    apart = APART.intersection(said.notions) - _DESPITE.get(target, frozenset())
    return apart - {"received", "written"} if target == _NEED and said.says("need") else apart


def _rank(target: str, said: Heard) -> tuple[bool, ...]:
    return bool(set_apart(target, said)), *(not said.says(*notions.split()) for notions in _SAID_BY.get(target, ()))


_DESPITE = {"supplier/name": frozenset(("company",)), "supplier/number": frozenset(("company",))}
"""What sets other columns apart, and not those of these elements."""
_SAID_BY = {
    _NEED: ("need",),
    _SUPPLIERS_ITEM: ("item",),
    _ITEM: ("number id", "item"),
    "supplier/number": ("number id", "supplier"),
    "supplier/name": ("name", "supplier"),
    _TEXT: ("line item",),
}
"""The notions that a heading of an element has, by how much they say."""
