"""The orders of a checked file by name: where each begins, its key, and which rows are its own.

No document is made for it, and where the blocks of a file can be proved, hardly a cell becomes a text.
"""

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from bulkpo.mapping.rows.group import stretches_in
from bulkpo.mapping.rows.records import Records
from bulkpo.model.table import Chunk
from bulkpo.runs.checking import blocks
from bulkpo.runs.checking.mapped import Pass

if TYPE_CHECKING:
    from bulkpo.mapping.proving.proof import Proof


_GROWN = (sys.maxsize, "")
"""All rows below the last: those that were added to the file meanwhile belong to no order that was checked."""


class OrderStart(NamedTuple):
    """An order's first row, and its key."""

    row: int
    key: str


class _Piece(NamedTuple):
    """Where orders begin, or go on, in a piece of a file; its rows without a key, those left out, and the last."""

    starts: Sequence[OrderStart]
    keyless: Sequence[int]
    left_out: Sequence[int]
    last: int


def order_starts(one: Pass) -> Iterator[OrderStart]:
    """Every order of a file, in the order in which a pass over it gives them, those with errors among them."""
    if one.counts is not None:
        yield from (OrderStart(gathered.rows[0], gathered.key) for gathered in one.gathered())
        return
    with _named_blocks(one) as pieces:
        named = map(_piece_of, map(one.applier.apply, one.file.source.chunks())) if pieces is None else pieces
        last = ""
        for piece in named:
            for start in piece.starts:
                if start.key != last:  # else it goes on, after rows without a key or from another piece
                    yield start
                last = start.key


@contextmanager
def keys_of_rows(one: Pass) -> Iterator[Callable[[Chunk], list[str | None]]]:
    """Gives the keys of all rows of each chunk, in the file's order.

    A key is empty for a row that has none, and None for one that is left out on the mapping's word.
    """
    with _named_blocks(one) as pieces:
        yield _KeysOfChunk(one) if pieces is None else _KeysOfBlocks(pieces)


class _KeysOfChunk:
    """The keys of rows as a mapping gives them."""

    def __init__(self, one: Pass) -> None:
        self._applier = one.applier

    def __call__(self, chunk: Chunk) -> list[str | None]:
        records = self._applier.apply(chunk)
        keys = {row: key or "" for row, key in zip(records.rows, records.keys, strict=True)}
        return list(map(keys.get, chunk.rows))


class _KeysOfBlocks:
    """The keys of rows by where their orders begin."""

    def __init__(self, pieces: Iterator[_Piece]) -> None:
        self._odd: dict[int, str | None] = {}
        self._spans = self._spans_of(pieces)
        self._span = (0, "")

    def __call__(self, chunk: Chunk) -> list[str | None]:
        rows, keys = chunk.rows, list[str | None]()
        while len(keys) < len(rows):
            end, key = self._span
            keys += [key] * (bisect_left(rows, end, len(keys)) - len(keys))
            if len(keys) < len(rows):
                self._span = next(self._spans, _GROWN)
        if self._odd and not self._odd.keys().isdisjoint(rows):
            keys = [self._odd.get(row, key) for row, key in zip(rows, keys, strict=True)]
        return keys

    def _spans_of(self, pieces: Iterator[_Piece]) -> Iterator[tuple[int, str]]:
        """The rows below which another order's begin, and whose are those above, as far as these are not odd."""
        for piece in pieces:
            self._odd.update(dict.fromkeys(piece.keyless, ""))
            self._odd.update(dict.fromkeys(piece.left_out))
            ends = [*(start.row for start in piece.starts[1:]), piece.last + 1]
            keys = [start.key for start in piece.starts] or [""]
            yield from zip(ends, keys, strict=True)


@contextmanager
def _named_blocks(one: Pass) -> Iterator[Iterator[_Piece] | None]:
    """The pieces of a large file by proofs of its blocks; None where it is to be read as text."""
    if one.counts is not None or not blocks.is_large(one):
        yield None
        return
    with blocks.pieces(one, names_orders=True) as pieces:
        yield None if pieces is None else (_named(one, piece) for piece in pieces)


def _named(one: Pass, piece: "Chunk | Proof") -> _Piece:
    if isinstance(piece, Chunk):
        return _piece_of(one.applier.apply(piece))
    for told in piece.told:  # what a totals row adds up tells it from a line
        told()
    left = _piece_of(one.applier.apply(piece.left))
    one.applier.pass_over(piece.last_texts, piece.skipped_keys)
    left_out = [*left.left_out, *(row for _, rows in piece.skipped for row in rows.tolist())]
    starts = sorted([*left.starts, *map(OrderStart, piece.named.rows.tolist(), piece.named.keys)])
    return _Piece(starts, left.keyless, left_out, max([left.last, *left_out]))


def _piece_of(records: Records) -> _Piece:
    rows, keys = records.rows, records.keys
    starts = [
        OrderStart(rows[start], str(keys[start])) for start, _ in stretches_in(records) if keys[start] is not None
    ]
    keyless = [row for row, key in zip(rows, keys, strict=True) if key is None]
    left_out = [row for skipped in records.skipped.values() for row in skipped]
    return _Piece(starts, keyless, left_out, max([*rows[-1:], *left_out], default=0))
