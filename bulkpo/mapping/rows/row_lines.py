"""What the lines of rows come to, row by row: of rows that are sent, and of those that the mapping skips."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from bulkpo.mapping.kinds.amounts import LineAmounts
from bulkpo.mapping.language.spec import ImportMapping, Slot
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.rows.slots import SlotConverter
from bulkpo.model.document import Value
from bulkpo.model.totals import AMOUNT_LINE

PRICE, QUANTITY = "order-lines/price", "order-lines/quantity"
_PATHS = (PRICE, QUANTITY, "order-lines/type")
_CURRENCIES = ("currency/code", "order-lines/currency/code")
_NOTHING = Decimal(0)

Triple = tuple[Sequence[Value], Sequence[Value], Sequence[Value]]
"""Columns of prices, quantities and types."""


class Line(NamedTuple):
    """What a row's lines come to; `lines` is how many they are, `is_known` false where a number cannot be read."""

    amount: Decimal = _NOTHING
    quantity: Decimal = _NOTHING
    lines: int = 0
    is_known: bool = True
    currency: Value = None


class PassedLines(NamedTuple):
    """What lines of rows judged elsewhere come to: how many they are, and sums.

    `amounts` are by currency, None for none; `in_cents` and `quantity_in_cents` add up each line at two decimals.
    """

    lines: int
    amounts: Sequence[tuple[Value, Decimal]]
    in_cents: Decimal
    quantity: Decimal
    quantity_in_cents: Decimal


class RowLines:
    """Adds up the lines of one mapping's rows."""

    def __init__(self, mapping: ImportMapping) -> None:
        variants = mapping.levels[1].variants
        fields = [field.full_path for field in mapping.levels[1].level.fields]
        self._places = [fields.index(path) if path in fields else None for path in _PATHS]
        self._converters = [
            [None if place is None else SlotConverter(slots[place], mapping) for place in self._places]
            for slots in variants
        ]
        self._amounts = LineAmounts(mapping.layout)
        slots = (slot for level in mapping.levels[:2] for slot in level.variants[0])
        self.names_currencies = any(slot.targets for slot in slots if slot.path in _CURRENCIES)
        self._counted = {slot.path for slots in variants for slot in self._of(slots) if slot is not None}

    def _of(self, slots: Sequence[Slot]) -> list[Slot | None]:
        return [None if place is None else slots[place] for place in self._places[:2]]

    def of(self, records: Records) -> list[Line]:
        """What the lines of records come to."""
        nothing: list[Value] = [None] * len(records.rows)
        variants = []
        for columns in records.levels[1]:
            prices, quantities, kinds = (nothing if place is None else columns[place] for place in self._places)
            variants.append((prices, quantities, kinds))
        lines = _added(variants)
        if lines and self.names_currencies:
            of_orders, own = self._amounts.currencies(records.levels[0][0], records.levels[1][0])
            named = zip(lines, of_orders, own, strict=True)
            lines = [line._replace(currency=mine or its) for line, its, mine in named]
        for place, paths in records.troubled.items():
            if not self._counted.isdisjoint(paths):
                lines[place] = lines[place]._replace(is_known=False)
        return lines

    def of_skipped(self, columns: ColumnsByTitle, count: int) -> list[Line]:
        """What the lines of some rows come to that are skipped; a number that cannot be read is none."""
        nothing: list[Value] = [None] * count
        variants = []
        for converters in self._converters:
            prices, quantities, kinds = (
                nothing if each is None else each.column(columns, count)[0] for each in converters
            )
            variants.append((prices, quantities, kinds))
        return _added(variants)


def _added(variants: Sequence[Triple]) -> list[Line]:
    first, *others = (list(_lines(*each)) for each in variants)
    for other in others:
        first = [
            Line(mine.amount + its.amount, mine.quantity + its.quantity, mine.lines + its.lines)
            for mine, its in zip(first, other, strict=True)
        ]
    return first


def _lines(prices: Sequence[Value], quantities: Sequence[Value], kinds: Sequence[Value]) -> Iterator[Line]:
    for price, quantity, kind in zip(prices, quantities, kinds, strict=True):
        ordered = _NOTHING if quantity is None else Decimal(quantity)
        if price is None:
            yield Line(quantity=ordered, lines=int(quantity is not None))
        else:
            by = ordered if quantity is not None and kind != AMOUNT_LINE else 1
            yield Line(Decimal(price) * by, ordered, 1)
