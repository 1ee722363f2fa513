"""A file whose headings are no longer those of its mapping: what each may have become, with the evidence.

Three kinds of evidence are independent of each other: what a heading says, where its column stands, and what its cells
hold. Money, numbers of orders and currencies need two of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.judging.engine import judge
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.binding import loose_title
from bulkpo.model.table import Source
from bulkpo.runs.checking.stamps import filled_by
from bulkpo.runs.drafting.guesses.knowledge import knowledge
from bulkpo.schema.tables import ElementTables

_ALIKE = 0.75
_MONEY_ENDS = ("price", "quantity", "amount", "currency/code", "pct", "bulk-price/price")


@dataclass(frozen=True, slots=True)
class Renamed:
    """A column of the mapping that the file may call otherwise now; `is_money` where a person must say so."""

    column: str
    heading: str
    reasons: tuple[str, ...]
    is_money: bool


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column of the file that the mapping does not know, and the elements it may be."""

    heading: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """All that differs between the headings of a file and its mapping.

    `gone` are columns of the mapping that nothing in the file looks like, each with what was found and is not enough.
    """

    renamed: tuple[Renamed, ...]
    new: tuple[NewColumn, ...]
    gone: tuple[tuple[str, str], ...]

    @property
    def is_none(self) -> bool:
        """Whether the file has what the mapping reads, and nothing else."""
        return not (self.renamed or self.new or self.gone)


def drift_of(mapping: ImportMapping, source: Source, tables: ElementTables) -> Drift:
    """What differs between a mapping and the headings of a file that is opened by it."""
    return _Comparison(mapping, source, tables).drift()


def _judged(source: Source, tables: ElementTables, resource: str) -> Mapping[str, ColumnSoFar]:
    chunks = list(source.chunks())
    columns = tuple(
        ColumnCells(column, list(chain.from_iterable(piece.columns[place] for piece in chunks)))
        for place, column in enumerate(source.columns)
    )
    table = TableCells(columns, list(chain.from_iterable(piece.rows for piece in chunks)))
    return {each.title: each for each in judge(table, knowledge(tables, resource, {})).columns}


class _Comparison:
    """One mapping and one file."""

    def __init__(self, mapping: ImportMapping, source: Source, tables: ElementTables) -> None:
        self._mapping = mapping
        self._titles = [column.title for column in source.columns]
        self._judged = _judged(source, tables, mapping.resource.name)
        self._filled = filled_by(mapping)
        named = {title: (title, *mapping.also.get(title, ())) for title in (*mapping.columns, *mapping.ignored)}
        loose = {loose_title(each) for names in named.values() for each in names}
        here = {loose_title(title) for title in self._titles}
        self._missing = [title for title in mapping.columns if not {loose_title(each) for each in named[title]} & here]
        self._new = [title for title in self._titles if title and loose_title(title) not in loose]
        self._order = [title for title in mapping.columns if title not in mapping.refused]

    def drift(self) -> Drift:
        """What differs."""
        renamed, gone = list[Renamed](), list[tuple[str, str]]()
        evidence = {
            (column, heading): self._evidence(column, heading) for column in self._missing for heading in self._new
        }
        for column in self._missing:
            ranked = sorted(self._new, key=lambda heading: -len(evidence[column, heading]))
            best = ranked[0] if ranked else ""
            found = evidence.get((column, best), ())
            is_money, needed = self._is_money(column), 2 if self._is_money(column) else 1
            rivals = [each for each in ranked[1:] if len(evidence[column, each]) == len(found)]
            claimed = [each for each in self._missing if len(evidence.get((each, best), ())) >= len(found)]
            if len(found) >= needed and found[0].startswith("the heading") and not rivals and claimed == [column]:
                renamed.append(Renamed(column, best, found, is_money))
            else:
                gone.append((column, self._weak(best, found, rivals)))
        taken = {each.heading for each in renamed}
        new = tuple(NewColumn(title, self._paths(title)) for title in self._new if title not in taken)
        return Drift(tuple(renamed), new, tuple(gone))

    def _evidence(self, column: str, heading: str) -> tuple[str, ...]:
        """The kinds of evidence that a column is now called so; what the heading says comes first."""
        paths, judged = set(self._filled.get(column, ())), self._judged[heading]
        named = next((each for each in judged.candidates if each.target in paths and each.is_named), None)
        found = []
        if named is not None:
            found.append(f"the heading {heading!r} means {named.target}")
        elif _likeness(column, heading) >= _ALIKE:
            found.append(f"the headings {column!r} and {heading!r} look alike")
        if place := self._place(column, heading):
            found.append(place)
        fits = next((each for each in judged.candidates if each.target in paths and each.by_values), None)
        if fits is not None:
            found.append(f"its cells are what {fits.target} has")
        return tuple(found)

    def _place(self, column: str, heading: str) -> str:
        """That it stands between the same columns as it did; empty where it does not."""
        at, here = self._order.index(column) if column in self._order else -1, self._titles.index(heading)
        if at < 0:
            return ""
        left = self._order[at - 1] if at else None
        right = self._order[at + 1] if at + 1 < len(self._order) else None
        before = self._titles[here - 1] if here else None
        after = self._titles[here + 1] if here + 1 < len(self._titles) else None
        sides = [
            side
            for side, was in ((before, left), (after, right))
            if side is not None and was is not None and loose_title(side) == loose_title(was)
        ]
        return f"it stands beside {' and '.join(map(repr, sides))}, as {column!r} did" if len(sides) == 2 else ""

    def _is_money(self, column: str) -> bool:
        """Whether a wrong guess would send money, or orders, the wrong way."""
        mapping = self._mapping
        figures = {each.column for each in mapping.controls} | {
            name for each in mapping.balances for name in (each.ordered, each.done.column)
        }
        operands = {
            name
            for level in mapping.levels
            for slot in chain.from_iterable(level.variants)
            for target in slot.targets
            for name in target.operands
        }
        paths = self._filled.get(column, ())
        return (
            column in figures | operands
            or str(mapping.key) in paths
            or any(path.endswith(_MONEY_ENDS) or path.split("/")[0] == "supplier" for path in paths)
        )

    def _paths(self, heading: str) -> tuple[str, ...]:
        """The elements a new column may be, which the mapping does not fill yet."""
        judged = self._judged[heading]
        filled = {path for paths in self._filled.values() for path in paths}
        meant = (judged.target, *judged.rivals)
        return tuple(path for path in dict.fromkeys(meant) if path and path == path.lower() and path not in filled)

    def _weak(self, best: str, found: Sequence[str], rivals: Sequence[str]) -> str:
        if not found:
            return "nothing in the file looks like it"
        if rivals:
            return f"may be {' or '.join(map(repr, [best, *rivals]))}"
        return f"may be {best!r}, but only since {' and '.join(found)}"


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, loose_title(one), loose_title(other), autojunk=False).ratio()
