"""Values of a workbook's cells, from the text in the file."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bulkpo.model.table import Cell, CellError

SHOWN_DIGITS = 15
NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets hold local times without zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_DAYS_1900 = 2_958_466
_DAY_MILLISECONDS = 86_400_000
_OUTSIDE_CALENDAR = CellError("########")


def exact_number(text: str) -> Decimal:
    """The number a text says, without needless zeros; raises ValueError if it says none."""
    if not NUMBER.fullmatch(text):
        text = text.strip()
        if not NUMBER.fullmatch(text):
            raise ValueError(f"{text!r} is not a number")
    number = Decimal(text)
    if not number:
        return Decimal(0)
    if text.isdecimal():
        return number
    return Decimal(without_zeros(format(number, "f")))


def without_zeros(text: str) -> str:
    """Digits without the zeros after the last decimal."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_noisy(text: str) -> bool:
    """Whether a fraction is written with more digits than a spreadsheet shows."""
    if len(text) <= SHOWN_DIGITS + 1:
        return False
    number = exact_number(text)
    _, digits, exponent = number.as_tuple()
    return exponent != 0 and len(digits) > SHOWN_DIGITS > number.adjusted()


def without_noise(number: Decimal) -> Decimal:
    """The number as a spreadsheet shows it, in 15 digits."""
    return exact_number(format(number, f".{SHOWN_DIGITS}g"))


def date_of(serial: float, *, date1904: bool = False) -> Cell:
    """The date a serial number of days stands for; a time where it is less than one day.

    Excel's calendar of 1900 has a 29 February that never was: days before it count one less.
    """
    if not 0 <= serial < _DAYS_1900:
        return _OUTSIDE_CALENDAR
    days = int(serial)
    milliseconds = round((serial - days) * _DAY_MILLISECONDS)
    if days == 0 and milliseconds < _DAY_MILLISECONDS:
        return (_EPOCH_1900 + timedelta(milliseconds=milliseconds)).time()
    if date1904:
        return _EPOCH_1904 + timedelta(days=days, milliseconds=milliseconds)
    return _EPOCH_1900 + timedelta(days=days + (days < 60), milliseconds=milliseconds)


def is_plain(text: str) -> bool:
    """Whether text in XML stands there as it is, so that `plain_text` would change nothing."""
    return not ("&" in text or "\r" in text or "_x" in text)


def plain_text(text: str) -> str:
    """Text as written in a part's XML, with entities and Excel's `_x000D_` codes resolved."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    return decoded(text)


def decoded(text: str) -> str:
    """Text with Excel's codes for characters XML cannot hold resolved."""
    return _CODED.sub(_coded, text) if "_x" in text else text


def _entity(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    return chr(int(match[1], 16) if match[1] else int(match[2]))


def _coded(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return match[0] if 0xD800 <= number <= 0xDFFF else chr(number)


def boolean(text: str) -> Cell:
    """A truth value; raises ValueError."""
    if text.strip() not in ("0", "1", "true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text.strip() in ("1", "true")


def iso_date(text: str) -> Cell:
    """A date or time in the form of ISO 8601; raises ValueError."""
    said = text.strip().removesuffix("Z")
    try:
        if "T" not in said and ":" in said:
            return time.fromisoformat(said)
        value = datetime.fromisoformat(said) if "T" in said else datetime.combine(date.fromisoformat(said), time())
    except ValueError:
        raise ValueError(f"{text!r} is not a date") from None
    return value.replace(tzinfo=None)


def shown_number(text: str) -> Decimal:
    """The number a text says, without binary noise."""
    number = exact_number(text)
    return without_noise(number) if is_noisy(text) else number
