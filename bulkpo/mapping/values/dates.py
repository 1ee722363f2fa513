"""Dates as people write them, read by a declared order or pattern and never guessed.

Years come in four digits unless a pivot is declared. A date without a zone is meant in the declared one; it is written
with that zone's offset, so that what is sent never moves a day.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from bulkpo.mapping.values.date_patterns import DatePattern
from bulkpo.mapping.values.day_numbers import day_number, day_of, hint_of
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.text import quoted

_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[-+][01]\d:?[0-5]\d)?)?", re.ASCII
)
_PARTS = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*([AaPp][Mm])?)?", re.ASCII
)
_FIRST_YEAR, _LAST_YEAR, _FOR_EVER = 1950, 2100, 9999
_CELLS = "a date of the spreadsheet"
_POSITIONS = {"DMY": (0, 1, 2), "MDY": (1, 0, 2), "YMD": (2, 1, 0)}

_WITH_WORDS = re.compile(r"\d.*[^\W\d_]{3}|[^\W\d_]{3}.*\d", re.DOTALL)
"""A text with figures and a word: `13 May 2013`."""

_LONGEST = 100
"""No date is written at greater length; a search takes the square of a text's length."""


@dataclass(frozen=True, slots=True)
class DateOptions:
    """How dates are written and meant.

    The order of day, month and year (DMY, MDY, YMD or none declared), the zone, the two-digit years' pivot, and the
    patterns; with patterns, text written otherwise is no date, but in the order if that is declared too. With
    `any_year`, years no order has are read, too; `day_numbers` is the calendar of Excel's, 1900 or 1904, by which
    numbers are days, None where they are none.
    """

    order: str | None = None
    zone: ZoneInfo | None = None
    pivot: int | None = None
    patterns: tuple[DatePattern, ...] = ()
    any_year: bool = False
    day_numbers: int | None = None


