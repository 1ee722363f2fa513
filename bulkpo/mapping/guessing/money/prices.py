"""Whether a column is the price of one: by what its name says, and by what one article costs at other quantities."""

from collections.abc import Sequence
from decimal import Decimal

from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.schema.names import plain_name

_ARTICLES = ("order-lines/item/item-number", "order-lines/source-part-num", "order-lines/description")
_EACH_WORDS = """
unit unitaire unitario unitaria einzel stuck stuckpreis each piece netpr rate ep pu un eenheid stuk
stuksprijs eenheidsprijs unite unidad unita unidade einheit stk
"""
_EACH = frozenset(_EACH_WORDS.split())
_PRICES = """
price preis prix precio prezzo preco prijs cost rate kosten tarif cout coste costo custo kostprijs
"""
PRICE_WORDS = frozenset(_PRICES.split())
"""Words of prices in the names of columns, in their plain form."""
QUANTITY_WORDS = frozenset(
    ("quantity", "menge", "quantite", "cantidad", "quantita", "quantidade", "aantal", "units", "anzahl")
)
"""Words of quantities, in their plain form."""
_FEWEST = 3
_CLOSE = Decimal("0.3")


def says_each(title: str) -> bool:
    """Whether a name says that a price is of one: `Unit Price`, `Einzelpreis`, `Price each`."""
    words = frozenset(plain_name(title).split())
    return not words.isdisjoint(_EACH)


def per_article(
    table: TableCells, judged: Sequence[ColumnSoFar], columns: tuple[ColumnSoFar, ColumnSoFar]
) -> bool | None:
    """True where articles keep their price at other quantities, False where it grows with these, None if none tells."""
    price, quantity = columns
    articles = next((each for name in _ARTICLES for each in judged if each.target == name and each.column.filled), None)
    if articles is None:
        return None
    seen: dict[str, tuple[Decimal, Decimal]] = {}
    same = grown = 0
    cells = zip(
        articles.column.keys[:: table.step], table.numbers(price.column), table.numbers(quantity.column), strict=True
    )
    for name, amount, count in cells:
        if not name or not amount or not count:
            continue
        first_amount, first_count = seen.setdefault(name, (amount, count))
        if first_count != count:
            same += _is_close(amount, first_amount)
            grown += _is_close(amount * first_count, first_amount * count)
    if same + grown < _FEWEST:
        return None
    return True if same > 3 * grown else False if grown > 3 * same else None


def _is_close(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= _CLOSE * abs(other)
