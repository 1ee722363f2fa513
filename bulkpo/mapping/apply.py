"""Rows become records: a chunk of columns goes in, the values of every level come out, with findings.

Nothing is dropped: every row of a chunk is in `rows`, or in `skipped` with the condition that skipped it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

from bulkpo.errors import MappingError
from bulkpo.mapping.convert import ConditionTest, SlotConverter
from bulkpo.mapping.import_spec import ImportMapping
from bulkpo.mapping.row_findings import RowFindings
from bulkpo.model.document import Value
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell, Chunk, Column
from bulkpo.schema.tables import nearest

OWN_COLUMNS = "bulkpo "
"""Columns whose titles start so are bulkpo's own additions to a user's file, and ignored on the way in."""

Values = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """The values of some rows. Positions count the rows that were not skipped.

    `header` has a tuple of values per row; `members` has, per level below the header and per variant of it, a tuple of
    values per row. `bad` are the positions of rows with an error; `troubled` the fields at fault, by path and position.
    """

    rows: Sequence[int]
    keys: Sequence[Value]
    header: Sequence[Values]
    members: tuple[tuple[Sequence[Values], ...], ...]
    bad: frozenset[int] = frozenset()
    troubled: frozenset[tuple[str, int]] = frozenset()
    skipped: dict[str, list[int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class Applier:
    """A mapping bound to the columns of one table."""

    def __init__(self, mapping: ImportMapping, columns: Sequence[Column]) -> None:
        """Bind; raises MappingError naming every column the table lacks."""
        self.mapping = mapping
        self._numbers = {column.title: column.number for column in columns}
        self._positions = {column.title: position for position, column in enumerate(columns)}
        self._report_missing(columns)
        self._skips = [ConditionTest(condition, mapping.blanks) for condition in mapping.skip_rows]
        self._levels = [
            [[SlotConverter(slot, mapping) for slot in variant] for variant in level.variants]
            for level in mapping.levels
        ]
        header = mapping.levels[0].variants[0]
        self._key_position = next(place for place, slot in enumerate(header) if slot.path == str(mapping.key))
        self._fill = _FillDown(mapping, [target.column for target in header[self._key_position].targets])

    def unmapped(self) -> list[Finding]:
        """A notice for each column the mapping neither uses nor ignores."""
        known = self.mapping.columns.keys() | self.mapping.ignored.keys()
        return [
            Finding(
                "unmapped-column",
                f"column {title!r} is neither mapped nor ignored; add it to columns, or say {{ignore: reason}}",
                column=number,
                severity=Severity.NOTICE,
            )
            for title, number in self._numbers.items()
            if title not in known and not title.startswith(OWN_COLUMNS)
        ]

    def column_of(self, level: int, variant: int, position: int) -> int:
        """The number of the column that fills a field, 0 if it is a constant."""
        targets = self.mapping.levels[level].variants[variant][position].targets
        return self._numbers[targets[0].column] if targets else 0

    def apply(self, chunk: Chunk) -> Records:
        """The records of a chunk."""
        columns = {title: _without_booleans(chunk.columns[self._positions[title]]) for title in self.mapping.columns}
        rows: Sequence[int] = chunk.rows
        skipped: dict[str, list[int]] = {}
        for skip in self._skips:
            holds = skip.holds(columns)
            if any(holds):
                skipped[str(skip.condition)] = list(compress(rows, holds))
                keep = [not each for each in holds]
                rows = list(compress(rows, keep))
                columns = {title: list(compress(cells, keep)) for title, cells in columns.items()}
        self._fill.fill(columns)
        return self._records(rows, columns, skipped)

    def _records(
        self, rows: Sequence[int], columns: Mapping[str, Sequence[Cell]], skipped: dict[str, list[int]]
    ) -> Records:
        found = RowFindings(rows, columns, self._numbers)
        filled = [
            tuple(_fill_variant(variant, columns, len(rows), found) for variant in level) for level in self._levels
        ]
        for level, values in zip(self.mapping.levels[1:], filled[1:], strict=True):
            for slots, members in zip(level.variants, values, strict=True):
                for requirement in level.required:
                    found.require(requirement, slots, members)
        header = filled[0][0]
        keys = [values[self._key_position] for values in header]
        found.require_keys(keys, self.mapping.levels[0].variants[0][self._key_position])
        bad, troubled = frozenset(found.bad), frozenset(found.troubled)
        return Records(rows, keys, header, tuple(filled[1:]), bad, troubled, skipped, found.findings)

    def _report_missing(self, columns: Sequence[Column]) -> None:
        titles = tuple(column.title for column in columns)
        problems = [
            f"{place}: the file has no column {title!r}{nearest(title, titles) or _listed(titles)}"
            for title, place in self.mapping.columns.items()
            if title not in self._positions
        ]
        if problems:
            raise MappingError(problems)


class _FillDown:
    """Carries values down to the rows below, for columns filled only on an order's first row."""

    def __init__(self, mapping: ImportMapping, key_columns: Sequence[str]) -> None:
        self._key_columns = [title for title in mapping.fill_down if title in key_columns]
        self._others = [title for title in mapping.fill_down if title not in key_columns]
        self._watched = list(key_columns)
        self._last: dict[str, Cell] = {}
        self._last_key: tuple[Cell, ...] = ()

    def fill(self, columns: dict[str, list[Cell]]) -> None:
        """Fill one chunk in place, going on from the one before. Only a key is carried over to another order."""
        for title in self._key_columns:
            columns[title] = [self._carried(title, cell) for cell in columns[title]]
        if not self._others:
            return
        for position, key in enumerate(zip(*(columns[title] for title in self._watched), strict=True)):
            if key != self._last_key:
                self._last_key = key
                for title in self._others:
                    self._last.pop(title, None)
            for title in self._others:
                columns[title][position] = self._carried(title, columns[title][position])

    def _carried(self, title: str, cell: Cell) -> Cell:
        if cell is None or cell == "":
            return self._last.get(title)
        self._last[title] = cell
        return cell


def _fill_variant(
    converters: Sequence[SlotConverter], columns: Mapping[str, Sequence[Cell]], count: int, found: RowFindings
) -> list[Values]:
    values = []
    for converter in converters:
        column, troubles = converter.column(columns, count)
        values.append(column)
        for title, trouble in troubles:
            found.note(converter.slot.path, title, trouble)
    return list(zip(*values, strict=True)) if values else [()] * count


def _without_booleans(cells: Sequence[Cell]) -> list[Cell]:
    """The cells with truth values as text: Python takes True for 1 when it looks a cell up."""
    if bool not in set(map(type, cells)):
        return list(cells)
    return [("true" if cell else "false") if isinstance(cell, bool) else cell for cell in cells]


def _listed(titles: Sequence[str]) -> str:
    return f"; it has: {', '.join(titles[:30])}"
