"""Keys remembered as a hash of eight bytes each, as where numpy is not at hand: enough to say that no two are equal.

Where two hashes meet, the keys may be equal, look alike, or neither: then the file's keys are told apart by
`bulkpo.runs.checking.key_book`. Many hashes wait on disk.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence

from bulkpo.model.text import all_alike
from bulkpo.tables.spool import PartSpool

PARTS = 256
_FIRST_LOOK = 4_096
_MOST_IN_MEMORY = 128 << 20


def hashes_of_keys(keys: Sequence[str]) -> Iterator[int]:
    """A hash of each key: the same for keys that look alike."""
    return map(hash, all_alike(keys))


class HashedKeys:
    """Remembers keys by their hashes; looks whether any two meet whenever they have doubled."""

    def __init__(self) -> None:
        self._recent = array("q")
        self._parts = PartSpool(PARTS, _MOST_IN_MEMORY)
        self._count = 0
        self._next_look = _FIRST_LOOK

    def meet_texts(self, keys: Sequence[str]) -> bool:
        """Take in some keys; whether two are known by now to be or look the same."""
        return self.meet(hashes_of_keys(keys))

    def meet(self, hashes: Iterable[int]) -> bool:
        """Take in some hashes; whether two are known by now to be the same."""
        self._recent.extend(hashes)
        if self._count + len(self._recent) < self._next_look:
            return False
        found = self.have_met()
        self._next_look = 2 * self._count
        return found

    def have_met(self) -> bool:
        """Whether any two hashes are the same."""
        parts = [array("q") for _ in range(PARTS)]
        for each in self._recent:
            parts[each % PARTS].append(each)
        self._count += len(self._recent)
        self._recent = array("q")
        for number, part in enumerate(parts):
            self._parts.add(number, part.tobytes())
        return any(len(set(part)) < len(part) for part in self._all_parts())

    def all(self) -> Iterator[int]:
        """The hashes of all keys, in any order."""
        yield from self._recent
        for part in self._all_parts():
            yield from part

    def _all_parts(self) -> Iterator["array[int]"]:
        for number in range(PARTS):
            part = array("q")
            part.frombytes(self._parts.part(number))
            yield part
