"""A mapping's columns found among those a table has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bulkpo.errors import MappingError
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.own import OWN_PREFIX
from bulkpo.model.table import PART, PART_MARK, Column
from bulkpo.schema.tables import nearest


@dataclass(frozen=True, slots=True)
class Binding:
    """Where each of the mapping's columns stands in a table, by the mapping's name for it.

    `positions` count the table's columns from 0 and are None for a column the table may and does lack; `numbers` are
    the columns' own, 0 for such a one. `unmapped` are the notices of columns the mapping says nothing about.
    """

    positions: Mapping[str, int | None]
    numbers: Mapping[str, int]
    unmapped: tuple[Finding, ...]


def bind(mapping: ImportMapping, columns: Sequence[Column]) -> Binding:
    """Find the columns; raises MappingError naming every one the table lacks."""
    places = {column.title: position for position, column in enumerate(columns)}
    positions: dict[str, int | None] = {PART: places[PART]} if mapping.parts else {}
    problems = []
    for title, place in mapping.columns.items():
        names = [name for name in (title, *mapping.also.get(title, ())) if name in places]
        if len(names) > 1:
            problems.append(f"{place}: the file has both {names[0]!r} and {names[1]!r}; map one and ignore the other")
        elif names or title in mapping.optional or _has_no_part(mapping, title, places):
            positions[title] = places[names[0]] if names else None
        else:
            hint = nearest(title, tuple(places)) or f"; it has: {', '.join(list(places)[:30])}"
            problems.append(f"{place}: the file has no column {title!r}{hint}")
    if problems:
        raise MappingError(problems)
    numbers = {title: 0 if place is None else columns[place].number for title, place in positions.items()}
    bound = {columns[place].title for place in positions.values() if place is not None}
    known = bound | mapping.ignored.keys() | mapping.columns.keys()
    return Binding(positions, numbers, tuple(_unmapped(column) for column in columns if _is_odd(column, known)))


def _has_no_part(mapping: ImportMapping, title: str, places: Mapping[str, int]) -> bool:
    """Whether a column belongs to a record type of which the file has no row."""
    part = next((each for each in mapping.record_types if title.startswith(each + PART_MARK)), None)
    return part is not None and not any(name.startswith(part + PART_MARK) for name in places)


def _is_odd(column: Column, known: set[str]) -> bool:
    own = column.title.rpartition(PART_MARK)[2]
    return column.title not in known and not own.startswith(OWN_PREFIX)


def _unmapped(column: Column) -> Finding:
    return Finding(
        "unmapped-column",
        f"column {column.title!r} is neither mapped nor ignored; add it to columns, or say {{ignore: reason}}",
        column=column.number,
        severity=Severity.NOTICE,
    )
