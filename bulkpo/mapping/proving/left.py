"""What of a block becomes text after all: the rows that are left to be judged one by one, and the keys of orders."""

import numpy as np

from bulkpo.mapping.proving.cut import Bytes, Cut, Places
from bulkpo.model.table import Cell, Chunk

_LINE_FEED = 10


def chunk_of(cut: Cut, rows: Places, encoding: str) -> Chunk:
    """Some rows of a block; no cell has a line break, so that all of them can be decoded as one text."""
    starts = cut.starts[:, rows]
    texts: list[Cell] = [text or None for text in texts_at(cut.buffer, starts, cut.ends[:, rows] - starts, encoding)]
    height = len(rows)
    columns = [texts[number * height : (number + 1) * height] for number in range(cut.width)]
    return Chunk(rows.tolist(), columns, is_text=True)


def texts_at(buffer: Bytes, starts: Places, lengths: Places, encoding: str) -> list[str]:
    """The texts at some places of a block, column by column; none of them has a line break.

    The bytes of all are taken at once, one text behind the other, with a line break behind each.
    """
    lengths = lengths.ravel() + 1
    behind = np.cumsum(lengths)
    places = np.repeat(starts.ravel() - behind + lengths, lengths)
    places += np.arange(len(places))
    found = buffer[places]
    found[behind - 1] = _LINE_FEED
    return found.tobytes().decode(encoding).split("\n")[: len(lengths)]