class DateReader:
    """Reads the dates of one column. Without a declared order or pattern, they must all be written in one way.

    ISO text can be read in one way only, and stands well beside any other; `may_mix` lets the others stand together.

    A text among dates of the spreadsheet is how a spreadsheet leaves the dates it could not read the way it misread the
    others: 13/01/2026 stays text where 12/01/2026 has become the 1st of December.
    """

    def __init__(self, options: DateOptions, *, may_mix: bool = False) -> None:
        self._options = options
        self._is_free = may_mix or bool(options.order or options.patterns)
        self._seen = ""
        self._ambiguous = ""

    def read(self, text: str) -> datetime:
        """The moment a text stands for, with its zone; raises Unreadable if it is none or could be two."""
        if self._options.patterns:
            return self._by_pattern(text)
        calendar = self._options.day_numbers
        if calendar is not None and day_number(text) is not None:
            return self._by_number(text, calendar)
        return self._by_order(text)

    def read_number(self, number: Decimal) -> datetime:
        """The moment a number of the spreadsheet stands for: a day where days are counted, digits where patterns are.

        Raises Unreadable where neither is declared, and for what is no such day.
        """
        if self._options.patterns:
            return self._by_pattern(f"{number:f}")
        if self._options.day_numbers is None:
            hint = hint_of(f"{number:f}")
            raise Unreadable("not-a-date", f"{number:f} is a number; format the cell as a date{hint}")
        return self.place(day_of(number, self._options.day_numbers))

    def _by_order(self, text: str) -> datetime:
        iso = _ISO.fullmatch(text)
        if iso is not None:
            year, month, day, hour, minute, second, zone = iso.groups()
            moment = _moment(text, (year, month, day), (hour, minute, second))
            return self.place(moment.fromisoformat(moment.isoformat() + zone) if zone else moment)
        parts = _PARTS.fullmatch(text)
        if parts is None:
            remedy = "or in the declared order" if self._options.order else "or declare dates.order"
            remedy += hint_of(text)
            if len(text) <= _LONGEST and _WITH_WORDS.search(text):
                remedy = "or declare how it is written, as in dates.patterns: [D MMMM YYYY]"
            raise Unreadable("not-a-date", f"{quoted(text)} is not a date; write it as 2026-01-31 {remedy}")
        first, _, second_part, third, hour, minute, seconds, half = parts.groups()
        year, month, day = self._in_order(text, (first, second_part, third))
        if len(year) != 4 and 4 in (len(first), len(third)):
            raise Unreadable("not-a-date", self._other_order(text, (first, second_part, third)))
        ymd = (self._full_year(text, year), month, day)
        return self.place(_moment(text, ymd, (_hours(text, hour, half), minute, seconds)))

    def read_cell(self, moment: datetime) -> datetime:
        """The moment a date of the spreadsheet stands for."""
        self._must_be(_CELLS, str(moment.date()))
        return self.place(moment)

    def place(self, moment: datetime) -> datetime:
        """A moment with the declared zone, if it has none of its own.

        Raises Unreadable for a time its clocks left out when they went forward; a day whose midnight they left out
        starts at its first moment.
        """
        zone = self._options.zone
        self._check_year(moment.year, str(moment.date()))
        if moment.tzinfo is not None or zone is None:
            return moment
        placed = moment.replace(tzinfo=zone)
        try:
            real = placed.astimezone(UTC).astimezone(zone)
        except OverflowError:
            return placed
        if real.replace(tzinfo=None) == moment:
            return placed
        if moment.time() == time():
            return real
        message = f"{moment} does not exist in {zone.key}, where clocks went forward then; correct the time"
        raise Unreadable("no-such-time", message)

    def _check_year(self, year: int, day: str) -> None:
        """Refuse a year no order has, unless the mapping lets it be; 9999 says that there is no end."""
        if self._options.any_year or _FIRST_YEAR <= year <= _LAST_YEAR or year == _FOR_EVER:
            return
        message = (
            f"{day} is no date an order has; correct it, name it among blanks if it means none, "
            "or say dates: {years: as_read}"
        )
        raise Unreadable("far-date", message)

    def _by_pattern(self, text: str) -> datetime:
        """The one moment that the patterns, and the order if one is declared beside them, make of a text."""
        readings: dict[datetime, str] = {}
        refused: list[Unreadable] = []
        for pattern in self._options.patterns:
            for parts in pattern.readings(text):
                try:
                    ymd = (self._full_year(text, parts.year), parts.month, parts.day)
                    clock = (_hours(text, parts.hour, parts.half), parts.minute, parts.second)
                    readings.setdefault(self.place(_moment(text, ymd, clock)), f"by {pattern.text}")
                except Unreadable as error:
                    refused.append(error)
        declared = " or ".join(pattern.text for pattern in self._options.patterns)
        others = tuple(self._beside_patterns(text))
        for way, read in others:
            declared += f" or {way}"
            try:
                readings.setdefault(read(), way)
            except Unreadable as error:
                refused += [] if error.code == "not-a-date" else [error]
        if not readings:
            remedy = "correct it" if self._options.day_numbers else f"correct it{hint_of(text)}"
            not_so = Unreadable("not-a-date", f"{quoted(text)} is not a date written as {declared}; {remedy}")
            raise refused[0] if refused else not_so
        if len(readings) > 1:
            ways = "ways" if others else "patterns"
            shown = " or ".join(f"{moment:%Y-%m-%d} {way}" for moment, way in readings.items())
            raise Unreadable("ambiguous-date", f"{quoted(text)} could be {shown}; declare one of these {ways} only")
        return next(iter(readings))

    def _beside_patterns(self, text: str) -> Iterator[tuple[str, Callable[[], datetime]]]:
        """The other ways that are declared beside patterns, with what each makes of a text."""
        order, calendar = self._options.order, self._options.day_numbers
        if order:
            yield f"in the order {order}", lambda: self._by_order(text)
        if calendar:
            yield f"as a day number of {calendar}", lambda: self._by_number(text, calendar)

    def _by_number(self, text: str, calendar: int) -> datetime:
        number = day_number(text)
        if number is None:
            raise Unreadable("not-a-date", f"{quoted(text)} counts no days; correct it")
        return self.place(day_of(number, calendar))

    def _full_year(self, text: str, year: str) -> str:
        if len(year) == 4:
            return year
        if len(year) == 2 and self._options.pivot is not None:
            return ("20" if int(year) <= self._options.pivot else "19") + year
        raise Unreadable(
            "two-digit-year", f"{quoted(text)} has no year of four digits; write it so or declare dates.pivot"
        )

    def _other_order(self, text: str, parts: tuple[str, str, str]) -> str:
        """What is said of a date with its year at the other end; names the day if but one can be meant."""
        if len(parts[0]) == 4:
            year, month, day = parts
        else:
            day, month, year = parts if int(parts[1]) <= 12 else (parts[1], parts[0], parts[2])
        is_clear = len(parts[0]) == 4 or int(day) > 12 or day == month
        meant = f"{year}-{int(month):02}-{int(day):02}" if is_clear else "it as 2026-01-31"
        declared = self._options.order
        return f"{quoted(text)} is not written in the declared order {declared}; write {meant}, or make it a date cell"

    def _in_order(self, text: str, parts: tuple[str, str, str]) -> tuple[str, str, str]:
        order = self._options.order or self._only_order(text, parts)
        day, month, year = (parts[position] for position in _POSITIONS[order])
        return year, month, day

    def _only_order(self, text: str, parts: tuple[str, str, str]) -> str:
        """The one order that makes a date of it, and the same one all down the column."""
        if len(parts[0]) == 4:
            self._must_be("YMD", text)
            return "YMD"
        first, second = int(parts[0]), int(parts[1])
        if first <= 12 and second <= 12 and first != second:
            readings = " or ".join(
                f"{parts[2]}-{month:02}-{day:02}" for day, month in ((first, second), (second, first))
            )
            self._ambiguous = self._ambiguous or f"{quoted(text)} could be {readings}"
            raise Unreadable("ambiguous-date", f"{self._ambiguous}; declare dates.order: DMY or MDY")
        if first == second and self._seen in ("", "DMY", "MDY"):
            return "DMY"
        order = "MDY" if second > 12 else "DMY"
        self._must_be(order, text)
        return order

    def _must_be(self, way: str, text: str) -> None:
        """Refuse a text written otherwise than the dates above it, unless the mapping declares how to read it."""
        if self._is_free:
            return
        self._seen = self._seen or way
        if way != self._seen:
            above = self._seen.replace("a date", "dates")
            message = f"{quoted(text)} is {way}, but dates above it are {above}"
            remedy = "write one way, declare dates.order, or say mixed_dates: as_read"
            raise Unreadable("mixed-dates", f"{message}; {remedy}")


