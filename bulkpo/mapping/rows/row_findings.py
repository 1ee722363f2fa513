"""Findings about the rows of one chunk, while it is applied."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from bulkpo.mapping.language.spec import ImportMapping, Requirement, Slot
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import PART, Cell

_LONGEST_TEXT = 2_000
_MOST_SHARED = 1_000


class RowFindings:
    """Gathers findings, bad rows, and the paths of the fields at fault in each.

    `numbers` gives the column number of each title.
    """

    def __init__(self, rows: Sequence[int], columns: Mapping[str, Sequence[Cell]], numbers: Mapping[str, int]) -> None:
        self.findings: list[Finding] = []
        self.bad: set[int] = set()
        self.troubled: dict[int, tuple[str, ...]] = {}
        self._told: set[tuple[str, Trouble]] = set()
        self._rows = rows
        self._columns = columns
        self._numbers = numbers

    def note(self, path: str, title: str, trouble: Trouble) -> None:
        """Make a finding of a trouble; only one that keeps no value makes its row bad.

        A cell that fills two elements is told of once.
        """
        position = trouble.position
        if trouble.kept is None:
            self.bad.add(position)
            known = self.troubled.get(position)
            self.troubled[position] = (path,) if known is None else (*known, path)
        if (title, trouble) in self._told:
            return
        self._told.add((title, trouble))
        cell = self._columns[title][position]
        finding = Finding(
            trouble.code,
            _said(title, trouble.message),
            self._rows[position],
            self._numbers[title],
            path,
            "" if cell is None else _shared(str(cell)),
            severity=Severity.ERROR if trouble.kept is None else Severity.NOTICE,
        )
        self.findings.append(finding)

    def require(
        self,
        requirement: Requirement,
        variant: Sequence[Slot],
        own: Sequence[int],
        members: Sequence[Sequence[Value]],
    ) -> None:
        """Find the members that lack a required element. A member with no value of its own at all is not there."""
        missing = _positions_without(requirement.positions, members)
        if not missing:
            return
        slots = [variant[position] for position in requirement.positions]
        message = missing_message(requirement.element, slots)
        for row in missing:
            is_there = any(members[position][row] is not None for position in own)
            if is_there and not any(self._is_troubled(slot, row) for slot in slots):
                self._missing(message, slots, row)

    def refuse(self, title: str, reason: str, blanks: frozenset[str]) -> None:
        """Find the filled cells of a column that must be blank."""
        cells = self._columns[title]
        if cells.count(None) == len(cells):
            return
        for row, cell in enumerate(cells):
            text = "" if cell is None else str(cell).strip()
            if text and text not in blanks:
                message = f"{title}: {text!r} cannot be loaded ({reason}); clear the cell"
                self._add("not-blank", message, row, self._numbers[title], "")

    def require_keys(self, keys: Sequence[Value], slot: Slot, mapping: ImportMapping) -> None:
        """Find the rows without a key: they belong to no document."""
        if None not in keys:
            return
        noun, joins = mapping.kind.noun, mapping.joins
        comes_in_parts = any(target.part for target in slot.targets)
        parts = self._columns[PART] if comes_in_parts else [""] * len(keys)
        for row, key in enumerate(keys):
            if key is not None or self._is_troubled(slot, row):
                continue
            named = [target.column for target in slot.targets if target.part == parts[row]]
            named += joins[str(parts[row])].columns[:1] if parts[row] in joins else ()
            if not named:
                message = f"no row above names the {noun.one} this row belongs to; correct the rows above, or remove it"
                self._add("line-without-header", message, row, 0, slot.path)
            else:
                belongs = f"{named[0]} is empty, so the row belongs to no {noun.one}"
                message = f"{belongs}; fill it in, skip the row by skip_rows, or carry it down by document.fill_down"
                self._add("empty-key", message, row, self._numbers[named[0]], slot.path)

    def collide(self, message: str, row: int, title: str, path: str) -> None:
        """Note a key that reads alike another made of other columns; its order is held, and so is the other's."""
        self._add("key-collision", f"{title}: {message}", row, self._numbers[title], path)

    def _is_troubled(self, slot: Slot, row: int) -> bool:
        return slot.path in self.troubled.get(row, ())

    def _missing(self, message: str, slots: Sequence[Slot], row: int) -> None:
        filled = next((slot for slot in slots if slot.targets), slots[0])
        column = self._numbers[filled.targets[0].column] if filled.targets else 0
        self._add("required", message, row, column, filled.path)

    def _add(self, code: str, message: str, row: int, column: int, path: str) -> None:
        self.findings.append(Finding(code, message, self._rows[row], column, path))
        self.bad.add(row)


def _bounded(text: str) -> str:
    """A text, with its middle left out if it is so long that thousands like it would fill the memory."""
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT // 2]} … {text[-_LONGEST_TEXT // 2 :]}"


@lru_cache(_MOST_SHARED)
def _said(title: str, message: str) -> str:
    """What is said of a cell: one text for all that are wrong in the same way, as a million can be."""
    return _bounded(f"{title}: {message}")


@lru_cache(_MOST_SHARED)
def _shared(text: str) -> str:
    """A cell's text as a finding keeps it, one for all that are equal."""
    return _bounded(text)


def missing_message(element: str, slots: Sequence[Slot]) -> str:
    """What to say of a required element whose cells are empty."""
    titles = " or ".join(dict.fromkeys(target.column for slot in slots for target in slot.targets))
    where = f"{titles}: " if titles else ""
    return f"{where}{element} is required, and the cell is empty; fill it in"


def _positions_without(positions: Sequence[int], members: Sequence[Sequence[Value]]) -> list[int]:
    """The rows that have None at all of these positions; `members` are columns of values."""
    first, *others = (members[position] for position in positions)
    if None not in first or any(None not in column for column in others):
        return []
    empty = [row for row, value in enumerate(first) if value is None]
    return [row for row in empty if all(column[row] is None for column in others)] if others else empty
