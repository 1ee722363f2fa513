"""How fast a connection can be dealt with, by what its client has sent.

Requests of the usual form that change something are quick: they can be read without waiting, and are soon done.
"""

import re
from enum import Enum, auto
from functools import lru_cache

_MOST_HEAD = 16 * 1024
_MOST_BODY = 1024 * 1024
_METHODS = (b"POST ", b"PUT ", b"PATCH ", b"DELETE ")
_REQUEST_LINE = re.compile(rb"[A-Z]+ [^\r\n]+ HTTP/1\.1\r\n")
_END = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*(?=\r\n)")
# A body in chunks, a client that waits to be told to go on, and a connection's last request are not usual.
_UNUSUAL = re.compile(rb"\r\n(?:transfer-encoding|expect|connection[^\r]*close)")


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
    end = held.find(b"\r\n\r\n", 0, _MOST_HEAD)
    if end < 0:
        return Pace.SLOW if len(held) > _MOST_HEAD or _END.search(held) else Pace.PARTIAL
    length = _usual_length(bytes(held[: end + 4]))
    if length is None:
        return Pace.SLOW
    return Pace.QUICK if len(held) >= end + 4 + length else Pace.PARTIAL


@lru_cache(maxsize=256)
def _usual_length(head: bytes) -> int | None:
    """The length of the body that a usual head tells, else None. Clients send the same few heads again and again."""
    lower = head.lower()
    lengths = _LENGTH.findall(lower)
    if not _REQUEST_LINE.match(head) or _UNUSUAL.search(lower) or lower.count(b"content-length") != len(lengths):
        return None
    length = int(lengths[0]) if lengths else 0
    return length if len(lengths) <= 1 and length <= _MOST_BODY else None
