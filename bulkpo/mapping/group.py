"""Records with one key become one document.

Rows of an order usually stand together, and then a document is whole as soon as the key changes. Where they are
scattered, the number of rows of each key must be known first (`count_keys`), so that memory holds open orders only.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice, pairwise
from operator import ne

from bulkpo.mapping.apply import Records, Values
from bulkpo.model.document import Value


class ScatteredRows(Exception):  # noqa: N818 - not an error: the file is read again with the rows of each key counted
    """A key has come back after another: group again with counts."""


@dataclass(slots=True)
class Gathered:
    """The rows of one key so far: their numbers, header values, and member values per level and variant.

    `troubled` are the fields that could not be read, by path and row; `first_part` the rows, by their place among
    `rows`, that are of the first of several parts.
    """

    key: str
    rows: list[int] = field(default_factory=list)
    headers: list[Values] = field(default_factory=list)
    members: list[tuple[tuple[Values, ...], ...]] = field(default_factory=list)
    has_bad_rows: bool = False
    troubled: set[tuple[str, int]] = field(default_factory=set)
    first_part: set[int] = field(default_factory=set)


class Grouper:
    """Gathers records by key. With `counts`, rows may be scattered; without, a key that comes back raises."""

    def __init__(self, counts: Mapping[str, int] | None = None) -> None:
        self._counts = counts
        self._open: dict[str, Gathered] = {}
        self._seen: set[str] = set()

    def push(self, records: Records) -> Iterator[Gathered]:
        """Take in a chunk; gives the documents that are whole, in the order of their last rows."""
        members = list(zip(*(zip(*level, strict=True) for level in records.members), strict=True))
        if not members:
            members = [()] * len(records.rows)
        for start, end in _runs(records.keys):
            key = records.keys[start]
            if key is None:
                continue
            gathered = self._open.get(key)
            if gathered is None:
                if self._counts is None:
                    yield from self._close_all()
                    if key in self._seen:
                        raise ScatteredRows
                    self._seen.add(key)
                gathered = self._open[key] = Gathered(key)
            if records.first_part:
                known = len(gathered.rows) - start
                gathered.first_part.update(known + place for place in range(start, end) if records.first_part[place])
            gathered.rows += records.rows[start:end]
            gathered.headers += records.header[start:end]
            gathered.members += members[start:end]
            if records.bad:
                _note_bad(gathered, records, range(start, end))
            if self._counts is not None and len(gathered.rows) == self._counts[key]:
                yield self._open.pop(key)

    def finish(self) -> Iterator[Gathered]:
        """Give the last documents."""
        yield from self._close_all()

    def _close_all(self) -> Iterator[Gathered]:
        whole, self._open = self._open, {}
        yield from whole.values()


def _runs(keys: Sequence[Value]) -> Iterator[tuple[int, int]]:
    """Where rows of one key stand together: the first of each stretch, and the one after its last."""
    if not keys:
        return iter(())
    changes = compress(range(1, len(keys)), map(ne, keys, islice(keys, 1, None)))
    return pairwise([0, *changes, len(keys)])


def _note_bad(gathered: Gathered, records: Records, positions: Iterable[int]) -> None:
    for position in records.bad.intersection(positions):
        gathered.has_bad_rows = True
        row = records.rows[position]
        gathered.troubled.update((path, row) for path in records.troubled.get(position, ()))


def count_keys(chunks: Iterator[Records]) -> Counter[str]:
    """How many rows each key has."""
    counts: Counter[str] = Counter()
    for records in chunks:
        counts.update(key for key in records.keys if key is not None)
    return counts
