"""Lines that are bought by amount among others: no quantity and no price, but an amount, and a unit that says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar, by_target
from bulkpo.mapping.guessing.money.decide import AMOUNT, PRICE, QUANTITY
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders

UNIT = "order-lines/uom/code"
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class AmountLines:
    """The column and the text by which such lines are known, and the column that has their amounts."""

    unit: ColumnSoFar
    text: str
    amount: ColumnSoFar
    rows: int


def amount_lines(judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> AmountLines | None:
    """Such lines, where one unit tells them from all others; None where there are none, or no unit does."""
    known = by_target(judged)
    columns = [known.get(target) for target in (UNIT, AMOUNT, QUANTITY, PRICE)]
    unit, amount, quantity, price = columns
    if unit is None or amount is None or quantity is None or price is None:
        return None
    if any(each.is_open for each in (unit, amount, quantity, price)):
        return None
    rows = zip(unit.column.keys, amount.column.keys, quantity.column.keys, price.column.keys, strict=True)
    with_amount: set[str] = set()
    others: set[str] = set()
    count = 0
    for text, total, ordered, each in rows:
        if total and not each and not ordered:
            with_amount.add(text)
            count += 1
        elif each or ordered:
            others.add(text)
    if count < _FEWEST or len(with_amount) != 1 or with_amount & others or "" in with_amount or not any(orders.keys):
        return None
    return AmountLines(unit, with_amount.pop(), amount, count)
