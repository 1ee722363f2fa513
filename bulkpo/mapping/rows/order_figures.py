"""What rows and orders come to, and what their cells say they do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class RowFigures:
    """What the rows of a chunk come to, as ordered or as sent: the amount of each row's lines, and their number."""

    amounts: Sequence[Decimal]
    lines: Sequence[int]


class StatedFigure(NamedTuple):
    """What a cell says of its order: the number, its row, and a row that says otherwise, or 0."""

    number: Decimal
    row: int
    otherwise: int = 0


class OrderFigures(NamedTuple):
    """What some rows of one order come to, `amounts` and `lines` by what is counted (`ordered`, `open`).

    `stated` has what the rows say for each of the mapping's controls of orders.
    """

    key: str
    amounts: Mapping[str, Decimal]
    lines: Mapping[str, int]
    stated: tuple[StatedFigure | None, ...]
    is_bad: bool

    def plus(self, other: "OrderFigures") -> "OrderFigures":
        """The figures of more rows."""
        return OrderFigures(
            self.key,
            {of: amount + other.amounts[of] for of, amount in self.amounts.items()},
            {of: lines + other.lines[of] for of, lines in self.lines.items()},
            tuple(map(agreed, self.stated, other.stated)),
            self.is_bad or other.is_bad,
        )


def agreed(mine: StatedFigure | None, other: StatedFigure | None) -> StatedFigure | None:
    """What two cells say of one order: the first, with a row that says otherwise if there is one."""
    if mine is None or other is None:
        return mine or other
    differing = other.otherwise if mine.number == other.number else other.row
    return mine._replace(otherwise=mine.otherwise or differing)
