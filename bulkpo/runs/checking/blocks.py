"""A text file checked by blocks: what is proved of a block's bytes is taken as proved, the rest is read as ever.

Blocks are proved some ahead, by several threads. Where little of a block is proved, the next ones are read as ever,
more of them each time, so that a file of which nothing can be proved costs little more than it would anyway.
"""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from bulkpo.model.table import CHUNK_ROWS, Chunk
from bulkpo.model.text_block import TextBlock
from bulkpo.runs.checking.numpy_ready import has_numpy
from bulkpo.tables.reading.blocks import TableBlocks
from bulkpo.tables.reading.table import TableSource

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from bulkpo.mapping.proving.blocks import BlockProver
    from bulkpo.mapping.proving.proof import Proof
    from bulkpo.runs.checking.mapped import Pass

FEWEST_BYTES = 8 << 20
"""Of a smaller file reading takes less time than importing numpy."""
_MOST_SKIPPED = 64
_AHEAD = 2
_MOST_TOGETHER = 32
"""So many blocks at most are one piece: the rows left of them are judged together, a few of each."""
_ENOUGH_ROWS = 4 * CHUNK_ROWS
"""So many rows left of blocks are judged, however few these are."""


def is_large(one: "Pass") -> bool:
    """Whether a pass is over a file large enough."""
    path = one.file.path
    return path.is_file() and path.stat().st_size >= FEWEST_BYTES


@contextmanager
def pieces(one: "Pass", *, names_orders: bool = False) -> "Iterator[Iterator[Chunk | Proof] | None]":
    """All rows of a pass, as proofs of blocks and as chunks; None where blocks of it cannot be proved.

    With `names_orders` the proofs say where each sound order begins.
    """
    if one.file.mapping.parts or not has_numpy():
        yield None
        return
    from concurrent.futures import ThreadPoolExecutor

    from bulkpo.mapping.proving.blocks import block_prover
    from bulkpo.mapping.proving.judged import TextForm

    source = one.file.source
    if not isinstance(source, TableSource):
        yield None
        return
    with source.by_blocks() as table:
        if table is None:
            yield None
            return
        prover = block_prover(one.applier, TextForm(table.encoding, Lock()), names_orders=names_orders)
        if prover is None:
            yield None
            return
        threads = min(4, os.cpu_count() or 1)
        with ThreadPoolExecutor(threads) as pool:
            yield _Ahead(table, prover, pool, threads * _AHEAD).pieces()


class _Ahead:
    """Proves blocks some ahead of where they are wanted."""

    def __init__(self, table: TableBlocks, prover: "BlockProver", pool: "ThreadPoolExecutor", most: int) -> None:
        self._table = table
        self._prover = prover
        self._pool = pool
        self._most = most
        self._under_way: deque[tuple[TextBlock, Future[Proof | None]]] = deque()
        self._has_failed = False
        self._pause = 0
        self._skip = 0

    def pieces(self) -> "Iterator[Chunk | Proof]":
        """All rows, in the file's order."""
        from bulkpo.mapping.proving.proof import joined_proof

        yield from self._table.opening()
        proofs: list[Proof] = []
        left = 0
        while (following := self._following()) is not None:
            block, proof = following
            if proof is not None:
                proofs.append(proof.from_row(self._table.take(proof.height)))
                left += len(proof.left.rows)
            if proofs and (proof is None or left >= _ENOUGH_ROWS or len(proofs) == _MOST_TOGETHER):
                yield joined_proof(proofs)
                proofs, left = [], 0
            if proof is None:
                yield from self._table.chunks(block)
                self._drop_overtaken()
        if proofs:
            yield joined_proof(proofs)

    def _following(self) -> "tuple[TextBlock, Proof | None] | None":
        if self._has_failed and not self._under_way:
            self._has_failed = False
            self._skip = self._pause = min(_MOST_SKIPPED, 2 * self._pause or 1)
        most = 1 if self._pause else self._most
        while not (self._has_failed or self._skip) and len(self._under_way) < most and (block := self._table.next()):
            self._under_way.append((block, self._pool.submit(self._prover.prove, block, self._table.width)))
        if not self._under_way:
            self._skip = max(0, self._skip - 1)
            skipped = self._table.next()
            return None if skipped is None else (skipped, None)
        block, future = self._under_way.popleft()
        proof = future.result()
        self._has_failed = proof is None or 2 * proof.lines < len(proof.left.rows)
        if not self._has_failed:
            self._pause = 0
        return block, proof

    def _drop_overtaken(self) -> None:
        """Forget the blocks under way where the records of the one before have ended elsewhere than it did."""
        if self._under_way and not self._table.is_next(self._under_way[0][0]):
            self._under_way.clear()
        elif self._under_way:
            self._table.go_on_after(self._under_way[-1][0])
