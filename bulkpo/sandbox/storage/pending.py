"""New orders that are kept, but not in the narrow tables yet."""

from collections.abc import Mapping
from decimal import Decimal
from math import inf, nextafter
from typing import Any, NamedTuple

_DIGITS = 15


class NarrowRows(NamedTuple):
    """What the narrow tables hold of an order: its row, which begins with id and po-number, and its lines' rows."""

    order: tuple[Any, ...]
    lines: list[tuple[object, ...]]


class Late:
    """The rows that are to be written, in the order of ids."""

    def __init__(self) -> None:
        self.rows: list[NarrowRows] = []
        self._numbers: set[object] = set()  # every po-number of the rows, and perhaps some that were cut

    def add(self, rows: NarrowRows) -> None:
        """Note a new order."""
        self.rows.append(rows)
        self._numbers.add(rows.order[1])

    def cut(self, count: int) -> None:
        """Forget all but the first so many."""
        del self.rows[count:]

    def numbered(self, po_number: str | None) -> list[int]:
        """The ids of those that have a po-number."""
        if po_number not in self._numbers:
            return []
        return [rows.order[0] for rows in self.rows if rows.order[1] == po_number]


def narrow_rows(order: Mapping[str, Any]) -> NarrowRows:
    """What the narrow tables are to hold of an order."""
    id_, get = order["id"], order.get
    row = (id_, get("po-number"), get("status"), get("supplier"), get("exported"))
    lines = [_line_row(line, id_) for line in order["order-lines"]]
    return NarrowRows((*row, order["created-at"], order["updated-at"], get("version")), lines)


def _line_row(line: Mapping[str, Any], order: int) -> tuple[object, ...]:
    get = line.get
    numbers = [None if (text := get(name)) is None else binary(text) for name in ("price", "quantity", "total")]
    return (line["id"], order, get("account"), get("item"), *numbers, get("need-by-date"))


def binary(number: str) -> float:
    """A decimal as a binary number, which SQLite can compare.

    It compares with that of any `short` decimal as the decimals do. Longer ones may fall together with each other.
    """
    found = float(number)
    if is_short(number):
        return found
    near, exact = Decimal(f"{found:.{_DIGITS}g}"), Decimal(number)
    if exact == near or float(near) != found:
        return found
    return nextafter(found, inf if exact > near else -inf)


def is_short(number: str) -> bool:
    """True of a decimal with so few digits that its binary number belongs to no other such decimal."""
    return len(number) <= _DIGITS
