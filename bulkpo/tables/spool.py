"""Rows set aside while others are written, in constant memory: many of them wait in an unnamed temporary file."""

import pickle
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

from bulkpo.model.table import Cell

_IN_MEMORY = 8 << 20


class RowSpool:
    """Rows in the order in which they were put aside; gone when the block ends."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile[bytes](max_size=_IN_MEMORY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Put some rows aside."""
        if rows:
            pickle.dump(rows, self._file, pickle.HIGHEST_PROTOCOL)

    def batches(self) -> Iterator[Sequence[Sequence[Cell]]]:
        """The rows, as many at a time as were put aside together."""
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)  # noqa: S301 - what this very process wrote
            except EOFError:
                return
