"""Rows that describe one thing become one: the first value there is of each element, and findings where they differ."""

from collections.abc import Sequence

from bulkpo.mapping.rows.apply import Applier
from bulkpo.model.document import Value, Values
from bulkpo.model.finding import Finding

LEVEL_NAMES = ("order", "line", "allocation")


class Merger:
    """Merges the values of one level's rows."""

    def __init__(self, applier: Applier) -> None:
        self._applier = applier
        self._mapping = applier.mapping

    def merge(
        self, level: int, key: str, rows: Sequence[int], values: Sequence[Values]
    ) -> tuple[Values, list[Finding]]:
        """The merged values, and the conflicts between them."""
        first = values[0]
        if len(values) == 1 or values.count(first) == len(values):
            return first, []
        merged: list[Value] = []
        findings = []
        for position, column in enumerate(zip(*values, strict=True)):
            merged.append(next((value for value in column if value is not None), None))
            if len(set(column) - {None}) > 1:
                findings.append(self._conflict(level, key, position, list(zip(rows, column, strict=True))))
        return tuple(merged), findings

    def _conflict(self, level: int, key: str, position: int, column: Sequence[tuple[int, Value]]) -> Finding:
        number = self._applier.column_of(level, 0, position)
        path = self._mapping.levels[level].level.fields[position].full_path
        first_row, first = next((row, value) for row, value in column if value is not None)
        row, other = next((row, value) for row, value in column if value not in (None, first))
        message = (
            f"{path} of order {key} is {other!r} here but {first!r} in {self._mapping.where(first_row, number)}; "
            f"{'an' if level != 1 else 'a'} {LEVEL_NAMES[level]} has one, make them equal"
        )
        return Finding("conflicting-values", message, row, number, path, str(other), key)
