"""Whole lines of a text file as they stand in it, not yet taken apart."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Some lines: `data` are their bytes, from `offset` in the file on, and end with a line break.

    `first_row` is the number of the first line. The encoding is one in which ASCII characters are single bytes.
    """

    data: bytes
    offset: int
    first_row: int
    delimiter: str
    encoding: str
