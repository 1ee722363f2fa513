"""The cells of one column of a block, gathered to be looked at many at once."""

from functools import cache, cached_property
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from bulkpo.mapping.proving.cut import PADDING, Bytes, Cut, Flags, Places

Words = NDArray[np.uint64]

_WORD = 8
_WIDE = np.uint64(0x8080808080808080)
LONGEST = PADDING - _WORD
"""Longer cells are not laid out as a matrix."""


class Cells:
    """The cells of one column. Rows are counted from 0; cells of more bytes than `limit` count as empty.

    So do those of rows that are not `wanted`, where some are not. With `rows` they are the cells of these alone,
    counted anew.
    """

    def __init__(
        self,
        cut: Cut,
        column: int,
        limit: int | None = None,
        wanted: Flags | None = None,
        rows: Places | None = None,
    ) -> None:
        self.starts: Places = cut.starts[column] if rows is None else cut.starts[column, rows]
        self.lengths: Places = (cut.ends[column] if rows is None else cut.ends[column, rows]) - self.starts
        self.wanted = wanted
        if wanted is not None:
            self.lengths = self.lengths * wanted
        self.too_long: Flags | None = None
        self.longest = int(self.lengths.max(initial=0))
        if limit is not None and self.longest > limit:
            self.too_long = self.lengths > limit
            self.lengths = np.where(self.too_long, 0, self.lengths)
            self.longest = int(self.lengths.max(initial=0))
        self._cut = cut
        self._column, self._limit, self._rows = column, limit, rows

    def at(self, rows: Places) -> "Cells":
        """The cells of some of the rows, counted anew."""
        wanted = None if self.wanted is None else self.wanted[rows]
        return Cells(self._cut, self._column, self._limit, wanted, rows if self._rows is None else self._rows[rows])

    @cached_property
    def filled(self) -> Flags:
        """The rows with anything in the cell."""
        return self.lengths > 0

    @cached_property
    def first(self) -> Bytes:
        """The first byte of each cell; 0 for an empty one."""
        return self._cut.buffer[self.starts] * self.filled

    @property
    def has_blanks_around(self) -> Flags:
        """The rows whose cell begins or ends with a blank."""
        edges = self._cut.blank_edges[self._column]
        around: Flags = (edges if self._rows is None else edges[self._rows]) & self.filled
        return around

    @cached_property
    def has_wide_bytes(self) -> Flags:
        """The rows whose cell has other characters than ASCII."""
        are_wide = np.zeros(len(self.starts), np.bool_)
        if not self._cut.padded.isascii():
            for words in self.words:
                are_wide |= (words & _WIDE) != 0
        return are_wide

    @cached_property
    def words(self) -> list[Words]:
        """The cells' bytes, eight to a word, zeros behind: equal cells have equal words."""
        found = []
        for done in range(0, max(1, self.longest), PADDING):
            size = min(PADDING, -(-max(1, self.longest - done) // _WORD) * _WORD)
            starts = np.minimum(self.starts + done, len(self._cut.padded) - size) if done else self.starts
            words = _stretches(self._cut.padded, starts, size).view("<u8")
            lengths = np.minimum(np.maximum(self.lengths - done, 0), size) if self.longest > PADDING else self.lengths
            if int(lengths.min(initial=size)) < size:
                words &= _masks(size)[lengths].view("<u8")
            found += [*words.reshape(-1, size // _WORD).T]
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
        if text and same.any():
            for words, place in zip(self.words, range(0, len(text), _WORD), strict=False):
                same &= words == np.uint64(int.from_bytes(text[place : place + _WORD], "little"))
        return same


def matrix_of(padded: bytes, starts: Places, lengths: Places) -> Bytes:
    """Stretches of bytes by place and number, zeros behind; none is longer than LONGEST."""
    width = max(1, int(lengths.max(initial=0)))
    matrix: Bytes = np.ascontiguousarray(_stretches(padded, starts, width).view(np.uint8).reshape(-1, width).T)
    matrix *= np.arange(width, dtype=np.uint8)[:, None] < lengths.astype(np.uint8)
    return matrix


def _stretches(padded: bytes, starts: Places, size: int) -> NDArray[Any]:
    """So many bytes from each place on, taken at once."""
    return np.ndarray((len(padded) - size + 1,), f"V{size}", padded, strides=(1,))[starts]


@cache
def _masks(size: int) -> NDArray[Any]:
    """What leaves the first 0, 1, and so on of so many bytes."""
    return np.frombuffer(b"".join(b"\xff" * kept + bytes(size - kept) for kept in range(size + 1)), f"V{size}")
