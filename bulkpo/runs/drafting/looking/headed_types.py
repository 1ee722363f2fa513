"""Rows of several types below one row of headings for all: orders fill some of its columns, and lines the others."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.runs.drafting.looking.typed_rows import RowsOfType, TypedRows, orders_above, without_headings
from bulkpo.runs.drafting.looking.types_by_values import TypesByValues
from bulkpo.tables.reading.record_types import WIDTH
from bulkpo.tables.source import SourceOptions
from bulkpo.where import column_letter

_FEWEST_OWN = 2


def headed_types(
    path: Path, options: SourceOptions, types: TypesByValues, columns: Sequence[ColumnCells]
) -> TypedRows | None:
    """The rows of types whose columns have headings in common; None where these do not fit the rows of both.

    They fit where orders and lines fill columns of their own, and lines say the same as their order in the others.
    """
    typed = without_headings(path, replace(options, header_row=None, width=WIDTH), types)
    if typed is None:
        return None
    head, line = typed.types[typed.first], typed.types[typed.line]
    both = said_again(head, line)
    own = [sum(each.filled > 0 for each in rows.columns) - len(both) for rows in (head, line)]
    above = list(orders_above(head.places, line.places))
    lettered = {each.title: each for each in head.columns}
    fits = min(own) >= _FEWEST_OWN and all(_is_same(lettered[each.title], each, above) for each in both)
    return replace(typed, headings={column_letter(it.column.number): it.title for it in columns}) if fits else None


def said_again(head: RowsOfType, line: RowsOfType) -> tuple[ColumnCells, ...]:
    """The columns of lines that orders fill, too."""
    filled = {each.title for each in head.columns if each.filled}
    return tuple(each for each in line.columns if each.filled and each.title in filled)


def _is_same(head: ColumnCells, line: ColumnCells, above: Sequence[int | None]) -> bool:
    """Whether lines say what the order above them says, or nothing."""
    said = [(key, place) for key, place in zip(line.keys, above, strict=True) if key]
    return all(place is not None and head.keys[place] == key for key, place in said)
