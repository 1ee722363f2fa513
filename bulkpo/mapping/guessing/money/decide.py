"""What is money, decided on two independent pieces of evidence or not at all.

A heading alone is one piece; that quantity times price is the amount in every row, that one article has one price at
any quantity, that prices differ between the lines of an order, are others. What contradicts the heading leaves it open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar, by_target
from bulkpo.mapping.guessing.money.factors import told_apart
from bulkpo.mapping.guessing.money.ordered import hold_against_more, second_of_quantity
from bulkpo.mapping.guessing.money.prices import PRICE_WORDS, QUANTITY_WORDS, per_article, says_each
from bulkpo.mapping.guessing.money.products import Product, fractions, products
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders, varies
from bulkpo.schema.notions import APART, heard

PRICE = "order-lines/price"
QUANTITY = "order-lines/quantity"
AMOUNT = "LINE_AMOUNT"
PER = "PRICE_UNIT"
_RIVALS = {
    PRICE: ("PRICE_WITH_TAX", "LOCAL_AMOUNT", "LIST_PRICE"),
    QUANTITY: ("RECEIVED", "INVOICED", "OPEN_QUANTITY", "OTHER_QUANTITY"),
}
"""What else a factor may be that is not named, if there is a column of it."""
_NOT_THE_AMOUNT = ("AMOUNT_WITH_TAX", "LOCAL_AMOUNT", "PRICE_WITH_TAX")
_MOST = 0.8
_OFTEN = 0.4
_Beside = tuple[ColumnSoFar | None, Product | None]
"""The column of the quantity, and the product that was found."""


@dataclass(frozen=True, slots=True)
class Money:
    """What was decided: the product that proves it, if there is one, and the column that prices are per.

    That column is known where the price is still open, too: whichever column is taken for the price is divided by it.
    """

    product: Product | None = None
    per: ColumnSoFar | None = None


def decide_money(table: TableCells, judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> Money:
    """Decide quantity, price and amount, or leave them open."""
    found = products(table, judged)
    product = next((each for each in found if _is_plausible(each, judged)), None)
    if product is not None:
        _by_product(product)
    elif table.has_headings:
        product = _by_arithmetic(found, table, judged)
    known = by_target(judged)
    for other in found:
        if product is None and _touches(other, (known.get(PRICE), known.get(QUANTITY))):
            _contradicted(other, known)
            break
    if PRICE not in known and table.has_headings:
        _offer_price(judged, known.get(PER))
    price, quantity, per = known.get(PRICE), known.get(QUANTITY), known.get(PER)
    if product is None:
        _open_what_reads_two_ways(table, (price, quantity))
    if product is None and price is not None and quantity is not None:
        _hold_against_amount(judged, (price, quantity), (found, orders))
    if price is not None and not price.is_open:
        _weigh_price(price, (table, orders, judged), (quantity, product))
    if quantity is not None and not quantity.is_open:
        _weigh_quantity(quantity, judged, product)
    hold_against_more(table, judged)
    return Money(product, None if per is None else _weigh_per(per, price, product))


def _open_what_reads_two_ways(table: TableCells, columns: Sequence[ColumnSoFar | None]) -> None:
    """Leave price and quantity open whose own cells do not say which mark parts thousands: `1.234` and no `1.23`."""
    for column, target in zip(columns, (PRICE, QUANTITY), strict=True):
        if column is None or column.is_open:
            continue
        written = table.written[column.column.column.number]
        if written.either and not written.says and not _has_fixed_decimals(table, column):
            column.open_between([target], "its numbers can be read two ways, and no amount says which is meant")


def _has_fixed_decimals(table: TableCells, column: ColumnSoFar) -> bool:
    """Whether every cell has three places behind what is the decimal mark of other columns: `6,000` beside `17,16`."""
    mark = table.marks.decimal if table.marks is not None else ""
    texts = [str(cell).strip() for cell in column.column.sample]
    said = any(mark in each.decimal for each in table.written.values())
    return bool(mark) and said and all(text[-4:-3] == mark and text.count(mark) == 1 for text in texts)


def _hold_against_amount(
    judged: Sequence[ColumnSoFar],
    columns: tuple[ColumnSoFar, ColumnSoFar],
    around: tuple[Sequence[Product], RowsAsOrders],
) -> None:
    """Leave price and quantity open where an amount of lines is not what they come to."""
    price, quantity = columns
    found, orders = around
    amount = next((each for each in judged if each.target == AMOUNT and each.column.shares.number > _MOST), None)
    if amount is None:
        return
    several, differing = varies(amount, orders)
    if several >= 2 and not differing:
        amount.settle("ORDER_AMOUNT", ("it says the same in every line of an order",))
        return
    other = next((each for each in found if each.has(price) and each.amount is amount), None)
    factor = None if other is None else other.other if other.one is price else other.one
    if other is not None and factor is not None and factor.target in _RIVALS[QUANTITY]:
        price.settle(PRICE, (other.said,))
        return
    reason = f"{quantity.title!r} x {price.title!r} is not {amount.title!r} in most rows"
    for each, target in ((price, PRICE), (quantity, QUANTITY)):
        if not each.is_open:
            each.open_between([target], reason)


def _offer_price(judged: Sequence[ColumnSoFar], per: ColumnSoFar | None) -> None:
    """Where no column is named as the price, leave those open that may be it: amounts, or numbers named so."""
    amounts = [each for each in judged if each.target in (AMOUNT, "ORDER_AMOUNT") and each.column.filled]
    named = [each for each in judged if not each.target and not PRICE_WORDS.isdisjoint(each.column.name.split())]
    unknown = [each for each in judged if not each.target and each.column.shares.number > _MOST]
    unknown = [each for each in unknown if QUANTITY_WORDS.isdisjoint(each.column.name.split())]
    said = (
        "no column is named as the price; it is one only where lines are bought by amount"
        if per is None
        else f"its name does not say plainly that it is the price; {per.title!r} says how many the price is for"
    )
    for each in amounts or named or unknown[:3]:
        each.target = PRICE
        each.open_between([PRICE], said)


def _is_swapped(product: Product) -> bool:
    """Whether quantities have decimals and prices none, so that the headings may stand over each other's columns."""
    price, quantity = product.one, product.other
    if price.target == QUANTITY or quantity.target == PRICE:
        price, quantity = quantity, price
    return fractions(quantity) > _OFTEN and fractions(price) == 0


