"""What is asked of a block beyond its sound rows: odd characters, last texts, and rows that may add up others."""

import re

import numpy as np

from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.cut import Cut, Flags, Places
from bulkpo.mapping.values.cells import FORBIDDEN
from bulkpo.mapping.values.left_over import MARKS_OF_PAGES
from bulkpo.mapping.values.spoiled import SPOILED_ERRORS, may_be_spoiled
from bulkpo.mapping.values.total_words import may_say_total
from bulkpo.model.table import CHUNK_ROWS
from bulkpo.model.text import UNSEEN
from bulkpo.model.text_block import TextBlock

_ODD = re.compile(f"{FORBIDDEN.pattern}|{UNSEEN.pattern}|[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_ERRORS = re.compile(SPOILED_ERRORS)


def rows_with_odd_text(block: TextBlock, cut_: Cut) -> Flags:
    """The rows with characters beyond ASCII, where some of them are odd, and those with what may be left over.

    Left over are errors of spreadsheets and marks of web pages.
    """
    are_odd = np.zeros(cut_.height, np.bool_)
    if b"#" in block.data or b"Err:" in block.data:
        errors = [found.start() for found in _ERRORS.finditer(block.data)]
        are_odd[np.searchsorted(cut_.ends[-1], errors)] = True
    for begin, end, marks in MARKS_OF_PAGES:
        has_any = begin in block.data and end in block.data
        found = [each.start() for each in marks.finditer(block.data)] if has_any else []
        are_odd[np.searchsorted(cut_.ends[-1], found)] = True
    if block.data.isascii():
        return are_odd
    text = block.data.decode(block.encoding)
    if _ODD.search(text) or may_be_spoiled(text):
        odd = np.flatnonzero(cut_.buffer[: len(block.data)] >= 128)
        are_odd[np.searchsorted(cut_.ends[-1], odd)] = True
    return are_odd


def is_most(left: Places, rows: Places) -> bool:
    """Whether so many rows of a block are left that reading all of it as ever is no more work."""
    return len(left) > CHUNK_ROWS and 3 * len(left) > 2 * len(rows)


def may_add_up(rows: Places, numbers: Cells, keys: Cells) -> bool:
    """Whether some row may add up others: to say so, one has to know the row above it, which may be proved."""
    without = rows[(~numbers.filled | numbers.has_blanks_around)[rows]]
    return may_say_total("\n".join(keys.text(row).decode() for row in without))


def last_texts(block: TextBlock, cut_: Cut) -> list[str | None]:
    """Each column's last filled cell."""
    texts: list[str | None] = []
    for starts, ends in zip(cut_.starts, cut_.ends, strict=True):
        last = len(ends) - 1
        if ends[last] == starts[last]:
            last -= int((ends > starts)[::-1].argmax())
        cell: bytes = cut_.padded[starts[last] : ends[last]]
        texts.append(cell.decode(block.encoding) or None)
    return texts
