"""Lines added up row by row, and what a totals row at some place may say they come to."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

_CENT = Decimal("0.01")
HALF_A_CENT = Decimal("0.005")
_ROUNDED = Context(prec=2_000)
_NOTHING = Decimal(0)


class RunningSum:
    """One way of adding lines up. A totals row's figure is right where it is the sum since one of the marks before it.

    Marks are set at the top, after each totals row, and where the order begins that is being added up.
    """

    def __init__(self) -> None:
        self._sum = _NOTHING
        self._marks: list[tuple[Decimal, int]] = [(_NOTHING, 0)]
        self._at: list[Decimal] = [_NOTHING]
        self._order = _NOTHING

    def add(self, amount: Decimal) -> None:
        """Add a line's amount, or those of several."""
        self._sum += amount

    def begin_order(self) -> None:
        """Take what follows for the lines of another order."""
        self._order = self._sum

    def mark(self) -> None:
        """Take what follows for the lines of the next totals row."""
        insort(self._marks, (self._sum, len(self._at)))
        self._at.append(self._sum)

    @property
    def block(self) -> Decimal:
        """What the lines since the totals row above come to."""
        return self._sum - self._at[-1]

    @property
    def whole(self) -> Decimal:
        """What all lines above come to."""
        return self._sum

    def comes_to(self, figure: Decimal, within: Decimal, since: int) -> bool:
        """Whether the lines come to a figure: those of the order, or those since some mark from this one on."""
        wanted = self._sum - figure
        if abs(self._order - wanted) <= within:
            return True
        place = bisect_left(self._marks, (wanted - within, 0))
        while place < len(self._marks) and self._marks[place][0] <= wanted + within:
            if self._marks[place][1] >= since:
                return True
            place += 1
        return False


class LineSums:
    """The ways in which files add up their lines: exact, each line at two decimals, with skipped rows, as told before.

    `claimed` goes by what the totals rows above say where that differs, so that one difference is told once.
    """

    def __init__(self) -> None:
        self.exact, self.claimed = RunningSum(), RunningSum()
        self._rounded, self._with_skipped = RunningSum(), RunningSum()
        self._all = (self.exact, self._rounded, self._with_skipped, self.claimed)

    def add(self, amounts: Sequence[Decimal]) -> None:
        """Add lines."""
        whole = sum(amounts, _NOTHING)
        for each in (self.exact, self._with_skipped, self.claimed):
            each.add(whole)
        is_fine = int(whole.as_tuple().exponent) >= -2
        self._rounded.add(whole if is_fine else sum(map(in_cents, amounts), _NOTHING))

    def add_many(self, whole: Decimal, rounded: Decimal) -> None:
        """Add lines of which it is known what they come to, exact and each at two decimals."""
        for each in (self.exact, self._with_skipped, self.claimed):
            each.add(whole)
        self._rounded.add(rounded)

    def add_skipped(self, amount: Decimal) -> None:
        """Add a line that the mapping leaves out; the file may count it, or not."""
        self._with_skipped.add(amount)

    def begin_order(self) -> None:
        """Take what follows for the lines of another order."""
        for each in self._all:
            each.begin_order()

    def mark(self) -> None:
        """Take what follows for the lines of the next totals row."""
        for each in self._all:
            each.mark()

    def claim(self, figure: Decimal) -> None:
        """Take for granted what a totals row says, so that those below it are held against the rest."""
        block, whole = figure - self.claimed.block, figure - self.claimed.whole
        self.claimed.add(min(block, whole, key=abs))

    def comes_to(self, figure: Decimal, within: Decimal, since: int) -> bool:
        """Whether the lines come to a figure in one of these ways."""
        if figure == in_cents(figure):
            within = max(within, HALF_A_CENT)
        return any(each.comes_to(figure, within, since) for each in self._all)

    def all_lines(self) -> list[Decimal]:
        """What all lines above come to, in each of these ways; exactly at first."""
        return [each.whole for each in self._all]

    def above_block(self) -> list[Decimal]:
        """The same of the lines above the totals row before."""
        return [each.whole - each.block for each in self._all]

    def whole_comes_to(self, figure: Decimal, within: Decimal) -> bool:
        """Whether all lines above come to a figure in one of these ways."""
        return any(abs(each.whole - figure) <= within for each in self._all)

    def block_comes_to(self, figure: Decimal, within: Decimal) -> bool:
        """Whether the lines since the totals row above come to a figure in one of these ways."""
        return any(abs(each.block - figure) <= within for each in self._all)


def in_cents(number: Decimal) -> Decimal:
    """A number at two decimals."""
    return number.quantize(_CENT, ROUND_HALF_UP, _ROUNDED)