def _is_plausible(product: Product, judged: Sequence[ColumnSoFar]) -> bool:
    """Whether the names of three columns that multiply allow them to be quantity, price and amount.

    One of the factors may have a name that is not known, if the other two are named and no other column may be it.
    """
    factors = {product.one.target, product.other.target}
    if product.amount.target not in (AMOUNT, "ORDER_AMOUNT", ""):
        return False
    if factors == {QUANTITY, PRICE}:
        return True
    missing = {QUANTITY: PRICE, PRICE: QUANTITY}.get(next(iter(factors - {""}), ""), "")
    rivals = _RIVALS.get(missing, ())
    is_free = bool(missing) and not any(each.target in (missing, *rivals) for each in judged)
    return factors == {"", *(factors - {""})} and product.amount.target == AMOUNT and is_free


def _touches(product: Product, columns: Sequence[ColumnSoFar | None]) -> bool:
    return any(each is not None and each in (product.one, product.other, product.amount) for each in columns)


def _by_product(product: Product) -> None:
    """Take factors and product for what their names and the rows say together, or leave them open if swapped."""
    if _is_swapped(product):
        said = "quantities have decimals and prices none: the headings may stand over each other's columns"
        product.one.open_between([PRICE, QUANTITY], said)
        product.other.open_between([PRICE, QUANTITY], said)
        return
    price, quantity = product.one, product.other
    if price.target == QUANTITY or quantity.target == PRICE:
        price, quantity = quantity, price
    price.settle(PRICE, (product.said,))
    quantity.settle(QUANTITY, (product.said,))
    product.amount.settle(AMOUNT, (product.said,))


def _by_arithmetic(found: Sequence[Product], table: TableCells, judged: Sequence[ColumnSoFar]) -> Product | None:
    """Take the factors of the only product for price and quantity where something besides tells which is which."""
    whole = [each for each in found if each.rows == each.tried and each.per is None]
    if len(whole) != 1 or whole[0].amount.target not in ("", AMOUNT, "ORDER_AMOUNT", PRICE):
        return None
    product = whole[0]
    mine = (product.one, product.other, product.amount)
    if any(each.target in (PRICE, QUANTITY) and each not in mine for each in judged):
        return None
    if any(each.target not in ("", PRICE, QUANTITY) for each in (product.one, product.other)):
        return None
    factors = told_apart(product, table, judged)
    if factors is None:
        return None
    factors.price.settle(PRICE, (product.said, factors.said))
    factors.quantity.settle(QUANTITY, (product.said, factors.said))
    product.amount.settle(AMOUNT, (product.said,))
    return product


