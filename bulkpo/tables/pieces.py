"""Rows of a sheet many at a time: when a chunk of columns can pass as it is, without looking at its rows."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import NoneType
from typing import Protocol, cast, runtime_checkable

from bulkpo.model.table import Cell, Chunk
from bulkpo.tables.reading.oddities import Notes


@runtime_checkable
class PieceReader(Protocol):
    """A reader of cells that gives rows of the same shape many at a time, by column."""

    def pieces(self, notes: Notes) -> Iterator[Chunk | tuple[int, list[Cell]]]:
        """All rows from the top, blank ones too where the file has them; columns as far as the cells reach."""


def rows_of(chunk: Chunk) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a chunk, one by one."""
    return zip(chunk.rows, map(list, zip(*chunk.columns, strict=True)), strict=True)


def below(chunk: Chunk, row: int) -> Chunk:
    """The rows of a chunk after one of this number."""
    above = bisect_right(chunk.rows, row)
    return (
        replace(chunk, rows=chunk.rows[above:], columns=[cells[above:] for cells in chunk.columns]) if above else chunk
    )


def filled_columns(chunk: Chunk, width: int) -> list[Sequence[Cell]] | None:
    """A chunk's columns, so many, if there is nothing beyond and something in each row; else None."""
    height = len(chunk.rows)
    if not any(map(_is_full, chunk.columns[:width])):
        return None
    if any(column.count(None) < height for column in chunk.columns[width:]):
        return None
    missing = range(width - len(chunk.columns))
    return [*chunk.columns[:width], *([None] * height for _ in missing)]


def _is_full(column: Sequence[Cell]) -> bool:
    """Whether no cell of a column is blank, where its types tell."""
    kinds = set(map(type, column))
    return all(map(str.strip, cast("Sequence[str]", column))) if kinds == {str} else not kinds & {str, NoneType}
