"""What a mapping does with the rows of a block before they are read: some are skipped, and cells are carried down."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.proving.cells import LONGEST, Cells
from bulkpo.mapping.proving.conditions import AskedColumns, ProvedTest, proved_tests
from bulkpo.mapping.proving.cut import Cut, Flags, Places

_WIDE = 128


class Kept(NamedTuple):
    """The rows of a block that are not skipped: their cells, their places in the block, and which could be read."""

    cut: Cut
    rows: Places
    skipped: Places
    is_read: Flags


class KeptRows:
    """Finds the rows that are not skipped, and carries cells down as `bulkpo.mapping.rows.apply` does."""

    def __init__(self, skips: Sequence[ProvedTest], filled: Sequence[int], key: int) -> None:
        """`filled` are the places of columns whose cells are carried down within an order, `key` that of its key."""
        self._skips = skips
        self._filled = filled
        self._key = key

    def of(self, cut: Cut) -> Kept | None:
        """The rows of a block that are not skipped.

        None where a cell that is carried down may stand in one that is, or where one that is may be blank: blank rows
        are no rows.
        """
        is_read = np.ones(cut.height, np.bool_)
        is_skipped = np.zeros(cut.height, np.bool_)
        for skip in self._skips:
            asked = skip.asked(cut)
            is_skipped |= asked.holds
            is_read &= asked.is_read
        rows, skipped = np.flatnonzero(~is_skipped), np.flatnonzero(is_skipped)
        if len(skipped) and (self._filled or _may_be_blank(cut.of_rows(skipped)).any()):
            return None
        if len(skipped):
            cut, is_read = cut.of_rows(rows), is_read[rows]
        return self._carried(Kept(cut, rows, skipped, is_read))

    def _carried(self, kept: Kept) -> Kept:
        """The same with cells carried down."""
        cut, is_read = kept.cut, kept.is_read
        if not self._filled or not cut.height:
            return kept
        begins = Cells(cut, self._key, LONGEST).differs_from_above()
        starts, ends, edges = cut.starts.copy(), cut.ends.copy(), cut.blank_edges.copy()
        for place in self._filled:
            cells = Cells(cut, place)
            is_read = is_read & ~cells.has_blanks_around  # one of blanks alone is empty
            above = np.maximum.accumulate(np.where(cells.filled | begins, np.arange(cut.height), 0))
            for each in (starts, ends, edges):
                each[place] = each[place][above]
        return kept._replace(cut=Cut(cut.padded, cut.buffer, starts, ends, edges), is_read=is_read)


def _may_be_blank(cut: Cut) -> Flags:
    """The rows without a cell that begins with an ASCII character and has no blank at its ends."""
    hold = (cut.ends > cut.starts) & ~cut.blank_edges & (cut.buffer[cut.starts] < _WIDE)
    may_be: Flags = ~np.logical_or.reduce(hold, axis=0)
    return may_be


def kept_rows(mapping: ImportMapping, key: int, columns: AskedColumns) -> KeptRows | None:
    """What finds the rows of a mapping's blocks; None where it skips them by what cannot be asked of bytes."""
    skips = proved_tests(mapping.skip_rows, columns)
    filled = [columns.places[title] for title in mapping.fill_down]
    if skips is None or key in filled or None in filled:
        return None
    return KeptRows(skips, [place for place in filled if place is not None], key)
