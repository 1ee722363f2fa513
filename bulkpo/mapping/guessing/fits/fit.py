"""How well cells fit what a name says, as a value with its reason."""

from dataclasses import dataclass
from operator import itemgetter

from bulkpo.mapping.guessing.cells.column import ColumnCells


@dataclass(frozen=True, slots=True)
class Fit:
    """1 where the values speak for a meaning, 0 where they say nothing, -1 where they speak against it; and why."""

    value: int
    reason: str


SAYS_NOTHING = Fit(0, "")


def usual(column: ColumnCells) -> str:
    """The text that stands in most cells."""
    return str(max(column.counts.items(), key=itemgetter(1))[0])
