"""What kinds of rows a block has, so that rules between elements are asked of one row of each kind."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bulkpo.mapping.kinds.kind import DocumentRules
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.columns import ProvedColumn
from bulkpo.mapping.proving.cut import Flags, Places
from bulkpo.mapping.proving.fields import RULED, ProvedField
from bulkpo.model.document import Columns, Value


class RowKinds:
    """What kinds of rows there are, by which fields have a value and what the judged ones say."""

    def __init__(
        self,
        mapping: ImportMapping,
        fields: Sequence[ProvedField],
        proved: Sequence[ProvedColumn],
        cells: Sequence[Cells],
    ) -> None:
        self._mapping = mapping
        self._fields = fields
        self._proved = proved
        self._cells = cells

    def keep_rules(self, rules: DocumentRules, wanted: Flags) -> Flags:
        """The wanted rows that keep the rules between elements; one row of each kind is asked for all of it."""
        kinds = self._kinds()
        rows = np.flatnonzero(wanted)
        if not len(rows):
            return wanted
        if kinds is None:
            header, lines = self._values(rows[:1])
            return wanted if rules.hold_for(header, lines) else np.zeros_like(wanted)
        _, firsts, mine = np.unique(kinds[rows], return_index=True, return_inverse=True)
        header, lines = self._values(rows[firsts])
        if rules.hold_for(header, lines):
            return wanted
        holds = np.array([rules.hold_for(*self._values(rows[first : first + 1])) for first in firsts])
        kept = np.zeros_like(wanted)
        kept[rows] = holds[mine]
        return kept

    def _kinds(self) -> NDArray[np.int64] | None:
        kinds: NDArray[np.int64] | None = None
        for each, column in zip(self._fields, self._proved, strict=True):
            code = column.codes if column.codes is not None and each.slot.path in RULED else column.has_value
            least, most = int(code.min()), int(code.max())
            if least == most:
                continue
            mine = code.astype(np.int64) - least
            kinds = mine if kinds is None else _numbered(kinds) * (most - least + 1) + mine
        return kinds

    def _values(self, rows: Places) -> tuple[Columns, Columns]:
        """The values of some rows, by level and field."""
        header, lines = ([[slot.constant] * len(rows) for slot in level.variants[0]] for level in self._mapping.levels)
        for each, column, cells in zip(self._fields, self._proved, self._cells, strict=True):
            values: list[Value] = [_value(column, cells, row) for row in rows.tolist()]
            (lines if each.level else header)[each.position] = values
        return header, lines


def _numbered(kinds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same kinds by numbers from 0."""
    return kinds if kinds.max() < 1 << 20 else np.unique(kinds, return_inverse=True)[1]


def _value(column: ProvedColumn, cells: Cells, row: int) -> Value:
    if not column.has_value[row]:
        return None
    if column.codes is not None:
        return column.values[int(column.codes[row])]
    return cells.text(row).decode(errors="replace")
