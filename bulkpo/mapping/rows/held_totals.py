"""The figures of totals rows that are left out, held against what the rows above them come to."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import compress
from typing import NamedTuple

from bulkpo.mapping.language.figures import TotalsFigures
from bulkpo.mapping.language.spec import ImportMapping, Rule, Slot, Target
from bulkpo.mapping.rows.agreed_totals import AgreedTotals
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.rows.group import stretches_of
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.rows.row_lines import PRICE, QUANTITY, Line, RowLines
from bulkpo.mapping.rows.running_sums import HALF_A_CENT, LineSums
from bulkpo.mapping.values.arithmetic import CALCULATED_DIGITS, exactly
from bulkpo.mapping.values.cells import number_text
from bulkpo.model.document import Value
from bulkpo.model.finding import Finding, Severity
from bulkpo.schema.tables import Element

_NUMBER = Element("", "decimal")
_NO_LETTERS = re.compile(r"[\W\d_]+")


class _Figure(NamedTuple):
    """What a column of a totals row says."""

    row: int
    column: str
    number: Decimal


@dataclass(slots=True)
class _Above:
    """The lines above: since the totals row before and in all, whose the former are, and whether all can be read."""

    block: int = 0
    whole: int = 0
    orders: set[Value] = field(default_factory=set)
    block_is_known: bool = True
    whole_is_known: bool = True

    def add(self, lines: Sequence[Line], key: Value) -> None:
        """Count some lines of one order."""
        count, are_known = sum(line.lines for line in lines), all(line.is_known for line in lines)
        self.block += count
        self.whole += count
        self.block_is_known &= are_known
        self.whole_is_known &= are_known
        if count and len(self.orders) < 2:
            self.orders.add(key)

    def marked(self) -> "_Above":
        """The same, where a totals row ends a block."""
        return _Above(whole=self.whole, whole_is_known=self.whole_is_known)


class HeldTotals:
    """Adds up the lines of one pass, and holds the totals rows against them."""

    def __init__(self, mapping: ImportMapping, figures: TotalsFigures, numbers: Mapping[str, int]) -> None:
        """`numbers` are those of the columns, by title."""
        self._mapping, self._figures, self._numbers = mapping, figures, numbers
        self._lines = RowLines(mapping)
        amounts = figures.amounts or _of_controls(mapping)
        self._beside = () if amounts else _columns(mapping, QUANTITY)
        named = dict.fromkeys((*(amounts or _columns(mapping, PRICE)), *self._beside, *figures.named))
        self._readers = {title: self._reader(title) for title in named}
        self._skipped: dict[int, Line] = {}
        self._money, self._pieces = LineSums(), LineSums()
        self._by_currency: dict[Value, Decimal] = defaultdict(Decimal)
        self._above = _Above()
        self._key: Value = None
        self._marks = 0
        self._named_at: dict[str, int] = {}
        self._unmet: dict[str, list[_Figure]] = defaultdict(list)
        self._on_top: list[_Figure] = []
        self._last: list[_Figure] = []
        self._settled: set[str] = set()
        self.agreed = AgreedTotals()

    def _reader(self, title: str) -> TargetConverter:
        target = Target(title, self._mapping.columns[title])
        return TargetConverter(target, Slot("", _NUMBER, Rule()), self._mapping, None)

    def leave_out(self, rows: Sequence[int], columns: ColumnsByTitle, are_skipped: Sequence[bool]) -> None:
        """Take note of rows of a chunk that the mapping skips: the file's totals may count them, or not."""
        kept = {title: list(compress(cells, are_skipped)) for title, cells in columns.items()}
        lines = self._lines.of_skipped(kept, sum(are_skipped))
        self._skipped.update(zip(compress(rows, are_skipped), lines, strict=True))

    def held(self, records: Records, columns: ColumnsByTitle, totals: Mapping[int, str]) -> list[Finding]:
        """What is wrong with the totals rows of some records, given by number with what each says of itself."""
        figures = self._read(columns, [place for place, row in enumerate(records.rows) if row in totals], records.rows)
        found: list[Finding] = []
        with exactly():
            lines = self._lines.of(records)
            for start, end in self._stretches(records, totals):
                row, key = records.rows[start], records.keys[start]
                self._pass_skipped(row)
                if row in totals:
                    found += self._judged(figures.get(start, ()), totals[row])
                else:
                    self._add(lines[start:end], key)
            self._pass_skipped(None)
        return found

    def _stretches(self, records: Records, totals: Mapping[int, str]) -> Iterator[tuple[int, int]]:
        """Where rows of one order stand together, no totals row and no skipped row among them."""
        apart = {place for place, row in enumerate(records.rows) if row in totals} if totals else set()
        skipped = iter(sorted(self._skipped))
        following = next(skipped, None)
        for start, end in stretches_of(records.keys):
            begin = start
            for place in range(start, end) if apart or following is not None else ():
                is_behind = following is not None and following < records.rows[place]
                while following is not None and following < records.rows[place]:
                    following = next(skipped, None)
                if place > begin and (is_behind or place in apart or place - 1 in apart):
                    yield begin, place
                    begin = place
            yield begin, end

    def _pass_skipped(self, before: int | None) -> None:
        """Add the skipped rows above a row, or all."""
        for row in [row for row in self._skipped if before is None or row < before] if self._skipped else ():
            line = self._skipped.pop(row)
            self._money.add_skipped(line.amount)
            self._pieces.add_skipped(line.quantity)

    def _add(self, lines: Sequence[Line], key: Value) -> None:
        if key != self._key:
            self._key = key
            self._money.begin_order()
            self._pieces.begin_order()
        self._above.add(lines, key)
        self._money.add([line.amount for line in lines])
        if self._figures.quantity:
            self._pieces.add([line.quantity for line in lines])
        for line in lines:
            self._by_currency[line.currency] += line.amount

    def _read(self, columns: ColumnsByTitle, places: Sequence[int], rows: Sequence[int]) -> dict[int, list[_Figure]]:
        """What totals rows say, by their places; cells that are no numbers say nothing."""
        if not places:
            return {}
        cells = {title: [column[place] for place in places] for title, column in columns.items()}
        values = {title: reader.column(cells)[0] for title, reader in self._readers.items()}
        found: dict[int, list[_Figure]] = {}
        for number, place in enumerate(places):
            said = {title: column[number] for title, column in values.items()}
            is_price_alone = all(said[title] is None for title in self._beside)
            found[place] = [
                _Figure(rows[place], title, Decimal(value))
                for title, value in said.items()
                if value is not None and len(value) <= CALCULATED_DIGITS
                if title == self._figures.quantity or (is_price_alone and title not in self._beside)
            ]
        return found

    def _judged(self, figures: Sequence[_Figure], said: str) -> Iterator[Finding]:
        above, level = self._above, _NO_LETTERS.sub(" ", said).casefold()
        since = self._named_at.get(level, 0) if above.block else 0
        is_known = above.block_is_known if above.block else above.whole_is_known
        standing = {figure.column for figure in figures if self._stands_above(figure.column, self._sums(figure))}
        if above.block:
            self._last.clear()
            self._unmet.clear()
        for figure in figures if above.whole else ():
            sums = self._sums(figure)
            if self._agrees(figure, sums, since):
                self.agreed.note(figure.column, figure.number)
                continue
            self._settled.add(figure.column)
            self._unmet[figure.column].append(figure)
            if figure.column in standing:
                self._last.append(figure)
            else:
                if is_known:
                    yield self._finding(figure, sums, is_first_of_name=not since)
                sums.claim(figure.number)
        for figure in figures if not above.whole else ():
            self._unmet[figure.column].append(figure)
            self._on_top += [figure] if figure.number else []
        self._money.mark()
        self._pieces.mark()
        self._marks += 1
        self._named_at[level] = self._marks
        self._above = above.marked()

    def _sums(self, figure: _Figure) -> LineSums:
        return self._pieces if figure.column == self._figures.quantity else self._money

    def _stands_above(self, column: str, sums: LineSums) -> bool:
        """Whether totals rows stand above their lines: one before met none above it, but those since then.

        Of several together, such as a department's and its first order's, all do where one does.
        """
        if not self._above.block:
            return any(each.column == column for each in self._last)
        within = max(self._figures.within, HALF_A_CENT)
        unmet = self._unmet.get(column, ()) if self._above.block_is_known else ()
        met = [each for each in unmet if sums.block_comes_to(each.number, within)]
        for each in met[:1]:
            self.agreed.note(column, each.number)
        return bool(met)

    def unmet(self) -> list[Finding]:
        """The totals rows above their lines whose figures these do not come to; complete once every row has been seen.

        They are the last of those above their lines, and those above all. Of either nothing is said in a column where
        one figure is right, of those above all where a difference is told of already. What no line stands below is
        held against those above.
        """
        above = self._above
        with exactly():
            right, of_last = self._right(self._on_top), self._right(self._last)
        on_top = [each for each in self._on_top if each.column not in right | self._settled]
        last = [each for each in self._last if each.column not in of_last]
        found = [self._finding(each, self._sums(each), side="below") for each in on_top if above.whole]
        side, is_known = ("below", above.block_is_known) if above.block else ("above", True)
        found += [self._finding(each, self._sums(each), side=side) for each in last if is_known]
        return found if above.whole_is_known else []

    def _right(self, figures: Sequence[_Figure]) -> set[str]:
        """The columns in which one of some figures is what the lines come to."""
        right = [each for each in figures if self._agrees(each, self._sums(each), 0)]
        for each in right:
            self.agreed.note(each.column, each.number)
        return {each.column for each in right}

    def _agrees(self, figure: _Figure, sums: LineSums, since: int) -> bool:
        if sums.comes_to(figure.number, self._figures.within, since):
            return True
        own = self._by_currency.values() if sums is self._money and len(self._by_currency) > 1 else ()
        return any(abs(each - figure.number) <= self._figures.within for each in own)

    def _finding(
        self, figure: _Figure, sums: LineSums, *, side: str = "above", is_first_of_name: bool = True
    ) -> Finding:
        above, number = self._above, figure.number
        lines = self._mapping.kind.lines(self._mapping.layout)
        block, whole = sums.exact.block, sums.exact.whole
        count, total = (above.block, block) if above.block else (above.whole, whole)
        comes = f"the {lines.counted(count)} {side} it {'comes' if count == 1 else 'come'} to {number_text(total)}"
        if above.block not in (0, above.whole):
            comes += f" and all {above.whole:,} to {number_text(whole)}"
        is_of_block = above.block > 0 and (not is_first_of_name or abs(number - block) <= abs(number - whole))
        is_of_order = is_of_block and len(above.orders) == 1 and side == "above"
        key = next(iter(above.orders)) if is_of_order else None
        remedy = "see whether rows are missing or too many, or say totals_rows: {do: skip, differs: notice}"
        severity = Severity.ERROR
        if self._figures.is_told_only:
            remedy, severity = "told only, as the mapping says", Severity.NOTICE
        text = number_text(number)
        message = f"{figure.column}: the totals row says {text}, but {comes}; {remedy}"
        column = self._numbers.get(figure.column, 0)
        return Finding("totals-differ", message, figure.row, column, "", text, key or "", severity)


def _of_controls(mapping: ImportMapping) -> tuple[str, ...]:
    """The columns whose figures are amounts of what is ordered."""
    is_all = not mapping.balances
    amounts = (each for each in mapping.controls if each.equals != "line_count" and (is_all or each.of == "ordered"))
    return tuple(dict.fromkeys(each.column for each in amounts))


def _columns(mapping: ImportMapping, path: str) -> tuple[str, ...]:
    """The columns that fill an element of lines just as they stand."""
    slots = (slot for slot in mapping.levels[1].variants[0] if slot.path == path)
    return tuple(dict.fromkeys(target.column for slot in slots for target in slot.targets if not target.steps))
