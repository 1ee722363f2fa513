"""A field of a level is filled: from the columns that give it, or from its constant."""

from collections.abc import Mapping
from itertools import compress

from bulkpo.mapping.language.spec import ImportMapping, Slot
from bulkpo.mapping.rows.calculate import Calculator
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.rows.doubts import Witness
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value


class SlotConverter:
    """Fills one field of a level, from its columns or its constant."""

    def __init__(self, slot: Slot, mapping: ImportMapping, witnesses: Mapping[str, Witness] | None = None) -> None:
        self.slot = slot
        known = witnesses or {}
        self.targets = [
            Calculator(target, slot, mapping, known)
            if target.steps
            else TargetConverter(target, slot, mapping, known.get(target.column))
            for target in slot.targets
        ]

    def column(self, columns: ColumnsByTitle, count: int) -> tuple[list[Value], list[tuple[str, Trouble]]]:
        """The values of `count` rows, and the troubles with the titles of their columns."""
        if not self.targets:
            return [self.slot.constant] * count, []
        values, named = self.targets[0].titled(columns)
        for other in self.targets[1:]:
            more, troubles = other.titled(columns)
            named += troubles
            for position in compress(range(count), map(_both, values, more)):
                message = f"{self.slot.path} is filled by {self.targets[0].target.column} too; their conditions overlap"
                named.append((other.target.column, Trouble(position, "filled-twice", message)))
            values = [first if first is not None else second for first, second in zip(values, more, strict=True)]
        return values, named


def _both(first: Value, second: Value) -> bool:
    return first is not None and second is not None
