"""The keys of many orders, remembered as a word each: enough to say that no two are equal or look alike.

Where two words meet, the keys may be equal, look alike, or neither; then nothing is proved, and the file is judged with
its keys as text.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from bulkpo.mapping.proving.cells import LONGEST, Words, matrix_of
from bulkpo.mapping.proving.cut import PADDING, Places
from bulkpo.mapping.proving.judged import hashes_of
from bulkpo.model.text import all_alike

_UPPER_A, _UPPER_Z, _TO_LOWER, _ZERO, _BLANK = 65, 90, 32, 48, 32
_FIRST_LOOK = 4_096
_MOST_TEXTS = 4_096
"""So many keys at most wait to be made words together."""


def words_of_keys(padded: bytes, starts: Places, lengths: Places) -> Words:
    """A word for each key of ASCII characters: the same for keys that differ in case, or in zeros in front."""
    zeros = np.logical_and.accumulate(matrix_of(padded, starts, lengths) == _ZERO, axis=0)
    in_front = np.add.reduce(zeros, axis=0, dtype=np.intp)
    matrix = matrix_of(padded, starts + in_front, lengths - in_front)
    matrix |= ((matrix >= _UPPER_A) & (matrix <= _UPPER_Z)).view(np.uint8) * np.uint8(_TO_LOWER)
    width = -(-len(matrix) // 8) * 8
    rows = np.zeros((matrix.shape[1], width), np.uint8)
    rows[:, : len(matrix)] = matrix.T
    return hashes_of([np.ascontiguousarray(column) for column in rows.view("<u8").T])


def words_of_texts(keys: Sequence[str]) -> Words:
    """A word for each key of any characters: that of `words_of_keys` where what it looks like is ASCII."""
    texts = [key.encode() for key in all_alike(keys)]
    words = np.empty(len(texts), np.uint64)
    short = [number for number, text in enumerate(texts) if text.isascii() and len(text) <= LONGEST]
    if len(short) < len(texts):
        others = sorted(set(range(len(texts))).difference(short))
        words[others] = np.fromiter((_digest(texts[number]) for number in others), np.uint64, len(others))
    if short:
        lengths = np.fromiter((len(texts[number]) for number in short), np.intp, len(short))
        padded = b"".join(texts[number] for number in short) + bytes(PADDING)
        words[short] = words_of_keys(padded, np.cumsum(lengths) - lengths, lengths)
    return words


def _digest(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=8).digest())


class KeyWords:
    """Remembers the words of keys, eight bytes each; looks whether any two meet whenever they have doubled."""

    def __init__(self) -> None:
        self._blocks: list[Words] = []
        self._texts: list[str] = []
        self._count = 0
        self._next_look = _FIRST_LOOK

    def meet(self, words: Words) -> bool:
        """Take in some words; whether two are known by now to be the same."""
        self._blocks.append(words)
        self._count += len(words)
        if self._count < self._next_look:
            return False
        self._next_look = 2 * self._count
        return self.have_met()

    def meet_texts(self, keys: Sequence[str]) -> bool:
        """Take in the words of some keys; whether two are known by now to be the same."""
        self._texts += keys
        return len(self._texts) >= _MOST_TEXTS and self.meet(self._words_of_waiting())

    def have_met(self) -> bool:
        """Whether any two words are the same."""
        together = self.all()
        together.sort()
        return bool((together[1:] == together[:-1]).any())

    def all(self) -> Words:
        """The words of all keys, in any order."""
        self._blocks = [np.concatenate([*self._blocks, self._words_of_waiting()])]
        return self._blocks[0]

    def _words_of_waiting(self) -> Words:
        texts, self._texts = self._texts, []
        return words_of_texts(texts)
