"""A workbook that bulkpo has just written, read back to see what stands in it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bulkpo.model.table import Cell, Chunk
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.table import below
from bulkpo.tables.workbooks.package import Package
from bulkpo.tables.workbooks.xlsx import XlsxReader

_HEADING = 1


def columns_read_back(path: Path, sheet: str, columns: Sequence[int]) -> Iterator[Sequence[Sequence[Cell]]]:
    """Some columns (from 1) of a sheet below its heading, some hundred rows at a time; raises InputError.

    Rows are taken as they come, blank ones too: the reader says what the file holds, not what people would see of it.
    """
    with reading(path):
        reader = XlsxReader(Package(path), sheet, frozenset(columns))
    for piece in reader.pieces(Notes()):
        if isinstance(piece, Chunk):
            chunk = below(piece, _HEADING)
            if chunk.rows:
                yield [_column(chunk, column) for column in columns]
        elif piece[0] > _HEADING:
            yield [piece[1][column - 1 : column] or [None] for column in columns]


def _column(chunk: Chunk, number: int) -> Sequence[Cell]:
    return chunk.columns[number - 1] if number <= len(chunk.columns) else [None] * len(chunk.rows)
