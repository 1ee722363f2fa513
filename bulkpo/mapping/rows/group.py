"""Records with one key become one document.

Rows of an order usually stand together, and then a document is whole as soon as the key changes. Where they are
scattered, the number of rows of each key must be known first (`RowCounts`), so that memory holds open orders only.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice, pairwise
from operator import ne
from typing import Protocol

from bulkpo.mapping.rows.records import Records
from bulkpo.model.document import Columns, Value, Values

Stretch = tuple[int, int]
"""Rows of one key that stand together: the position of the first, and the one after the last."""


MOST_ROWS_OPEN = 65_536
"""Of so many rows at most open orders are held, where there is another place for them."""


class RowCounts(Protocol):
    """How many rows each key has."""

    def __getitem__(self, key: str, /) -> int:
        """The rows of a key."""


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

    @property
    def header(self) -> int:
        """The row of the order's first part; 0 where it has none, or does not come in parts."""
        return self.rows[min(self.first_part)] if self.first_part else 0

    def variant_of(self, level: int, row: int, values: Values) -> int:
        """Which member a row gives is the one with these values, where it gives several side by side."""
        if level == 0 or row not in self.rows:
            return 0
        variants = self.members[self.rows.index(row)][level - 1]
        if len(variants) == 1:
            return 0
        fitting = (number for number, each in enumerate(variants) if _is_within(each, values))
        return next(fitting, 0)


class Aside(Protocol):
    """Where pieces of open orders wait that are too many to be held."""

    def put(self, piece: Gathered, /) -> None:
        """Set a piece of an order aside."""

    def rows_of(self, key: str, /) -> int:
        """How many rows of an order wait."""

    def take(self, key: str, /) -> list[Gathered]:
        """The pieces of an order, in the file's order."""

    def rest(self) -> Iterator[list[Gathered]]:
        """The pieces of every order that still waits."""


class Grouper:
    """Gathers records by key. With `counts`, rows may be scattered; without, a key that comes back raises.

    For that all keys are remembered, unless somebody else watches them. Where scattered orders have many rows, they
    wait `aside`.
    """

    def __init__(
        self, counts: RowCounts | None = None, *, is_watched: bool = False, aside: Aside | None = None
    ) -> None:
        self._counts = counts
        self._aside = aside
        self._rows_open = 0
        self._remembers = counts is None and not is_watched
        self._open: dict[str, Gathered] = {}
        self._seen: set[str] = set()

    def push(self, records: Records, sound: Sequence[Stretch] = ()) -> Iterator[Gathered]:
        """Take in a chunk; gives the documents that are whole, in the order of their last rows.

        Those of `sound` stretches are whole orders known without being gathered, and are not given.
        """
        self._meet(records.keys[start] for start, _ in sound)
        done = 0
        for start, end in sound:
            if done < start:
                yield from self._gather(records, range(done, start))
            if self._counts is None and self._open:
                yield from self._close_all()
            done = end
        if done < len(records.rows):
            yield from self._gather(records, range(done, len(records.rows)))

    def _meet(self, keys: Iterable[Value]) -> None:
        """Remember keys that must not come back."""
        if self._remembers:
            met = list(filter(None, keys))
            before = len(self._seen)
            self._seen.update(met)
            if len(self._seen) - before < len(met):
                raise ScatteredRows

    def _gather(self, records: Records, span: range) -> Iterator[Gathered]:
        headers, *levels = [[_rows_of(variant, span) for variant in level] for level in records.levels]
        members = list(zip(*(zip(*level, strict=True) for level in levels), strict=True)) or [()] * len(span)
        for begin, stop in stretches_of(records.keys[span.start : span.stop]):
            start, end = span.start + begin, span.start + stop
            key = records.keys[start]
            if key is None:
                continue
            gathered = self._open.get(key)
            if gathered is None:
                if self._counts is None:
                    yield from self._close_all()
                    self._meet([key])
                gathered = self._open[key] = Gathered(key)
            if records.first_part:
                known = len(gathered.rows) - start
                gathered.first_part.update(known + place for place in range(start, end) if records.first_part[place])
            gathered.rows += records.rows[start:end]
            gathered.headers += headers[0][begin:stop]
            gathered.members += members[begin:stop]
            if records.bad:
                _note_bad(gathered, records, range(start, end))
            self._rows_open += end - start
            if self._counts is not None and self._rows_of(gathered) == self._counts[key]:
                yield self._whole(self._open.pop(key))
        if self._aside is not None and self._rows_open > MOST_ROWS_OPEN:
            for gathered in self._open.values():
                self._aside.put(gathered)
            self._open, self._rows_open = {}, 0

    def _rows_of(self, gathered: Gathered) -> int:
        """The rows of an order so far."""
        return len(gathered.rows) + (0 if self._aside is None else self._aside.rows_of(gathered.key))

    def _whole(self, last: Gathered) -> Gathered:
        """An order with its pieces that were set aside."""
        self._rows_open -= len(last.rows)
        before = [] if self._aside is None else self._aside.take(last.key)
        return _joined([*before, last]) if before else last

    def finish(self) -> Iterator[Gathered]:
        """Give the last documents."""
        if self._aside is not None:
            yield from map(self._whole, self._open.values())
            self._open = {}
            yield from map(_joined, self._aside.rest())
        yield from self._close_all()

    def _close_all(self) -> Iterator[Gathered]:
        whole, self._open = self._open, {}
        yield from whole.values()


