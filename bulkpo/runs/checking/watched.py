"""The keys of a large file watched by a word each, as its rows are read: whether any two may be or look the same."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from bulkpo.mapping.rows.group import stretches_of
from bulkpo.mapping.rows.records import Records
from bulkpo.model.document import Value
from bulkpo.runs.checking.hashed import HashedKeys
from bulkpo.runs.checking.keys import MetKeys
from bulkpo.runs.checking.numpy_ready import has_numpy

if TYPE_CHECKING:
    from bulkpo.mapping.proving.proof import Proof


class KeyMemory(Protocol):
    """Remembers keys by a word of eight bytes each, of one kind in one process."""

    def meet(self, words: Any) -> bool:  # noqa: ANN401 - an array of numpy's, or any integers
        """Take in some words; whether two are known by now to be the same."""

    def meet_texts(self, keys: Sequence[str]) -> bool:
        """The same with the words of some keys."""

    def have_met(self) -> bool:
        """Whether any two are the same."""

    def all(self) -> Iterable[Any]:
        """The words of all."""


def key_memory() -> KeyMemory:
    """A new memory, of the kind that is at hand."""
    if not has_numpy():
        return HashedKeys()
    from bulkpo.mapping.proving.keys import KeyWords

    return KeyWords()


class WatchedKeys:
    """Watches the keys of one file, in order; rows without a key stand between those of others, too."""

    def __init__(self) -> None:
        self.memory = key_memory()
        self._last: Value = None

    def meet_proof(self, proof: "Proof") -> bool:
        """Take in the keys of what is proved; whether two are known by now to be the same."""
        met = self.memory.meet(proof.words[proof.first == self._last :])
        self._last = proof.last
        return met

    def meet(self, records: Records) -> bool:
        """Take in the keys of a chunk; whether two are known by now to be the same."""
        if not len(records.keys):
            return False
        keys = [records.keys[start] for start, _ in stretches_of(records.keys)]
        goes_on, self._last = keys[0] == self._last, keys[-1]
        return self.memory.meet_texts(list(filter(None, keys[goes_on:])))

    def have_met(self) -> bool:
        """Whether any two are the same."""
        return self.memory.have_met()


def may_have_met(files: Sequence[MetKeys]) -> bool:
    """Whether keys of several files may be or look the same."""
    together = key_memory()
    for file in files:
        if file.memory is None:
            together.meet_texts([key for key, _ in file.firsts.values()])
        else:
            together.meet(file.memory.all())
    return together.have_met()
