"""What a mapping does with the rows of a block before they are read: some are skipped, and cells are carried down."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.proving.cells import LONGEST, Cells
from bulkpo.mapping.proving.conditions import AskedColumns, ProvedTest, proved_tests
from bulkpo.mapping.proving.cut import Cut, Flags, Places

_BLANK, _DELETE = 32, 127


class Skipped(NamedTuple):
    """The rows of a block that are skipped, by reason, and their keys, each once for its neighbours."""

    by_reason: Sequence[tuple[str, Places]]
    keys: Sequence[str | None]


class Kept(NamedTuple):
    """The rows of a block that are not skipped: their cells, their places in the block, and which could be read."""

    cut: Cut
    rows: Places
    skipped: Skipped
    is_read: Flags


class KeptRows:
    """Finds the rows that are not skipped, and carries cells down as `bulkpo.mapping.rows.apply` does."""

    def __init__(self, skips: Sequence[tuple[str, ProvedTest]], filled: Sequence[int], key: int, encoding: str) -> None:
        """`skips` are the reasons to skip rows, each with its condition.

        `filled` are the places of columns whose cells are carried down within an order, `key` that of its key.
        """
        self._skips = skips
        self._filled = filled
        self._key = key
        self._encoding = encoding

    def of(self, cut: Cut) -> Kept | None:
        """The rows of a block that are not skipped.

        None where a cell that is carried down may stand in one that is, or one that is may be blank: the blank rows of
        a file are not skipped, they count as none.
        """
        is_read = np.ones(cut.height, np.bool_)
        is_skipped = np.zeros(cut.height, np.bool_)
        by_reason = []
        for reason, skip in self._skips:
            asked = skip.asked(cut)
            mine = np.flatnonzero(asked.holds & ~is_skipped)
            if len(mine):
                by_reason.append((reason, mine))
            is_skipped |= asked.holds
            is_read &= asked.is_read
        if not by_reason:
            return self._carried(Kept(cut, np.arange(cut.height), Skipped((), ()), is_read))
        rows, skipped = np.flatnonzero(~is_skipped), np.flatnonzero(is_skipped)
        if self._filled or _may_be_blank(cut, skipped):
            return None
        return Kept(cut.of_rows(rows), rows, Skipped(by_reason, self._keys(cut, skipped)), is_read[rows])

    def _keys(self, cut: Cut, rows: Places) -> list[str | None]:
        cells = Cells(cut, self._key, rows=rows)
        return [cells.text(row).decode(self._encoding) or None for row in np.flatnonzero(cells.differs_from_above())]

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


def kept_rows(mapping: ImportMapping, key: int, columns: AskedColumns) -> KeptRows | None:
    """What finds the rows of a mapping's blocks; None where it skips them by what cannot be asked of bytes."""
    tests = proved_tests(mapping.skip_rows, columns)
    filled = [columns.places[title] for title in mapping.fill_down]
    if tests is None or key in filled or None in filled:
        return None
    skips = [(str(condition), test) for condition, test in zip(mapping.skip_rows, tests, strict=True)]
    return KeptRows(skips, [place for place in filled if place is not None], key, columns.text.encoding)


def _may_be_blank(cut: Cut, rows: Places) -> bool:
    """Whether some row may have no cell with anything but blanks: one that begins with a visible ASCII character."""
    for starts, ends in zip(cut.starts, cut.ends, strict=True):
        first = cut.buffer[starts[rows]]
        rows = rows[(ends[rows] == starts[rows]) | (first <= _BLANK) | (first >= _DELETE)]
        if not len(rows):
            return False
    return True
