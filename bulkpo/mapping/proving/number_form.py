"""How the numbers of a column are written, and what is known of them once they are read."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bulkpo.mapping.proving.cut import Flags, Places

Integers = NDArray[np.int64]

MOST_DIGITS = 18
"""What fits in 64 bits."""
MOST_DECIMALS = 6
"""Results of a calculation with more decimals are not proved."""
MOST_BYTES = 32
"""Longer cells are not proved."""


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How numbers are written, and how large they may be: at most `digits` before and `scale` after the decimal mark.

    `decimal` and `thousands` are the codes of the marks, 0 where there is none. Where marks are not `declared`, three
    digits after the mark could be thousands and are not proved. `groups` is how many marks of thousands there may be.
    """

    decimal: int
    thousands: int
    digits: int
    scale: int
    groups: int = 0
    is_declared: bool = True


@dataclass(frozen=True, slots=True)
class NumberCells:
    """The numbers of some rows: `values` without their decimal mark, how many `decimals` they have, which are proved.

    An empty cell is proved and 0.
    """

    values: Integers
    decimals: Integers
    proved: Flags

    def at(self, rows: Places) -> "NumberCells":
        """The numbers of some of the rows."""
        return NumberCells(self.values[rows], self.decimals[rows], self.proved[rows])

    def with_others(self, rows: Places, others: "NumberCells") -> "NumberCells":
        """The same with some rows' numbers given anew."""
        for mine, theirs in (
            (self.values, others.values),
            (self.decimals, others.decimals),
            (self.proved, others.proved),
        ):
            mine[rows] = theirs
        return self

    def instead(self, rows: Flags, constant: tuple[int, int]) -> "NumberCells":
        """The same with a constant, given without its decimal mark and with its decimals, in some rows."""
        value, decimals = constant
        return NumberCells(np.where(rows, value, self.values), np.where(rows, decimals, self.decimals), self.proved)
