"""Columns whose cells read well one by one, and prove to be misread once all are known.

- A spreadsheet that reads 03/04/2026 with day and month the wrong way round makes a date of it, and leaves 13/04/2026
  as text. Where every real date of a column has a day up to 12, and some text one above, all its dates are in doubt.
- Where most numbers of a column are written with other marks than declared, the few that fit are chance: 1,234 among
  12,5 and 7,5 is no thousand.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from bulkpo.mapping.values.numbers import NumberMarks, is_read_otherwise
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value
from bulkpo.model.table import Cell, are_texts

_DAY_AND_MONTH = re.compile(r"\D{0,5}(\d{1,2})[./ -](\d{1,2})[./ -]\d{2,4}\b", re.ASCII)
_OTHERWISE = ("not-a-number", "not-whole")


class Doubt(NamedTuple):
    """Why a column's dates, or its numbers, are in doubt: the text that tells, empty where there is no doubt."""

    dates: str = ""
    numbers: str = ""


NO_DOUBT = Doubt()
NO_DOUBTS: Mapping[str, Doubt] = MappingProxyType({})


class Witness:
    """Looks at the cells of one column as they are read. `doubt` is what an earlier reading came to."""

    def __init__(self, doubt: Doubt = NO_DOUBT) -> None:
        self.doubt = doubt
        self._latest_day = 0
        self._late_text = ""
        self._fitting = 0
        self._contradicting = 0
        self._otherwise = ""

    def found(self) -> Doubt:
        """What this reading came to."""
        are_swapped = bool(self._late_text) and 0 < self._latest_day <= 12
        are_chance = 0 < self._fitting < self._contradicting
        return Doubt(self._late_text if are_swapped else "", self._otherwise if are_chance else "")

    def see_date(self, cell: Cell) -> None:
        """Take in a cell that is to be a date."""
        if isinstance(cell, date):
            self._latest_day = max(self._latest_day, cell.day)
        elif isinstance(cell, str) and not self._late_text and (parts := _DAY_AND_MONTH.match(cell.strip())):
            lower, higher = sorted(map(int, parts.groups()))
            if 1 <= lower <= 12 < higher <= 31:
                self._late_text = cell.strip()

    def pass_numbers(self, count: int) -> None:
        """Take in so many numbers that fit."""
        self._fitting += count

    def see_numbers(
        self, cells: Sequence[Cell], read: tuple[Sequence[Value], Sequence[Trouble]], marks: NumberMarks
    ) -> None:
        """Take in cells that are to be numbers of these marks, with what became of them."""
        values, troubles = read
        empty = 0 if all(values) else values.count(None)
        exact = 0 if are_texts(cells) else list(map(type, cells)).count(Decimal)
        self._fitting += max(0, len(values) - empty - exact)
        wrong = (cells[trouble.position] for trouble in troubles if trouble.code in _OTHERWISE)
        for cell, count in Counter(wrong).items():
            if isinstance(cell, str) and is_read_otherwise(cell.strip(), marks):
                self._contradicting += count
                self._otherwise = self._otherwise or cell.strip()
