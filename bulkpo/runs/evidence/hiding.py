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

import re2

_PIECE = 1 << 20
_MOST = 4 << 30
"""How much is inflated in looking; a file that unpacks to more is not packed."""
_DEEPEST = 2
_OVERLAP = 1 << 16
_BETWEEN = rb"(?:<[^<>]*>)*"
"""The marks of a text whose letters differ in font, as workbooks hold it."""
_NAMED = {
    "&": ("&amp;",),
    "<": ("&lt;",),
    ">": ("&gt;",),
    '"': ("&quot;", '""'),
    "'": ("&apos;", "&#39;"),
    " ": ("+", "\u00a0"),
    "/": ("\\/",),
}


class TooMuchError(Exception):
    """A file unpacks to more than is looked through."""


class Needles:
    """The patterns by which secrets are looked for."""

    def __init__(self, secrets: Sequence[str]) -> None:
        patterns = [pattern for secret in secrets for pattern in _patterns(secret)]
        self._pattern = re2.compile(b"|".join(patterns), _options()) if patterns else None

    def masked(self, text: str) -> str:
        """A text with every secret in it put out of sight, in whatever form it stands there."""
        if self._pattern is None:
            return text
        coded = text.encode("utf-8", "surrogatepass")
        if not self._pattern.search(coded):
            return text
        found: bytes = self._pattern.sub(b"***", coded)
        return found.decode("utf-8", "surrogatepass")

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
            before = text[-_OVERLAP:]
        return False


def _options() -> re2.Options:
    """Bytes are bytes, and a pattern may be large."""
    options = re2.Options()
    options.encoding, options.max_mem, options.log_errors = re2.Options.Encoding.LATIN1, 64 << 20, False
    options.dot_nl = True
    return options


def _patterns(secret: str) -> Iterator[bytes]:
    """A secret as other texts hold it: letter by letter, each in any of its forms; and as a whole in other codes."""
    yield _BETWEEN.join(b"(?:" + b"|".join(map(re.escape, _forms(letter))) + b")" for letter in secret)
    coded = secret.encode("utf-8", "surrogatepass")
    whole = [secret.encode("utf-16-le", "surrogatepass"), secret.encode("utf-16-be", "surrogatepass")]
    yield from map(re.escape, [*whole, base64.b64encode(coded).rstrip(b"=")])


def _forms(letter: str) -> list[bytes]:
    """A letter as it is, and as XML, JSON, CSV and addresses write it."""
    coded, number = letter.encode("utf-8", "surrogatepass"), ord(letter)
    forms = [coded, f"&#{number};".encode(), f"&#x{number:x};".encode(), f"&#x{number:X};".encode()]
    forms += [form.encode() for form in _NAMED.get(letter, ())]
    forms += [letter.encode("latin-1")] if number < 0x100 else []
    escaped = json.dumps(letter)[1:-1]
    forms += [escaped.encode(), escaped.upper().replace("\\U", "\\u").encode()] if escaped != letter else []
    percents = "".join(f"%{byte:02x}" for byte in coded)
    return list(dict.fromkeys([*forms, percents.encode(), percents.upper().encode()]))
