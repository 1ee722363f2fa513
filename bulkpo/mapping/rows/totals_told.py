"""What totals rows state, and what is told of those that state another figure than their lines come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from bulkpo.mapping.language.figures import TotalsFigures
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.row_lines import Line, PassedLines
from bulkpo.mapping.rows.running_sums import LineSums
from bulkpo.mapping.values.cells import number_text
from bulkpo.model.document import Value
from bulkpo.model.finding import Finding, Severity

_REMEDY = "see whether rows are missing or too many, or say totals_rows: {do: skip, differs: notice}"


class StatedTotal(NamedTuple):
    """What a column of a totals row says."""

    row: int
    column: str
    number: Decimal


class MissedTotal(NamedTuple):
    """A figure that the lines below it do not come to: how many these are, and what they come to."""

    figure: StatedTotal
    lines: int
    sum: Decimal


@dataclass(slots=True)
class LinesAbove:
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

    def pass_over(self, lines: PassedLines) -> None:
        """Count lines of some orders; of others beside them the rows are left, so that these are not all there are."""
        self.block += lines.lines
        self.whole += lines.lines

    def marked(self) -> "LinesAbove":
        """The same, where a totals row ends a block."""
        return LinesAbove(whole=self.whole, whole_is_known=self.whole_is_known)


class TotalsTold:
    """Words the findings of one pass; `numbers` are those of the columns, by title."""

    def __init__(self, mapping: ImportMapping, figures: TotalsFigures, numbers: Mapping[str, int]) -> None:
        self._noun = mapping.kind.lines(mapping.layout)
        self._is_told_only = figures.is_told_only
        self._numbers = numbers

    def differing(
        self,
        figure: StatedTotal,
        sums: LineSums,
        above: LinesAbove,
        *,
        side: str = "above",
        is_first_of_name: bool = True,
    ) -> Finding:
        """A figure that is neither what the lines of its block come to nor what all do."""
        number, block, whole = figure.number, sums.exact.block, sums.exact.whole
        count, total = (above.block, block) if above.block else (above.whole, whole)
        comes = f"the {self._noun.counted(count)} {side} it {_come(count)} to {number_text(total)}"
        if above.block not in (0, above.whole):
            comes += f" and all {above.whole:,} to {number_text(whole)}"
        is_of_block = above.block > 0 and (not is_first_of_name or abs(number - block) <= abs(number - whole))
        is_of_order = is_of_block and len(above.orders) == 1 and side == "above"
        return self._finding(figure, comes, next(iter(above.orders)) if is_of_order else None)

    def outer(self, missed: MissedTotal) -> Finding:
        """A figure of a row that stands above several others."""
        comes = f"the {self._noun.counted(missed.lines)} below it, down to the next as far out, {_come(missed.lines)}"
        return self._finding(missed.figure, f"{comes} to {number_text(missed.sum)}")

    def _finding(self, figure: StatedTotal, comes: str, key: Value = None) -> Finding:
        remedy, severity = _REMEDY, Severity.ERROR
        if self._is_told_only:
            remedy, severity = "told only, as the mapping says", Severity.NOTICE
        text = number_text(figure.number)
        message = f"{figure.column}: the totals row says {text}, but {comes}; {remedy}"
        column = self._numbers.get(figure.column, 0)
        return Finding("totals-differ", message, figure.row, column, "", text, key or "", severity)


def _come(count: int) -> str:
    return "comes" if count == 1 else "come"
