"""The totals rows that agree with the lines, by column: how many figures do, and what the last of them says."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple


class AgreedColumn(NamedTuple):
    """A column in which totals rows agree with the lines: how many figures do, and the last of them."""

    column: str
    figures: int
    last: Decimal


class AgreedTotals:
    """Counts the figures that agree."""

    def __init__(self) -> None:
        self._columns: dict[str, AgreedColumn] = {}

    def note(self, column: str, number: Decimal) -> None:
        """Count a figure; one of nothing says nothing."""
        known = self._columns.get(column)
        if number:
            self._columns[column] = AgreedColumn(column, known.figures + 1 if known else 1, number)

    def __iter__(self) -> Iterator[AgreedColumn]:
        return iter(self._columns.values())
