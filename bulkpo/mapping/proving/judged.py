"""Columns judged by their distinct cells: each is converted once, as everywhere, and known again by its bytes."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import zip_longest
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bulkpo.mapping.proving.cells import Cells, Words
from bulkpo.model.document import Value

Codes = NDArray[np.int64]

UNPROVED = -1
"""The code of a cell whose value is not known to be clean."""
MOST_KNOWN = 50_000
"""A column with more distinct cells than this is not proved."""
LIMIT = 64
"""Longer cells are not proved."""

_FACTORS = [np.uint64(pow(0x9E3779B97F4A7C15, power, 1 << 64)) for power in range(1, 2 * LIMIT // 8, 2)]
"""Odd numbers, so that no bit of a word is lost."""


class TextForm(NamedTuple):
    """How the text of a table is encoded, and what keeps other threads out while one learns what a cell becomes."""

    encoding: str
    alone: AbstractContextManager[object]


class JudgedColumn:
    """Gives each cell of a column a code: a place among `values`, or UNPROVED. Used by several threads at once."""

    def __init__(self, judge: Callable[[str], tuple[bool, Value]], text: TextForm) -> None:
        """`judge` says of a cell's text whether it is clean, and its value."""
        self.values: list[Value] = []
        self._judge = judge
        self._text = text
        self._codes: dict[Value, int] = {}
        self._known = _Known.of({})
        self._entries: dict[bytes, int] = {}

    def codes(self, cells: Cells) -> Codes:
        """The codes of the cells, gathered with a limit of LIMIT."""
        words = cells.words
        codes, missing = self._known.look_up(words)
        if len(missing):
            with self._text.alone:
                self._learn(cells, missing, hashes_of([each[missing] for each in words]))
            codes, _ = self._known.look_up(words)
        if cells.too_long is not None:
            codes[cells.too_long] = UNPROVED
        return codes

    def _learn(self, cells: Cells, missing: NDArray[np.intp], hashes: Words) -> None:
        _, firsts = np.unique(hashes, return_index=True)
        if len(self._entries) + len(firsts) > MOST_KNOWN:
            return
        for row in missing[firsts]:
            cell = cells.text(row)
            if cell not in self._entries:
                is_clean, value = self._judge(cell.decode(self._text.encoding))
                self._entries[cell] = self._code_of(value) if is_clean else UNPROVED
        self._known = _Known.of(self._entries)

    def _code_of(self, value: Value) -> int:
        if value not in self._codes:
            self._codes[value] = len(self.values)
            self.values.append(value)
        return self._codes[value]


class _Known:
    """Cells and their codes, sorted by a hash of their words; a cell is known only where all its words are equal."""

    def __init__(self, words: Sequence[Words], codes: Codes) -> None:
        hashes = hashes_of(words)
        order = np.argsort(hashes)
        self._hashes = hashes[order]
        self._words = [each[order] for each in words if each.any()]
        self._codes = codes[order]

    @classmethod
    def of(cls, entries: Mapping[bytes, int]) -> "_Known":
        """What is known of these cells."""
        laid_out = b"".join(cell.ljust(LIMIT, b"\0") for cell in entries)
        matrix = np.frombuffer(laid_out, "<u8").reshape(-1, LIMIT // 8)
        return cls([np.ascontiguousarray(column) for column in matrix.T], np.array([*entries.values()], np.int64))

    def look_up(self, words: Sequence[Words]) -> tuple[Codes, NDArray[np.intp]]:
        """The codes of cells, UNPROVED for those not known, and the rows of these."""
        count = len(words[0])
        if not len(self._hashes):
            return np.full(count, UNPROVED, np.int64), np.arange(count)
        places = np.searchsorted(self._hashes, hashes_of(words))
        np.minimum(places, len(self._hashes) - 1, out=places)
        same = np.ones(count, np.bool_)
        for known, mine in zip_longest(self._words, words):
            same &= (0 if known is None else known[places]) == (0 if mine is None else mine)
        return np.where(same, self._codes[places], UNPROVED), np.flatnonzero(~same)


def hashes_of(words: Sequence[Words]) -> Words:
    """One word of several, whatever zeros are behind them; of a single one, no two have the same."""
    hashes = words[0] * _FACTORS[0]
    for each, factor in zip(words[1:], _FACTORS[1:], strict=False):
        hashes += each * factor
    return hashes
