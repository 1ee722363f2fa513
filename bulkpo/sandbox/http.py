"""HTTP/1.1 as far as the sandbox speaks it: one request read, one answer written, the connection kept.

Its own few lines, because the standard library's reading of headers alone costs more than a whole create should.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import Protocol

MOST_LINE = 65_536
MOST_HEADERS = 100
MOST_HEAD = 1024 * 1024
END_OF_HEAD = re.compile(rb"\n\r?\n")
MOST_BODY = 16 * 1024 * 1024


class Malformed(Exception):  # noqa: N818 - an answer to the client, not an error of the program
    """Bytes that are not a request the sandbox can take; the connection ends with this status."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are in lower case; `target` is the path and the query string as sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    keep_alive: bool

    @property
    def path(self) -> str:
        """The target without its query string."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query string, still encoded."""
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; its length is added when it is written."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    def head(self, *, keep_alive: bool, length: int | None = None) -> bytes:
        """Status line and headers. `length` says another length than the body has."""
        lines = [
            f"HTTP/1.1 {self.status} {_phrase(self.status)}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body) if length is None else length}",
            f"Connection: {'keep-alive' if keep_alive else 'close'}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Stream(Protocol):
    """Where a client's bytes come from and go to."""

    def head(self, limit: int) -> bytes:
        """The lines up to a blank one, which is the last; without it if the client ends or there are more bytes."""

    def readline(self, limit: int) -> bytes:
        """A line with its end; one without is as long as the limit, or the last."""

    def read(self, size: int) -> bytes:
        """So many bytes; less only if the client has ended."""

    def write(self, data: bytes) -> None:
        """Send all of it."""


def read_request(stream: Stream) -> Request | None:
    """The next request of a connection, or None where the client has ended it. Raises Malformed."""
    head = stream.head(MOST_HEAD)
    if not head:
        return None
    method, target, headers, keep_alive = read_head(head)
    if headers.get("expect", "").lower() == "100-continue":
        stream.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return Request(method, target, headers, _body(stream, headers), keep_alive)


@lru_cache(maxsize=64)
def read_head(head: bytes) -> tuple[str, str, Mapping[str, str], bool]:
    """Method, target, headers, and whether the connection is to be kept; raises Malformed.

    Clients send the same few heads again and again.
    """
    first, *lines = head.split(b"\n")
    if max(map(len, (first, *lines))) > MOST_LINE:
        raise Malformed(414, "A line of the request is too long")
    parts = first.decode("latin-1").split()
    if len(parts) != 3 or not parts[2].startswith("HTTP/"):
        raise Malformed(400, "This is not an HTTP request")
    method, target, version = parts
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise Malformed(400, f"{version} is not spoken here; use HTTP/1.1")
    headers = _headers(lines)
    connection = headers.get("connection", "").lower()
    keep_alive = "close" not in connection and (version == "HTTP/1.1" or "keep-alive" in connection)
    return method.upper(), target, headers, keep_alive


def _headers(lines: Sequence[bytes]) -> dict[str, str]:
    """The headers of lines, of which the last is empty, and the one before blank."""
    if len(lines) > MOST_HEADERS + 2:
        raise Malformed(431, "The request has too many headers")
    headers: dict[str, str] = {}
    for line in lines[:-2]:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            break
        headers[name.strip().lower()] = value.strip()
    else:
        if lines[-2:] in ([b"", b""], [b"\r", b""]):
            return headers
    raise Malformed(400, "A header of the request cannot be read")


def _line(stream: Stream) -> bytes:
    line = stream.readline(MOST_LINE + 1)
    if len(line) > MOST_LINE:
        raise Malformed(414, "A line of the request is too long")
    return line


def _body(stream: Stream, headers: Mapping[str, str]) -> bytes:
    if "transfer-encoding" in headers:
        if headers["transfer-encoding"].lower() != "chunked":
            raise Malformed(400, "Only the transfer encoding 'chunked' is understood")
        return _chunked(stream)
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise Malformed(400, "Content-Length is not a number")
    digits = length.lstrip("0") or "0"
    if len(digits) > len(str(MOST_BODY)):  # more digits than Python makes a number of, perhaps
        raise Malformed(413, f"The body is larger than {MOST_BODY} bytes")
    return _exactly(stream, int(digits))


def _chunked(stream: Stream) -> bytes:
    chunks: list[bytes] = []
    total = 0
    while True:
        try:
            size = int(_line(stream).partition(b";")[0], 16)
        except ValueError:
            raise Malformed(400, "A chunk of the body has no size") from None
        if size == 0:
            break
        total += size
        chunks.append(_exactly(stream, size if total <= MOST_BODY else total))
        _line(stream)
    while _line(stream) not in (b"\r\n", b"\n", b""):
        pass
    return b"".join(chunks)


def _exactly(stream: Stream, length: int) -> bytes:
    if length < 0 or length > MOST_BODY:
        raise Malformed(413, f"The body is larger than {MOST_BODY} bytes")
    body = stream.read(length)
    if len(body) < length:
        raise Malformed(400, "The body ended too early")
    return body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
