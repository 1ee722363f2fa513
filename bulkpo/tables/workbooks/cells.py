"""Cells of a workbook, from the text in the file to values.

Each kind of cell is a dictionary from text to value that fills itself: the same text is converted once, and a row is
read by looking its texts up. The texts of a column are converted together where that is quicker.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bulkpo.model.table import Cell, CellError
from bulkpo.tables.workbooks.number_formats import PLAIN, NumberFormat, Shown, zero_padded

_MOST_REMEMBERED = 10_000
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_SHORT_NUMBER = re.compile(r"-?(?:[1-9][0-9]*|0)(?:\.[0-9]*[1-9])?")
_SHORT_NUMBERS = re.compile(r"(?:(?:-(?=[0.]*+[1-9]))?[0-9]+(?:\.[0-9]+)?(?: |\Z))*+")
SHOWN_DIGITS = 15
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets hold local times without zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_DAYS_1900 = 2_958_466
_DAY_MILLISECONDS = 86_400_000
_OUTSIDE_CALENDAR = CellError("########")


class Memo(dict[str, Cell]):
    """Values by their text, converted when first asked for; no text is no value."""

    def __init__(self, convert: Callable[[str], Cell]) -> None:
        super().__init__({"": None})
        self._convert = convert

    def __missing__(self, text: str) -> Cell:
        value = self._convert(text)
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
            self[""] = None
        self[text] = value
        return value

    def column(self, texts: Sequence[str]) -> list[Cell]:
        """The values of many texts."""
        return list(map(self.__getitem__, texts))


class _Texts(Memo):
    """Text in the cell itself; most needs no conversion."""

    def column(self, texts: Sequence[str]) -> list[Cell]:
        return [text or None for text in texts] if is_plain("".join(texts)) else super().column(texts)


class _Shared(Memo):
    """Texts by their number in the workbook's list."""

    def __init__(self, strings: Sequence[Cell]) -> None:
        super().__init__(self._at)
        self._strings = strings

    def _at(self, text: str) -> Cell:
        number = int(text)
        if not 0 <= number < len(self._strings):
            raise ValueError(f"there is no shared text number {text}")
        return self._strings[number]

    def column(self, texts: Sequence[str]) -> list[Cell]:
        """The values of many texts, by their place in the list; what has none is found one by one."""
        if not all(texts):
            filled = iter(self.column([text for text in texts if text]))
            return [next(filled) if text else None for text in texts]
        if "-" not in "".join(texts):  # a negative place would count from the end
            with suppress(IndexError):
                return list(map(self._strings.__getitem__, map(int, texts)))
        return super().column(texts)


class Numbers(Memo):
    """Plain numbers; those with binary noise are counted and therefore not remembered."""

    def __init__(self) -> None:
        super().__init__(exact_number)
        self.noisy = 0

    def column(self, texts: Sequence[str]) -> list[Cell]:
        """The values of many texts; short ones, which have no noise, are converted together."""
        fresh = [text for text in set(texts) if text not in self]
        if len(self) + len(fresh) > _MOST_REMEMBERED:
            self.clear()
            self[""] = None
            fresh = [text for text in set(texts) if text]
        short = [text for text in fresh if len(text) <= SHOWN_DIGITS]
        if _SHORT_NUMBERS.fullmatch(" ".join(short)):
            self.update(zip(short, map(Decimal, map(_without_zeros, short)), strict=True))
        return list(map(self.__getitem__, texts))

    def __missing__(self, text: str) -> Cell:
        if len(text) <= SHOWN_DIGITS and text != "-0" and _SHORT_NUMBER.fullmatch(text):
            value: Cell = Decimal(text)
        else:
            value = number = exact_number(text)
            if is_noisy(text):
                self.noisy += 1
                return without_noise(number)
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
            self[""] = None
        self[text] = value
        return value


class CellKinds:
    """The readers of a workbook's cells, by style and type."""

    def __init__(self, formats: list[NumberFormat], strings: Sequence[Cell], *, date1904: bool) -> None:
        """`strings` are the workbook's shared texts; one that is empty is None."""
        self._formats = formats
        self._date1904 = date1904
        self.numbers = Numbers()
        self._dates = Memo(self._date)
        texts = _Texts(plain_text)
        self._by_type: dict[str, Memo] = {
            "s": _Shared(strings),
            "str": texts,
            "inlineStr": texts,
            "b": Memo(_boolean),
            "e": Memo(CellError),
            "d": Memo(_iso_date),
        }

    def of(self, style: str, kind: str) -> Memo:
        """The reader for cells of a style and a type, both as the file writes them; raises ValueError."""
        if kind not in ("", "n"):
            known = self._by_type.get(kind)
            if known is None:
                raise ValueError(f"the cell type {kind!r} is not known")
            return known
        index = int(style or 0)
        form = self._formats[index] if index < len(self._formats) else PLAIN
        if form.shown is Shown.DATE:
            return self._dates
        if form.shown is Shown.ZEROS:
            return Memo(lambda text: with_zeros(shown_number(text), form.zeros))
        return self.numbers

    def _date(self, text: str) -> Cell:
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"{text!r} is not a date")
        return date_of(float(text), date1904=self._date1904)


def exact_number(text: str) -> Decimal:
    """The number a text says, without needless zeros; raises ValueError if it says none."""
    if not _NUMBER.fullmatch(text):
        text = text.strip()
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"{text!r} is not a number")
    number = Decimal(text)
    if not number:
        return Decimal(0)
    if text.isdecimal():
        return number
    return Decimal(_without_zeros(format(number, "f")))


def _without_zeros(text: str) -> str:
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


def _boolean(text: str) -> Cell:
    if text.strip() not in ("0", "1", "true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text.strip() in ("1", "true")


def _iso_date(text: str) -> Cell:
    text = text.strip().removesuffix("Z")
    if "T" not in text and ":" in text:
        return time.fromisoformat(text)
    value = datetime.fromisoformat(text) if "T" in text else datetime.combine(date.fromisoformat(text), time())
    return value.replace(tzinfo=None)


def shown_number(text: str) -> Decimal:
    """The number a text says, without binary noise."""
    number = exact_number(text)
    return without_noise(number) if is_noisy(text) else number


def with_zeros(number: Decimal, zeros: str) -> Cell:
    """A number as its format of zeros shows it; one that is negative or a fraction stays as it is."""
    digits = str(number)
    return zero_padded(digits, zeros) if digits.isdigit() else number
