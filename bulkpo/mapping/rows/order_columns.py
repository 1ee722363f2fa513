"""What the orders of a chunk come to and what its cells say they do, by columns.

Of most orders both are the same, which a few passes of built-ins over the columns tell; only the others become objects.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, compress, islice
from operator import is_not, sub

from bulkpo.mapping.language.figures import Control
from bulkpo.mapping.rows.order_figures import OrderFigures, RowFigures, StatedFigure, agreed
from bulkpo.model.document import Value

COUNT = "line_count"


@dataclass(frozen=True, slots=True)
class OrderColumns:
    """The figures of a chunk's rows, by what is counted, and what the cells state for each control of orders.

    `stretches` are those of rows of one order each; `bad` are the positions of rows with an error.
    """

    rows: Sequence[int]
    keys: Sequence[Value]
    stretches: Sequence[tuple[int, int]]
    figures: Mapping[str, RowFigures]
    stated: Sequence[tuple[Control, Sequence[Decimal | None]]]
    bad: AbstractSet[int]

    def all(self) -> Iterator[OrderFigures]:
        """Every stretch of rows of one order."""
        return self._of(self.stretches)

    def in_question(self) -> Iterator[OrderFigures]:
        """The stretches that may go on in another chunk, and those of orders that may not come to what is stated.

        That is all of them where rows belong to no order, since rows beside them may be of one order.
        """
        if None in self.keys or len(self.stretches) < 3:
            return self.all()
        wanted = {0, len(self.stretches) - 1}
        for control, values in self.stated:
            wanted.update(self._changing(values), self._differing(control, values))
        return self._of(map(self.stretches.__getitem__, sorted(wanted)))

    def _changing(self, values: Sequence[Decimal | None]) -> Iterator[int]:
        """The numbers of stretches in which more is stated than in the first row, or something else."""
        changes = set(compress(range(1, len(values)), map(is_not, values, islice(values, 1, None))))
        changes.difference_update(start for start, _ in self.stretches)
        places = {place for place in changes if values[place] is not None and values[place] != values[place - 1]}
        if places:
            for number, (start, end) in enumerate(self.stretches):
                if not places.isdisjoint(range(start, end)):
                    yield number

    def _differing(self, control: Control, values: Sequence[Decimal | None]) -> list[int]:
        """The numbers of stretches whose first row states another figure than they come to."""
        mine = self.figures[control.of]
        sums = [Decimal(0), *accumulate(mine.lines if control.equals == COUNT else mine.amounts)]
        starts = [start for start, _ in self.stretches]
        at_starts = list(map(sums.__getitem__, [*starts, len(values)]))
        comes_to = list(map(sub, at_starts[1:], at_starts))
        said = list(map(values.__getitem__, starts))
        numbers: Sequence[int] = range(len(said))
        if not all(said):
            numbers = [number for number, value in enumerate(said) if value is not None]
            said, comes_to = [said[number] for number in numbers], [comes_to[number] for number in numbers]
        rests = list(map(sub, said, comes_to))
        if not any(rests):
            return []
        return [number for number, rest in zip(numbers, rests, strict=True) if abs(rest) > control.within]

    def _of(self, stretches: Iterable[tuple[int, int]]) -> Iterator[OrderFigures]:
        for start, end in stretches:
            key = self.keys[start]
            if key is not None:
                yield OrderFigures(
                    key,
                    {of: sum(each.amounts[start:end], Decimal(0)) for of, each in self.figures.items()},
                    {of: sum(each.lines[start:end]) for of, each in self.figures.items()},
                    tuple(_stated(values, self.rows, range(start, end)) for _, values in self.stated),
                    bool(self.bad) and not self.bad.isdisjoint(range(start, end)),
                )


def _stated(values: Sequence[Decimal | None], rows: Sequence[int], span: range) -> StatedFigure | None:
    first: StatedFigure | None = None
    for place in span:
        value = values[place]
        if value is not None and (first is None or value != values[place - 1]):
            first = agreed(first, StatedFigure(value, rows[place]))
    return first
