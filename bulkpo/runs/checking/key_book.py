"""The keys of a file in which some seem to meet, told apart exactly: which come back, and which look alike.

They are put aside by what they look like, in parts of which one at a time is in memory, and many wait on disk; what is
kept of each is a hash and how many rows it has, sixteen bytes.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bulkpo.mapping.rows.group import stretches_of
from bulkpo.mapping.rows.records import Records
from bulkpo.model.document import Value
from bulkpo.runs.checking.hashed import PARTS, hashes_of_keys
from bulkpo.runs.checking.keys import Twins
from bulkpo.runs.checking.rows_of_keys import RowsOfKeys
from bulkpo.runs.checking.watched import KeyMemory, key_memory
from bulkpo.tables.spool import PartSpool

_AT_ONCE = 16_384
_MOST_IN_MEMORY = 32 << 20


class _Stretch(NamedTuple):
    """Rows that stand together: their key, the number of the first, and how many they are."""

    key: str
    row: int
    rows: int


class KeyBook:
    """Takes in all keys of a file, chunk by chunk."""

    def __init__(self) -> None:
        self._spool = PartSpool(PARTS, _MOST_IN_MEMORY)
        self._waiting: list[_Stretch] = []
        self._last: _Stretch | None = None
        self.counts = RowsOfKeys()
        self.pairs: dict[str, tuple[str, int]] = {}
        self.are_scattered = False

    def look(self, records: Records) -> None:
        """Take in a chunk."""
        for start, end in stretches_of(records.keys):
            self._take(records.keys[start], records.rows[start], end - start)
        if len(self._waiting) >= _AT_ONCE:
            self._put_aside()

    def _take(self, key: Value, row: int, rows: int) -> None:
        last = self._last
        if last is not None and last.key == key:
            self._last = last._replace(rows=last.rows + rows)
            return
        if last is not None:
            self._waiting.append(last)
        self._last = None if key is None else _Stretch(key, row, rows)

    def finish(self) -> None:
        """Tell all keys apart: `counts` are their rows, `pairs` those that look alike, as of `Twins`."""
        if self._last is not None:
            self._waiting.append(self._last)
        self._put_aside()
        for part in range(PARTS):
            rows: dict[str, int] = {}
            firsts: list[tuple[str, int]] = []
            for key, row, count in self._stretches(part):
                if key in rows:
                    self.are_scattered = True
                else:
                    firsts.append((key, row))
                rows[key] = rows.get(key, 0) + count
            twins = Twins()
            twins.meet(firsts)
            self.pairs |= twins.pairs
            self.counts.add(rows)

    def memory(self) -> KeyMemory:
        """All keys by a word each, to tell them from those of other files."""
        memory = key_memory()
        for part in range(PARTS):
            memory.meet_texts(list({each.key: None for each in self._stretches(part)}))
        return memory

    def _put_aside(self) -> None:
        parts: list[list[_Stretch]] = [[] for _ in range(PARTS)]
        for each, stretch in zip(
            hashes_of_keys([stretch.key for stretch in self._waiting]), self._waiting, strict=True
        ):
            parts[each % PARTS].append(stretch)
        self._waiting = []
        for number, part in enumerate(parts):
            if part:
                self._spool.add(number, json.dumps(part).encode() + b"\n")

    def _stretches(self, part: int) -> Iterator[_Stretch]:
        for line in self._spool.part(part).splitlines():
            yield from (_Stretch(*each) for each in json.loads(line))


def book_of(chunks: Iterable[Records]) -> KeyBook:
    """The keys of a file, told apart."""
    book = KeyBook()
    for records in chunks:
        book.look(records)
    book.finish()
    return book
