"""Dates that came out of Excel as the numbers it counts days by: `46352` under a heading such as Need By."""

from collections.abc import Sequence
from datetime import date, timedelta

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar

_BEFORE_FIRST = date(1899, 12, 30)
"""The day Excel's count begins with, as it is from March 1900 on."""


def open_serial_days(judged: Sequence[ColumnSoFar]) -> None:
    """Leave a column open that is named a date and counts days, for no mapping reads such numbers as dates."""
    for each in judged:
        if each.target.endswith("-date") and not each.is_open and each.column.counts_days:
            number = int(each.column.different[0])
            each.open_between(
                [each.target],
                f"its cells are days as Excel counts them, {number} being {_BEFORE_FIRST + timedelta(number)}; no "
                "mapping reads these: format the column as dates in Excel and save the file again",
            )
