"""Lines of which nothing is open are left out of the records, and what their rows say of the order is kept.

An order's rows may name its supplier on the first only; where that row's line is left out, the next row of the order
takes over what it says of the order, wherever that stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.records import Records
from bulkpo.model.document import Columns, Value, has_any

WantedLines = Mapping[tuple[int, int], str]
"""Lines to leave out, by variant and place, each with the reason."""


class LeftOutLines:
    """Leaves lines out of the records of one pass. `orders` are those of the records last seen."""

    def __init__(self, mapping: ImportMapping) -> None:
        self.orders: set[str] = set()
        levels = mapping.levels
        self._own = [[place for place, slot in enumerate(slots) if slot.targets] for slots in levels[1].variants]
        self._goes_on = len(levels) > 2 and not levels[2].numbered
        fields = levels[1].level.fields
        self._number = next(
            (place for place, each in enumerate(fields) if each.full_path == mapping.kind.line_number), None
        )
        self._above: tuple[Value, Value, str] = (None, None, "")
        self._said: dict[str, tuple[Value, ...]] = {}

    @property
    def is_by_row(self) -> bool:
        """Whether a line is left out with its row; else other lines stand beside it."""
        return len(self._own) == 1

    def without(self, records: Records, lines: WantedLines) -> Records:
        """The records without some lines."""
        self.orders = {key for _, place in lines if (key := records.keys[place]) is not None}
        if not self.is_by_row:
            return self._emptied(records, lines) if lines else records
        reasons = {place: reason for (_, place), reason in lines.items()}
        if self._goes_on:
            reasons = self._with_those_below(records, reasons)
        records = self._taken_over(records, reasons)
        rows: dict[str, set[int]] = {}
        for place, reason in reasons.items():
            rows.setdefault(reason, set()).add(records.rows[place])
        for reason, left_out in rows.items():
            records = records.without(left_out, reason)
        return records

    def _emptied(self, records: Records, lines: WantedLines) -> Records:
        variants = [list(map(list, variant)) for variant in records.levels[1]]
        for variant, place in lines:
            for own in self._own[variant]:
                variants[variant][own][place] = None
        levels = list(records.levels)
        levels[1] = tuple(variants)
        return replace(records, levels=tuple(levels))

    def _with_those_below(self, records: Records, reasons: Mapping[int, str]) -> dict[int, str]:
        """The rows left out, with those below that go on with their lines."""
        lines = records.levels[1][0]
        numbers: Sequence[Value] = [None] * len(records.rows) if self._number is None else lines[self._number]
        own = [place for place in self._own[0] if place != self._number]
        found = dict(reasons)
        for place, (key, number) in enumerate(zip(records.keys, numbers, strict=True)):
            if place in found:
                self._above = key, number, found[place]
                continue
            above, its_number, reason = self._above
            goes_on = number in (None, its_number) and not any(lines[each][place] is not None for each in own)
            if reason and key == above and goes_on:
                found[place] = reason
            else:
                self._above = key, number, ""
        return found

    def _taken_over(self, records: Records, reasons: Mapping[int, str]) -> Records:
        """The records, in which the row after one that is left out says of its order what that said."""
        if not reasons and not self._said:
            return records
        header: list[list[Value]] = list(map(list, records.levels[0][0]))
        for place, key in enumerate(records.keys):
            if key is None or (place not in reasons and key not in self._said):
                continue
            said = self._said.pop(key, ())
            for column, its in zip(header, said, strict=False):
                column[place] = its if column[place] is None else column[place]
            if place in reasons:
                self._said[key] = tuple(column[place] for column in header)
        return replace(records, levels=((header,), *records.levels[1:]))


def present(own: Sequence[int], columns: Columns, count: int) -> Sequence[int]:
    """Row by row, 1 where there is a line, 0 where there is none."""
    if any(None not in columns[place] for place in own):
        return [1] * count
    return [int(has_any(values, own)) for values in zip(*columns, strict=True)] if columns else [0] * count
