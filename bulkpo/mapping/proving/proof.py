"""What is proved of a block of text, and what of it is left to be judged row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from bulkpo.mapping.proving.cells import Words
from bulkpo.mapping.proving.cut import Places
from bulkpo.model.table import Chunk
from bulkpo.model.totals import CurrencyTotal


class ProvedOrders(NamedTuple):
    """Sound orders by name: the rows with which they begin, counted as those that are left, and their keys."""

    rows: Places
    keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proved of `height` rows: `orders` sound orders of `lines` lines, and what they are worth.

    `left` are the rows to be judged one by one, whole orders, the first and last of them among them; of a single block
    they are counted from 0. `words` are those of the keys of all orders that begin here; `first` and `last` the keys
    of the first and last row. `skipped` are the rows that are skipped by reason, counted as those that are left, and
    `skipped_keys` the cells of their keys; lines that are finished are among them, but for their keys. `told` is to be
    called once this is taken as proved. `named` are the sound orders, where somebody asked for their names.
    """

    height: int
    orders: int
    lines: int
    totals: tuple[CurrencyTotal, ...]
    left: Chunk
    words: Words
    first: str
    last: str
    last_texts: Sequence[str | None]
    skipped: Sequence[tuple[str, Places]]
    skipped_keys: Sequence[str | None]
    told: Sequence[Callable[[], None]]
    named: ProvedOrders

    def from_row(self, number: int) -> "Proof":
        """The same with the rows that are left counted as in the file, where this is the number of the first."""
        left = replace(self.left, rows=[number + row for row in self.left.rows])
        skipped = [(reason, rows + number) for reason, rows in self.skipped]
        return replace(self, left=left, skipped=skipped, named=self.named._replace(rows=self.named.rows + number))


def joined_proof(proofs: Sequence[Proof]) -> Proof:
    """What is proved of blocks that follow each other."""
    first, last = proofs[0], proofs[-1]
    if first is last:
        return first
    above = [None, *(each.last for each in proofs)]
    parts = [each.left.columns for each in proofs]
    texts = zip(*(each.last_texts for each in reversed(proofs)), strict=True)
    return Proof(
        sum(each.height for each in proofs),
        sum(each.orders for each in proofs),
        sum(each.lines for each in proofs),
        tuple(total for each in proofs for total in each.totals),
        Chunk(
            [row for each in proofs for row in each.left.rows],
            [[cell for cells in columns for cell in cells] for columns in zip(*parts, strict=True)],
            is_text=True,
        ),
        np.concatenate([each.words[each.first == key :] for key, each in zip(above, proofs, strict=False)]),
        first.first,
        last.last,
        [next(filter(None, column), None) for column in texts],
        [skipped for each in proofs for skipped in each.skipped],
        [key for each in proofs for key in each.skipped_keys],
        [told for each in proofs for told in each.told],
        ProvedOrders(
            np.concatenate([each.named.rows for each in proofs]), [key for each in proofs for key in each.named.keys]
        ),
    )
