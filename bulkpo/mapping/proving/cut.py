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

_QUOTE, _LINE_FEED, _CARRIAGE_RETURN, _TAB, _BLANK = 34, 10, 13, 9, 32


@dataclass(frozen=True, slots=True)
class Cut:
    """The cells of a block, by column and row: `starts` and `ends` are places in `buffer`, quotation marks left out.

    `padded` is what the buffer is made of. Each row is one line of the file.
    """

    padded: bytes
    buffer: Bytes
    starts: Places
    ends: Places

    @property
    def width(self) -> int:
        """How many columns there are."""
        return int(self.starts.shape[0])

    @property
    def height(self) -> int:
        """How many rows there are."""
        return int(self.starts.shape[1])


def cut(block: TextBlock) -> Cut | None:
    """The cells of a block; None where its rows are not equally wide, or anything about them is odd.

    Odd are control characters, line breaks or marks within quoted cells, marks that do not enclose a whole cell, line
    ends of two kinds. `csv.reader` parts a block that is not odd at the same places.
    """
    delimiter = ord(block.delimiter)
    padded = block.data + bytes(PADDING)
    buffer = np.frombuffer(padded, np.uint8)
    body = buffer[: len(block.data)]
    are_lines = body == _LINE_FEED
    lines = np.count_nonzero(are_lines)
    returns = np.count_nonzero(body == _CARRIAGE_RETURN) if b"\r" in block.data else 0
    tabs = np.count_nonzero(body == _TAB) if delimiter == _TAB else 0
    if returns not in (0, lines) or not lines or np.count_nonzero(body < _BLANK) != lines + returns + tabs:
        return None
    found = _marks(body, (body == delimiter) | are_lines, delimiter)
    if found is None:
        return None
    places, quoted = found
    width, left = divmod(len(places), int(lines))
    if left or width < 2:
        return None
    starts = np.empty_like(places)
    starts[0] = 0
    starts[1:] = places[:-1] + 1
    ends = places.copy()
    last = ends[width - 1 :: width]
    if not (body[last] == _LINE_FEED).all() or (returns and not (body[last - 1] == _CARRIAGE_RETURN).all()):
        return None
    last -= returns > 0
    starts[quoted] += 1
    ends[quoted] -= 1
    return Cut(padded, buffer, _by_column(starts, width), _by_column(ends, width))


def _marks(body: Bytes, are_ends: Flags, delimiter: int) -> tuple[Places, Places] | None:
    """Where cells end, and which of them, counted through, are quoted; None where quotation marks are odd.

    `are_ends` are delimiters and line ends, quoted ones among them. A pair of marks must be the whole of its cell.
    """
    are_quotes = body == _QUOTE
    if not are_quotes.any():
        return np.flatnonzero(are_ends), np.empty(0, np.intp)
    places = np.flatnonzero(are_ends | are_quotes)
    found = body[places]
    quotes = np.flatnonzero(found == _QUOTE)
    if len(quotes) % 2:
        return None
    opening, closing = quotes[0::2], quotes[1::2]
    before, after = body[places[opening] - 1], body[places[closing] + 1]
    starts_cell = (before == delimiter) | (before == _LINE_FEED)
    starts_cell[0] |= places[0] == 0
    ends_cell = (after == delimiter) | (after == _LINE_FEED) | (after == _CARRIAGE_RETURN)
    within = closing - opening - 1
    inside = np.repeat(opening - np.cumsum(within) + within + 1, within) + np.arange(within.sum())
    if not (starts_cell.all() and ends_cell.all()) or (found[inside] == _LINE_FEED).any():
        return None
    are_outside = np.ones(len(places), np.bool_)
    are_outside[quotes] = are_outside[inside] = False
    return places[are_outside], opening - 2 * np.arange(len(opening)) - np.cumsum(within) + within


def _by_column(flat: Places, width: int) -> Places:
    return np.ascontiguousarray(flat.reshape(-1, width).T)
