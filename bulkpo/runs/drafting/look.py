"""A file nobody has mapped yet, looked at: its sheets, where their headings stand, and all their cells by column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from bulkpo.mapping.guessing.cells import ColumnCells
from bulkpo.mapping.guessing.headings import HeadingGuess, find_headings
from bulkpo.mapping.guessing.table import TableCells
from bulkpo.model.table import Cell, Source
from bulkpo.schema.synonyms import Synonyms
from bulkpo.tables.source import SourceOptions, filled_sheets, open_source

_FIRST_ROWS = 60


@dataclass(frozen=True, slots=True)
class LookedTable:
    """One table of a file: where it is and what it holds."""

    path: Path
    sheet: str
    heading: HeadingGuess
    table: TableCells
    source: Mapping[str, object]


def look_at(path: Path, synonyms: Synonyms) -> tuple[LookedTable, ...]:
    """The tables of a file, a sheet each, in its order; raises InputError."""
    sheets = filled_sheets(path)
    names = [entry.name for entry in sheets if entry.visible and not entry.is_own] if sheets else [None]
    found = []
    for name in names or [None]:
        looked = _look(path, SourceOptions(sheet=name), synonyms)
        if looked is not None:
            several = len(names) > 1 and name is not None
            found.append(replace(looked, source={"sheet": name, **looked.source} if several else looked.source))
    return tuple(found)


def _look(path: Path, options: SourceOptions, synonyms: Synonyms) -> LookedTable | None:
    first = open_source(path, replace(options, header_row=None))
    rows = list(islice(_rows(first), _FIRST_ROWS))
    heading = find_headings(rows, synonyms)
    source: dict[str, object] = {}
    if heading.row is None:
        source["header_row"] = "none"
        opened = first
    else:
        if heading.row != 1:
            source["header_row"] = heading.row
        if heading.rows > 1:
            source["header_rows"] = heading.rows
        opened = open_source(path, replace(options, header_row=heading.row, header_rows=heading.rows))
    table = _table(opened, _headings(rows, heading))
    return LookedTable(path, opened.sheet, heading, table, source)


def _rows(source: Source) -> Iterator[tuple[int, list[Cell]]]:
    for piece in source.chunks():
        yield from zip(piece.rows, map(list, zip(*piece.columns, strict=True)), strict=True)


def _headings(rows: list[tuple[int, list[Cell]]], heading: HeadingGuess) -> dict[int, tuple[str, ...]]:
    """What each of several heading rows says, by column."""
    if heading.row is None or heading.rows < 2:
        return {}
    mine = [cells for number, cells in rows if heading.row <= number < heading.row + heading.rows]
    width = max(map(len, mine), default=0)
    return {
        place + 1: tuple(str(cells[place]) for cells in mine if place < len(cells) and cells[place] is not None)
        for place in range(width)
    }


def _table(source: Source, headings: Mapping[int, tuple[str, ...]]) -> TableCells:
    chunks = list(source.chunks())
    rows = list(chain.from_iterable(piece.rows for piece in chunks))
    columns = tuple(
        ColumnCells(column, list(chain.from_iterable(piece.columns[place] for piece in chunks)))
        for place, column in enumerate(source.columns)
    )
    return TableCells(columns, rows, headings)