def is_far(value: str) -> bool:
    """Whether a date in Coupa's form has a year that no order has."""
    return not _FIRST_YEAR <= int(value[:4]) <= _LAST_YEAR


def write_moment(moment: datetime) -> str:
    """A moment as Coupa reads it: ISO 8601 to the second, with the zone's offset.

    Raises Unreadable for one from before time zones, of whose offset, 9 minutes and 21 seconds, there is no such form.
    """
    if (offset := moment.utcoffset()) is not None and offset.seconds % 60:
        message = f"{moment.date()} is from before the time zones of today; correct it, or name it among blanks"
        raise Unreadable("far-date", message)
    return moment.replace(microsecond=0).isoformat()


def midnight(day: date) -> datetime:
    """The start of a day, still without a zone."""
    return datetime.combine(day, time())


def _hours(text: str, hour: str | None, half: str | None) -> str | None:
    if hour is None or half is None:
        return hour
    if not 1 <= int(hour) <= 12:
        raise Unreadable("not-a-date", f"{quoted(text)} names an hour that {half} does not have")
    return str(int(hour) % 12 + (12 if half.lower() == "pm" else 0))


def _moment(text: str, ymd: tuple[str, str, str], clock: tuple[str | None, str | None, str | None]) -> datetime:
    year, month, day = map(int, ymd)
    hour, minute, second = (int(part or 0) for part in clock)
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the declared zone is added by place()
    except ValueError:
        raise Unreadable("not-a-date", f"{quoted(text)} names a day or time that does not exist") from None
