"""Whole lines of a text file as they stand in it, not yet taken apart."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Some lines: `data` are their bytes, from `offset` in the file on, and end with a line break.

    The encoding is one in which ASCII characters are single bytes.
    """

    data: bytes
    offset: int
    delimiter: str
    encoding: str
