"""Rows that add up others: they stand between lines or at the end, and are none themselves.

Such a row has no order number and no line number of its own, and says so in a cell, or has for its amount the sum of
two or more lines above: those of its order, those since the totals row before it, or all.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from bulkpo.mapping.language.spec import ImportMapping, SlotLevel
from bulkpo.mapping.rows.agreed_totals import AgreedColumn
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.rows.held_totals import HeldTotals
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.rows.row_lines import PassedLines
from bulkpo.mapping.values.arithmetic import exactly
from bulkpo.mapping.values.total_words import may_say_total, says_total
from bulkpo.model.document import Value
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.matching import Mode
from bulkpo.model.table import PART, Cell, Chunk, Column, Doubtful
from bulkpo.model.text import quoted, visible
from bulkpo.model.totals import AMOUNT_LINE

SKIPPED = "totals rows"


class Total(NamedTuple):
    """A totals row: the column that tells, or 0, its cell's text, and what it tells."""

    column: int
    text: str
    why: str


@dataclass(slots=True)
class _Sum:
    """Lines added up so far."""

    amount: Decimal = Decimal(0)
    lines: int = 0

    def add(self, amount: Decimal) -> None:
        self.amount += amount
        self.lines += 1


class TotalsRows:
    """Finds the totals rows of one pass, chunk by chunk."""

    def __init__(self, mapping: ImportMapping, columns: Sequence[Column], places: Mapping[str, int | None]) -> None:
        """`places` are those of the mapping's columns among the table's."""
        header, *lines = mapping.levels
        key_slots = [slot for slot in header.variants[0] if slot.path == str(mapping.key)]
        keys = [title for slot in key_slots for target in slot.targets for title in target.columns]
        fields = [field.full_path for field in lines[0].level.fields] if lines else []
        numbers = [
            target.column
            for variant in (lines[0].variants if lines else ())
            for path, slot in zip(fields, variant, strict=True)
            for target in slot.targets
            if path == mapping.kind.line_number
        ]
        self._policy = mapping.totals_rows
        self._keys = [place for title in keys if (place := places[title]) is not None]
        self._own = self._keys + [place for title in numbers if (place := places[title]) is not None]
        self._columns = [(place, column.number) for place, column in enumerate(columns) if column.title != PART]
        self._adds_up = bool(lines) and len(lines[0].variants) == 1 and "order-lines/price" in fields
        self._adds_up &= self._policy == "skip" or not set(keys).isdisjoint(mapping.fill_down)
        amounts = ("order-lines/price", "order-lines/quantity", "order-lines/type")
        self._amounts = [fields.index(path) if path in fields else None for path in amounts]
        self._paths, self._line_paths = _paths(mapping.levels), _paths(lines)
        self._key_columns = {columns[place].number for place in self._keys}
        self._above: dict[int, str] = {}
        self._key: Value = None
        self._order, self._block, self._all = _Sum(), _Sum(), _Sum()
        self._held = _held(mapping, columns, places)

    def bare(self, chunk: Chunk) -> set[int]:
        """The positions of the rows that have no key and no line number of their own."""
        if not self._keys or not all(_has_blank(chunk.columns[place]) for place in self._keys):
            return set()
        rows = zip(*(chunk.columns[place] for place in self._own), strict=True)
        return {position for position, cells in enumerate(rows) if all(map(_is_blank, cells))}

    def named(self, chunk: Chunk, bare: set[int]) -> dict[int, Total]:
        """The rows of a chunk that say they add up others, by their numbers."""
        found: dict[int, Total] = {}
        for place, number in self._columns:
            cells = chunk.columns[place]
            wanted = range(len(cells)) if place in self._keys else bare
            if wanted:
                for position in self._saying(place, cells, wanted):
                    if position in bare or self._has_no_number(chunk, position):
                        text = str(cells[position]).strip()
                        found.setdefault(chunk.rows[position], Total(number, text, f"the row says {quoted(text)}"))
            last = cells[-1] or next(filter(None, reversed(cells)), None)
            if last:
                self._above[place] = last if isinstance(last, str) else ""
        return found

    def pass_over(self, last: Sequence[str | None]) -> None:
        """Take note of rows that were judged elsewhere: the last text in each of the table's columns."""
        self._above.update((place, text) for place, _ in self._columns if (text := last[place]))

    def pass_lines(self, lines: PassedLines) -> None:
        """Add lines of rows that were judged elsewhere."""
        with exactly():
            for each in (self._block, self._all) if self._adds_up else ():
                each.amount += sum((amount for _, amount in lines.amounts), Decimal(0))
                each.lines += lines.lines
        if self._held is not None:
            self._held.pass_over(lines)

    def _saying(self, place: int, cells: Sequence[Cell], wanted: range | set[int]) -> Iterator[int]:
        if isinstance(wanted, range) and not may_say_total(_joined(set(cells))):
            return
        texts = {position: cell for position in wanted if isinstance(cell := cells[position], str) and cell}
        if not texts or not may_say_total("\n".join(texts.values())):
            return
        for position, text in texts.items():
            if may_say_total(text):
                above = next((cells[each] for each in range(position - 1, -1, -1) if cells[each]), None)
                group = self._above.get(place, "") if above is None else above
                if says_total(visible(text), group if isinstance(group, str) else ""):
                    yield position

    def _has_no_number(self, chunk: Chunk, position: int) -> bool:
        return all(_is_blank(chunk.columns[place][position]) for place in self._own if place not in self._keys)

    def leave_out(
        self, chunk: Chunk, columns: ColumnsByTitle, are_skipped: Sequence[bool], named: Mapping[int, Total]
    ) -> None:
        """Take note of rows that the mapping skips: the file's totals may count them, or not."""
        if self._held is not None:
            lines = [each and row not in named for row, each in zip(chunk.rows, are_skipped, strict=True)]
            self._held.leave_out(chunk.rows, columns, lines)

    def settled(self, records: Records, named: Mapping[int, Total], bare: set[int], columns: ColumnsByTitle) -> Records:
        """The records with their totals rows left out, reported or kept as the mapping says. `bare` are row numbers."""
        with exactly():
            totals = {**named, **(self._added_up(records, named, bare) if self._adds_up else {})}
        texts = {row: each.text for row, each in totals.items()}
        differing = [] if self._held is None else self._held.held(records, columns, texts)
        if not totals or totals.keys().isdisjoint(records.rows):
            return records
        if self._policy == "skip":
            return records.without(totals, SKIPPED).with_totals(differing)
        return self._told(records, totals)

    def findings(self) -> list[Finding]:
        """What is found about totals rows above their lines; complete once every chunk has been applied."""
        return self._held.unmet() if self._held is not None and self._policy == "skip" else []

    def agreed(self) -> Iterable[AgreedColumn]:
        """The columns in which totals rows agree with the lines; complete once `findings` was asked."""
        return self._held.agreed if self._held is not None and self._policy == "skip" else ()

    def _added_up(self, records: Records, named: Mapping[int, Total], bare: set[int]) -> dict[int, Total]:
        found: dict[int, Total] = {}
        amounts = self._amounts_of(records)
        for row, key, amount in zip(records.rows, records.keys, amounts, strict=True):
            if key != self._key:
                self._key, self._order = key, _Sum()
            sums = (self._order, self._block, self._all)
            same = next((each for each in sums if each.lines > 1 and each.amount == amount), None) if amount else None
            if row in named or (same is not None and row in bare):
                if same is not None:
                    why = f"the row's amount, {amount}, is that of the {same.lines} lines above it"
                    found.setdefault(row, named.get(row) or Total(0, str(amount), why))
                self._block = _Sum()
            elif amount is not None:
                for each in sums:
                    each.add(amount)
        return found

    def _amounts_of(self, records: Records) -> Iterator[Decimal | None]:
        values = records.levels[1][0]
        nothing: list[Value] = [None] * len(records.rows)
        prices, quantities, kinds = (nothing if place is None else values[place] for place in self._amounts)
        for price, quantity, kind in zip(prices, quantities, kinds, strict=True):
            if price is None:
                yield None
            else:
                yield Decimal(price) * (Decimal(quantity) if quantity is not None and kind != AMOUNT_LINE else 1)

    def _told(self, records: Records, totals: Mapping[int, Total]) -> Records:
        """The records with a finding for each totals row; those it has as a line are beside the point."""
        is_kept = self._policy == "keep"
        findings = [each for each in records.findings if is_kept or each.row not in totals]
        bad, troubled = set(records.bad), dict(records.troubled)
        for position, row in enumerate(records.rows):
            total = totals.get(row)
            if total is None:
                continue
            remedy = "and is taken for a line, as the mapping says"
            if not is_kept:
                bad.add(position)
                troubled[position] = self._paths if total.column in self._key_columns else self._line_paths
                remedy = (
                    "and is no line; say totals_rows: skip to leave such rows out, or totals_rows: keep if it is one"
                )
            severity = Severity.NOTICE if is_kept else Severity.ERROR
            message = f"{total.why}: it adds up others, {remedy}"
            findings.append(Finding("totals-row", message, row, total.column, value=total.text, severity=severity))
        return replace(records, bad=frozenset(bad), troubled=troubled, findings=findings)


