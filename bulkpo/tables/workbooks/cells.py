"""Cells of a workbook, from the text in the file to values.

Each kind of cell is a dictionary from text to value that fills itself: the same text is converted once, and a row is
read by looking its texts up. The texts of a column are converted together where that is quicker.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal

from bulkpo.model.table import Cell, CellError, Formatted
from bulkpo.tables.workbooks.cell_values import (
    NUMBER,
    SHOWN_DIGITS,
    boolean,
    date_of,
    exact_number,
    is_noisy,
    is_plain,
    iso_date,
    plain_text,
    without_noise,
    without_zeros,
)
from bulkpo.tables.workbooks.number_formats import PLAIN, NumberFormat, Shown

_TEXT_TYPES = ("s", "str", "inlineStr")
_FRACTION = re.compile(r"[1-9][0-9]{0,8}\.[0-9]{0,4}[1-9]")
_MOST_REMEMBERED = 10_000
_SHORT_NUMBER = re.compile(r"-?(?:[1-9][0-9]*|0)(?:\.[0-9]*[1-9])?")
_SHORT_NUMBERS = re.compile(r"(?:(?:-(?=[0.]*+[1-9]))?[0-9]+(?:\.[0-9]+)?(?: |\Z))*+")


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
            self.update(zip(short, map(Decimal, map(without_zeros, short)), strict=True))
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


class FormattedNumbers(Memo):
    """Numbers whose format shows some of them otherwise than by their digits."""

    def __init__(self, numbers: Numbers, form: NumberFormat) -> None:
        super().__init__(self._formed)
        self._numbers = numbers
        self._form = form

    def __missing__(self, text: str) -> Cell:
        noisy = self._numbers.noisy
        value = self._formed(text)
        if self._numbers.noisy == noisy:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
                self[""] = None
            self[text] = value
        return value

    def column(self, texts: Sequence[str]) -> list[Cell]:
        """The values of many texts: the numbers themselves where the format shows all of them by their digits."""
        digits = self._form.digits
        if digits is None:
            return super().column(texts)
        numbers = self._numbers.column(texts)
        if digits.fullmatch("\n".join([*filter(None, texts), ""])):
            return numbers
        code, fraction = self._form.code, _FRACTION.fullmatch
        return [
            number
            if not text or digits.fullmatch(f"{text}\n")
            else Formatted(number, None, code)  # type: ignore[arg-type] # a text that is not empty is a number
            if fraction(text)
            else self._form.of(number)  # type: ignore[arg-type]
            for number, text in zip(numbers, texts, strict=True)
        ]

    def _formed(self, text: str) -> Cell:
        return self._form.of(self._numbers[text])  # type: ignore[arg-type] # not empty, so a number


class FormattedTexts(Memo):
    """Texts whose format shows more than themselves."""

    def __init__(self, texts: Memo, form: NumberFormat) -> None:
        super().__init__(self._formed)
        self._texts = texts
        self._form = form

    def _formed(self, text: str) -> Cell:
        value = self._texts[text]
        return self._form.of_texts(value) if isinstance(value, str) else value


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
            "b": Memo(boolean),
            "e": Memo(CellError),
            "d": Memo(iso_date),
        }

    def of(self, style: str, kind: str) -> Memo:
        """The reader for cells of a style and a type, both as the file writes them; raises ValueError."""
        index = int(style or 0)
        form = self._formats[index] if index < len(self._formats) else PLAIN
        if kind not in ("", "n"):
            known = self._by_type.get(kind)
            if known is None:
                raise ValueError(f"the cell type {kind!r} is not known")
            return FormattedTexts(known, form) if form.of_text is not None and kind in _TEXT_TYPES else known
        if form.shown is Shown.DATE:
            return self._dates
        return self.numbers if form.shown is Shown.DIGITS else FormattedNumbers(self.numbers, form)

    def _date(self, text: str) -> Cell:
        if not NUMBER.fullmatch(text):
            raise ValueError(f"{text!r} is not a date")
        return date_of(float(text), date1904=self._date1904)
