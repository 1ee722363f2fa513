"""What rows come to beside their values: balances that are open, control figures, and the sums of both."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from decimal import Decimal

from bulkpo.mapping.kinds.amounts import LineAmounts
from bulkpo.mapping.language.figures import BALANCED, plain_path
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.balance import BalanceField, Judged
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.rows.controls import Controls, StatedColumn
from bulkpo.mapping.rows.doubts import Witness
from bulkpo.mapping.rows.left_out import LeftOutLines, present
from bulkpo.mapping.rows.open_sums import Lines, OpenSums
from bulkpo.mapping.rows.order_figures import RowFigures
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.rows.row_findings import RowFindings
from bulkpo.mapping.values.arithmetic import exactly
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value
from bulkpo.model.totals import OpenTotal

Judgements = Mapping[tuple[int, int], Judged]
"""What became of the elements with a balance, by variant and position."""


class FigureSettler:
    """Settles the balances and asks the controls of one mapping, chunk by chunk."""

    def __init__(self, mapping: ImportMapping, numbers: Mapping[str, int], witnesses: Mapping[str, Witness]) -> None:
        """`numbers` are those of the columns, by title."""
        lines = mapping.levels[1]
        self._left_out = LeftOutLines(mapping)
        self._mapping = mapping
        self._numbers = numbers
        self._controls = Controls(mapping, witnesses)
        self._amounts = LineAmounts(mapping.layout)
        self._sums = OpenSums(comes_in_parts=bool(mapping.parts))
        self._own = lines.own
        self._joins_rows = len(mapping.levels) > 2 and not mapping.levels[2].numbered
        self._number = next(
            (place for place, each in enumerate(lines.level.fields) if each.full_path == mapping.kind.line_number), None
        )
        self._met: set[tuple[Value, Value]] = set()
        self._fields = {
            (variant, place): BalanceField(balance, slot, mapping, witnesses)
            for balance in mapping.balances
            for variant, slots in enumerate(lines.variants)
            for place, slot in enumerate(slots)
            if plain_path(slot.path) in BALANCED and any(target.column == balance.ordered for target in slot.targets)
        }

    @property
    def stated(self) -> Sequence[StatedColumn]:
        """What reads the figures that rows state, one for each control."""
        return self._controls.columns

    @property
    def balance_fields(self) -> Mapping[tuple[int, int], BalanceField]:
        """What reads the balances, by the variant and position of the element that is open."""
        return self._fields

    def pass_over(self, totals: Sequence[OpenTotal]) -> None:
        """Take in what is open of rows judged elsewhere, by currency."""
        self._sums.pass_over(totals)

    def orders_left_out(self) -> AbstractSet[str]:
        """The orders that had lines left out of the chunk last settled."""
        return self._left_out.orders

    def open_totals(self) -> tuple[OpenTotal, ...]:
        """What was ordered and what is open, once all rows are read."""
        return self._sums.totals()

    def settled(self, records: Records, rows: Sequence[int], columns: ColumnsByTitle) -> Records:
        """The records with what is open of their lines, what is said of their figures, and those of their orders.

        `rows` are those of the columns' cells, some of which the records may lack.
        """
        if not records.rows:
            return records
        if len(rows) != len(records.rows):
            kept = set(records.rows)
            keep = [place for place, row in enumerate(rows) if row in kept]
            columns = {title: [cells[place] for place in keep] for title, cells in columns.items()}
        found = RowFindings(records.rows, columns, self._numbers)
        repeated = self._repeated(records)
        ordered = self._by_variant(records, repeated)
        judged = {at: field.judge(records.levels[1][at[0]][at[1]], columns) for at, field in self._fields.items()}
        opened = _with_values(records, {at: each.values for at, each in judged.items()})
        left_out = _left_out(judged)
        sent = self._without(self._by_variant(opened, repeated), left_out) if judged else ordered
        self._note(found, judged, left_out)
        stated, told = self._controls.read(columns)
        for title, trouble in told:
            found.note("", title, trouble)
        figures = {"ordered": _by_row(ordered), "open": _by_row(sent)}
        for title, trouble in self._controls.differing(stated, figures, found.bad | records.bad):
            found.note("", title, trouble)
        bad = found.bad | records.bad
        if judged:
            self._add(records, judged, list(zip(ordered, sent, strict=True)), bad)
        orders = self._controls.of_orders(records, stated, figures, bad)
        opened = self._left_out.without(opened.with_found(found), left_out)
        told_of = opened.with_found(self._told_of(records, columns, judged, left_out))
        return replace(told_of, orders=orders, amounts=() if judged else figures["ordered"].amounts)

    def _by_variant(self, records: Records, repeated: Sequence[bool]) -> list[RowFigures]:
        """What each variant's lines are worth; a line that stands in several rows counts once."""
        found = []
        for own, columns in zip(self._own, records.levels[1], strict=True):
            amounts, lines = self._amounts.of(columns), present(own, columns, len(records.rows))
            if repeated:
                amounts = [Decimal(0) if again else each for each, again in zip(amounts, repeated, strict=True)]
                lines = [0 if again else each for each, again in zip(lines, repeated, strict=True)]
            found.append(RowFigures(amounts, lines))
        return found

    def _repeated(self, records: Records) -> list[bool]:
        """Row by row, whether it goes on with a line of a row above; empty where rows never do."""
        if not self._joins_rows:
            return []
        lines = records.levels[1][0]
        numbers: Sequence[Value] = [None] * len(records.rows) if self._number is None else lines[self._number]
        repeated = []
        for pair in zip(records.keys, numbers, strict=True):
            repeated.append(pair[1] is not None and pair in self._met)
            self._met.add(pair)
        return repeated

    def _without(self, figures: list[RowFigures], lines: Mapping[tuple[int, int], str]) -> list[RowFigures]:
        counts = [list(each.lines) for each in figures]
        for variant, place in lines:
            counts[variant][place] = 0
        return [RowFigures(each.amounts, lines) for each, lines in zip(figures, counts, strict=True)]

    def _note(self, found: RowFindings, judged: Judgements, left_out: Mapping[tuple[int, int], str]) -> None:
        """Say what is odd about the balances of lines that stay."""
        for (variant, place), each in judged.items():
            path = self._mapping.levels[1].variants[variant][place].path
            for title, trouble in each.told:
                if (variant, trouble.position) not in left_out:
                    found.note(path, title, trouble)

    def _told_of(
        self, records: Records, columns: ColumnsByTitle, judged: Judgements, left_out: Mapping[tuple[int, int], str]
    ) -> RowFindings:
        """Say what there is to say of lines that are left out; those that have no row of their own are named."""
        told = RowFindings(records.rows, columns, self._numbers)
        for (variant, place), each in judged.items():
            path = self._mapping.levels[1].variants[variant][place].path
            for title, trouble in each.told:
                if (variant, trouble.position) in left_out:
                    told.note(path, title, trouble)
            if not self._left_out.is_by_row:
                ordered = self._fields[(variant, place)].ordered
                for position, reason in each.left_out.items():
                    told.note(path, ordered, Trouble(position, "line-left-out", f"the line is skipped: {reason}", "0"))
        return told

    def _add(
        self, records: Records, judged: Judgements, figures: list[tuple[RowFigures, RowFigures]], bad: AbstractSet[int]
    ) -> None:
        count = len(records.rows)
        for variant, (ordered, sent) in enumerate(figures):
            mine = [each for at, each in judged.items() if at[0] == variant]
            if not mine:
                continue
            counted, finished = [False] * count, [False] * count
            for each in mine:
                for place in each.counted:
                    counted[place] = place not in bad
                for place in each.finished:
                    finished[place] = True
            columns = records.levels[1][variant]
            currencies, own = self._amounts.currencies(records.levels[0][0], columns)
            with exactly():
                self._sums.add(records.keys, currencies, counted, Lines(own, ordered.amounts, sent.amounts, finished))


def _left_out(judged: Judgements) -> dict[tuple[int, int], str]:
    """The lines to leave out, by variant and place; one of which something is wrong stays, and is told of."""
    wrong = {(at[0], each.position) for at, its in judged.items() for _, each in its.told if each.kept is None}
    return {
        (at[0], place): reason
        for at, its in judged.items()
        for place, reason in its.left_out.items()
        if (at[0], place) not in wrong
    }


def _with_values(records: Records, values: Mapping[tuple[int, int], list[Value]]) -> Records:
    """The records with other values of some elements of lines, by variant and position."""
    if not values:
        return records
    variants = [list(variant) for variant in records.levels[1]]
    for (variant, place), column in values.items():
        variants[variant][place] = column
    return replace(records, levels=(records.levels[0], tuple(variants), *records.levels[2:]))


def _by_row(figures: Sequence[RowFigures]) -> RowFigures:
    """What the rows come to, all their lines together."""
    if len(figures) == 1:
        return figures[0]
    amounts, lines = [each.amounts for each in figures], [each.lines for each in figures]
    with exactly():
        return RowFigures(
            [sum(each, Decimal(0)) for each in zip(*amounts, strict=True)], list(map(sum, zip(*lines, strict=True)))
        )
