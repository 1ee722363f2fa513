"""Days as Excel counts them: 45231 is 1 November 2023, in the calendar of 1900, and 45231.5 its noon.

A workbook may count from 1904 instead, as those of old Macs do; a number does not tell from which. The calendar of 1900
has a 29 February 1900 that never was (day 60), so that days before it count one less:
https://learn.microsoft.com/en-us/office/troubleshoot/excel/wrongly-assumes-1900-is-leap-year.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.text import quoted

FROM_1900, FROM_1904 = 1900, 1904
_FORM = re.compile(r"[1-9][0-9]{0,6}(?:[.,][0-9]{1,20})?")
_FALSE_DAY = 60
_ZERO = {FROM_1900: datetime(1899, 12, 30), FROM_1904: datetime(1904, 1, 1)}  # noqa: DTZ001 - a day of nowhere
_LAST = {FROM_1900: 2_958_465, FROM_1904: 2_957_003}
"""31 December 9999."""
_MILLISECONDS = 86_400_000
_USUAL = range(36_526, 73_051)
"""The days of 2000 to 2099, as the calendar of 1900 counts them."""


def day_number(text: str) -> Decimal | None:
    """The number that a text is, if it can count days at all."""
    return Decimal(text.replace(",", ".")) if _FORM.fullmatch(text) else None


def day_of(number: Decimal, calendar: int) -> datetime:
    """The moment that a number of days stands for, to the millisecond; raises Unreadable where there is no such day."""
    days = int(number)
    if number < 1 or days > _LAST[calendar]:
        message = (
            f"{number:f} counts no day of Excel's calendar of {calendar}, which goes to {_LAST[calendar]}; correct it"
        )
        raise Unreadable("not-a-date", message)
    if calendar == FROM_1900 and days == _FALSE_DAY:
        raise Unreadable("not-a-date", f"{number:f} is 29 February 1900 to Excel, a day that never was; correct it")
    before = calendar == FROM_1900 and days < _FALSE_DAY
    milliseconds = round((number - days) * _MILLISECONDS)
    try:
        return _ZERO[calendar] + timedelta(days=days + before, milliseconds=milliseconds)
    except OverflowError:
        raise Unreadable("not-a-date", f"{quoted(f'{number:f}')} is beyond the year 9999; correct it") from None


def hint_of(text: str) -> str:
    """What to declare where a text, or the text of a number, looks like a day of Excel's; else nothing."""
    number = day_number(text)
    if number is None or int(number) not in _USUAL:
        return ""
    day = day_of(number, FROM_1900)
    return f", or, if it counts days as Excel does, declare dates.day_numbers: 1900, by which it is {day.date()}"
