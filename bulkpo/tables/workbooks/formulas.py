"""Formulas whose values cannot be relied on: nobody has worked them out."""

from bulkpo.model.table import Cell, Doubtful
from bulkpo.tables.reading.areas import DoubtfulArea
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.workbooks.outside_rows import area_of

_SETTING = "formulas"
_MEND = "open the file in Excel, let it calculate, save it and run again; or declare formulas: stored"
WITHOUT_VALUE = Doubtful(
    None, "formula-without-value", f"the cell holds a formula without a stored value; {_MEND}", _SETTING
)
_UNCALCULATED = (
    "the cell holds a formula that its program left to be worked out when the file is opened, so that the stored "
    f"value may be none; {_MEND}"
)


def uncalculated(cell: Cell) -> Doubtful:
    """A formula's cell in a workbook that says its formulas have not been worked out."""
    return Doubtful(cell, "formula-not-calculated", _UNCALCULATED, _SETTING)


class Formulas:
    """The cells of one sheet's formulas."""

    def __init__(self, notes: Notes, *, uncalculated: bool) -> None:
        self._notes = notes
        self._uncalculated = uncalculated

    def cell(self, cell: Cell, reference: str, *, is_empty: bool) -> Cell:
        """A formula's cell, given its value; `reference` is the area that a formula for several cells fills."""
        if not is_empty and not self._uncalculated:
            return cell
        doubt = WITHOUT_VALUE if is_empty else uncalculated(cell)
        area = area_of(reference) if ":" in reference else None
        if area is not None:
            self._notes.areas.append(DoubtfulArea(area, doubt, fills_blanks_only=is_empty))
        return doubt
