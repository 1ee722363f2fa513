"""What a mapping requires and refuses of cells, asked of rows."""

from collections.abc import Iterator
from itertools import compress
from operator import and_, not_
from typing import NamedTuple

from bulkpo.mapping.language.conditions import Assertion
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.conditions import ColumnsByTitle, ConditionTest, all_hold, rows_of_part
from bulkpo.mapping.values.cells import loose_text
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.text import quoted


class _Asked(NamedTuple):
    assertion: Assertion
    test: ConditionTest
    when: list[ConditionTest]


class Assertions:
    """Asks all that one mapping requires and refuses."""

    def __init__(self, mapping: ImportMapping) -> None:
        self._all = [
            _Asked(each, ConditionTest(each.test, mapping), [ConditionTest(test, mapping) for test in each.when])
            for each in mapping.assertions
        ]

    def broken(self, columns: ColumnsByTitle) -> Iterator[tuple[str, Trouble]]:
        """The cells that are not as they must be, with the titles of their columns."""
        for assertion, test, when in self._all:
            is_wrong = test.holds(columns)
            if not assertion.refused:
                is_wrong = list(map(not_, is_wrong))
            if not any(is_wrong):
                continue
            mask = all_hold(when, columns, rows_of_part(columns, assertion.part))
            if mask is not None:
                is_wrong = list(map(and_, is_wrong, mask))
            cells = columns[assertion.column]
            for place in compress(range(len(cells)), is_wrong):
                yield assertion.column, _trouble(assertion, place, loose_text(cells[place]))


def _trouble(assertion: Assertion, place: int, text: str) -> Trouble:
    found = quoted(text) if text else "the cell is empty, which"
    because = f" ({assertion.reason})" if assertion.reason else ""
    when = f" where {' and '.join(map(str, assertion.when))}" if assertion.when else ""
    remedy, kept = "correct it, or skip the row", None
    if assertion.is_told_only:
        remedy, kept = "told only, as the mapping says", ""
    what = f"{assertion.test}{when}{because}; {remedy}"
    if assertion.refused:
        return Trouble(place, "value-refused", f"{found} is refused by the mapping: {what}", kept)
    return Trouble(place, "not-as-required", f"{found} is not as the mapping requires: {what}", kept)
