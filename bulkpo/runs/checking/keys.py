"""Keys that may not be what they seem: of rows beside one that lost its key, and of orders that look like another."""

import re
from collections.abc import Iterable, Sequence

from bulkpo.mapping.rows.group import Stretch
from bulkpo.mapping.rows.records import Records
from bulkpo.model.text import alike

_BLANK_WITHIN = re.compile(r"[ \t\r\f\v\x1c-\x1f]")


class Strays:
    """Finds the rows beside lines without a key, which may be lines of the order above or below that lost it.

    Lines that follow their header's row without naming it cannot lose it.
    """

    def __init__(self) -> None:
        self.beside: set[int] = set()
        self._above: int | None = None
        self._is_open = False

    def look(self, records: Records) -> None:
        """Take in a chunk."""
        if None not in records.keys and not self._is_open:
            lines = records.rows if not any(records.first_part) else ()
            self._above = lines[-1] if lines else self._above
            return
        is_header = records.first_part or [False] * len(records.rows)
        for row, key, heads in zip(records.rows, records.keys, is_header, strict=True):
            if heads:
                continue
            if key is None:
                self.beside.update(() if self._above is None else (self._above,))
                self._is_open = True
                continue
            if self._is_open:
                self.beside.add(row)
            self._is_open, self._above = False, row


def twin_said(key: str, other: str) -> tuple[str, str, str]:
    """What to say of two keys that look alike: the finding's code, how they differ, and what to do."""
    remedy = "or say keys: exact if they are two orders"
    if key.lstrip("0") == other.lstrip("0"):
        code = "zeros-lost"
        message = "differ only in zeros in front, which spreadsheets lose"
        return code, message, f"correct the one that lost them, in a column formatted as text, {remedy}"
    code = "keys-alike"
    message = "look alike, and differ in case, in blanks, or in characters that cannot be seen or told apart"
    return code, message, f"make them equal, {remedy}"


class Twins:
    """Finds keys that look alike: that differ in nothing but zeros in front, case, or what cannot be seen."""

    def __init__(self) -> None:
        self.pairs: dict[str, tuple[str, int]] = {}
        self._first: dict[str, tuple[str, int]] = {}

    def look(self, records: Records, stretches: Iterable[Stretch]) -> None:
        """Take in a chunk."""
        firsts = [start for start, _ in stretches if records.keys[start] is not None]
        mine = [(records.keys[start] or "", records.rows[start]) for start in firsts]
        bare = _alike([key for key, _ in mine])
        if self._first.keys().isdisjoint(bare) and len(set(bare)) == len(bare):
            self._first.update(zip(bare, mine, strict=True))
            return
        for each, (key, row) in zip(bare, mine, strict=True):
            other = self._first.setdefault(each, (key, row))
            if other[0] != key:
                self.pairs.setdefault(key, other)
                self.pairs.setdefault(other[0], (key, row))


def _alike(keys: Sequence[str]) -> list[str]:
    """What keys have in common with those that look like them; plain ones many at once."""
    joined = "\n".join(keys)
    if not joined.isascii() or _BLANK_WITHIN.search(joined) or joined.count("\n") != len(keys) - 1:
        return list(map(alike, keys))
    return [key.lstrip("0") for key in joined.lower().split("\n")]
