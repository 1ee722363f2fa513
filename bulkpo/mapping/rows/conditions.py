"""Conditions asked of rows, a column at a time: which to skip, and for which a column counts."""

from collections.abc import Mapping, Sequence
from operator import and_

from bulkpo.mapping.language.spec import Condition
from bulkpo.mapping.values.cells import loose_text
from bulkpo.model.table import PART, Cell
from bulkpo.model.text import visible

ColumnsByTitle = Mapping[str, Sequence[Cell]]

_MOST_REMEMBERED = 20_000


def rows_of_part(columns: ColumnsByTitle, part: str) -> list[bool] | None:
    """Row by row, whether it is of this part; None if the mapping knows no parts, and every row is."""
    return [cell == part for cell in columns[PART]] if part else None


class ConditionTest:
    """A condition ready to be asked of a column of cells."""

    def __init__(self, condition: Condition, blanks: frozenset[str]) -> None:
        self.condition = condition
        self._answers = _Answers(condition, blanks)

    def holds(self, columns: ColumnsByTitle) -> list[bool]:
        """Row by row, whether the condition holds."""
        mine = rows_of_part(columns, self.condition.part)
        if mine is not None and not any(mine):
            return mine
        holds = list(map(self._answers.__getitem__, columns[self.condition.column]))
        return holds if mine is None else list(map(and_, mine, holds))


class _Answers(dict[Cell, bool]):
    """Whether a condition holds for each distinct cell; for one not met before it is found out on look-up."""

    def __init__(self, condition: Condition, blanks: frozenset[str]) -> None:
        super().__init__()
        self._condition = condition
        self._blanks = blanks

    def __missing__(self, cell: Cell) -> bool:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        text = visible(loose_text(cell))
        text = "" if text in self._blanks else text
        self[cell] = answer = (text in self._condition.values) != self._condition.negated
        return answer
