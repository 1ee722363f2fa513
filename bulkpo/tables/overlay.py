"""What a general reader leaves out of a sheet, to be laid over the values it gives."""

from dataclasses import dataclass, field
from decimal import Decimal

from bulkpo.model.table import Cell, CellError
from bulkpo.tables.workbooks.cells import with_zeros

Position = tuple[int, int]
"""A cell's row and column, from 1."""


@dataclass(slots=True)
class Overlay:
    """Errors, patterns of zeros (`000-00-0000`) and hidden rows of a sheet."""

    errors: dict[Position, str] = field(default_factory=dict)
    zeros: dict[Position, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)

    def over(self, cell: Cell, position: Position) -> Cell:
        """The cell as the sheet shows it."""
        if position in self.errors:
            return CellError(self.errors[position])
        if position in self.zeros and isinstance(cell, Decimal):
            return with_zeros(cell, self.zeros[position])
        return cell
