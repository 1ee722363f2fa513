"""New orders that are kept, but not in the narrow tables yet."""

from collections.abc import Mapping
from typing import Any, NamedTuple

_TOLD_APART = 15


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
    """What the narrow table says of a line; numbers nearly, since SQLite's are not decimal."""
    get = line.get
    texts = get("price"), get("quantity"), get("total")
    numbers = [None if text is None else float(text) for text in texts]
    wide = 1 if any(map(is_wide, filter(None, texts))) else None
    return (line["id"], order, get("account"), get("item"), *numbers, wide, get("need-by-date"))


def is_wide(number: str) -> bool:
    """True if a decimal may have more digits than a binary number can tell apart from its neighbours', which is 15."""
    return len(number) > _TOLD_APART
