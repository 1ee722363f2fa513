"""Conditions asked of the rows of a block at once: of the bytes where they are plain, else of each distinct cell."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from bulkpo.mapping.language.conditions import Comparison, Condition, Matching, RowTest, Together
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.cut import Cut, Flags
from bulkpo.mapping.proving.judged import LIMIT, UNPROVED, JudgedColumn, TextForm
from bulkpo.mapping.rows.conditions import ComparedCells, ConditionTest
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value

_HOLDS = "holds"


class Asked(NamedTuple):
    """Row by row, whether a condition holds, and whether all it compares can be read."""

    holds: Flags
    is_read: Flags


class ProvedTest(Protocol):
    """A condition ready to be asked of blocks."""

    def asked(self, cut: Cut) -> Asked:
        """Ask it of all rows of a block."""


class AskedColumns(NamedTuple):
    """What conditions are asked of: a mapping's columns, where they stand in the table, and how that is encoded."""

    mapping: ImportMapping
    places: Mapping[str, int | None]
    text: TextForm


def proved_tests(tests: Sequence[RowTest], columns: AskedColumns) -> "list[ProvedTest] | None":
    """Some conditions ready to be asked; None where one of them cannot be."""
    found = [_proved_test(test, columns) for test in tests]
    ready = [test for test in found if test is not None]
    return ready if len(ready) == len(found) else None


def all_asked(tests: Sequence[ProvedTest], cut: Cut) -> Asked:
    """Whether all of some conditions hold."""
    asked = [test.asked(cut) for test in tests]
    everywhere = np.ones(cut.height, np.bool_)
    return Asked(
        np.logical_and.reduce([everywhere, *(each.holds for each in asked)]),
        np.logical_and.reduce([everywhere, *(each.is_read for each in asked)]),
    )


def _proved_test(test: RowTest, columns: AskedColumns) -> ProvedTest | None:
    if isinstance(test, Together):
        parts = proved_tests(test.tests, columns)
        return None if parts is None else _Together(test.kind, parts)
    place = columns.places[test.column]
    if place is None or test.part or (isinstance(test, Comparison) and test.other):
        return None
    asker = _Asker(test, columns)
    if isinstance(test, Condition):
        return _Said(test, place, columns.mapping.marks_of(test.column).blanks, asker)
    return _Judged(place, asker)


class _Together:
    """Any of several conditions, or all of them."""

    def __init__(self, kind: str, tests: Sequence[ProvedTest]) -> None:
        self._join = np.logical_and if kind == "all" else np.logical_or
        self._tests = tests

    def asked(self, cut: Cut) -> Asked:
        """Ask it of all rows of a block."""
        asked = [test.asked(cut) for test in self._tests]
        return Asked(
            self._join.reduce([each.holds for each in asked]), np.logical_and.reduce([each.is_read for each in asked])
        )


class _Asker:
    """Asks a condition of single cells, as it is asked of rows that are read as text."""

    def __init__(self, test: Condition | Comparison | Matching, columns: AskedColumns) -> None:
        self.text = columns.text
        self._column = test.column
        self._test = ConditionTest(test, columns.mapping)
        self._compared = ComparedCells(test, test.column, columns.mapping) if isinstance(test, Comparison) else None

    def judge(self, text: str) -> tuple[bool, Value]:
        """Whether a cell can be read, and _HOLDS where the condition does."""
        cell = text or None
        if self._compared is not None and isinstance(self._compared[cell], Trouble):
            return False, None
        return True, _HOLDS if self._test.holds({self._column: [cell]})[0] else None

    def ask(self, cells: Cells, rows: Flags, asked: Asked) -> Asked:
        """Ask the condition of some rows' cells, one by one."""
        if not rows.any():
            return asked
        with self.text.alone:
            for row in np.flatnonzero(rows):
                asked.is_read[row], found = self.judge(cells.text(row).decode(self.text.encoding))
                asked.holds[row] = found == _HOLDS
        return asked


class _Said:
    """Whether cells are one of a few texts: asked of their bytes; with blanks around or beyond ASCII, one by one."""

    def __init__(self, condition: Condition, place: int, blanks: frozenset[str], asker: _Asker) -> None:
        texts = condition.values | blanks if "" in condition.values else condition.values - blanks
        self._texts = [text.encode() for text in texts if text.isascii()]
        self._is_negated = condition.negated
        self._place = place
        self._asker = asker

    def asked(self, cut: Cut) -> Asked:
        """Ask it of all rows of a block."""
        cells = Cells(cut, self._place)
        holds = np.zeros(cut.height, np.bool_)
        for text in self._texts:
            holds |= cells.are(text)
        asked = Asked(holds != self._is_negated, np.ones(cut.height, np.bool_))
        return self._asker.ask(cells, cells.has_blanks_around | cells.has_wide_bytes, asked)


class _Judged:
    """Whether cells match a pattern, or are above or below a number or date: asked of each distinct one."""

    def __init__(self, place: int, asker: _Asker) -> None:
        self._place = place
        self._asker = asker
        self._judged = JudgedColumn(asker.judge, asker.text)

    def asked(self, cut: Cut) -> Asked:
        """Ask it of all rows of a block."""
        codes = self._judged.codes(Cells(cut, self._place, LIMIT))
        are_holding = np.array([value == _HOLDS for value in self._judged.values] or [False], np.bool_)
        is_read = codes != UNPROVED
        asked = Asked(is_read & are_holding[codes], is_read)
        return self._asker.ask(Cells(cut, self._place), ~is_read, asked)
