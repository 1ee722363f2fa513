"""Numbers as people write them, read by declared marks and never guessed.

Without declared marks a text is a number only where it can be read one way: `1234.50` is, `1,234` is not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from unicodedata import category

from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.text import quoted

_PLAIN = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_EITHER = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_SAME_MARKS = {" ": " \u00a0\u202f\u2009", "'": "'\u2019"}
"""Marks that are written in more than one way: no-break and narrow spaces, the curved apostrophe."""

_BESIDE = re.compile(r"[-(]?([^\d.,()-]{0,4})[-\s]?[\d.,'\s\u2019]*\d(?:[.,]-)?[\s)-]*([^\d.,()-]{0,4})", re.ASCII)
"""An amount with what may be its currency before or after it."""
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:[.,]\d+)?E[-+]?\d+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberMarks:
    """The decimal mark, the mark between thousands (empty for none), and the currency signs that may stand beside.

    `is_indian` where the digits before the last three stand in pairs: 12,34,567.
    """

    decimal: str
    thousands: str = ""
    currency: tuple[str, ...] = ()
    is_indian: bool = False


class NumberReader:
    """Reads numbers by one declaration, or by none."""

    def __init__(self, marks: NumberMarks | None) -> None:
        self._marks = marks
        self._declared = _pattern(marks) if marks else None

    def read(self, text: str) -> Decimal:
        """The exact number a text stands for; raises Unreadable if it is none or could be two."""
        if self._marks is None:
            return self._read_undeclared(text)
        sign, digits = _split(text, self._marks.currency)
        if self._declared is None or not self._declared.fullmatch(digits):
            raise self._unreadable(text)
        for mark in _SAME_MARKS.get(self._marks.thousands, self._marks.thousands):
            digits = digits.replace(mark, "")
        return Decimal(sign + digits.replace(self._marks.decimal, "."))

    def _read_undeclared(self, text: str) -> Decimal:
        if _EITHER.fullmatch(text):
            digits = re.sub("[.,]", "", text)
            fraction = text.replace(",", ".")
            raise Unreadable(
                "ambiguous-number",
                f"{quoted(text)} could be {digits} or {fraction}; declare numbers.decimal and numbers.thousands",
            )
        if not _PLAIN.fullmatch(text):
            raise self._unreadable(text)
        return Decimal(text)

    def _unreadable(self, text: str) -> Unreadable:
        if _SCIENTIFIC.fullmatch(text):
            return Unreadable(
                "scientific-number", f"{quoted(text)} has lost digits to scientific notation; write it out"
            )
        sign = _currency_of(text)
        if self._marks is None:
            also = f", currency: [{sign}]" if sign else ""
            mark = "," if text.rfind(",") > text.rfind(".") else "."
            return Unreadable(
                "not-a-number",
                f"{quoted(text)} is not a plain number; correct it, or declare how the file writes numbers, such as "
                f'numbers: {{decimal: "{mark}"{also}}}',
            )
        lakh = f"1{self._marks.thousands}" if self._marks.is_indian else ""
        example = (
            f"{lakh}{'23' if lakh else '1'}{self._marks.thousands}{'456' if lakh else '234'}{self._marks.decimal}50"
        )
        also = f"; if {sign} is a currency, declare numbers.currency: [{sign}]" if sign else ""
        return Unreadable("not-a-number", f"{quoted(text)} is not a number written like {example}{also}")


def _currency_of(text: str) -> str:
    """What stands before or after the digits, if it looks like a currency: a sign such as € or US$, or a code."""
    beside = _BESIDE.fullmatch(text)
    sign = (beside[1] or beside[2]).strip() if beside is not None else ""
    is_code = len(sign) == 3 and sign.isupper()
    return sign if is_code or any(category(letter) == "Sc" for letter in sign) else ""


_ALL_MARKS = tuple((decimal, other) for decimal in ".," for other in (",.".replace(decimal, ""), "'", " ", ""))


def is_read_otherwise(text: str, marks: NumberMarks) -> bool:
    """Whether a text that is no number by these marks is one by others, with the same currency signs."""
    _, digits = _split(text, marks.currency)
    return _by_any_marks().fullmatch(digits) is not None


@cache
def _by_any_marks() -> re.Pattern[str]:
    """A number by some pair of marks."""
    return re.compile("|".join(_pattern(NumberMarks(*each)).pattern for each in _ALL_MARKS), re.ASCII)


def _split(text: str, currency: Sequence[str]) -> tuple[str, str]:
    """The sign and the digits of a text, its currency gone: `$-5`, `-$5`, `(5 $)` and `5- $` are all minus five."""
    sign, digits = _split_sign(text)
    bare = _without_currency(digits, currency)
    if bare != digits and not sign:
        return _split_sign(bare)
    return sign, bare


def _without_currency(text: str, currency: Sequence[str]) -> str:
    for mark in currency:
        if text.startswith(mark):
            return text[len(mark) :].strip()
        if text.endswith(mark):
            return text[: -len(mark)].strip()
    return text


def _split_sign(text: str) -> tuple[str, str]:
    """The sign and the digits: `-5`, `5-` and `(5)` are all minus five."""
    if text.startswith("(") and text.endswith(")"):
        return "-", text[1:-1].strip()
    if text[:1] in ("-", "+"):
        return text[0].replace("+", ""), text[1:].strip()
    if text.endswith("-"):
        return "-", text[:-1].strip()
    return "", text


def _pattern(marks: NumberMarks) -> re.Pattern[str]:
    decimal = re.escape(marks.decimal)
    fraction = rf"(?:{decimal}\d+)?"
    whole = r"\d+"
    if marks.thousands:
        between = re.escape(_SAME_MARKS.get(marks.thousands, marks.thousands))
        groups = (
            rf"\d{{1,2}}(?:[{between}]\d\d)*[{between}]\d{{3}}"
            if marks.is_indian
            else rf"\d{{1,3}}(?:[{between}]\d{{3}})+"
        )
        whole = rf"(?:{groups}|\d+)"
    return re.compile(rf"(?:{whole}{fraction}|\d+{decimal}|{decimal}\d+)", re.ASCII)
