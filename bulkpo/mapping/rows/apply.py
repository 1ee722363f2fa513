"""Rows become records: a chunk of columns goes in, the values of every level come out, with findings.

Nothing is dropped: every row of a chunk is in `rows`, or in `skipped` with the condition that skipped it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import and_
from typing import NamedTuple

from bulkpo.mapping.language.conditions import RowTest, single_tests
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.assertions import Assertions
from bulkpo.mapping.rows.binding import bind
from bulkpo.mapping.rows.calculate import Calculator
from bulkpo.mapping.rows.conditions import ConditionTest, UnreadableCells
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.rows.crosswalks import crosswalk_findings
from bulkpo.mapping.rows.doubts import NO_DOUBT, NO_DOUBTS, Doubt, Witness
from bulkpo.mapping.rows.duplicates import AlikeRows, KeyCollisions
from bulkpo.mapping.rows.parts import OrderParts
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.rows.row_findings import RowFindings
from bulkpo.mapping.rows.settle import DoubtAt, Settler
from bulkpo.mapping.rows.settle_figures import FigureSettler
from bulkpo.mapping.rows.slots import SlotConverter
from bulkpo.mapping.rows.totals_rows import TotalsRows
from bulkpo.model.document import Columns, Value
from bulkpo.model.finding import Finding
from bulkpo.model.table import Cell, Chunk, Column, table_number
from bulkpo.model.text import visible
from bulkpo.model.totals import OpenTotal

FieldColumns = Sequence[Sequence[Sequence[TargetConverter | Calculator]]]
"""What reads the columns of each field, by level and position."""


class FieldAt(NamedTuple):
    """A field of a mapping's levels: which level, which of its variants, and where among its fields."""

    level: int
    variant: int
    position: int


