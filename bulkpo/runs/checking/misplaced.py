"""Headings that do not stand in the row a mapping declares: where they are instead."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bulkpo.mapping.rows.binding import loose_title
from bulkpo.model.table import Cell
from bulkpo.tables.source import SourceOptions, open_source

_MOST_ROWS = 60


def misplaced_headings(path: Path, options: SourceOptions, titles: Collection[str]) -> str:
    """What to say where most titles stand in another row than the declared one; empty where they do not."""
    if options.header_row is None or not titles:
        return ""
    wanted = frozenset(map(loose_title, titles))
    found = {row: len(wanted.intersection(map(_title, cells))) for row, cells in _first_rows(path, options)}
    row = max(found, key=lambda each: found[each], default=0)
    declared = range(options.header_row, options.header_row + options.header_rows)
    if row in declared or found.get(row, 0) * 2 < len(wanted):
        return ""
    return (
        f"the headings do not stand in row {options.header_row}, as the mapping says: {found[row]} of the "
        f"{len(wanted)} it names are in row {row}; say source: {{header_row: {row}}}"
    )


def _first_rows(path: Path, options: SourceOptions) -> Iterator[tuple[int, list[Cell]]]:
    source = open_source(path, replace(options, header_row=None))
    chunk = next(iter(source.chunks()), None)
    if chunk is not None:
        rows = zip(chunk.rows, map(list, zip(*chunk.columns, strict=True)), strict=True)
        yield from islice(rows, _MOST_ROWS)


def _title(cell: Cell) -> str:
    return "" if cell is None else loose_title(str(cell))
