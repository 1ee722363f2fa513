"""A text file read by blocks of bytes, with a way back to its records wherever a block is not to be taken as one.

This serves encodings in which ASCII characters are single bytes. A block ends with a line; whether that ends a record,
too, is for whoever takes the block apart to find out.
"""

import io
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from bulkpo.model.table import Chunk
from bulkpo.model.text_block import TextBlock
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.blanks import Seen
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row

BYTES = 1 << 20
"""A block of a megabyte has some thousand rows: so many that calling numpy takes little of the time it works."""
_OWN_BYTES = {"utf-8-sig": "utf-8", "utf-8": "utf-8", "cp1252": "cp1252", "ascii": "ascii", "iso8859-1": "iso8859-1"}


class TextFile(Protocol):
    """An open file of text."""

    def read(self, size: int, /) -> str:
        """So many characters, fewer at the end."""

    def readline(self, size: int = -1, /) -> str:
        """The rest of a line, or so many characters of it."""


class RecordReader(Protocol):
    """What knows the records of a text file."""

    encoding: str
    delimiter: str

    @property
    def skipped(self) -> int:
        """How many lines stand before the first record."""

    def pieces_of(
        self, file: TextFile, start: int, notes: Notes, is_done: Callable[[], bool]
    ) -> Generator[Chunk | Row, None, int]:
        """The records from where a file stands, in line `start`, until `is_done`; returns the line after them."""


def are_bytes(reader: RecordReader) -> bool:
    """Whether the characters that part cells and lines are single bytes."""
    return reader.encoding in _OWN_BYTES and reader.delimiter.isascii()


class TextBlocks:
    """The blocks of one file, in order, and its records; each begins where the one read before has ended.

    Blocks may be asked for some ahead. Whoever takes one says so, by `take` or by reading its `records`: so rows are
    counted in order, by whoever has counted them anyway.
    """

    def __init__(self, reader: RecordReader, file: BinaryIO) -> None:
        self._offset = 0
        self._row = 1
        self._reader = reader
        self._file = file
        self.encoding = _OWN_BYTES[reader.encoding]

    def opening(self, notes: Notes) -> Iterator[Chunk | Row]:
        """The file's first records."""
        self._offset = 3 if self._reader.encoding == "utf-8-sig" else 0
        self._file.seek(self._offset)
        for _ in range(self._reader.skipped):
            self._offset += len(self._file.readline())
        self._row = 1 + self._reader.skipped
        yield from self._records(notes, 1)

    def next(self) -> TextBlock | None:
        """The next block; None at the end of the file."""
        with reading(Path(self._file.name)):
            self._file.seek(self._offset)
            data = self._file.read(BYTES)
            if not data:
                return None
            end = data.rfind(b"\n") + 1
            data = data[:end] if end else data + self._file.readline(BYTES)
        block = TextBlock(data, self._offset, self._reader.delimiter, self.encoding)
        self._offset += len(data)
        return block

    def take(self, lines: int) -> int:
        """Take a block of so many rows, each a line, as read; the number of the first."""
        first = self._row
        self._row += lines
        return first

    def records(self, block: TextBlock, notes: Notes) -> Iterator[Chunk | Row]:
        """The records that begin in a block; they may end further on."""
        self._offset = block.offset
        yield from self._records(notes, len(block.data))

    def is_next(self, block: TextBlock) -> bool:
        """Whether a block is what comes next."""
        return block.offset == self._offset

    def go_on_after(self, block: TextBlock) -> None:
        """Read on behind a block."""
        self._offset = block.offset + len(block.data)

    def _records(self, notes: Notes, least: int) -> Iterator[Chunk | Row]:
        path = Path(self._file.name)
        with reading(path), path.open("rb") as file, io.TextIOWrapper(file, self.encoding, newline="") as text:
            file.seek(self._offset)
            counted = _Counted(text, self.encoding)
            self._row = yield from self._reader.pieces_of(counted, self._row, notes, lambda: counted.bytes >= least)
            self._offset += counted.bytes


class _Counted:
    """An open file of text that counts the bytes that are read of it."""

    def __init__(self, file: io.TextIOWrapper, encoding: str) -> None:
        self.bytes = 0
        self._file = file
        self._encoding = encoding

    def read(self, size: int, /) -> str:
        return self._count(self._file.read(size))

    def readline(self, size: int = -1, /) -> str:
        return self._count(self._file.readline(size))

    def _count(self, text: str) -> str:
        self.bytes += len(text) if text.isascii() else len(text.encode(self._encoding))
        return text


class TableBlocks:
    """The rows of a table below its headings, by blocks of bytes or as chunks."""

    def __init__(
        self, blocks: TextBlocks, seen: Seen, width: int, fill: Callable[[Iterable[Chunk | Row]], Iterator[Chunk]]
    ) -> None:
        """`fill` makes chunks of what the file's records are."""
        self.width = width
        self.encoding = blocks.encoding
        self.next = blocks.next
        self.is_next = blocks.is_next
        self.go_on_after = blocks.go_on_after
        self._blocks = blocks
        self._seen = seen
        self._fill = fill

    def opening(self) -> Iterator[Chunk]:
        """The first rows."""
        return self._fill(self._blocks.opening(self._seen.notes))

    def chunks(self, block: TextBlock) -> Iterator[Chunk]:
        """The rows that begin in a block."""
        return self._fill(self._blocks.records(block, self._seen.notes))

    def take(self, lines: int) -> int:
        """Take a block of so many rows as read, without a blank one among them; the number of the first."""
        first = self._blocks.take(lines)
        self._seen.blanks.passed(first, first + lines - 1)
        return first
