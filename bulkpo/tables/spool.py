"""What is set aside to be read again, in constant memory: much of it waits in an unnamed temporary file.

Such a file has no name, or is marked to go with its handle: it is gone with the process, however that ends.
"""

import errno
import pickle
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Any, Self

from bulkpo.errors import OutputError
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


class PartSpool:
    """Bytes in several parts, each read by itself; beyond `most` bytes they wait on disk."""

    def __init__(self, parts: int, most: int = _IN_MEMORY) -> None:
        self._most = most
        self._waiting = [bytearray() for _ in range(parts)]
        self._size = 0
        self._file: IO[bytes] | None = None
        self._places: list[list[tuple[int, int]]] = [[] for _ in range(parts)]

    def add(self, part: int, data: bytes) -> None:
        """Put bytes aside; raises OutputError where the disk is full."""
        self._waiting[part] += data
        self._size += len(data)
        if self._size > self._most:
            self._put_down()

    def part(self, part: int) -> bytes:
        """All bytes of a part, in the order in which they were put aside."""
        if self._file is None:
            return bytes(self._waiting[part])
        read = bytearray()
        for start, size in self._places[part]:
            self._file.seek(start)
            read += self._file.read(size)
        return bytes(read + self._waiting[part])

    def _put_down(self) -> None:
        with _on_disk():
            if self._file is None:
                self._file = _temporary_file(self)
            start = self._file.seek(0, 2)
            for places, data in zip(self._places, self._waiting, strict=True):
                if data:
                    self._file.write(data)
                    places.append((start, len(data)))
                    start += len(data)
            self._file.flush()
        self._waiting = [bytearray() for _ in self._waiting]
        self._size = 0


class PlacedSpool:
    """Things on disk, each read again by its place."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._end = 0

    def add(self, thing: object) -> int:
        """Put a thing aside; gives its place. Raises OutputError where the disk is full."""
        with _on_disk():
            if self._file is None:
                self._file = _temporary_file(self)
            place = self._file.seek(self._end) if self._file.tell() != self._end else self._end
            pickle.dump(thing, self._file, pickle.HIGHEST_PROTOCOL)
            self._end = self._file.tell()
        return place

    def at(self, place: int) -> Any:  # noqa: ANN401 - what was put there
        """The thing at a place."""
        if self._file is None:
            raise IndexError(place)
        with _on_disk():
            self._file.seek(place)
            return pickle.load(self._file)  # noqa: S301 - what this very process wrote


def _temporary_file(owner: object) -> IO[bytes]:
    """A file that is closed, and gone, with its owner."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with its owner
    weakref.finalize(owner, file.close)
    return file


@contextmanager
def _on_disk() -> Iterator[None]:
    """Turn what goes wrong with a temporary file into an OutputError that says where it was to be."""
    try:
        yield
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        reason = "the disk is full; make room, or set TMPDIR to a folder on another" if is_full else error.strerror
        raise OutputError(f"{tempfile.gettempdir()}: a temporary file cannot be written: {reason or error}") from None
