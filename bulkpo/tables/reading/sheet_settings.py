"""What surrounds a sheet's rows: hidden columns, filters and merged cells, found without reading the rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell
from bulkpo.where import column_letter


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells; all numbers count from 1 and are within it."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{column_letter(self.left)}{self.top}:{column_letter(self.right)}{self.bottom}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sheet says about itself outside its rows."""

    hidden_columns: tuple[tuple[int, int], ...] = ()
    filtered: bool = False
    merges: tuple[Area, ...] = ()

    def findings(self, width: int) -> tuple[Finding, ...]:
        """What of it matters to the columns under the headings."""
        found = []
        hidden = [column for first, last in self.hidden_columns for column in range(first, min(last, width) + 1)]
        if hidden:
            names = ", ".join(map(column_letter, hidden))
            message = f"hidden columns: {names}; they are read like all others"
            found.append(Finding("hidden-columns", message, 0, hidden[0], severity=Severity.NOTICE))
        if self.filtered:
            message = "a filter is active; the rows it hides are read like all others; clear it to see what is read"
            found.append(Finding("active-filter", message, severity=Severity.NOTICE))
        return tuple(found)

    def merges_below(self, row: int, width: int) -> list[Area]:
        """The merged areas that reach below a row, in so many columns; areas of one cell are none."""
        return [
            area
            for area in self.merges
            if area.bottom > row and area.left <= width and (area.bottom > area.top or area.right > area.left)
        ]

    def spread(self, headings: Sequence[tuple[int, list[Cell]]]) -> None:
        """Give every column under a heading merged over several of them that heading, where headings are in rows."""
        rows = dict(headings)
        for area in self.merges:
            cells = rows.get(area.top)
            if cells is not None and area.left <= len(cells):
                cells.extend([None] * (area.right - len(cells)))
                cells[area.left - 1 : area.right] = [cells[area.left - 1]] * (area.right - area.left + 1)


NOTHING_AROUND = Surroundings()
