"""A column of numbers proved as bytes, and what they are as exact integers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.cut import Bytes, Flags

Integers = NDArray[np.int64]

MOST_DIGITS = 18
"""What fits in 64 bits."""
MOST_BYTES = 32
"""Longer cells are not proved."""
_ZERO, _MINUS = 48, 45


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


def read_numbers(cells: Cells, form: NumberForm) -> NumberCells:
    """What the cells of a column are, gathered with a limit of MOST_BYTES."""
    bytes_ = cells.matrix
    lengths = cells.lengths
    digits = bytes_ - np.uint8(_ZERO)
    are_digits = digits < 10
    count = _count(are_digits)
    is_negative = bytes_[0] == _MINUS
    whole_end, decimals, points = _after_mark(bytes_, lengths, form.decimal)
    marks, are_grouped = _groups(bytes_, whole_end, form)
    whole = count - decimals
    leading = np.where(is_negative, bytes_[min(1, len(bytes_) - 1)], bytes_[0])
    values = _values(digits, are_digits)
    proved = (
        (count + points + marks + is_negative == lengths)
        & (leading - np.uint8(_ZERO) < 10)
        & ((leading != _ZERO) | (whole == 1))
        & (whole <= form.digits)
        & (decimals <= form.scale)
        & (count <= MOST_DIGITS)
        & (points == (decimals > 0))
        & are_grouped
        & ~(is_negative & (values == 0))
    )
    if not form.is_declared:
        proved &= decimals != 3
    if cells.too_long is not None:
        proved &= ~cells.too_long
    return NumberCells(np.where(is_negative, -values, values), decimals, proved | _is_empty(cells))


def _is_empty(cells: Cells) -> Flags:
    empty = ~cells.filled
    return empty if cells.too_long is None else empty & ~cells.too_long


def _count(flags: Flags) -> Integers:
    counts: Integers = np.add.reduce(flags, axis=0, dtype=np.uint8).astype(np.int64)
    return counts


def _after_mark(bytes_: Bytes, lengths: NDArray[np.intp], mark: int) -> tuple[Integers, Integers, Integers]:
    """Where the whole part ends, how many bytes come after the decimal mark, and how many marks there are."""
    if not mark:
        nothing = np.zeros(len(lengths), np.int64)
        return lengths.astype(np.int64), nothing, nothing
    are_marks = bytes_ == mark
    points = _count(are_marks)
    if not points.any():
        return lengths.astype(np.int64), points, points
    whole_end = np.where(points > 0, np.argmax(are_marks, axis=0), lengths)
    return whole_end, np.where(points > 0, lengths - 1 - whole_end, 0), points


def _groups(bytes_: Bytes, whole_end: Integers, form: NumberForm) -> tuple[Integers, Flags]:
    """How many marks of thousands there are, and whether they part every third digit, or nothing."""
    height = bytes_.shape[1]
    none = np.zeros(height, np.int64), np.ones(height, np.bool_)
    if not form.thousands:
        return none
    are_marks = bytes_ == form.thousands
    if not are_marks.any():
        return none
    marks = _count(are_marks)
    places = np.arange(len(bytes_))[:, None]
    before_end = whole_end[None, :] - places
    is_at_third = (before_end > 0) & (before_end % 4 == 0)
    misplaced = (are_marks & ~is_at_third).any(axis=0)
    start = (bytes_[0] == _MINUS).astype(np.int64)
    expected = (whole_end - start - 1) // 4
    return marks, (marks == 0) | (~misplaced & (marks == expected) & (marks <= form.groups))


def _values(digits: Bytes, are_digits: Flags) -> Integers:
    """The digits as one number; meaningless beyond MOST_DIGITS of them."""
    values = np.zeros(digits.shape[1], np.int64)
    for each, is_digit in zip(digits, are_digits, strict=True):
        values *= np.where(is_digit, 10, 1)
        values += each * is_digit
    return values
