"""Which of two columns that multiply is the price and which the quantity, where names do not say so of both.

It takes two things besides the arithmetic, and none against: that a name says money or a count, that nearly all
quantities are whole and most prices have cents, that one article has one price at any quantity.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.money.prices import PRICE_WORDS, per_article
from bulkpo.mapping.guessing.money.products import Product, fractions
from bulkpo.model.vocabulary import CURRENCIES
from bulkpo.schema.notions import APART, heard

_PRICE, _QUANTITY = "order-lines/price", "order-lines/quantity"
_NEEDED = 2
_OFTEN, _MOSTLY = 0.4, 0.7
_SIGNS = "€£$¥₹"
_ONE_PRICE = "one article has one price at any quantity"


@dataclass(frozen=True, slots=True)
class Factors:
    """The price and the quantity of a product, and what tells which is which, in words."""

    price: ColumnSoFar
    quantity: ColumnSoFar
    said: str


def told_apart(product: Product, table: TableCells, judged: Sequence[ColumnSoFar]) -> Factors | None:
    """Which factor of a product is the price and which the quantity, or None where too little tells them apart."""
    one, other, by_name = product.one, product.other, table.has_headings
    if by_name and any(not APART.isdisjoint(heard(each.title).notions) for each in (one, other, product.amount)):
        return None
    for price, quantity in ((one, other), (other, one)):
        mine, against = (
            [
                *([_ONE_PRICE] if per_article(table, judged, pair) else ()),
                *_by_rows(*pair),
                *(_by_name(*pair) if by_name else ()),
            ]
            for pair in ((price, quantity), (quantity, price))
        )
        if len(mine) >= _NEEDED and not against:
            return Factors(price, quantity, ", and ".join(mine[:_NEEDED]))
    return None


def _by_rows(price: ColumnSoFar, quantity: ColumnSoFar) -> Iterator[str]:
    whole, cents = 1 - fractions(quantity), fractions(price)
    if (whole == 1 and cents > _OFTEN) or (whole >= _MOSTLY and cents >= _MOSTLY):
        yield "most quantities are whole"


def _by_name(price: ColumnSoFar, quantity: ColumnSoFar) -> Iterator[str]:
    if price.target == _PRICE or _says_money(price):
        yield f"{price.title!r} says money"
    if quantity.target == _QUANTITY or heard(quantity.title).says("quantity"):
        yield f"{quantity.title!r} says a quantity"


def _says_money(each: ColumnSoFar) -> bool:
    words = each.column.name.split()
    has_sign = any(sign in each.title for sign in _SIGNS) or any(word.upper() in CURRENCIES for word in words)
    return has_sign or not PRICE_WORDS.isdisjoint(words) or heard(each.title).says("price", "cost")
