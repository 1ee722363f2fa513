"""Where what is sent of an edited workbook stands in it, so that findings name the cells the user knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bulkpo.model.finding import Finding
from bulkpo.model.table import Chunk, Column
from bulkpo.runs.editing.edited import Edited

_HEADING = 1


@dataclass(frozen=True, slots=True)
class EditPlaces:
    """The rows of a table that is sent, and its columns, as the workbook has them.

    `rows` are the workbook's by the table's rows, `places` the exported columns by the table's columns, None where a
    column is none of these. It is a source of no rows, which messages name.
    """

    workbook: Path
    edited: Edited
    rows: tuple[int, ...]
    places: tuple[int | None, ...]
    titles: tuple[str, ...]

    @property
    def file(self) -> str:
        """The workbook's name."""
        return self.workbook.name

    @property
    def sheet(self) -> str:
        """The sheet that was edited."""
        return self.edited.sheet

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table, for their titles."""
        return tuple(Column(number, title) for number, title in enumerate(self.titles, 1))

    def chunks(self) -> Iterator[Chunk]:
        """No rows: they are those of the table."""
        return iter(())

    def findings(self) -> tuple[Finding, ...]:
        """Nothing: what is odd about the workbook was told when it was read."""
        return ()

    def placed(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings of the table at their cells in the workbook."""
        return [it._replace(row=self._row(it.row), column=self._column(it.row, it.column)) for it in findings]

    def _row(self, row: int) -> int:
        at = row - _HEADING - 1
        return self.rows[at] if 0 <= at < len(self.rows) else 0

    def _column(self, row: int, column: int) -> int:
        place = self.places[column - 1] if 0 < column <= len(self.places) else None
        return self.edited.columns.get(place, 0) if place is not None and self._row(row) else 0
