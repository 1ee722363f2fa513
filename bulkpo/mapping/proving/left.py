"""The rows of a block that are left to be judged one by one, as text."""

import numpy as np

from bulkpo.mapping.proving.cut import Cut, Places
from bulkpo.model.table import Cell, Chunk

_LINE_FEED = 10


def chunk_of(cut: Cut, rows: Places, encoding: str) -> Chunk:
    """Some rows of a block; no cell has a line break, so that all of them can be decoded as one text.

    The bytes of all cells are taken at once, those of a column behind each other, with a line break behind each cell.
    """
    starts = cut.starts[:, rows].ravel()
    lengths = cut.ends[:, rows].ravel() - starts + 1
    behind = np.cumsum(lengths)
    places = np.repeat(starts - behind + lengths, lengths)
    places += np.arange(len(places))
    found = cut.buffer[places]
    found[behind - 1] = _LINE_FEED
    texts: list[Cell] = [text or None for text in found.tobytes().decode(encoding).split("\n")]
    height = len(rows)
    columns = [texts[number * height : (number + 1) * height] for number in range(cut.width)]
    return Chunk(rows.tolist(), columns, is_text=True)
