"""What a mapping requires and refuses of cells, asked of all rows of a block at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.conditions import AskedColumns, ProvedTest, all_asked, proved_tests
from bulkpo.mapping.proving.cut import Cut, Flags


class _Assertion(NamedTuple):
    test: Sequence[ProvedTest]
    when: Sequence[ProvedTest]
    is_refused: bool


class ProvedAssertions:
    """Finds the rows that are not as one mapping says they must be."""

    def __init__(self, assertions: Sequence[_Assertion], blank: Sequence[int]) -> None:
        """`blank` are the places of columns that must be empty."""
        self._assertions = assertions
        self._blank = blank

    def broken(self, cut: Cut) -> Flags:
        """The rows that are not so, or may not be."""
        broken = np.zeros(cut.height, np.bool_)
        for each in self._assertions:
            asked, when = all_asked(each.test, cut), all_asked(each.when, cut)
            broken |= ~asked.is_read | ~when.is_read | (when.holds & (asked.holds == each.is_refused))
        for place in self._blank:
            broken |= Cells(cut, place).filled
        return broken


def proved_assertions(mapping: ImportMapping, columns: AskedColumns) -> ProvedAssertions | None:
    """What asks a mapping's blocks; None where something cannot be asked of bytes."""
    found = []
    for each in mapping.assertions:
        test, when = proved_tests([each.test], columns), proved_tests(each.when, columns)
        if test is None or when is None or each.part:
            return None
        found.append(_Assertion(test, when, each.refused))
    blank = (columns.places[title] for title in mapping.refused)
    return ProvedAssertions(found, [place for place in blank if place is not None])
