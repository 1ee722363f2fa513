"""Orders that come in parts, in several tables or record types: which order each row belongs to.

In tables joined by the key every row names its order, in others it names a row of the first table. Of record types the
first names it, and the rows below belong to it until the next. An order whose first part the mapping leaves out is left
out whole.
"""

from collections.abc import Iterable, Mapping, Sequence

from bulkpo.mapping.language.conditions import RowTest
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.rows.joins import TableJoins
from bulkpo.mapping.rows.slots import SlotConverter
from bulkpo.model.document import Value
from bulkpo.model.table import PART, Cell


class OrderParts:
    """The rows of one pass, in order."""

    def __init__(self, mapping: ImportMapping, key: SlotConverter) -> None:
        self._first = mapping.parts[0]
        self._noun = mapping.kind.noun.one
        self._carries = bool(mapping.record_types)
        self._key = key
        self._above: Value = None
        self._left_out: dict[Value, str] = {}
        self.joins = TableJoins(mapping)

    def keys(
        self, columns: Mapping[str, Sequence[Cell]], rows: Sequence[int], matched: Sequence[tuple[str, Sequence[bool]]]
    ) -> list[Value]:
        """The key of the order each row belongs to, None where there is none.

        `matched` are the reasons for which rows are skipped, each with the rows it holds for.
        """
        parts = columns[PART]
        keys, _ = self._key.column(columns, len(parts))
        if self.joins:
            skips = [any(each) for each in zip(*(holds for _, holds in matched), strict=True)] or [False] * len(parts)
            return self.joins.keys(columns, rows, skips, keys)
        if not self._carries:
            return keys
        carried: list[Value] = []
        for key, part in zip(keys, parts, strict=True):
            if part == self._first:
                self._above = key
            carried.append(self._above if key is None else key)
        return carried

    def are_first(self, columns: Mapping[str, Sequence[Cell]]) -> list[bool]:
        """Row by row, whether it is of the first part."""
        return [part == self._first for part in columns[PART]]

    def leave_out(self, condition: RowTest, keys: Iterable[Value]) -> bool:
        """Remember the orders of rows that a condition skips, if it is about the first part; tells whether it is."""
        if condition.part != self._first:
            return False
        for key in keys:
            self._left_out.setdefault(key, f"{condition}, the {self._noun}'s other rows")
        self._left_out.pop(None, None)
        return True

    def left_out(self, keys: Sequence[Value], columns: Mapping[str, Sequence[Cell]]) -> list[tuple[str, list[bool]]]:
        """The reasons for which rows go with an order that was left out, each with the rows it holds for."""
        unmatched = self.joins.left_out(keys)
        if not self._left_out or self._left_out.keys().isdisjoint(keys):
            return unmatched
        others = [not first for first in self.are_first(columns)]
        found = [self._left_out.get(key, "") if other else "" for key, other in zip(keys, others, strict=True)]
        reasons = [(reason, [each == reason for each in found]) for reason in dict.fromkeys(found) if reason]
        return [*reasons, *unmatched]