def _held(mapping: ImportMapping, columns: Sequence[Column], places: Mapping[str, int | None]) -> HeldTotals | None:
    """What holds the figures of totals rows; None where a row is not a line, or more than one, or nothing is asked."""
    figures, levels = mapping.totals_figures, mapping.levels
    if figures is None or len(levels) < 2 or mapping.mode is not Mode.CREATE:
        return None
    if len(levels) > 2 and not levels[2].numbered:
        return None
    return HeldTotals(mapping, figures, {title: columns[at].number for title, at in places.items() if at is not None})


def _paths(levels: Sequence[SlotLevel]) -> tuple[str, ...]:
    return tuple(slot.path for level in levels for variant in level.variants for slot in variant)


def _joined(cells: Collection[Cell]) -> str:
    try:
        return "\n".join(cells)  # type: ignore[arg-type]  # what is not text raises
    except TypeError:
        return "\n".join(cell for cell in cells if isinstance(cell, str))


def _has_blank(cells: Sequence[Cell]) -> bool:
    try:
        return not all(map(str.strip, cells))  # type: ignore[arg-type]  # what is not text raises
    except TypeError:
        return any(map(_is_blank, cells))


def _is_blank(cell: Cell) -> bool:
    return (
        cell is None
        or (isinstance(cell, str) and not cell.strip())
        or (isinstance(cell, Doubtful) and cell.value is None)
    )
