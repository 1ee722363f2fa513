"""How fast a connection can be dealt with, by what its client has sent.

Requests of the usual form that change something are quick: they can be read without waiting, and are soon done.
"""

from enum import Enum, auto
from functools import lru_cache

from bulkpo.sandbox.http import END_OF_HEAD, Malformed, read_head

_MOST_HEAD = 16 * 1024
_MOST_DIGITS = 6
_METHODS = (b"POST ", b"PUT ", b"PATCH ", b"DELETE ")


class Pace(Enum):
    """What is to be done with a connection."""

    QUICK = auto()
    """A whole request that is quick is there: answer it at once."""
    PARTIAL = auto()
    """Such a request may be on its way, or none is: wait."""
    SLOW = auto()
    """Anything else: reading or answering it may take its time."""
    OVER = auto()
    """The client has ended it."""


def pace_of(held: bytearray) -> Pace:
    """What is to be done with bytes that were received, which are some."""
    if not held.startswith(_METHODS):
        return Pace.SLOW
    end = END_OF_HEAD.search(held, 0, _MOST_HEAD)
    if end is None:
        return Pace.SLOW if len(held) > _MOST_HEAD else Pace.PARTIAL
    length = _usual_length(bytes(held[: end.end()]))
    if length is None:
        return Pace.SLOW
    return Pace.QUICK if len(held) >= end.end() + length else Pace.PARTIAL


@lru_cache(maxsize=64)
def _usual_length(head: bytes) -> int | None:
    """The length of the body that a usual head tells, else None.

    A body in chunks, a client that waits to be told to go on, and a connection's last request are not usual.
    """
    try:
        _, _, headers, keep_alive = read_head(head)
    except Malformed:
        return None
    length = headers.get("content-length", "0")
    if not (keep_alive and length.isdecimal()) or "transfer-encoding" in headers or "expect" in headers:
        return None
    return int(length) if length.isascii() and len(length) <= _MOST_DIGITS else None
