"""Rows that describe one thing become one: the first value there is of each element, and findings where they differ."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bulkpo.mapping.rows.apply import Applier, FieldAt
from bulkpo.mapping.rows.group import Gathered
from bulkpo.model.attached import ATTACHMENT, wishes_together
from bulkpo.model.document import Value, Values
from bulkpo.model.finding import Finding


class Merger:
    """Merges the values of one level's rows."""

    def __init__(self, applier: Applier) -> None:
        self._applier = applier
        self._mapping = applier.mapping

    def merge(
        self, level: int, gathered: Gathered, rows: Sequence[int], values: Sequence[Values]
    ) -> tuple[Values, list[Finding]]:
        """The merged values, and the conflicts between them."""
        first = values[0]
        if len(values) == 1 or values.count(first) == len(values):
            return first, []
        merged: list[Value] = []
        findings: list[Finding] = []
        fields = self._mapping.levels[level].level.fields
        for position, column in enumerate(zip(*values, strict=True)):
            if fields[position].type == ATTACHMENT:
                merged.append(wishes_together(column))
                continue
            merged.append(next((value for value in column if value is not None), None))
            if len(set(column) - {None}) > 1:
                findings += self._conflicts(FieldAt(level, 0, position), gathered, list(zip(rows, column, strict=True)))
        return tuple(merged), findings

    def _conflicts(self, field: FieldAt, gathered: Gathered, column: Sequence[tuple[int, Value]]) -> Iterator[Finding]:
        """Each value that is not the one most rows have; of those with as many, the first stands for what is meant."""
        counts = Counter(value for _, value in column if value is not None)
        meant, many = counts.most_common(1)[0]
        kind, described = self._mapping.kind, self._mapping.levels[field.level].level
        path = described.fields[field.position].full_path
        first = self._applier.cell_of(field, next(row for row, value in column if value == meant), gathered.header)
        others = f" and {many - 1} more" if many > 1 else ""
        carried = None
        for row, value in column:
            if value not in (None, meant) and not (self._is_carried(field) and value == carried):
                cell = self._applier.cell_of(field, row, gathered.header)
                message = (
                    f"{path} of {kind.noun.one} {gathered.key} is {value!r} here but {meant!r} in "
                    f"{self._mapping.where(*first)}{others}; "
                    f"{kind.level(described).a_one} has one, make them equal"
                )
                yield Finding("conflicting-values", message, *cell, path, str(value), gathered.key)
            carried = value

    def _is_carried(self, field: FieldAt) -> bool:
        """Whether a field's cells may be blank and their value that of a row above."""
        targets = self._mapping.levels[field.level].variants[field.variant][field.position].targets
        return any(target.column in self._mapping.fill_down for target in targets)
