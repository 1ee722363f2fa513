"""Plain values: what clients write, what is kept, and what answers show.

Kept are text as it came, whole numbers as int, decimals as text without needless zeros, booleans as bool, and
moments as UTC text (`2025-01-08T10:14:54Z`), which sorts by time. Messages are in the manner of Rails, on which
Coupa is built.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from time import time as clock
from zoneinfo import ZoneInfo

from bulkpo.schema.tables import Element

Plain = str | int | bool | None
Raw = object
TEXTS = frozenset({"string", "text"})
MOMENTS = frozenset({"datetime", "date"})
WIDE = Context(prec=120)

_DECIMAL = re.compile(r"[-+]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][-+]?\d{1,2})?", re.ASCII)
_INTEGER = re.compile(r"[-+]?\d{1,18}", re.ASCII)
_BOOLEANS = {"true": True, "t": True, "1": True, "yes": True, "false": False, "f": False, "0": False, "no": False}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LOOSE_DATE = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:(?:T| +)(\d{1,2})(:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[-+]\d{2}:?\d{2})?))?",
    re.ASCII,
)
_MONEY = re.compile(r"(?:^|-)(?:price|total|amount|invoiced)(?:-|$)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Unreadable(ValueError):  # noqa: N818 - the end of a sentence, not an error's name
    """A value that is not of its element's type; the text goes on after the element's name: `is not a number`."""


def parse(type_: str, raw: Raw) -> Plain:
    """A value of a plain type as it is kept. Raises Unreadable."""
    text = as_text(raw)
    if type_ in TEXTS:
        if _FORBIDDEN.search(text):
            raise Unreadable("holds a control character")
        return text
    text = text.strip()
    return _PARSERS[type_](text) if text else None


def reader(element: Element) -> Callable[[Raw], Plain]:
    """How a value of a plain element is read, checked by its table and made to fit. What it gives raises Unreadable."""

    def read(text: str) -> Plain:
        value = fit(element, parse(element.type, text))
        if isinstance(value, str):
            if element.values and value and value not in element.values:
                raise Unreadable("is not included in the list")
            if element.length is not None and len(value) > element.length:
                raise Unreadable(f"is too long (maximum is {element.length} characters)")
        return value

    # Numbers, dates and allowed values come again and again; free text does not.
    known = read if element.type in TEXTS and not element.values else lru_cache(maxsize=1024)(read)
    return lambda raw: known(raw if type(raw) is str else as_text(raw))


def as_text(raw: Raw) -> str:
    """What a client sent as a plain value. Raises Unreadable."""
    if isinstance(raw, dict | list):
        raise Unreadable("must be a plain value")
    return ("true" if raw else "false") if isinstance(raw, bool) else str(raw)


def fit(element: Element, value: Plain) -> Plain:
    """A decimal rounded to its element's scale, as a database column does; raises Unreadable if it cannot hold it."""
    if element.precision is None or not isinstance(value, str):
        return value
    scale = element.scale or 0
    number = Decimal(value).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, WIDE)
    if number.copy_abs() >= Decimal(10) ** (element.precision - scale):
        raise Unreadable(f"is too large (at most {element.precision - scale} digits before the decimal point)")
    return canonical(number)


def canonical(number: Decimal) -> str:
    """A decimal without exponent and without needless zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-", "-0") else text


def moment(text: str) -> str:
    """A date and time as it is kept. Without a zone it is UTC; without a time, midnight UTC."""
    try:
        found = datetime.fromisoformat(_written_out(text))
        utc = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("is not a date; write it as 2025-01-31T23:59:59-08:00") from None
    return _stamp(utc)


def _written_out(text: str) -> str:
    """A date as ISO 8601 has it: `2011-01-1` and `2026/03/01 8:05` are taken too, the year in front."""
    loose = _LOOSE_DATE.fullmatch(text.strip())
    if loose is None:
        return text
    year, month, day, hour, rest = loose.groups()
    return f"{year}-{month:0>2}-{day:0>2}" + (f"T{hour:0>2}{rest}" if hour else "")


def now() -> str:
    """The present moment, as it is kept."""
    return _second(int(clock()))


@lru_cache(maxsize=4)
def _second(number: int) -> str:
    return _stamp(datetime.fromtimestamp(number, UTC))


def _stamp(utc: datetime) -> str:
    return f"{utc.year:04}-{utc.month:02}-{utc.day:02}T{utc.hour:02}:{utc.minute:02}:{utc.second:02}Z"


class Shown:
    """Turns kept values into those of answers, in the instance's time zone."""

    def __init__(self, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone)
        self.moment = lru_cache(maxsize=4096)(self._moment)

    def converter(self, element: Element) -> Callable[[str], str] | None:
        """How to show an element's kept text; None if it is shown as it is kept."""
        if element.type == "datetime":
            return self.moment
        if element.type in ("decimal", "float"):
            return _money if _MONEY.search(element.name) else _number
        return None

    def _moment(self, kept: str) -> str:
        try:
            return datetime.fromisoformat(kept).astimezone(self._zone).isoformat()
        except OverflowError:  # the first and the last day of the calendar, in a zone where they are not
            return kept


def _padded(kept: str, places: int) -> str:
    whole, _, fraction = kept.partition(".")
    return f"{whole}.{fraction:0<{places}}"


@lru_cache(maxsize=4096)
def _money(kept: str) -> str:
    return _padded(kept, 2)


@lru_cache(maxsize=4096)
def _number(kept: str) -> str:
    return _padded(kept, 1)


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise Unreadable("is not a whole number")
    return int(text)


def _decimal(text: str) -> str:
    if not _DECIMAL.fullmatch(text):
        raise Unreadable("is not a number")
    return canonical(Decimal(text))


def _boolean(text: str) -> bool:
    if text.lower() not in _BOOLEANS:
        raise Unreadable("is not true or false")
    return _BOOLEANS[text.lower()]


def _date(text: str) -> str:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unreadable("is not a date; write it as 2025-01-31") from None
    return moment(text)[:10]


def _time(text: str) -> str:
    try:
        return time.fromisoformat(text).replace(microsecond=0).isoformat()
    except ValueError:
        raise Unreadable("is not a time; write it as 23:59:59") from None


_PARSERS: dict[str, Callable[[str], Plain]] = {
    "integer": _integer,
    "decimal": _decimal,
    "float": _decimal,
    "boolean": _boolean,
    "datetime": moment,
    "date": _date,
    "time": _time,
}
