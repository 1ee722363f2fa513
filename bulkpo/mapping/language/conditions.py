"""Conditions of a mapping: what a row's cells must be like for a column to count, a row to be skipped or refused.

A block of conditions on columns holds where all of them do; `any:` and `all:` in it are lists of such blocks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bulkpo.mapping.language.blocks import Block, ReportProblem, parse_pattern, yaml_text
from bulkpo.model.pattern import Pattern
from bulkpo.yamldoc import Keys

COMPARED = {
    "equals": "=",
    "gt": "above",
    "gt_or_eq": "at least",
    "lt": "below",
    "lt_or_eq": "at most",
}
GROUPS = ("any", "all")
_SAID: Mapping[str, Callable[[Any], tuple[Sequence[object], bool]]] = {
    "blank": lambda value: ([""], not value),
    "not": lambda value: ([value], True),
    "in": lambda values: (values, False),
    "not_in": lambda values: (values, True),
}
"""The values a test of text names, and whether the text must be none of them."""

NeedsColumn = Callable[[str, Keys], None]
"""Notes that a mapping needs a column, and the keys that name it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of a row: the column's text is one of `values`, or is none of them if `negated`; "" is an empty cell.

    `part` is the table or record type the test is for; it holds for no row of another.
    """

    column: str
    values: frozenset[str]
    negated: bool = False
    part: str = ""

    def __str__(self) -> str:
        shown = ", ".join(value or "(empty)" for value in sorted(self.values))
        return f"{self.column} {'not ' if self.negated else ''}{shown}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A test of a row: the column's number or date compared (see COMPARED) with one, or with another column's number.

    An empty cell meets no comparison.
    """

    column: str
    operator: str
    operand: Decimal | date | None = None
    other: str = ""
    part: str = ""

    @property
    def is_of_dates(self) -> bool:
        """Whether dates are compared, not numbers."""
        return isinstance(self.operand, date)

    def __str__(self) -> str:
        shown = format(self.operand, "f") if isinstance(self.operand, Decimal) else str(self.operand)
        return f"{self.column} {COMPARED[self.operator]} {self.other or shown}"


@dataclass(frozen=True, slots=True)
class Matching:
    """A test of a row: all of the column's text matches a pattern."""

    column: str
    pattern: Pattern
    part: str = ""

    def __str__(self) -> str:
        return f"{self.column} matches {self.pattern.text}"


@dataclass(frozen=True, slots=True)
class Together:
    """A test of a row: any of several tests holds, or all of them do."""

    kind: str
    tests: "tuple[RowTest, ...]"
    part: str = ""

    def __str__(self) -> str:
        return (" or " if self.kind == "any" else " and ").join(
            f"({test})" if isinstance(test, Together) else str(test) for test in self.tests
        )


RowTest = Condition | Comparison | Matching | Together


@dataclass(frozen=True, slots=True)
class Assertion:
    """What the cells of a column must be like, or must not be like if `refused`, in the rows where `when` holds.

    `is_told_only` where a cell that is not so is a notice.
    """

    column: str
    test: RowTest
    when: tuple[RowTest, ...] = ()
    refused: bool = False
    reason: str = ""
    part: str = ""
    is_told_only: bool = False


def single_tests(tests: Sequence[RowTest]) -> Iterator[Condition | Comparison | Matching]:
    """The tests of single columns that some tests are made of."""
    for test in tests:
        if isinstance(test, Together):
            yield from single_tests(test.tests)
        else:
            yield test


class ConditionParser:
    """Parses conditions, and notes the columns they need."""

    def __init__(self, report: ReportProblem, needs: NeedsColumn) -> None:
        self._report = report
        self._needs = needs

    def block(self, data: Mapping[str, Any], block: Block, keys: Keys, part: str = "") -> tuple[RowTest, ...]:
        """The tests of a block of conditions, one for each of its entries; `part` where they name their own rows."""
        return tuple(self._entry(name, test, block, (*keys, name), part) for name, test in data.items())

    def assertion(self, data: Mapping[str, Any], column: str, block: Block, keys: Keys) -> Iterator[Assertion]:
        """What a column's block requires and refuses of its cells."""
        for name in ("require", "refuse"):
            if name in data and not (name == "refuse" and isinstance(data[name], str)):  # which is but a reason
                when = self.block(data.get("when", {}), block, (*keys, "when"))
                test = self.of(data[name], column, block, (*keys, name))
                is_told_only = data.get("broken") == "notice"
                yield Assertion(column, test, when, name == "refuse", data.get("reason", ""), block.part, is_told_only)

    def of(self, data: object, column: str, block: Block, keys: Keys, part: str = "") -> RowTest:
        """The test of one column that YAML gives: a value, or a block of which everything must hold."""
        if not isinstance(data, dict):
            return Condition(column, frozenset([yaml_text(data)]), part=part)
        tests = [self._single(name, value, column, (block, (*keys, name), part)) for name, value in data.items()]
        found = tuple(test for test in tests if test is not None)
        return found[0] if len(found) == 1 else Together("all", found, part)

    def _entry(self, name: str, data: object, block: Block, keys: Keys, part: str) -> RowTest:
        if name in GROUPS and isinstance(data, list):
            tests = [self.block(each, block, (*keys, number), part) for number, each in enumerate(data)]
            return Together(
                name, tuple(each[0] if len(each) == 1 else Together("all", each, part) for each in tests), part
            )
        if isinstance(data, list):
            self._report(keys, f"several values of {name} are {{in: […]}}; lists of conditions stand below any or all")
        column = block.title(name)
        self._needs(column, keys)
        return self.of(data, column, block, keys, part)

    def _single(self, name: str, value: Any, column: str, around: tuple[Block, Keys, str]) -> RowTest | None:  # noqa: ANN401
        block, keys, part = around
        if name in _SAID:
            values, negated = _SAID[name](value)
            return Condition(column, frozenset(map(yaml_text, values)), negated=negated, part=part)
        if name == "matches":
            pattern = parse_pattern(value, keys, self._report)
            return None if pattern is None else Matching(column, pattern, part)
        if isinstance(value, dict):
            other = block.title(value["column"])
            self._needs(other, keys)
            return Comparison(column, name, other=other, part=part)
        operand = _operand(value)
        if operand is None and name == "equals":
            return Condition(column, frozenset([yaml_text(value)]), part=part)
        if operand is None:
            self._report(keys, f"{value!r} is no number and no date like 2026-01-31; another column is {{column: …}}")
        return Comparison(column, name, operand, part=part)


def _operand(value: object) -> Decimal | date | None:
    """A number or a date; None for what is neither."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    try:
        return date.fromisoformat(str(value)) if len(str(value)) == len("2026-01-31") else None
    except ValueError:
        return None
