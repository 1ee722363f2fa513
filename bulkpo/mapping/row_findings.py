"""Findings about the rows of one chunk, while it is applied."""

from collections.abc import Mapping, Sequence

from bulkpo.mapping.import_spec import Requirement, Slot
from bulkpo.mapping.trouble import Trouble
from bulkpo.model.document import Value
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell

Values = tuple[Value, ...]


class RowFindings:
    """Gathers findings, bad rows and troubled fields, by path and position.

    `numbers` gives the column number of each title.
    """

    def __init__(self, rows: Sequence[int], columns: Mapping[str, Sequence[Cell]], numbers: Mapping[str, int]) -> None:
        self.findings: list[Finding] = []
        self.bad: set[int] = set()
        self.troubled: set[tuple[str, int]] = set()
        self._rows = rows
        self._columns = columns
        self._numbers = numbers

    def note(self, path: str, title: str, trouble: Trouble) -> None:
        """Make a finding of a trouble; only one that keeps no value makes its row bad."""
        cell = self._columns[title][trouble.position]
        finding = Finding(
            trouble.code,
            f"{title}: {trouble.message}",
            self._rows[trouble.position],
            self._numbers[title],
            path,
            "" if cell is None else str(cell),
            severity=Severity.ERROR if trouble.kept is None else Severity.NOTICE,
        )
        self.findings.append(finding)
        if trouble.kept is None:
            self.bad.add(trouble.position)
            self.troubled.add((path, trouble.position))

    def require(self, requirement: Requirement, variant: Sequence[Slot], members: Sequence[Values]) -> None:
        """Find the members that lack a required element. A member with no value of its own at all is not there."""
        missing = _positions_without(requirement.positions, members)
        if not missing:
            return
        own = [position for position, slot in enumerate(variant) if slot.targets]
        slots = [variant[position] for position in requirement.positions]
        for row in missing:
            is_there = any(members[row][position] is not None for position in own)
            if is_there and not any((slot.path, row) in self.troubled for slot in slots):
                self._missing(requirement.element, slots, row)

    def require_keys(self, keys: Sequence[Value], slot: Slot) -> None:
        """Find the rows without a key: they belong to no order."""
        if None not in keys:
            return
        for row, key in enumerate(keys):
            if key is None and (slot.path, row) not in self.troubled:
                title = slot.targets[0].column
                message = f"{title} is empty, so the row belongs to no order; fill it in, or skip the row by skip_rows"
                self._add("empty-key", message, row, slot)

    def _missing(self, element: str, slots: Sequence[Slot], row: int) -> None:
        titles = " or ".join(dict.fromkeys(target.column for slot in slots for target in slot.targets))
        where = f"{titles}: " if titles else ""
        filled = next((slot for slot in slots if slot.targets), slots[0])
        self._add("required", f"{where}{element} is required, and the cell is empty; fill it in", row, filled)

    def _add(self, code: str, message: str, row: int, slot: Slot) -> None:
        column = self._numbers[slot.targets[0].column] if slot.targets else 0
        self.findings.append(Finding(code, message, self._rows[row], column, slot.path))
        self.bad.add(row)


def _positions_without(positions: Sequence[int], members: Sequence[Values]) -> list[int]:
    """The rows that have None at all of these positions."""
    if len(positions) == 1:
        position = positions[0]
        return [row for row, values in enumerate(members) if values[position] is None]
    return [row for row, values in enumerate(members) if all(values[position] is None for position in positions)]
