"""A mapping's columns found among those a table has."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bulkpo.errors import MappingError
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.own import OWN_PREFIX
from bulkpo.model.table import PART, PART_MARK, TABLE_STRIDE, Column
from bulkpo.schema.tables import nearest
from bulkpo.where import Place

_MOST_TITLES = 30
FIT = "bulkpo guess --fit MAPPING FILE"
"""The command that fits a mapping to a file, where the names it takes are not known."""
_IF_CHANGED = f"; if it is the right file and its headings have changed: {FIT}"
_MOST_UNREAD = 20
_MOST_MISSING = 3


@dataclass(frozen=True, slots=True)
class Binding:
    """Where each of the mapping's columns stands in a table, by the mapping's name for it.

    `positions` count the table's columns from 0 and are None for a column the table may and does lack; `numbers` are
    the columns' own, 0 for such a one. `unread` are the columns the mapping says nothing about, `unmapped` the
    notices of them.
    """

    positions: Mapping[str, int | None]
    numbers: Mapping[str, int]
    unread: tuple[Column, ...]
    unmapped: tuple[Finding, ...]


class MissingColumnsError(MappingError):
    """A table lacks columns that the mapping names; `titles` are all those it looks for."""

    def __init__(self, problems: Sequence[str], titles: Collection[str]) -> None:
        self.titles = titles
        super().__init__(problems)


def bind(mapping: ImportMapping, columns: Sequence[Column]) -> Binding:
    """Find the columns: by their very titles first, then without regard to case and blanks.

    Raises MappingError naming every one that the table has twice or lacks, a MissingColumnsError if it lacks some.
    """
    places = {column.title: position for position, column in enumerate(columns)}
    positions: dict[str, int | None] = {PART: places[PART]} if mapping.parts else {}
    titles = _Titles(mapping, places)
    problems = []
    missing: dict[str, Place] = {}
    for title, place in mapping.columns.items():
        names = titles.of((title, *mapping.also.get(title, ())))
        if len(names) > 1:
            problems.append(f"{place}: the file has both {names[0]!r} and {names[1]!r}; map one and ignore the other")
        elif names or title in mapping.optional or _has_no_part(mapping, title, places):
            positions[title] = places[names[0]] if names else None
        else:
            missing[title] = place
    if missing:
        wanted = {name for title in mapping.columns for name in (title, *mapping.also.get(title, ()))}
        raise MissingColumnsError([*problems, *_lacking(missing, len(mapping.columns), places)], wanted)
    if problems:
        raise MappingError(problems)
    numbers = {title: 0 if place is None else columns[place].number for title, place in positions.items()}
    bound = {columns[place].title for place in positions.values() if place is not None}
    known = bound | mapping.ignored.keys() | mapping.columns.keys()
    loosely = frozenset(map(loose_title, mapping.ignored))
    odd = [column for column in columns if _is_odd(column, known) and loose_title(column.title) not in loosely]
    unread = tuple(column for column in odd if not _is_rest(column, mapping))
    return Binding(positions, numbers, unread, tuple(_unmapped(unread, mapping)))


class _Titles:
    """The titles of a table, looked up by a mapping's names for them."""

    def __init__(self, mapping: ImportMapping, places: Collection[str]) -> None:
        also = {name for names in mapping.also.values() for name in names}
        exact = {title for title in places if title in mapping.columns or title in mapping.ignored or title in also}
        self._places = places
        self._loose: dict[str, list[str]] = {}
        for title in places:
            if title not in exact:
                self._loose.setdefault(loose_title(title), []).append(title)

    def of(self, names: Sequence[str]) -> list[str]:
        """The table's titles that some names stand for: more than one if the table has several."""
        exact = [name for name in names if name in self._places]
        return exact or [
            title for name in dict.fromkeys(map(loose_title, names)) for title in self._loose.get(name, ())
        ]


def loose_title(title: str) -> str:
    """A title without case and blanks."""
    return "".join(title.casefold().split())


def _lacking(missing: Mapping[str, Place], count: int, places: Mapping[str, int]) -> list[str]:
    """What to say of missing columns: one by one, or of all at once where they are many."""
    listed = f"; it has: {', '.join(list(places)[:_MOST_TITLES])}"
    if len(places) > _MOST_TITLES:
        listed += f" and {len(places) - _MOST_TITLES:,} more"
    listed += _IF_CHANGED
    if len(missing) <= _MOST_MISSING:
        return [
            f"{place}: the file has no column {title!r}{nearest(title, tuple(places)) or listed}"
            for title, place in missing.items()
        ]
    place = next(iter(missing.values()))
    many = "none" if len(missing) == count else f"{count - len(missing):,}"
    names = ", ".join(map(repr, missing))
    return [f"{place}: the file has {many} of the {count:,} columns that the mapping names; it lacks {names}{listed}"]


def _has_no_part(mapping: ImportMapping, title: str, places: Mapping[str, int]) -> bool:
    """Whether a column belongs to a record type of which the file has no row."""
    part = next((each for each in mapping.record_types if title.startswith(each + PART_MARK)), None)
    return part is not None and not any(name.startswith(part + PART_MARK) for name in places)


def _is_odd(column: Column, known: set[str]) -> bool:
    own = column.title.rpartition(PART_MARK)[2]
    return column.title not in known and not own.startswith(OWN_PREFIX)


def _part_of(column: Column, mapping: ImportMapping) -> str:
    part = column.title.partition(PART_MARK)[0]
    return part if part in mapping.parts else ""


def _is_rest(column: Column, mapping: ImportMapping) -> bool:
    return not mapping.rest.keys().isdisjoint(("", _part_of(column, mapping)))


def _unmapped(columns: Sequence[Column], mapping: ImportMapping) -> Iterator[Finding]:
    """A notice for each part with columns that the mapping says nothing about, at row 0 of its table."""
    tables = tuple(mapping.tables)
    for part in dict.fromkeys(_part_of(column, mapping) for column in columns):
        odd = [column for column in columns if _part_of(column, mapping) == part]
        titles = [column.title for column in odd]
        if len(odd) == 1:
            said = f"column {titles[0]!r} is neither mapped nor ignored; add it to columns, or say {{ignore: reason}}"
        else:
            more = f" and {len(odd) - _MOST_UNREAD:,} more" if len(odd) > _MOST_UNREAD else ""
            named = ", ".join(map(repr, titles[:_MOST_UNREAD])) + more
            remedy = "add them to columns, or say ignore_rest: reason"
            said = f"{len(odd):,} columns are neither mapped nor ignored: {named}; {remedy}"
        yield Finding(
            "unmapped-column",
            said,
            row=tables.index(part) * TABLE_STRIDE if part in tables else 0,
            column=odd[0].number if len(odd) == 1 else 0,
            value=", ".join(titles),
            severity=Severity.NOTICE,
        )
