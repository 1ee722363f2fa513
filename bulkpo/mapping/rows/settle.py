"""Cells in doubt are settled before they are read: accepted where the mapping declares them right, else reported.

Numbers that are shown otherwise than by their digits are left to the reading of text; where a column gives only
numbers, what it holds is all that counts.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulkpo.mapping.language.conditions import Comparison, single_tests
from bulkpo.mapping.language.spec import ImportMapping, Slot, Target
from bulkpo.mapping.rows.conditions import every_condition
from bulkpo.mapping.rows.row_findings import RowFindings
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.table import Cell, Doubtful, Formatted, stored

_TEXTUAL = ("string", "text")


class DoubtAt(NamedTuple):
    """A cell in doubt: its row, the title of its column, and whether the mapping declares its value right."""

    row: int
    title: str
    doubt: Doubtful
    declared: str


class Settler:
    """Settles the cells of one mapping's columns."""

    def __init__(self, mapping: ImportMapping) -> None:
        self._settings = mapping.settings
        self._carried = frozenset(mapping.fill_down)
        self._paths: dict[str, list[str]] = {}
        textual = {test.column for test in single_tests(every_condition(mapping)) if not isinstance(test, Comparison)}
        for slot, target in _targets(mapping):
            for column in (target.column, *target.operands):
                self._paths.setdefault(column, []).append(slot.path)
            if slot.element.type in _TEXTUAL or _is_text_first(target):
                textual.update(target.columns)
        self._numeric = self._paths.keys() - textual

    def settle(self, rows: Sequence[int], columns: dict[str, Sequence[Cell]]) -> list[DoubtAt]:
        """Put values in the places of doubts and truth values; gives the doubts that are to be told."""
        told: list[DoubtAt] = []
        for title, cells in columns.items():
            kinds = set(map(type, cells))
            if Doubtful in kinds:
                pairs = zip(rows, cells, strict=True)
                columns[title] = [self._settled(row, title, cell, told) for row, cell in pairs]
                kinds = set(map(type, columns[title]))
            if Formatted in kinds and (title in self._numeric or self._settings.of(title, "number_formats")):
                columns[title] = list(map(stored, columns[title]))
            if bool in kinds:
                columns[title] = list(map(_without_boolean, columns[title]))
        return told

    def tell(self, doubts: Sequence[DoubtAt], rows: Sequence[int], found: RowFindings) -> None:
        """Make findings of the doubts in rows that are still in."""
        places = {row: place for place, row in enumerate(rows)}
        in_doubt: set[int] = set()
        for row, title, doubt, declared in doubts:
            place = places.get(row)
            if place is None or (doubt.whole_row and place in in_doubt):
                continue
            if declared:
                message = (
                    f"{doubt.message.partition(';')[0]}; it is taken as the mapping says ({doubt.setting}: {declared})"
                )
                found.note(self._path(title), title, Trouble(place, doubt.code, message, kept=""))
                continue
            paths = self._paths.get(title) or [""]
            if doubt.whole_row:
                in_doubt.add(place)
                paths = [path for each in self._paths.values() for path in each]
            for path in paths:
                found.note(path, title, Trouble(place, doubt.code, doubt.message))

    def _path(self, title: str) -> str:
        return self._paths.get(title, [""])[0]

    def _settled(self, row: int, title: str, cell: Cell, told: list[DoubtAt]) -> Cell:
        if not isinstance(cell, Doubtful):
            return cell
        if cell.is_below and cell.value is None and title in self._carried:
            return None
        declared = self._settings.of(title, cell.setting) if cell.setting else ""
        told.append(DoubtAt(row, title, cell, declared))
        return cell.instead if declared == "fill" else cell.value


def _targets(mapping: ImportMapping) -> Iterator[tuple[Slot, Target]]:
    for level in mapping.levels:
        for variant in level.variants:
            for slot in variant:
                for target in slot.targets:
                    yield slot, target


def _is_text_first(target: Target) -> bool:
    """Whether a number goes through steps that take it as text."""
    return bool(
        target.crosswalk or target.split or target.extract or target.case or target.pad or len(target.columns) > 1
    )


def _without_boolean(cell: Cell) -> Cell:
    """A truth value as text: Python takes True for 1 when it looks a cell up."""
    return ("true" if cell else "false") if isinstance(cell, bool) else cell
