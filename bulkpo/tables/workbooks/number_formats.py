"""Number formats: what a numeric cell is, as far as its format tells: a number, a date, or digits with zeros kept.

Built-in identifiers are those of ECMA-376 part 1, 18.8.30, with the East Asian date formats.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from lxml import etree

_BUILT_IN_DATES = {14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_BUILT_IN_TIMES = {18, 19, 20, 21, *range(32, 36), 45, 47, 55, 56}

_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_PATTERN_LITERAL = re.compile(r'"([-/ ().]*)"|\\([-/ ().])|\[\$?-?[^\]]*\]|_.')
_ZEROS = re.compile(r"[-/ ().0]*")
_GENERAL = re.compile(r"general|standard", re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[dyeg]", re.IGNORECASE)
_TIME_LETTERS = re.compile(r"[hs]|am/pm|a/p", re.IGNORECASE)
_MONTHS = re.compile(r"m", re.IGNORECASE)
_HALF_DAY = re.compile(r"am/pm|a/p|上午/下午", re.IGNORECASE)


class Shown(Enum):
    """How a numeric cell is shown."""

    NUMBER = auto()
    DATE = auto()
    ZEROS = auto()


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a format makes of a number; `zeros` is the pattern of digits and marks, as in `000-00-0000`."""

    shown: Shown
    zeros: str = ""


PLAIN = NumberFormat(Shown.NUMBER)
_DATE = NumberFormat(Shown.DATE)


def understand(code: str) -> NumberFormat:
    """What a format code makes of a positive number."""
    section = _first_section(code)
    if _ELAPSED.search(section) or _GENERAL.search(_LITERALS.sub("", section)):
        return PLAIN
    zeros = _PATTERN_LITERAL.sub(lambda literal: literal[1] or literal[2] or "", section)
    if _ZEROS.fullmatch(zeros) and _is_padding(section, zeros):
        return NumberFormat(Shown.ZEROS, zeros)
    bare = _HALF_DAY.sub("h", _LITERALS.sub("", section))
    if _DATE_LETTERS.search(bare) and not re.search(r"[0#?]e[-+]", bare, re.IGNORECASE):
        return _DATE
    return _DATE if _TIME_LETTERS.search(bare) or _MONTHS.search(bare) else PLAIN


def style_formats(styles: etree._Element) -> list[NumberFormat]:
    """The format of each cell style of a workbook, by its index."""
    custom = {int(element.get("numFmtId", "0")): element.get("formatCode", "") for element in styles.iter("{*}numFmt")}
    numbers = [
        int(element.get("numFmtId", "0"))
        for table in styles.iter("{*}cellXfs")
        for element in table.iterchildren("{*}xf")
    ]
    return [understand(custom[number]) if number in custom else built_in(number) for number in numbers]


def zero_padded(digits: str, zeros: str) -> str:
    """Digits laid into a pattern from the right, as Excel does: 42 in `00000` is `00042`."""
    missing = zeros.count("0") - len(digits)
    rest = list("0" * missing + digits)
    first = zeros.index("0")
    surplus = len(rest) - zeros.count("0")
    laid = [*zeros[:first], *rest[:surplus]]
    left: Sequence[str] = rest[surplus:]
    taken = iter(left)
    laid.extend(next(taken) if mark == "0" else mark for mark in zeros[first:])
    return "".join(laid)


def built_in(number: int) -> NumberFormat:
    """What a built-in format makes of a number."""
    return _DATE if number in _BUILT_IN_DATES or number in _BUILT_IN_TIMES else PLAIN


def _first_section(code: str) -> str:
    """The part for positive numbers; semicolons within quotation marks do not end it."""
    for literal in re.finditer(r'"[^"]*"|\\.|(;)', code):
        if literal[1]:
            return code[: literal.start()]
    return code


def _is_padding(section: str, zeros: str) -> bool:
    """Two zeros or more and no decimal point; a point counts as a mark only when it is quoted or escaped."""
    bare = _LITERALS.sub("", section)
    return zeros.count("0") >= 2 and "." not in bare
