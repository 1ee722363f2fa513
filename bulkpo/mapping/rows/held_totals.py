"""The figures of totals rows that are left out, held against what the rows above them come to."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import compress

from bulkpo.mapping.language.figures import TotalsFigures
from bulkpo.mapping.language.spec import ImportMapping, Rule, Slot, Target
from bulkpo.mapping.rows.agreed_totals import AgreedTotals
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.rows.group import stretches_of
from bulkpo.mapping.rows.outer_totals import OuterTotals
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.rows.row_lines import PRICE, QUANTITY, Line, PassedLines, RowLines
from bulkpo.mapping.rows.running_names import RunningNames
from bulkpo.mapping.rows.running_sums import HALF_A_CENT, LineSums
from bulkpo.mapping.rows.totals_told import LinesAbove, StatedTotal, TotalsTold
from bulkpo.mapping.values.arithmetic import CALCULATED_DIGITS, exactly
from bulkpo.model.document import Value
from bulkpo.model.finding import Finding
from bulkpo.schema.tables import Element

_NUMBER = Element("", "decimal")
_NO_LETTERS = re.compile(r"[\W\d_]+")


class HeldTotals:
    """Adds up the lines of one pass, and holds the totals rows against them."""

    def __init__(self, mapping: ImportMapping, figures: TotalsFigures, numbers: Mapping[str, int]) -> None:
        """`numbers` are those of the columns, by title."""
        self._mapping, self._figures = mapping, figures
        self._lines = RowLines(mapping)
        amounts = figures.amounts or _of_controls(mapping)
        self._beside = () if amounts else _columns(mapping, QUANTITY)
        named = dict.fromkeys((*(amounts or _columns(mapping, PRICE)), *self._beside, *figures.named))
        self._readers = {title: self._reader(title) for title in named}
        self._skipped: dict[int, Line] = {}
        self._money, self._pieces = LineSums(), LineSums()
        self._by_currency: dict[Value, Decimal] = defaultdict(Decimal)
        self._above = LinesAbove()
        self._key: Value = None
        self._marks = 0
        self._named_at: dict[str, int] = {}
        self._unmet: dict[str, list[StatedTotal]] = defaultdict(list)
        self._on_top: list[StatedTotal] = []
        self._last: list[StatedTotal] = []
        self._settled: set[str] = set()
        self._names = RunningNames()
        self._told = TotalsTold(mapping, figures, numbers)
        self._outer = OuterTotals(max(figures.within, HALF_A_CENT))
        self.agreed = AgreedTotals()

    def _reader(self, title: str) -> TargetConverter:
        target = Target(title, self._mapping.columns[title])
        return TargetConverter(target, Slot("", _NUMBER, Rule()), self._mapping, None)

    def leave_out(self, rows: Sequence[int], columns: ColumnsByTitle, are_skipped: Sequence[bool]) -> None:
        """Take note of rows of a chunk that the mapping skips: the file's totals may count them, or not."""
        kept = {title: list(compress(cells, are_skipped)) for title, cells in columns.items()}
        lines = self._lines.of_skipped(kept, sum(are_skipped))
        self._skipped.update(zip(compress(rows, are_skipped), lines, strict=True))

    def pass_over(self, lines: PassedLines) -> None:
        """Add lines of rows judged elsewhere, none of them a totals row."""
        with exactly():
            self._above.pass_over(lines)
            self._money.add_many(sum((amount for _, amount in lines.amounts), Decimal(0)), lines.in_cents)
            if self._figures.quantity:
                self._pieces.add_many(lines.quantity, lines.quantity_in_cents)
            for currency, amount in lines.amounts:
                self._by_currency[currency if self._lines.names_currencies else None] += amount

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

    def _read(
        self, columns: ColumnsByTitle, places: Sequence[int], rows: Sequence[int]
    ) -> dict[int, list[StatedTotal]]:
        """What totals rows say, by their places; cells that are no numbers say nothing."""
        if not places:
            return {}
        cells = {title: [column[place] for place in places] for title, column in columns.items()}
        values = {title: reader.column(cells)[0] for title, reader in self._readers.items()}
        found: dict[int, list[StatedTotal]] = {}
        for number, place in enumerate(places):
            said = {title: column[number] for title, column in values.items()}
            is_price_alone = all(said[title] is None for title in self._beside)
            found[place] = [
                StatedTotal(rows[place], title, Decimal(value))
                for title, value in said.items()
                if value is not None and len(value) <= CALCULATED_DIGITS
                if title == self._figures.quantity or (is_price_alone and title not in self._beside)
            ]
        return found

    def _judged(self, figures: Sequence[StatedTotal], said: str) -> Iterator[Finding]:
        above, level = self._above, _NO_LETTERS.sub(" ", said).casefold()
        since = self._named_at.get(level, 0) if above.block else 0
        is_known = above.block_is_known if above.block else above.whole_is_known
        standing = {figure.column for figure in figures if self._stands_above(figure.column)}
        if above.block:
            self._end_block()
            self._last.clear()
            self._unmet.clear()
        for figure in figures if above.whole else ():
            sums = self._sums(figure.column)
            does_agree = self._agrees(figure, sums, since)
            if since and is_known:
                yield from self._names.settle(figure, level, starts_anew=does_agree)
            if does_agree or (figure.column not in standing and self._runs_on(figure, level, since)):
                self.agreed.note(figure.column, figure.number)
                if figure.column in standing:  # the lines above may come to what those below it do
                    self._unmet[figure.column].append(figure)
                    self._last.append(figure)
                continue
            self._settled.add(figure.column)
            self._unmet[figure.column].append(figure)
            if figure.column in standing:
                self._last.append(figure)
            else:
                if is_known:
                    yield self._told.differing(figure, sums, above, is_first_of_name=not since)
                sums.claim(figure.number)
        for figure in figures if not above.whole else ():
            self._unmet[figure.column].append(figure)
            self._on_top += [figure] if figure.number else []
        self._money.mark()
        self._pieces.mark()
        self._marks += 1
        self._named_at[level] = self._marks
        self._above = above.marked()

    def _runs_on(self, figure: StatedTotal, level: str, since: int) -> bool:
        """Whether a row says what all lines above come to, as others of its name do, and not those since the last."""
        sums, within = self._sums(figure.column), max(self._figures.within, HALF_A_CENT)
        if not since or not self._above.block_is_known or not sums.whole_comes_to(figure.number, within):
            return False
        otherwise = self._told.differing(figure, sums, self._above, is_first_of_name=False)
        return self._names.runs_on(figure.column, level, otherwise)

    def _end_block(self) -> None:
        """Hold what stands above several totals rows against the lines down to here."""
        for column in self._readers if self._above.block_is_known else ():
            sums, together = self._sums(column), self._unmet.get(column, ())
            self._outer.open(together, sums, self._above.whole - self._above.block)
            for number in self._outer.look(column, sums):
                self.agreed.note(column, number)

    def _sums(self, column: str) -> LineSums:
        return self._pieces if column == self._figures.quantity else self._money

    def _stands_above(self, column: str) -> bool:
        """Whether totals rows stand above their lines: one before met none above it, but those since then.

        Of several together, such as a department's and its first order's, all do where one does.
        """
        if not self._above.block:
            return any(each.column == column for each in self._last)
        within = max(self._figures.within, HALF_A_CENT)
        unmet = self._unmet.get(column, ()) if self._above.block_is_known else ()
        met = [each for each in unmet if self._sums(column).block_comes_to(each.number, within)]
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
        told = self._told.differing
        found = [told(each, self._sums(each.column), above, side="below") for each in on_top if above.whole]
        side, is_known = ("below", above.block_is_known) if above.block else ("above", True)
        found += [told(each, self._sums(each.column), above, side=side) for each in last if is_known]
        found += self._missed_by_outer()
        return [*self._names.left(), *(found if above.whole_is_known else ())]

    def _missed_by_outer(self) -> Iterator[Finding]:
        if self._above.block:
            self._end_block()
        for column in self._readers:
            for missed in self._outer.missed(column, self._sums(column), self._above.whole):
                yield self._told.outer(missed)

    def _right(self, figures: Sequence[StatedTotal]) -> set[str]:
        """The columns in which one of some figures is what the lines come to."""
        right = [each for each in figures if self._agrees(each, self._sums(each.column), 0)]
        for each in right:
            self.agreed.note(each.column, each.number)
        return {each.column for each in right}

    def _agrees(self, figure: StatedTotal, sums: LineSums, since: int) -> bool:
        if sums.comes_to(figure.number, self._figures.within, since):
            return True
        own = self._by_currency.values() if sums is self._money and len(self._by_currency) > 1 else ()
        return any(abs(each - figure.number) <= self._figures.within for each in own)


def _of_controls(mapping: ImportMapping) -> tuple[str, ...]:
    """The columns whose figures are amounts of what is ordered."""
    is_all = not mapping.balances
    amounts = (each for each in mapping.controls if each.equals != "line_count" and (is_all or each.of == "ordered"))
    return tuple(dict.fromkeys(each.column for each in amounts))


def _columns(mapping: ImportMapping, path: str) -> tuple[str, ...]:
    """The columns that fill an element of lines just as they stand."""
    slots = (slot for slot in mapping.levels[1].variants[0] if slot.path == path)
    return tuple(dict.fromkeys(target.column for slot in slots for target in slot.targets if not target.steps))
