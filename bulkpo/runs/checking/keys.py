"""Keys that may not be what they seem: of rows beside one that lost its key, and of orders that look like another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bulkpo.mapping.rows.group import Stretch
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.values.cells import FORBIDDEN
from bulkpo.model.text import INKLESS, alike, all_alike, shown

if TYPE_CHECKING:
    from bulkpo.runs.checking.watched import KeyMemory

_DIGITS_LOST = ("scientific-number", "too-many-digits")


class Strays:
    """Finds the rows beside lines without a key, which may be lines of the order above or below that lost it.

    Lines that follow their header's row without naming it cannot lose it. A number that was shortened, such as
    4.50E+09, can be that of a row beside it only where that has a number, too.
    """

    def __init__(self, path: str) -> None:
        """`path` is that of the key."""
        self.beside: set[int] = set()
        self._path = path
        self._above: tuple[int, str] | None = None
        self._open: set[_Said] = set()

    def look(self, records: Records) -> None:
        """Take in a chunk."""
        if None not in records.keys and not self._open:
            lines = records.rows if not any(records.first_part) else ()
            self._above = (lines[-1], records.keys[-1] or "") if lines else self._above
            return
        said = {each.row: _Said(each.code, each.value) for each in records.findings if each.element == self._path}
        is_header = records.first_part or [False] * len(records.rows)
        for row, key, heads in zip(records.rows, records.keys, is_header, strict=True):
            if heads:
                continue
            if key is None:
                lost = said.get(row, _NOTHING)
                if self._above is not None and lost.may_be(self._above[1]):
                    self.beside.add(self._above[0])
                self._open.add(lost)
                continue
            if any(lost.may_be(key) for lost in self._open):
                self.beside.add(row)
            self._open.clear()
            self._above = row, key


class _Said(NamedTuple):
    """What is told of a row without key: the finding's code, and what the cell holds."""

    code: str
    text: str

    def may_be(self, key: str) -> bool:
        """Whether the row may belong to this order."""
        if self.code in _DIGITS_LOST:
            return key.isdecimal()
        if self.code == "decimal-code":
            code, whole = alike(self.text.removesuffix(".0")), alike(key)
            return whole.startswith(code) or whole.endswith(code)
        if self.code == "control-character":
            return alike(FORBIDDEN.sub("", self.text)) == alike(key)
        return True


_NOTHING = _Said("", "")


def doubt_said(key: str, other: str, at: str, many: str) -> tuple[str, str, str, str]:
    """What to say of a key in doubt: the finding's code, the trouble, what to do, and what it means if it is exact.

    `other` is the key it looks like, which stands `at` a place, or itself where it is in doubt alone.
    """
    if key == other:
        code = "unseen-in-number"
        message = f"{shown(key)} has characters that cannot be seen, and Coupa would keep them"
        return code, message, "remove them, or say keys: exact if they are meant", "it is sent as it is"
    code, message, remedy = _twin_said(key, other)
    return code, f"{many} {shown(key)} and {shown(other)} ({at}) {message}", remedy, f"they are two {many}"


def _twin_said(key: str, other: str) -> tuple[str, str, str]:
    remedy = "or say keys: exact if they are two orders"
    if key.lstrip("0") == other.lstrip("0"):
        code = "zeros-lost"
        message = "differ only in zeros in front, which spreadsheets lose"
        return code, message, f"correct the one that lost them, in a column formatted as text, {remedy}"
    code = "keys-alike"
    message = "look alike, and differ in case, in blanks, or in characters that cannot be seen or told apart"
    return code, message, f"make them equal, {remedy}"


Firsts = dict[str, tuple[str, int]]
"""The first key, and its row, of those that look alike, by what they have in common."""


@dataclass(slots=True)
class MetKeys:
    """The keys of one of several files: where each first stands, or a word of each, to tell them apart."""

    firsts: Firsts = field(default_factory=dict)
    memory: "KeyMemory | None" = None


class Twins:
    """Finds keys that look alike: that differ in nothing but zeros in front, case, or what cannot be seen.

    A key with what cannot be seen is in doubt alone, too: it is paired with itself. Where the others are watched
    otherwise, it alone is looked for.
    """

    def __init__(self, *, are_watched: bool = False) -> None:
        self._are_watched = are_watched
        self.pairs: dict[str, tuple[str, int]] = {}
        self.firsts: Firsts = {}

    def look(self, records: Records, stretches: Iterable[Stretch]) -> None:
        """Take in a chunk."""
        firsts = [start for start, _ in stretches if records.keys[start] is not None]
        self.meet([(records.keys[start] or "", records.rows[start]) for start in firsts])

    def meet(self, mine: Sequence[tuple[str, int]]) -> None:
        """Take in some keys, each with its row."""
        for key, row in mine:
            if not key.isascii() and INKLESS.search(key):
                self.pairs.setdefault(key, (key, row))
        if self._are_watched:
            return
        bare = all_alike([key for key, _ in mine])
        if self.firsts.keys().isdisjoint(bare) and len(set(bare)) == len(bare):
            self.firsts.update(zip(bare, mine, strict=True))
            return
        for each, (key, row) in zip(bare, mine, strict=True):
            other = self.firsts.setdefault(each, (key, row))
            if other[0] != key:
                for one, twin in ((key, other), (other[0], (key, row))):
                    if self.pairs.get(one, (one, 0))[0] == one:
                        self.pairs[one] = twin
