"""A block of text taken apart as bytes: where each cell begins and ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bulkpo.model.text_block import TextBlock

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

PADDING = 64
"""Zeros behind the bytes, so that words can be taken at any place."""

_KEPT = 16 << 20
_QUOTE, _LINE_FEED, _CARRIAGE_RETURN, _TAB, _BLANK = 34, 10, 13, 9, 32


@dataclass(frozen=True, slots=True)
class Cut:
    """The cells of a block, by column and row: `starts` and `ends` are places in `buffer`, quotation marks left out.

    `padded` is what the buffer is made of. Each row is one line of the file. `blank_edges` are the cells that, if there
    is anything in them, begin or end with a blank.
    """

    padded: bytes
    buffer: Bytes
    starts: Places
    ends: Places
    blank_edges: Flags

    @property
    def width(self) -> int:
        """How many columns there are."""
        return int(self.starts.shape[0])

    @property
    def height(self) -> int:
        """How many rows there are."""
        return int(self.starts.shape[1])

    def of_rows(self, rows: Places) -> "Cut":
        """Some of the rows."""
        return Cut(self.padded, self.buffer, self.starts[:, rows], self.ends[:, rows], self.blank_edges[:, rows])


def keep_freed_memory() -> None:
    """Have the memory of large arrays kept when they are freed, instead of asked of the system anew for every block.

    glibc keeps freed stretches up to the size of the largest that it has ever taken back, 32 MB at most (mallopt(3),
    under M_MMAP_THRESHOLD). Elsewhere this changes nothing.
    """
    np.empty(_KEPT, np.uint8)


def cut(block: TextBlock) -> Cut | None:
    """The cells of a block; None where its rows are not equally wide, or anything about them is odd.

    Odd are control characters, line breaks or marks within quoted cells, marks that do not enclose a whole cell, line
    ends of two kinds. `csv.reader` parts a block that is not odd at the same places.
    """
    delimiter = ord(block.delimiter)
    padded = block.data + bytes(PADDING)
    buffer = np.frombuffer(padded, np.uint8)
    body = buffer[: len(block.data)]
    places = _special(body, delimiter)
    found = body[places]
    lines = np.count_nonzero(found == _LINE_FEED)
    returns = np.count_nonzero(found == _CARRIAGE_RETURN) if b"\r" in block.data else 0
    tabs = np.count_nonzero(found == _TAB) if delimiter == _TAB else 0
    if returns not in (0, lines) or not lines or np.count_nonzero(found < _BLANK) != lines + returns + tabs:
        return None
    are_ends = (found == delimiter) | (found == _LINE_FEED)
    quoted = np.empty(0, np.intp)
    if b'"' in block.data:
        kept = are_ends | (found == _QUOTE)
        outside = _outside(body, places[kept], found[kept], delimiter)
        if outside is None:
            return None
        places, quoted = outside
    elif not are_ends.all():
        places = places[are_ends]
    width, left = divmod(len(places), int(lines))
    if left or width < 2:
        return None
    return _by_column(padded, buffer, places.reshape(-1, width), quoted, is_with_returns=bool(returns))


def _special(body: Bytes, delimiter: int) -> Places:
    """Where delimiters, control characters and quotation marks are, and perhaps some others."""
    are_special = body <= _QUOTE
    are_special &= body != _BLANK
    are_special |= body == delimiter
    return np.flatnonzero(are_special)


def _outside(body: Bytes, places: Places, found: Bytes, delimiter: int) -> tuple[Places, Places] | None:
    """Where cells end, and which of them, counted through, are quoted; None where quotation marks are odd.

    `places` are those of delimiters, line ends and marks, quoted ones among them, and `found` what is there. A pair of
    marks must be the whole of its cell.
    """
    quotes = np.flatnonzero(found == _QUOTE)
    if len(quotes) % 2:
        return None
    opening, closing = quotes[0::2], quotes[1::2]
    before, after = body[places[opening] - 1], body[places[closing] + 1]
    starts_cell = (before == delimiter) | (before == _LINE_FEED)
    starts_cell[0] |= places[quotes[0]] == 0
    ends_cell = (after == delimiter) | (after == _LINE_FEED) | (after == _CARRIAGE_RETURN)
    within = closing - opening - 1
    inside = np.repeat(opening - np.cumsum(within) + within + 1, within) + np.arange(within.sum())
    if not (starts_cell.all() and ends_cell.all()) or (found[inside] == _LINE_FEED).any():
        return None
    are_outside = np.ones(len(places), np.bool_)
    are_outside[quotes] = are_outside[inside] = False
    return places[are_outside], opening - 2 * np.arange(len(opening)) - np.cumsum(within) + within


def _by_column(padded: bytes, buffer: Bytes, places: Places, quoted: Places, *, is_with_returns: bool) -> Cut | None:
    """The cells that end at some places, by row and column; None where a row ends with something else than a line."""
    ends = np.ascontiguousarray(places.T)
    last = ends[-1]
    if not (buffer[last] == _LINE_FEED).all() or (is_with_returns and not (buffer[last - 1] == _CARRIAGE_RETURN).all()):
        return None
    starts = np.empty_like(ends)
    starts[1:] = ends[:-1]
    starts[0, 1:] = last[:-1]
    starts[0, 0] = -1
    starts += 1
    last -= is_with_returns
    if len(quoted):
        rows, columns = np.divmod(quoted, len(ends))
        starts[columns, rows] += 1
        ends[columns, rows] -= 1
    return Cut(padded, buffer, starts, ends, _are_blank(buffer[starts]) | _are_blank(buffer[ends - 1]))


def _are_blank(found: Bytes) -> Flags:
    blank: Flags = (found == _BLANK) | (found == _TAB)
    return blank
