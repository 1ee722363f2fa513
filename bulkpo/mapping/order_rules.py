"""Rules between the elements of one order, as Coupa's purchase order pages give them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bulkpo.mapping.import_spec import ImportMapping
from bulkpo.model.document import Document, Level, Member

AMOUNT_LINE = "OrderAmountLine"
SILENT = "do_not_transmit"


@dataclass(frozen=True, slots=True)
class OrderBreach:
    """A broken rule: code, message, row, and the element with its level and position in the layout."""

    code: str
    message: str
    row: int
    element: str
    level: int
    position: int


class OrderRules:
    """The rules one mapping's orders must keep; elsewhere than on purchase orders there are none."""

    def __init__(self, mapping: ImportMapping) -> None:
        levels = [each.level for each in mapping.levels]
        self._is_order = mapping.resource.object == "order-header"
        self._silent = positions(levels[0], "transmission-method-override") if mapping.silent else []
        lines = levels[1] if len(levels) > 1 and levels[1].collection == "order-lines" else None
        self._type = positions(lines, "type")
        self._quantity = positions(lines, "quantity")
        self._uom = positions(lines, "uom")
        allocations = levels[2] if len(levels) > 2 and levels[2].collection == "account-allocations" else None
        self._percent = positions(allocations, "pct")

    def check(self, document: Document) -> Iterator[OrderBreach]:
        """Every rule a document breaks."""
        if not self._is_order:
            return
        for position in self._silent:
            value = document.values[position]
            if value != SILENT:
                message = f"the mapping is silent: required, but the order would be sent to its supplier; send {SILENT}"
                name = "transmission-method-override"
                yield OrderBreach("not-silent", message, document.row, name, 0, position)
        for line in document.members:
            yield from self._check_line(line)

    def _check_line(self, line: Member) -> Iterator[OrderBreach]:
        kind = line.values[self._type[0]] if self._type else None
        if kind == AMOUNT_LINE:
            for name, places in (("quantity", self._quantity), ("uom", self._uom)):
                if _any(line, places):
                    message = f"an amount line has no {name}; leave it empty, or make it a quantity line"
                    yield OrderBreach(
                        "amount-line-with-quantity", message, line.row, f"order-lines/{name}", 1, places[0]
                    )
        elif self._quantity and not _any(line, self._quantity):
            message = "a quantity line needs a quantity; fill it in, or make it an amount line"
            yield OrderBreach("quantity-missing", message, line.row, "order-lines/quantity", 1, self._quantity[0])
        if self._percent and line.members:
            place = self._percent[0]
            total = sum((Decimal(below.values[place] or 0) for below in line.members), Decimal(0))
            if total != 100:
                message = f"the allocations of the line add up to {total} percent, not 100; correct them"
                name = "order-lines/account-allocations/pct"
                yield OrderBreach("allocations-not-100", message, line.row, name, 2, place)


def positions(level: Level | None, name: str) -> list[int]:
    """Where an element, or the elements below it, stand among a level's fields."""
    if level is None:
        return []
    return [place for place, field in enumerate(level.fields) if field.path.names[0] == name]


def _any(line: Member, places: Sequence[int]) -> bool:
    return any(line.values[place] is not None for place in places)
