"""Secrets looked for in files before these are packed: as they are, as other texts hold them, and within archives."""

import base64
import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import quote
from xml.sax.saxutils import escape

_PIECE = 1 << 20
_MOST = 4 << 30
"""How much is inflated in looking; a file that unpacks to more is not packed."""
_DEEPEST = 2


class TooMuchError(Exception):
    """A file unpacks to more than is looked through."""


class Needles:
    """The forms in which secrets are looked for."""

    def __init__(self, secrets: Sequence[str]) -> None:
        forms = {form for secret in secrets for form in _forms(secret)}
        self._pattern = re.compile(b"|".join(map(re.escape, sorted(forms, key=len, reverse=True)))) if forms else None
        self._longest = max(map(len, forms), default=1)

    def are_in(self, path: Path) -> bool:
        """Whether a file holds any; raises TooMuchError where it cannot be looked through."""
        if self._pattern is None:
            return False
        with path.open("rb") as stream:
            return self._look(stream, [_MOST], 0)

    def _look(self, stream: IO[bytes], left: list[int], depth: int) -> bool:
        start = stream.read(4)
        stream.seek(0)
        if self._look_through(iter(lambda: stream.read(_PIECE), b""), left):
            return True
        if depth < _DEEPEST and start.startswith(b"PK\x03\x04"):
            stream.seek(0)
            return self._look_in_zip(stream, left, depth)
        if depth < _DEEPEST and start.startswith(b"\x1f\x8b"):
            stream.seek(0)
            try:
                with gzip.open(stream) as inner:
                    return self._look_through(iter(lambda: inner.read(_PIECE), b""), left)
            except (OSError, EOFError, zlib.error):
                return False
        return False

    def _look_in_zip(self, stream: IO[bytes], left: list[int], depth: int) -> bool:
        try:
            with zipfile.ZipFile(stream) as archive:
                for info in archive.infolist():
                    with archive.open(info) as inner:
                        if self._look(inner, left, depth + 1):
                            return True
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, zlib.error):
            return False
        return False

    def _look_through(self, pieces: Iterator[bytes], left: list[int]) -> bool:
        assert self._pattern is not None  # noqa: S101 - for the type checker: asked before
        before = b""
        for piece in pieces:
            left[0] -= len(piece)
            if left[0] < 0:
                raise TooMuchError
            text = before + piece
            if self._pattern.search(text):
                return True
            before = text[-self._longest :]
        return False


def _forms(secret: str) -> Iterator[bytes]:
    """A secret as other texts hold it."""
    for text in {secret, escape(secret), escape(secret, {'"': "&quot;", "'": "&apos;"}), json.dumps(secret)[1:-1]}:
        yield text.encode("utf-8", "surrogatepass")
    yield quote(secret, safe="").encode()
    yield secret.encode("utf-16-le", "surrogatepass")
    yield secret.encode("utf-16-be", "surrogatepass")
    yield base64.b64encode(secret.encode("utf-8", "surrogatepass")).rstrip(b"=")
