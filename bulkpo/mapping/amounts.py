"""What an order is worth, found in a document by its layout, for control totals."""

from decimal import Decimal

from bulkpo.model.document import Document, Layout, Value
from bulkpo.model.totals import line_amount


class OrderAmounts:
    """Currency, number of lines and amount of documents of one layout."""

    def __init__(self, layout: Layout) -> None:
        lines = layout.below
        self._header_currency = _position(layout, "currency/code")
        self._currency = _position(lines, "currency/code")
        self._type = _position(lines, "type")
        self._price = _position(lines, "price")
        self._quantity = _position(lines, "quantity")

    def of(self, document: Document) -> tuple[str, int, Decimal]:
        """An order's currency ("" if it names none), its number of lines, and its exact amount."""
        amount = Decimal(0)
        kind, price, quantity = self._type, self._price, self._quantity
        for line in document.members:
            values = line.values
            amount += line_amount(
                None if kind is None else values[kind],
                None if price is None else values[price],
                None if quantity is None else values[quantity],
            )
        currency = _at(document.values, self._header_currency)
        if currency is None and document.members:
            currency = _at(document.members[0].values, self._currency)
        return currency or "", len(document.members), amount


def _position(level: Layout | None, path: str) -> int | None:
    fields = level.fields if level is not None else ()
    return next((place for place, field in enumerate(fields) if str(field.path) == path), None)


def _at(values: tuple[Value, ...], place: int | None) -> Value:
    return None if place is None else values[place]
