"""The keys of a large file watched by a word each, as its rows are read: whether any two may be or look the same."""

from collections.abc import Sequence
from itertools import pairwise

from bulkpo.mapping.proving.cells import Words
from bulkpo.mapping.proving.keys import KeyWords, words_of_texts
from bulkpo.mapping.proving.proof import Proof
from bulkpo.mapping.rows.group import stretches_of
from bulkpo.mapping.rows.records import Records
from bulkpo.model.document import Value
from bulkpo.runs.checking.keys import MetKeys


class WatchedKeys:
    """Watches the keys of one file, in order."""

    def __init__(self) -> None:
        self._words = KeyWords()
        self._last: Value = None

    def meet_proof(self, proof: Proof) -> bool:
        """Take in the keys of what is proved; whether two are known by now to be the same."""
        met = self._words.meet(proof.words[proof.first == self._last :])
        self._last = proof.last
        return met

    def meet(self, records: Records) -> bool:
        """Take in the keys of a chunk; whether two are known by now to be the same."""
        keys = [self._last, *(key for start, _ in stretches_of(records.keys) if (key := records.keys[start]))]
        self._last = keys[-1]
        return self._words.meet(words_of_texts([key for above, key in pairwise(keys) if key and key != above]))

    def have_met(self) -> bool:
        """Whether any two are the same."""
        return self._words.have_met()

    def words(self) -> Words:
        """The words of all."""
        return self._words.all()


def may_have_met(files: Sequence[MetKeys]) -> bool:
    """Whether keys of several files may be or look the same."""
    words = KeyWords()
    for file in files:
        mine = file.words
        words.meet(words_of_texts([key for key, _ in file.firsts.values()]) if mine is None else mine)
    return words.have_met()
