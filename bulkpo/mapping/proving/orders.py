"""Which rows of a block are one order."""

from typing import NamedTuple

import numpy as np

from bulkpo.mapping.proving.cut import Flags, Places


class OrderRows(NamedTuple):
    """The rows with which orders begin, as flags and as numbers, and which order each row is of."""

    begins: Flags
    firsts: Places
    of_rows: Places

    @classmethod
    def of(cls, begins: Flags) -> "OrderRows":
        """The orders of a block, by the rows with which they begin: its first row is one."""
        return cls(begins, np.flatnonzero(begins), np.cumsum(begins) - 1)
