"""The cells of one column of a block, gathered to be looked at many at once."""

from functools import cached_property
from typing import SupportsIndex

import numpy as np
from numpy.typing import NDArray

from bulkpo.mapping.proving.cut import PADDING, Bytes, Cut, Flags, Places

Words = NDArray[np.uint64]

_WORD = 8
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_WORD + 1)], np.uint64)
_BLANK, _TAB = 32, 9
LONGEST = PADDING - _WORD
"""Longer cells are not laid out as a matrix."""


class Cells:
    """The cells of one column. Rows are counted from 0; cells of more bytes than `limit` count as empty."""

    def __init__(self, cut: Cut, column: int, limit: int | None = None) -> None:
        self.starts: Places = cut.starts[column]
        self.lengths: Places = cut.ends[column] - self.starts
        self.too_long: Flags | None = None
        self.longest = int(self.lengths.max(initial=0))
        if limit is not None and self.longest > limit:
            self.too_long = self.lengths > limit
            self.lengths = np.where(self.too_long, 0, self.lengths)
            self.longest = int(self.lengths.max(initial=0))
        self._cut = cut

    @cached_property
    def filled(self) -> Flags:
        """The rows with anything in the cell."""
        return self.lengths > 0

    @cached_property
    def first(self) -> Bytes:
        """The first byte of each cell; 0 for an empty one."""
        return self._cut.buffer[self.starts] * self.filled

    @cached_property
    def has_blanks_around(self) -> Flags:
        """The rows whose cell begins or ends with a blank."""
        last = self._cut.buffer[self.starts + self.lengths - self.filled] * self.filled
        return _are_blank(self.first) | _are_blank(last)

    @cached_property
    def words(self) -> list[Words]:
        """The cells' bytes, eight to a word, zeros behind: equal cells have equal words."""
        view = np.ndarray((len(self._cut.padded) - _WORD + 1,), "<u8", self._cut.padded, strides=(1,))
        shortest = int(self.lengths.min())
        found = []
        for done in range(0, max(1, self.longest), _WORD):
            words = view[np.minimum(self.starts + done, len(view) - 1) if done else self.starts]
            if done + _WORD > shortest:
                words &= _MASKS[np.minimum(np.maximum(self.lengths - done, 0), _WORD)]
            found.append(words)
        return found

    @cached_property
    def matrix(self) -> Bytes:
        """The cells' bytes by place in the cell and row, zeros behind; of cells up to LONGEST."""
        return matrix_of(self._cut.padded, self.starts, self.lengths)

    def differs_from_above(self) -> Flags:
        """Row by row, whether a cell is another than the one above it; the first is."""
        differs = np.zeros(len(self.starts), np.bool_)
        differs[:1] = True
        for words in self.words:
            differs[1:] |= words[1:] != words[:-1]
        return differs

    def text(self, row: SupportsIndex) -> bytes:
        """One cell."""
        start = int(self.starts[row])
        return self._cut.padded[start : start + int(self.lengths[row])]

    def are(self, text: bytes) -> Flags:
        """The rows whose cell is this very text."""
        same: Flags = self.lengths == len(text)
        for row in np.flatnonzero(same):
            same[row] = self.text(row) == text
        return same


def matrix_of(padded: bytes, starts: Places, lengths: Places) -> Bytes:
    """Stretches of bytes by place and number, zeros behind; none is longer than LONGEST."""
    width = max(1, int(lengths.max(initial=0)))
    view = np.ndarray((len(padded) - width + 1,), f"V{width}", padded, strides=(1,))
    taken = view[starts].view(np.uint8).reshape(-1, width).T
    matrix: Bytes = np.ascontiguousarray(taken)
    matrix *= np.arange(width, dtype=np.uint8)[:, None] < lengths.astype(np.uint8)
    return matrix


def _are_blank(found: Bytes) -> Flags:
    blank: Flags = (found == _BLANK) | (found == _TAB)
    return blank