def _contradicted(product: Product, known: dict[str, ColumnSoFar]) -> None:
    """Names say otherwise than the rows do: what is taken for price or quantity stays open."""
    for target in (PRICE, QUANTITY):
        column = known.get(target)
        if column is None or column.is_open:
            continue
        if column is product.amount or (target == PRICE and not product.has(column)):
            column.open_between([target], f"but {product.said}")
        elif product.has(column) and target == PRICE and product.amount.target in _NOT_THE_AMOUNT:
            column.open_between([target], f"but {product.said}, so that it may not be net, or in another currency")


def _weigh_price(
    price: ColumnSoFar, around: tuple[TableCells, RowsAsOrders, Sequence[ColumnSoFar]], beside: _Beside
) -> None:
    """Keep the price where a second piece of evidence stands beside its name; leave it open where something is odd."""
    table, orders, judged = around
    quantity, product = beside
    if product is not None and product.has(price):
        return
    named = next((each for each in price.candidates if each.target == PRICE), None)
    several, differing = varies(price, orders)
    said = per_article(table, judged, (price, quantity)) if quantity is not None else None
    rival = next((each for each in judged if each is not price and _may_be(each, PRICE_WORDS)), None)
    if named is None or not named.is_named:
        price.open_between([PRICE], "its name does not say plainly that it is the price of one")
    elif several >= 2 and not differing:
        price.open_between([PRICE], "it says the same in every line of an order, as an order's total does")
    elif said is False:
        price.open_between([PRICE], "for one article it grows with the quantity, as an amount does")
    elif quantity is not None and price.column.keys == quantity.column.keys:
        price.open_between([PRICE], "its cells are those of the quantity")
    elif rival is not None:
        price.open_between([PRICE], f"{rival.title!r} may be the price, too")
        rival.target = PRICE
        rival.open_between([PRICE], f"{price.title!r} may be the price, too")
    elif any(each.target == PER and any(one.is_named and one.by_values for one in each.candidates) for each in judged):
        price.settle(PRICE, ("a column beside it says how many it is for, which only prices of one have",))
    elif said:
        price.settle(PRICE, ("one article has one price at any quantity",))
    elif says_each(price.title):
        price.settle(PRICE, ("its name says that it is of one, and no other column may be the price",))
    else:
        price.open_between([PRICE], "nothing but its name says that it is the price of one, and not the amount")


def _weigh_quantity(quantity: ColumnSoFar, judged: Sequence[ColumnSoFar], product: Product | None) -> None:
    if product is not None and product.has(quantity):
        return
    if quantity.column.filled and quantity.column.shares.number < _MOST:
        quantity.open_between([QUANTITY], "its cells are not numbers alone; a unit stands beside them, perhaps")
        return
    named = next((each for each in quantity.candidates if each.target == QUANTITY), None)
    rival = next((each for each in judged if each is not quantity and _may_be(each, QUANTITY_WORDS)), None)
    second = second_of_quantity(quantity, judged) if named is not None and not named.is_named else ""
    if named is None or not (named.is_named or second):
        quantity.open_between([QUANTITY], "its name does not say plainly that it is what is ordered")
    elif rival is not None:
        quantity.open_between([QUANTITY], f"{rival.title!r} may be what is ordered, too")
    else:
        said = "it is a number in every line, and no other column may be what is ordered"
        quantity.settle(QUANTITY, (*((second,) if second else ()), said))


def _may_be(each: ColumnSoFar, words: frozenset[str]) -> bool:
    """Whether a column of numbers that is not recognised has a word in its name that would make it a rival."""
    if each.target or each.column.shares.number <= _MOST or words.isdisjoint(each.column.name.split()):
        return False
    return "per" not in each.column.name.split() and APART.isdisjoint(heard(each.title).notions)


def _weigh_per(per: ColumnSoFar, price: ColumnSoFar | None, product: Product | None) -> ColumnSoFar | None:
    """The column that prices are per, or None where it says 1 in every row or the rows contradict it."""
    if {str(cell).strip().partition(".")[0].partition(",")[0] for cell in per.column.counts} <= {"0", "1"}:
        per.reasons = (*per.reasons, "it says 1 in every row")
        return None
    if price is not None and product is not None and product.has(price) and product.per is None:
        per.reasons = (*per.reasons, f"prices are of one all the same: {product.said}")
        return None
    named = any(each.target == PER and each.is_named and each.by_values for each in per.candidates)
    if not named and price is not None:
        price.open_between([PRICE], f"{per.title!r} may say how many it is for, and it is divided by that")
    return per
