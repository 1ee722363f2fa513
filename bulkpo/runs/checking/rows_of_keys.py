"""How many rows each key of a file has, at a hash and a count a key."""

from array import array
from bisect import bisect_left

from bulkpo.model.text import alike
from bulkpo.runs.checking.hashed import PARTS, hashes_of_keys

_MOST_ASKED = 32_768
"""So many answers are kept: a key is asked for several times in a chunk."""


class RowsOfKeys:
    """The rows of keys, by a hash of what each looks like, or by itself where it shares that with others."""

    def __init__(self) -> None:
        self._rows = array("Q")
        self._parts: list[tuple[int, array[int]]] = []
        self._of_alike: dict[str, int] = {}
        self._asked: dict[str, int | None] = {}

    def add(self, rows: dict[str, int]) -> None:
        """Take in the keys of the next part."""
        keys = list(rows)
        by_hash: dict[int, list[str]] = {}
        for each, key in zip(hashes_of_keys(keys), keys, strict=True):
            by_hash.setdefault(each, []).append(key)
        alone = sorted((each, of[0]) for each, of in by_hash.items() if len(of) == 1)
        self._parts.append((len(self._rows), array("q", (each for each, _ in alone))))
        self._rows.extend(rows[key] for _, key in alone)
        for key in (key for of in by_hash.values() if len(of) > 1 for key in of):
            self._of_alike[key] = len(self._rows)
            self._rows.append(rows[key])

    def number_of(self, key: str) -> int | None:
        """Which of all keys one is, from 0; None of one that is unknown."""
        if key not in self._asked:
            if len(self._asked) >= _MOST_ASKED:
                self._asked.clear()
            self._asked[key] = self._found(key)
        return self._asked[key]

    def _found(self, key: str) -> int | None:
        if (number := self._of_alike.get(key)) is not None:
            return number
        mine = hash(alike(key))
        start, hashes = self._parts[mine % PARTS]
        place = bisect_left(hashes, mine)
        return start + place if place < len(hashes) and hashes[place] == mine else None

    def __getitem__(self, key: str) -> int:
        """The rows of a key; 0 of one that is unknown."""
        number = self.number_of(key)
        return 0 if number is None else self._rows[number]

    def __len__(self) -> int:
        """How many keys there are."""
        return len(self._rows)