class Applier:
    """A mapping bound to the columns of one table."""

    def __init__(
        self, mapping: ImportMapping, columns: Sequence[Column], doubts: Mapping[str, Doubt] = NO_DOUBTS
    ) -> None:
        """Bind; raises MappingError naming every column the table lacks.

        `doubts` are what an earlier reading came to doubt, by column.
        """
        self.mapping = mapping
        self._witnesses = {title: Witness(doubts.get(title, NO_DOUBT)) for title in mapping.columns}
        self._binding = bind(mapping, columns)
        self._settler = Settler(mapping)
        self.totals_rows = TotalsRows(mapping, columns, self._binding.positions)
        self._skips = [ConditionTest(condition, mapping) for condition in mapping.skip_rows]
        self._compared = UnreadableCells(mapping)
        self._assertions = Assertions(mapping)
        self._levels = [
            [[SlotConverter(slot, mapping, self._witnesses) for slot in variant] for variant in level.variants]
            for level in mapping.levels
        ]
        header = mapping.levels[0].variants[0]
        self.key_position = next(place for place, slot in enumerate(header) if slot.path == str(mapping.key))
        key = header[self.key_position]
        self._key = SlotConverter(key, mapping)
        self._parts = OrderParts(mapping, self._key) if mapping.parts else None
        self._fill = FillDown(mapping, [title for target in key.targets for title in target.columns])
        self._collisions = KeyCollisions(key, mapping) if any(len(each.columns) > 1 for each in key.targets) else None
        self._alike = AlikeRows() if mapping.duplicates == "skip" else None
        tests = single_tests([test for target in key.targets for test in target.when])
        titles = (title for target in key.targets for title in target.columns)
        self._key_titles = {*titles, *(test.column for test in tests)}
        self.skipped_keys: set[Value] = set()
        self.figures = FigureSettler(mapping, self._binding.numbers, self._witnesses) if mapping.has_figures else None

    def findings(self) -> list[Finding]:
        """What is found about columns, crosswalks and totals on top; complete once every chunk has been applied."""
        converters = list(self._converters())
        rounded = [each.rounding_finding() for each in converters if isinstance(each, Calculator)]
        crossed = crosswalk_findings(self.mapping.crosswalks, converters)
        return [*self._binding.unmapped, *crossed, *filter(None, rounded), *self.totals_rows.findings()]

    @property
    def unread(self) -> tuple[Column, ...]:
        """The columns that the mapping neither uses nor ignores."""
        return self._binding.unread

    @property
    def numbers(self) -> Mapping[str, int]:
        """The numbers of the mapping's columns, by title."""
        return self._binding.numbers

    def open_totals(self) -> tuple[OpenTotal, ...]:
        """What was ordered, is done and open by currency, once every chunk has been applied."""
        return () if self.figures is None else self.figures.open_totals()

    def doubts(self) -> dict[str, Doubt]:
        """The columns in doubt, once every chunk has been applied."""
        found = {title: witness.found() for title, witness in self._witnesses.items()}
        return {title: doubt for title, doubt in found.items() if any(doubt)}

    def cell_of(self, field: FieldAt, row: int, header: int = 0) -> tuple[int, int]:
        """The row and column of the cell that fills a field: the row's own, or that of its order's first part.

        `header` is the row of the first of several parts. The column is 0 where no cell of either fills the field.
        """
        targets = self.mapping.levels[field.level].variants[field.variant][field.position].targets
        for each in (row, header) if header else (row,):
            for target in targets:
                if not target.part or self._is_of(target.part, each, header):
                    return each, self._binding.numbers[target.column]
        return row, 0

    def title_of(self, field: FieldAt) -> str:
        """What to call a field: the column that fills it, or its path where it is a constant."""
        slot = self.mapping.levels[field.level].variants[field.variant][field.position]
        return slot.targets[0].column if slot.targets else slot.path

    @property
    def columns_by_field(self) -> "FieldColumns":
        """What reads the columns of each field, by level and position, where a row gives one member of each level."""
        return [[slot.targets for slot in level[0]] for level in self._levels]

    @property
    def places(self) -> Mapping[str, int | None]:
        """Where each of the mapping's columns stands in the table."""
        return self._binding.positions

    def pass_over(self, last: Sequence[str | None], skipped: Sequence[str | None]) -> None:
        """Take note of rows judged elsewhere: each column's last text, and the cells of the key of those skipped."""
        self.totals_rows.pass_over(last)
        if skipped:
            self.skipped_keys.update(self._key.column(dict.fromkeys(self._key_titles, skipped), len(skipped))[0])

    def _is_of(self, part: str, row: int, header: int) -> bool:
        """Whether a row is of a part: of joined tables its number tells, of record types only the first is told."""
        parts = self.mapping.parts
        if self.mapping.tables:
            return parts[table_number(row)] == part
        return (part == parts[0]) == (row == header)

    def apply(self, chunk: Chunk) -> Records:
        """The records of a chunk."""
        columns: dict[str, Sequence[Cell]] = {
            title: [None] * len(chunk.rows) if place is None else chunk.columns[place]
            for title, place in self._binding.positions.items()
        }
        doubts = [] if chunk.is_text else self._settler.settle(chunk.rows, columns)
        bare = self.totals_rows.bare(chunk)
        named = self.totals_rows.named(chunk, bare)
        matched = [(skip.condition, holds) for skip in self._skips if any(holds := skip.holds(columns))]
        self._fill.fill(columns)
        reasons = [(str(condition), holds) for condition, holds in matched]
        keys = self._parts.keys(columns, chunk.rows, reasons) if self._parts else []
        for condition, holds in matched:
            self._note_skipped(condition, holds, columns, keys)
        if self._parts is None and matched:
            self.totals_rows.leave_out(
                chunk, columns, list(map(any, zip(*(holds for _, holds in matched), strict=True))), named
            )
        reasons += self._parts.left_out(keys, columns) if self._parts else []
        batch = _Batch(chunk.rows, columns, keys, doubts)
        batch = batch.without(reasons) if reasons else batch
        bare_rows = {chunk.rows[position] for position in bare}
        records = self.totals_rows.settled(self._records(batch), named, bare_rows, batch.columns)
        records = records if self._alike is None else self._alike.left_out(records)
        if self.figures is None:
            return records
        records = self.figures.settled(records, batch.rows, batch.columns)
        self.skipped_keys.update(self.figures.orders_left_out())
        return records

    def _note_skipped(
        self, condition: RowTest, holds: Sequence[bool], columns: Mapping[str, Sequence[Cell]], keys: Sequence[Value]
    ) -> None:
        """Remember the orders of rows that a condition skips: one whose lines are all skipped is skipped itself."""
        if self._parts is not None:
            lost = list(compress(keys, holds))
            if self._parts.leave_out(condition, lost):
                return
        else:
            kept = {title: list(compress(columns[title], holds)) for title in self._key_titles}
            lost, _ = self._key.column(kept, sum(holds))
        self.skipped_keys.update(lost)

    def _records(self, batch: "_Batch") -> Records:
        rows, columns = batch.rows, batch.columns
        found = RowFindings(rows, columns, self._binding.numbers)
        if batch.doubts:
            self._settler.tell(batch.doubts, rows, found)
        filled = [
            tuple(_fill_variant(variant, columns, len(rows), found) for variant in level) for level in self._levels
        ]
        for title, reason in self.mapping.refused.items():
            found.refuse(title, reason, self.mapping.marks_of(title).blanks)
        for title, trouble in (*self._compared.among(columns), *self._assertions.broken(columns)):
            found.note("", title, trouble)
        joined_level = 1 if self.mapping.joins_lines else 0
        for number, (level, values) in enumerate(zip(self.mapping.levels, filled, strict=True)):
            for slots, own, members in zip(level.variants, level.own, values, strict=True):
                for requirement in level.required if number > joined_level else ():
                    found.require(requirement, slots, own, members)
        keys = batch.keys if self._parts else filled[0][0][self.key_position]
        for title, trouble in self._parts.joins.troubles(columns, keys) if self._parts else ():
            found.note("", title, trouble)
        found.require_keys(keys, self.mapping.levels[0].variants[0][self.key_position], self.mapping)
        if self._collisions is not None:
            self._collisions.look(columns, rows, found)
        return Records(
            rows,
            keys,
            tuple(filled),
            bad=frozenset(found.bad),
            troubled=found.troubled,
            first_part=self._parts.are_first(columns) if self._parts else (),
            skipped=batch.skipped,
            findings=found.findings,
        )

    def _converters(self) -> Iterator[TargetConverter | Calculator]:
        for level in self._levels:
            for variant in level:
                for slot in variant:
                    yield from slot.targets