def stretches_in(records: Records) -> Sequence[Stretch]:
    """Where rows of one order stand together among records; those with figures of orders know it."""
    orders = records.orders
    is_known = orders is not None and orders.keys is records.keys
    return orders.stretches if orders is not None and is_known else list(stretches_of(records.keys))


def _joined(pieces: Sequence[Gathered]) -> Gathered:
    """An order of its pieces, in the file's order."""
    whole = Gathered(pieces[0].key)
    for piece in pieces:
        whole.first_part.update(len(whole.rows) + place for place in piece.first_part)
        whole.rows += piece.rows
        whole.headers += piece.headers
        whole.members += piece.members
        whole.has_bad_rows |= piece.has_bad_rows
        whole.troubled |= piece.troubled
    return whole


def stretches_of(keys: Sequence[Value]) -> Iterator[Stretch]:
    """Where rows of one key stand together."""
    if not keys:
        return iter(())
    changes = compress(range(1, len(keys)), map(ne, keys, islice(keys, 1, None)))
    return pairwise([0, *changes, len(keys)])


def whole_orders(keys: Sequence[Value], stretches: Sequence[Stretch], counts: RowCounts | None) -> list[Stretch]:
    """The stretches of a chunk that are whole orders: they have all rows of their key, or no key comes back.

    An order goes on after rows without a key, so one beside them may be a part.
    """
    if counts is not None:
        return [(start, end) for start, end in stretches if (key := keys[start]) and counts[str(key)] == end - start]
    beside = zip(stretches, stretches[1:], stretches[2:], strict=False)
    return [each[1] for each in beside if None not in [keys[start] for start, _ in each]]


def _is_within(values: Values, others: Values) -> bool:
    """Whether all values that are given are those of others, too, and some are."""
    given = [(value, other) for value, other in zip(values, others, strict=True) if value is not None]
    return bool(given) and all(value == other for value, other in given)


def _rows_of(columns: Columns, span: range) -> list[Values]:
    """The values of some rows, row by row."""
    if not columns:
        return [()] * len(span)
    return list(zip(*(column[span.start : span.stop] for column in columns), strict=True))


def _note_bad(gathered: Gathered, records: Records, positions: Iterable[int]) -> None:
    for position in records.bad.intersection(positions):
        gathered.has_bad_rows = True
        row = records.rows[position]
        gathered.troubled.update((path, row) for path in records.troubled.get(position, ()))
