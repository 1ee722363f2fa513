"""A ZIP file that is sealed: its comment holds the SHA-256 of every byte before its end record.

With the members' own digests in the manifest, there is no byte in a pack that can change unseen: headers, times and
the list of members are under the seal, and the end record itself says nothing that cannot be worked out.
"""

import hashlib
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

END = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
_SEAL = "bulkpo evidence/1 sha256 "
SEAL = re.compile(_SEAL.encode() + b"([0-9a-f]{64})")
SEALED_END = END.size + len(_SEAL) + 64
_PIECE = 1 << 20
_LARGE = 1 << 30


class _Sealing:
    """A stream that hashes what goes through it, and holds the end record back until it is sealed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._end = b""
        self._before_end = hashlib.sha256()
        self._all = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        waiting = self._end + data
        ready, self._end = waiting[: -END.size], waiting[-END.size :]
        self._put(ready)
        self._before_end.update(ready)
        return len(data)

    def flush(self) -> None:
        """Nothing: whoever has opened the file flushes it."""

    def close(self) -> None:
        """Nothing: whoever has opened the file closes it."""

    def tell(self) -> int:
        raise OSError  # so that nothing is written but in order

    def seal(self) -> str:
        """Write the end record with the seal; gives the digest of the whole file."""
        comment = f"{_SEAL}{self._before_end.hexdigest()}".encode()
        *facts, _ = END.unpack(self._end)
        self._put(END.pack(*facts, len(comment)) + comment)
        return self._all.hexdigest()

    def _put(self, data: bytes) -> None:
        if self._file.closed:  # a pack that was given up: the zip module writes its end when it lets go of it
            return
        self._file.write(data)
        self._all.update(data)
        self.size += len(data)


class SealedZip:
    """A sealed ZIP file being written, member after member. `digests` are those of its members, by name.

    All members bear the same time, an ISO moment, so that the same content makes the same bytes.
    """

    def __init__(self, file: IO[bytes], moment: str) -> None:
        self._stream = _Sealing(file)
        self._zip = zipfile.ZipFile(self._stream, "w", zipfile.ZIP_DEFLATED)
        self._moment = _date_time(moment)
        self.digests: dict[str, str] = {}
        self.sizes: dict[str, int] = {}

    @contextmanager
    def member(self, name: str, size: int = 0) -> "Iterator[_Member]":
        """Begin a member; `size` is about what it comes to, where that is known to be large."""
        info = zipfile.ZipInfo(name, self._moment)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100600 << 16
        with self._zip.open(info, "w", force_zip64=size > _LARGE) as stream:
            member = _Member(stream)
            yield member
        self.digests[name], self.sizes[name] = member.digest, member.size

    def put(self, name: str, pieces: Iterable[bytes], size: int = 0) -> str:
        """Add a member piece by piece; gives its digest."""
        with self.member(name, size) as member:
            for piece in pieces:
                member.write(piece)
        return self.digests[name]

    def finish(self) -> tuple[str, int]:
        """End the file and seal it; gives its digest and size."""
        self._zip.close()
        return self._stream.seal(), self._stream.size


class _Member:
    """A member being written."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add to it."""
        self._stream.write(data)
        self._digest.update(data)
        self.size += len(data)

    @property
    def digest(self) -> str:
        """The SHA-256 of what was written."""
        return self._digest.hexdigest()


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file, piece by piece."""
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _date_time(moment: str) -> tuple[int, int, int, int, int, int]:
    """An ISO moment as the parts that a ZIP file holds."""
    numbers = [int(number) for number in re.findall(r"\d+", moment)[:6]]
    year, month, day, hour, minute, second = (*numbers, *(0,) * (6 - len(numbers)))
    return (year, month, day, hour, minute, second) if year >= 1980 else (1980, 1, 1, 0, 0, 0)