@dataclass(slots=True)
class _Batch:
    """The rows of a chunk that are still in, and those skipped, by reason. `keys` are the orders of rows in parts."""

    rows: Sequence[int]
    columns: Mapping[str, Sequence[Cell]]
    keys: list[Value]
    doubts: Sequence[DoubtAt] = ()
    skipped: dict[str, list[int]] = field(default_factory=dict)

    def without(self, reasons: Iterable[tuple[str, Sequence[bool]]]) -> "_Batch":
        """The batch without the rows some reason holds for; the first reason is the one a row is listed by."""
        keep = [True] * len(self.rows)
        skipped = {}
        for reason, holds in reasons:
            rows = list(compress(self.rows, map(and_, keep, holds)))
            if rows:
                skipped[reason] = rows
            keep = [kept and not held for kept, held in zip(keep, holds, strict=True)]
        columns = {title: list(compress(cells, keep)) for title, cells in self.columns.items()}
        return _Batch(list(compress(self.rows, keep)), columns, list(compress(self.keys, keep)), self.doubts, skipped)


def _fill_variant(
    converters: Sequence[SlotConverter], columns: Mapping[str, Sequence[Cell]], count: int, found: RowFindings
) -> Columns:
    values = []
    for converter in converters:
        column, troubles = converter.column(columns, count)
        values.append(column)
        for title, trouble in troubles:
            found.note(converter.slot.path, title, trouble)
    return values


class FillDown:
    """Carries values down to the rows below, for columns filled only on an order's first row."""

    def __init__(self, mapping: ImportMapping, key_columns: Sequence[str]) -> None:
        self._key_columns = [title for title in mapping.fill_down if title in key_columns]
        self._others = [title for title in mapping.fill_down if title not in key_columns]
        self._watched = list(key_columns)
        self._last: dict[str, Cell] = {}
        self._last_key: tuple[Cell, ...] = ()

    def fill(self, columns: dict[str, Sequence[Cell]]) -> None:
        """Fill one chunk, going on from the one before. Only a key is carried over to another order."""
        for title in self._key_columns:
            columns[title] = [self._carried(title, cell) for cell in columns[title]]
        if not self._others:
            return
        filled = {title: list(columns[title]) for title in self._others}
        for position, key in enumerate(zip(*(columns[title] for title in self._watched), strict=True)):
            if key != self._last_key:
                self._last_key = key
                for title in self._others:
                    self._last.pop(title, None)
            for title in self._others:
                filled[title][position] = self._carried(title, filled[title][position])
        columns.update(filled)

    def _carried(self, title: str, cell: Cell) -> Cell:
        if cell is None or (isinstance(cell, str) and not visible(cell)):
            return self._last.get(title)
        self._last[title] = cell
        return cell
