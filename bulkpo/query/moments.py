"""Dates as queries say them: `2026-01-31`, `today - 30 days`, `start of month`; always a moment with its zone.

Coupa reads a date without time and zone as midnight UTC, which is another day's evening in New York; so what is sent
always has both.
"""

import calendar
import re
from datetime import UTC, datetime, timedelta

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[-+]\d\d:?\d\d)?)?", re.ASCII)
_SHIFT = re.compile(r"\s*([-+])\s*(\d{1,5})\s+(minute|hour|day|week|month|year)s?", re.ASCII)
_NAMED = re.compile(r"now|today|yesterday|tomorrow|start of (?:week|month|quarter|year)")
EXPECTED = "write it as 2026-01-31, 2026-01-31T08:00:00-05:00, today - 30 days or start of month"


def read_moment(text: str, now: datetime) -> datetime:
    """The moment a text stands for. `now` gives the time and the zone of dates that name none.

    Raises ValueError with the reason.
    """
    words = " ".join(text.split())
    base = _NAMED.match(words.lower()) or _ISO.match(words)
    if base is None:
        raise ValueError(f"{text!r} is not a date; {EXPECTED}")
    try:
        moment = _named(base[0], now) if base[0][0].isalpha() else _iso(base[0], now)
        return _moved(moment, words[base.end() :])
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a date; {EXPECTED}") from None


def _moved(moment: datetime, shifts: str) -> datetime:
    while shifts:
        shift = _SHIFT.match(shifts.lower())
        if shift is None:
            raise ValueError(shifts)
        moment = _shifted(moment, int(shift[1] + shift[2]), shift[3])
        shifts = shifts[shift.end() :]
    return moment


def _iso(text: str, now: datetime) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=now.tzinfo)


def _named(name: str, now: datetime) -> datetime:
    if name == "now":
        return now.replace(microsecond=0)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first = {
        "start of month": midnight.month,
        "start of quarter": midnight.month - (midnight.month - 1) % 3,
        "start of year": 1,
    }
    if name in first:
        return midnight.replace(day=1, month=first[name])
    days = {"yesterday": -1, "tomorrow": 1, "start of week": -midnight.weekday()}
    return midnight + timedelta(days=days.get(name, 0))


def _shifted(moment: datetime, count: int, unit: str) -> datetime:
    """Days and longer keep the hour on the clock, hours and minutes pass as they do."""
    match unit:
        case "minute" | "hour":
            step = timedelta(minutes=count) if unit == "minute" else timedelta(hours=count)
            return (moment.astimezone(UTC) + step).astimezone(moment.tzinfo)
        case "day" | "week":
            return moment + timedelta(days=count if unit == "day" else 7 * count)
    months = moment.year * 12 + moment.month - 1 + (count if unit == "month" else 12 * count)
    year, month = divmod(months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))
