"""A column of numbers proved as bytes, and what they are as exact integers."""

import numpy as np
from numpy.typing import NDArray

from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.cut import Bytes, Flags
from bulkpo.mapping.proving.number_form import MOST_DIGITS, Integers, NumberCells, NumberForm
from bulkpo.mapping.proving.short_numbers import read_short_numbers

_ZERO, _MINUS = 48, 45


def read_numbers(cells: Cells, form: NumberForm) -> NumberCells:
    """What the cells of a column are, gathered with a limit of MOST_BYTES."""
    found = read_short_numbers(cells, form)
    others = np.flatnonzero(~found.proved)
    if not len(others):
        return found
    return found.with_others(others, read_long_numbers(cells.at(others), form))


def read_long_numbers(cells: Cells, form: NumberForm) -> NumberCells:
    """The same for numbers of any length, with a sign or with marks of thousands."""
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
    length = whole_end - (bytes_[0] == _MINUS)
    are_all = (marks == length // 4) & (length % 4 > 0)
    return marks, (marks == 0) | (~misplaced & are_all & (marks <= form.groups))


def _values(digits: Bytes, are_digits: Flags) -> Integers:
    """The digits as one number; meaningless beyond MOST_DIGITS of them."""
    values = np.zeros(digits.shape[1], np.int64)
    for each, is_digit in zip(digits, are_digits, strict=True):
        values *= np.where(is_digit, 10, 1)
        values += each * is_digit
    return values
