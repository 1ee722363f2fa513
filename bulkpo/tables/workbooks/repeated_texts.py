"""Long texts that many cells of a sheet share: a small file can mean more text with them than anybody reads."""

from collections.abc import Iterable, Iterator, Sequence

from bulkpo.errors import InputError
from bulkpo.model.table import Cell, Chunk
from bulkpo.tables.reading.row_reader import Row

_LONG = 1_000
_MOST_CHARACTERS = 500_000_000


def bounded(pieces: Iterable[Chunk | Row], texts: Sequence[Cell], place: str) -> Iterator[Chunk | Row]:
    """The rows of a sheet, whose cells share these texts; raises InputError once the long ones come to too much."""
    if not any(map(_length, texts)):
        yield from pieces
        return
    total = 0
    for piece in pieces:
        columns, last = (piece.columns, piece.rows[-1]) if isinstance(piece, Chunk) else ([piece[1]], piece[0])
        total += sum(sum(map(_length, cells)) for cells in columns)
        if total > _MOST_CHARACTERS:
            raise InputError(
                f"{place}: down to row {last:,} its texts of {_LONG:,} characters and more come to over "
                f"{_MOST_CHARACTERS:,} characters; shorten them, or load the sheet in parts"
            )
        yield piece


def _length(cell: Cell) -> int:
    """How long a text is; 0 for what is no long one."""
    return len(cell) if isinstance(cell, str) and len(cell) >= _LONG else 0
