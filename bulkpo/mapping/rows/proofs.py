"""Whole orders proved sound by columns, without being made; of those with bad rows, that nothing more is wrong.

What `bulkpo.mapping.rows.assemble` would find in an order is asked of the columns of many at once, by a few passes of
built-ins. Where it holds, nothing is wrong with any of them; it may fail where nothing is wrong, and then the orders
are gathered and looked at one by one.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, chain, compress
from typing import TypeVar

from bulkpo.mapping.language.spec import ImportMapping, Requirement, SlotLevel
from bulkpo.mapping.rows.group import Stretch
from bulkpo.mapping.rows.line_numbers import numbers_apart
from bulkpo.mapping.rows.records import Records
from bulkpo.model.document import Columns, Value
from bulkpo.model.totals import CurrencyTotal

T = TypeVar("T")
_AT_FAULT = "at fault"


@dataclass(frozen=True, slots=True)
class Sound:
    """Stretches of rows that are orders with nothing wrong between their rows, how many these are, and their worth."""

    stretches: Sequence[Stretch] = ()
    rows: int = 0
    totals: tuple[CurrencyTotal, ...] = ()


NOTHING = Sound()


@dataclass(frozen=True, slots=True)
class JudgedOrders:
    """What is proved of orders: which are sound, and which have bad rows, but nothing more that is wrong."""

    sound: Sound = NOTHING
    failed: Sound = NOTHING

    @property
    def stretches(self) -> Sequence[Stretch]:
        """The rows of all of them, in the file's order."""
        both = self.sound.stretches, self.failed.stretches
        return sorted(chain(*both)) if all(both) else both[0] or both[1]


UNJUDGED = JudgedOrders()


class SoundOrders:
    """Judges whole orders of one mapping. A row of them is a line; nothing else is proved."""

    def __init__(self, mapping: ImportMapping) -> None:
        self._rules = mapping.document_rules
        self._amounts = mapping.kind.worth(mapping.layout)
        slots = [slot for level in mapping.levels for variant in level.variants for slot in variant]
        is_flat = len(mapping.levels) == 2 and len(mapping.levels[1].variants) == 1
        may_empty = any(target.clear is not None for slot in slots for target in slot.targets)
        is_odd = may_empty or any(slot.rule.unique for slot in slots)
        self._can_prove = is_flat and not mapping.parts and not is_odd
        self._header = _own_places(mapping.levels[0])
        self._required = mapping.levels[0].required
        self._line = _own_places(mapping.levels[1]) if is_flat else []
        fields = mapping.levels[1].level.fields if is_flat else ()
        self._places = {field.full_path: place for place, field in enumerate(fields)}
        self._number = next(
            (place for place, field in enumerate(fields) if field.full_path == mapping.kind.line_number), None
        )

    def judged(self, records: Records, orders: Sequence[Stretch], doubtful: frozenset[int]) -> JudgedOrders:
        """What is proved of whole orders; those with a row at a `doubtful` position have failed."""
        if not self._can_prove or not orders:
            return UNJUDGED
        if not doubtful:
            return JudgedOrders(self._proved(records, orders, records.amounts))
        ends = [end for _, end in orders]
        left_out = {bisect_right(ends, position) for position in doubtful}
        clear = [
            order for number, order in enumerate(orders) if number not in left_out or doubtful.isdisjoint(range(*order))
        ]
        known = set(clear)
        failed = [order for order in orders if order not in known]
        return JudgedOrders(self._proved(records, clear, records.amounts), self._proved(records, failed))

    def _proved(self, records: Records, orders: Sequence[Stretch], known: Sequence[Decimal] = ()) -> Sound:
        """Orders that have nothing wrong between their rows, or none; `known` is what the lines of all come to."""
        if not orders:
            return NOTHING
        header, lines = (_picked(level[0], orders) for level in records.levels)
        starts = [0, *accumulate(end - start for start, end in orders)]
        rows = starts.pop()
        own = [header[place] for place in self._header]
        is_sound = (
            len(set(zip(*own, strict=True))) == len(orders)
            and all(_is_given(requirement, header) for requirement in self._required)
            and any(None not in lines[place] for place in self._line)
            and self._are_numbered(lines, starts, rows)
            and (self._rules.hold_for(header, lines) or self._hold_but_for_faults(records, orders, header))
        )
        if not is_sound:
            return NOTHING
        (amounts,) = _picked([known], orders) if known else [()]
        return Sound(orders, rows, self._amounts.of_columns(header, lines, starts, amounts))

    def _hold_but_for_faults(self, records: Records, orders: Sequence[Stretch], header: Columns) -> bool:
        """Whether the rules hold where each cell at fault counts as filled: of its element no more is told."""
        lines = list(records.levels[1][0])
        given: dict[int, list[Value]] = {}
        for position in records.bad:
            for path in records.troubled.get(position, ()):
                place = self._places.get(path)
                if place is not None:
                    given[place] = column = given.get(place) or list(lines[place])
                    column[position] = column[position] or _AT_FAULT
        for place, column in given.items():
            lines[place] = column
        return bool(given) and self._rules.hold_for(header, _picked(lines, orders))

    def _are_numbered(self, lines: Columns, starts: Sequence[int], rows: int) -> bool:
        """Whether the lines of each order have numbers of their own, or none at all and differ."""
        numbers: Sequence[Value] = () if self._number is None else lines[self._number]
        if not numbers or None in numbers:
            if numbers and numbers.count(None) < rows:
                return False
            return _differ([lines[place] for place in self._line], starts, rows)
        told = numbers_apart(numbers)
        return told is not None and _differ_by(told, starts, rows)


def _differ(columns: Columns, starts: Sequence[int], rows: int) -> bool:
    """Whether no order has two lines that are alike in all columns; one column is mostly enough to tell."""
    most = max(columns, key=_variety, default=())
    return (
        _variety(most) == rows
        or _differ_by(most, starts, rows)
        or _differ_by(list(zip(*columns, strict=True)), starts, rows)
    )


def _variety(column: Sequence[object]) -> int:
    return len(set(column))


def _differ_by(numbers: Sequence[object], starts: Sequence[int], rows: int) -> bool:
    """Whether these are others for each line of an order."""
    of_orders = set(map(tuple(numbers).__getitem__, map(slice, starts, [*starts[1:], rows])))
    return all(len(set(each)) == len(each) for each in of_orders)


def _own_places(level: SlotLevel) -> list[int]:
    """The fields of a level that columns fill."""
    return [place for place, slot in enumerate(level.variants[0]) if slot.targets]


def _is_given(requirement: Requirement, columns: Columns) -> bool:
    return any(None not in columns[place] for place in requirement.positions)


def _picked(columns: Sequence[Sequence[T]], orders: Sequence[Stretch]) -> list[Sequence[T]]:
    """The values of the rows of some orders."""
    first, last = orders[0][0], orders[-1][1]
    if sum(end - start for start, end in orders) == last - first:
        return [column[first:last] for column in columns]
    wanted = bytearray(last)
    for start, end in orders:
        wanted[start:end] = b"\x01" * (end - start)
    return [list(compress(column, wanted)) for column in columns]
