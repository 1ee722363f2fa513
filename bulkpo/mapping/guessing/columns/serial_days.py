"""Dates that came out of Excel as the numbers it counts days by: `46352` under a heading such as Need By."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.values.day_numbers import FROM_1900, FROM_1904, day_of

_DATE = "-date"


def tell_serial_days(judged: Sequence[ColumnSoFar]) -> None:
    """Say of each column that is a date and counts days which day its first cell is, by either calendar."""
    for each in judged:
        if each.target.endswith(_DATE) and each.column.counts_days:
            number = Decimal(each.column.different[0])
            day, other = (day_of(number, calendar).date() for calendar in (FROM_1900, FROM_1904))
            said = f"its cells are days as Excel counts them, {number} being {day} (in workbooks of old Macs, {other})"
            each.reasons = (*each.reasons, said)


def serial_block(paths: Collection[str], column: ColumnCells) -> Mapping[str, object]:
    """What the mapping says of a column that is, or may be, a date and counts days."""
    is_date = any(path.endswith(_DATE) for path in paths) and column.counts_days
    return {"dates": {"day_numbers": FROM_1900}} if is_date else {}
