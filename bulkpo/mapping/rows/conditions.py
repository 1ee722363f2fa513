"""Conditions asked of rows, a column at a time: which to skip, to refuse, and for which a column counts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from operator import and_, eq, ge, gt, le, lt, or_

from bulkpo.mapping.language.conditions import (
    Comparison,
    Condition,
    Matching,
    RowTest,
    Together,
    single_tests,
)
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.values.cells import loose_text, reader_for
from bulkpo.mapping.values.dates import DateReader
from bulkpo.mapping.values.numbers import NumberReader
from bulkpo.mapping.values.unreadable import Trouble, Unreadable
from bulkpo.model.table import PART, Cell
from bulkpo.model.text import visible
from bulkpo.schema.tables import Element

ColumnsByTitle = Mapping[str, Sequence[Cell]]

_MOST_REMEMBERED = 20_000
_OPERATORS: Mapping[str, Callable[..., bool]] = {"equals": eq, "gt": gt, "gt_or_eq": ge, "lt": lt, "lt_or_eq": le}
_NUMBER, _DATE = Element("", "decimal"), Element("", "date")

Comparable = Decimal | str
"""A number, or a date as 2026-01-31."""


def rows_of_part(columns: ColumnsByTitle, part: str) -> list[bool] | None:
    """Row by row, whether it is of this part; None if the mapping knows no parts, and every row is."""
    return [cell == part for cell in columns[PART]] if part else None


class ConditionTest:
    """A condition ready to be asked of rows."""

    def __init__(self, condition: RowTest, mapping: ImportMapping) -> None:
        self.condition = condition
        self._holds = _asked(condition, mapping)

    def holds(self, columns: ColumnsByTitle) -> list[bool]:
        """Row by row, whether the condition holds."""
        mine = rows_of_part(columns, self.condition.part)
        if mine is not None and not any(mine):
            return mine
        holds = self._holds(columns)
        return holds if mine is None else list(map(and_, mine, holds))


def every_condition(mapping: ImportMapping) -> list[RowTest]:
    """All the conditions of a mapping: of rows to skip, of columns that count, and of what is required."""
    whens = [
        target.when for level in mapping.levels for each in level.variants for slot in each for target in slot.targets
    ]
    asserted = [test for each in mapping.assertions for test in (each.test, *each.when)]
    return [*mapping.skip_rows, *(test for when in whens for test in when), *asserted]


def all_hold(tests: Iterable[ConditionTest], columns: ColumnsByTitle, mask: list[bool] | None) -> list[bool] | None:
    """Row by row, whether all of some tests hold beside a mask; None where there is neither."""
    for test in tests:
        if mask is not None and not any(mask):
            return mask
        holds = test.holds(columns)
        mask = holds if mask is None else list(map(and_, mask, holds))
    return mask


def _asked(condition: RowTest, mapping: ImportMapping) -> Callable[[ColumnsByTitle], list[bool]]:
    if isinstance(condition, Together):
        tests = [_asked(test, mapping) for test in condition.tests]
        join = and_ if condition.kind == "all" else or_

        def together(columns: ColumnsByTitle) -> list[bool]:
            first, *others = (test(columns) for test in tests)
            for holds in others:
                first = list(map(join, first, holds))
            return first

        return together
    if isinstance(condition, Comparison) and condition.other:
        compare = _OPERATORS[condition.operator]
        read = {title: ComparedCells(condition, title, mapping) for title in (condition.column, condition.other)}

        def compared(columns: ColumnsByTitle) -> list[bool]:
            mine, others = (
                map(read[title].__getitem__, columns[title]) for title in (condition.column, condition.other)
            )
            return [
                isinstance(left, Decimal) and isinstance(right, Decimal) and compare(left, right)
                for left, right in zip(mine, others, strict=True)
            ]

        return compared
    answers = _Answers(condition, mapping)
    return lambda columns: list(map(answers.__getitem__, columns[condition.column]))


class ComparedCells(dict[Cell, "Comparable | Trouble | None"]):
    """The number or date that each distinct cell of a compared column stands for, None if empty, or what is wrong."""

    def __init__(self, comparison: Comparison, title: str, mapping: ImportMapping) -> None:
        super().__init__()
        element, marks = _DATE if comparison.is_of_dates else _NUMBER, mapping.marks_of(title)
        self._read = reader_for(element, NumberReader(marks.numbers), DateReader(marks.dates))
        self._is_of_dates = comparison.is_of_dates
        self._blanks = marks.blanks

    def __missing__(self, cell: Cell) -> "Comparable | Trouble | None":
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        self[cell] = found = self._found(cell)
        return found

    def _found(self, cell: Cell) -> "Comparable | Trouble | None":
        if cell is None or visible(loose_text(cell)) in {"", *self._blanks}:
            return None
        try:
            value = self._read(cell)
        except Unreadable as error:
            return Trouble(0, error.code, error.message)
        return value if value is None or self._is_of_dates else Decimal(value)


class _Answers(dict[Cell, bool]):
    """Whether a condition holds for each distinct cell; for one not met before it is found out on look-up."""

    def __init__(self, condition: Condition | Comparison | Matching, mapping: ImportMapping) -> None:
        super().__init__()
        self._blanks = mapping.marks_of(condition.column).blanks
        self._answer = (
            self._compared(condition, mapping) if isinstance(condition, Comparison) else self._said(condition)
        )

    def __missing__(self, cell: Cell) -> bool:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        self[cell] = answer = self._answer(cell)
        return answer

    def _said(self, condition: Condition | Matching) -> Callable[[Cell], bool]:
        def said(cell: Cell) -> bool:
            text = visible(loose_text(cell))
            text = "" if text in self._blanks else text
            if isinstance(condition, Matching):
                return condition.pattern.matches(text)
            return (text in condition.values) != condition.negated

        return said

    def _compared(self, comparison: Comparison, mapping: ImportMapping) -> Callable[[Cell], bool]:
        cells, compare = ComparedCells(comparison, comparison.column, mapping), _OPERATORS[comparison.operator]
        operand = str(comparison.operand) if comparison.is_of_dates else comparison.operand

        def compared(cell: Cell) -> bool:
            found = cells[cell]
            return found is not None and not isinstance(found, Trouble) and compare(found, operand)

        return compared


class UnreadableCells:
    """Finds the cells that some conditions are to compare and cannot read, so that none is silently false."""

    def __init__(self, mapping: ImportMapping) -> None:
        self._compared: dict[tuple[str, bool, str], ComparedCells] = {}
        for test in single_tests(every_condition(mapping)):
            if isinstance(test, Comparison):
                for title in filter(None, (test.column, test.other)):
                    cells = ComparedCells(test, title, mapping)
                    self._compared.setdefault((title, test.is_of_dates, test.part), cells)

    def among(self, columns: ColumnsByTitle) -> Iterator[tuple[str, Trouble]]:
        """The cells, with the titles of their columns."""
        for (title, _, part), cells in self._compared.items():
            found = list(map(cells.__getitem__, columns[title]))
            if Trouble in set(map(type, found)):
                mine = rows_of_part(columns, part) or repeat(True)  # noqa: FBT003 - every row
                for place, (each, is_mine) in enumerate(zip(found, mine, strict=False)):
                    if is_mine and isinstance(each, Trouble):
                        yield title, each.at(place)
