"""Totals rows that stand above several others: each says what all lines come to down to the next that is as far out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bulkpo.mapping.rows.running_sums import LineSums
from bulkpo.mapping.rows.totals_told import MissedTotal, StatedTotal


@dataclass(frozen=True, slots=True)
class _Open:
    """A figure whose lines are still being added up: how far out its row stands, and the sums and lines above it."""

    figure: StatedTotal
    depth: int
    above: Sequence[Decimal]
    lines: int


class OuterTotals:
    """Holds the outer totals of one pass.

    A figure is right where the lines come to it at any totals row before the next as far out. One that they never come
    to is told of only where another as far out is right, since else nothing says that its row stands above its lines.
    """

    def __init__(self, within: Decimal) -> None:
        self._within = within
        self._open: dict[str, list[_Open]] = defaultdict(list)
        self._missed: list[tuple[int, MissedTotal]] = []
        self._right: set[tuple[str, int]] = set()

    def open(self, together: Sequence[StatedTotal], sums: LineSums, lines: int) -> None:
        """Take what the totals rows say in a column that stood together above the block that ends here, below `lines`.

        The innermost is the last that the block comes to; those above it are outer ones.
        """
        met = [place for place, each in enumerate(together) if sums.block_comes_to(each.number, self._within)]
        depth = met[-1] if met else 0
        if depth:
            self._close(together[0].column, sums.above_block(), lines, depth)
        for place, figure in enumerate(together[:depth]):
            self._open[figure.column].append(_Open(figure, depth - place, sums.above_block(), lines))

    def look(self, column: str, sums: LineSums) -> Iterator[Decimal]:
        """The figures that the lines come to down to here."""
        for each in list(self._open[column]):
            ways = zip(sums.all_lines(), each.above, strict=True)
            if any(abs(now - above - each.figure.number) <= self._within for now, above in ways):
                self._open[column].remove(each)
                self._right.add((column, each.depth))
                yield each.figure.number

    def missed(self, column: str, sums: LineSums, lines: int) -> list[MissedTotal]:
        """The figures of a column that their lines do not come to, once the file has ended after so many lines."""
        self._close(column, sums.all_lines(), lines, len(self._open[column]))
        return [each for depth, each in self._missed if each.figure.column == column and (column, depth) in self._right]

    def _close(self, column: str, now: Sequence[Decimal], lines: int, depth: int) -> None:
        """End the lines of what is open as far out as this, or less."""
        for each in [each for each in self._open[column] if each.depth <= depth]:
            self._open[column].remove(each)
            if each.figure.number:
                missed = MissedTotal(each.figure, lines - each.lines, now[0] - each.above[0])
                self._missed.append((each.depth, missed))
