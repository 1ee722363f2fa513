"""Arithmetic on many numbers at once in whole numbers of 64 bits: exact, or not proved.

What `bulkpo.mapping.values.arithmetic` does to columns of Decimals is done here to columns of fractions of whole
numbers. Where one does not fit, or a division does not end soon, its row is not proved, and calculated there.
"""

from decimal import Decimal

import numpy as np

from bulkpo.mapping.proving.cut import Flags
from bulkpo.mapping.proving.number_form import MOST_DIGITS, Integers, NumberCells
from bulkpo.mapping.values.arithmetic import Operation, Rounding

_MOST = float(1 << 62)
_POWERS = np.array([10**power for power in range(MOST_DIGITS + 1)], np.int64)


class Fractions:
    """Numbers on their way through the steps of a calculation; `fits` are the rows whose numbers are exact so far."""

    def __init__(self, numbers: NumberCells) -> None:
        self.fits: Flags = np.ones(len(numbers.values), np.bool_)
        self.rounded: Flags = np.zeros(len(numbers.values), np.bool_)
        self._tops, self._top_decimals = numbers.values, numbers.decimals
        self._bottoms = np.ones(len(numbers.values), np.int64)
        self._bottom_decimals = np.zeros(len(numbers.values), np.int64)

    def step(self, step: Operation, operand: NumberCells | None) -> None:
        """Take one step; `operand` are the numbers of one that has any."""
        if step.rounding is not None:
            self._round(step.rounding)
        elif operand is None:
            self._tops = -self._tops
        elif step.kind == "multiply_by":
            self._tops = self._product(self._tops, operand.values)
            self._top_decimals = self._top_decimals + operand.decimals
        elif step.kind == "divide_by":
            self._bottoms = self._product(self._bottoms, operand.values)
            self._bottom_decimals = self._bottom_decimals + operand.decimals
        else:
            sign = 1 if step.kind == "add" else -1
            others = self._product(self._bottoms, operand.values * sign)
            self._add(others, self._bottom_decimals + operand.decimals)

    def results(self, decimals: int) -> Integers:
        """The results without their decimal mark, which has so many decimals behind it."""
        tops, bottoms = self._at(decimals)
        results = tops // bottoms
        self.fits &= results * bottoms == tops
        return results

    def _add(self, others: Integers, decimals: Integers) -> None:
        most = np.maximum(self._top_decimals, decimals)
        tops = self._scaled(self._tops, most - self._top_decimals)
        others = self._scaled(others, most - decimals)
        self._tops, self._top_decimals = tops + others, most
        self.fits &= np.abs(self._tops) < 1 << 62

    def _round(self, rounding: Rounding) -> None:
        tops, bottoms = self._at(rounding.digits)
        signs = np.where((tops < 0) != (bottoms < 0), -1, 1)
        tops, bottoms = np.abs(tops), np.abs(bottoms)
        results = tops // bottoms
        rests = tops - results * bottoms
        others = bottoms - rests
        self.rounded |= rests > 0
        match rounding.how:
            case "half_up":
                results += rests >= others
            case "half_even":
                results += (rests > others) | ((rests == others) & (results % 2 == 1))
            case "up":
                results += rests > 0
        self._tops, self._top_decimals = signs * results, np.full(len(results), rounding.digits, np.int64)
        self._bottoms, self._bottom_decimals = np.ones_like(results), np.zeros_like(results)

    def _at(self, decimals: int) -> tuple[Integers, Integers]:
        """What to divide by what to have the results without a decimal mark, which has so many decimals behind it."""
        shift = decimals + self._bottom_decimals - self._top_decimals
        tops = self._scaled(self._tops, np.maximum(shift, 0))
        bottoms = self._scaled(self._bottoms, np.maximum(-shift, 0))
        self.fits &= bottoms != 0
        return tops, np.where(bottoms == 0, 1, bottoms)

    def _product(self, numbers: Integers, others: Integers) -> Integers:
        fits = np.abs(numbers.astype(np.float64) * others) < _MOST
        self.fits &= fits
        return np.where(fits, numbers * others, 0)

    def _scaled(self, numbers: Integers, shift: Integers) -> Integers:
        scaled, fits = scaled_up(numbers, shift)
        self.fits &= fits
        return scaled


def scaled_up(numbers: Integers, shift: Integers) -> tuple[Integers, Flags]:
    """The numbers with so many zeros more at their ends, and which of them fit; the others become 0."""
    powers = _POWERS[np.minimum(shift, MOST_DIGITS)]
    fits = (shift <= MOST_DIGITS) & (np.abs(numbers.astype(np.float64) * powers) < _MOST)
    return np.where(fits, numbers * powers, 0), fits


def with_fewest_decimals(numbers: Integers, decimals: int) -> tuple[Integers, Integers]:
    """Numbers of so many decimals with as few as each has, and how many these are."""
    shorter, left = numbers.copy(), np.full(len(numbers), decimals, np.int64)
    rows = np.flatnonzero((numbers % 10 == 0) & (left > 0))
    while len(rows):
        shorter[rows] //= 10
        left[rows] -= 1
        rows = rows[(shorter[rows] % 10 == 0) & (left[rows] > 0)]
    return shorter, left


def whole_number(number: Decimal) -> tuple[int, int] | None:
    """A number without its decimal mark, and its decimals; None where it does not fit."""
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or len(digits) + max(exponent, 0) > MOST_DIGITS or -exponent > MOST_DIGITS:
        return None
    decimals = max(0, -exponent)
    return int(number.scaleb(decimals)), decimals
