"""Number formats: what a numeric cell is, as far as its format tells: a number, a date, or text around its digits.

Built-in identifiers are those of ECMA-376 part 1, 18.8.30, with the East Asian date formats.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from lxml import etree

from bulkpo.model.table import Cell, Formatted
from bulkpo.tables.workbooks.format_sections import Section, sections_of, split_sections

_BUILT_IN_DATES = {14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_BUILT_IN_TIMES = {18, 19, 20, 21, *range(32, 36), 45, 47, 55, 56}
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0', 6: '"$"#,##0', 7: '"$"#,##0.00', 8: '"$"#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 41: "#,##0", 42: '"$"#,##0', 43: "#,##0.00", 44: '"$"#,##0.00', 46: "[h]:mm:ss", 48: "##0.0E+0",
}  # fmt: skip

_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_GENERAL = re.compile(r"general|standard", re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[dyeg]", re.IGNORECASE)
_TIME_LETTERS = re.compile(r"[hs]|am/pm|a/p", re.IGNORECASE)
_MONTHS = re.compile(r"m", re.IGNORECASE)
_HALF_DAY = re.compile(r"am/pm|a/p|上午/下午", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"#*,?#*0(?:\.[0#]*)?")
_BENT = re.compile(r"[TEX%/]")
PADDED = re.compile(r"0[0-9 ]*")
_DASHES = ("-", "\u2013", "\u2014")
_NUMBER_KINDS = re.compile(r"[0#?,]*(?:\.[0#?]*)?")


class Shown(Enum):
    """How a numeric cell is shown: by its digits alone, as a date, or in another way."""

    DIGITS = auto()
    DATE = auto()
    OTHERWISE = auto()


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a format makes of a number, and of text where it has a section for it."""

    shown: Shown
    code: str = ""
    sections: tuple[Section, ...] = ()
    of_text: Section | None = None
    digits: re.Pattern[str] | None = None
    """Numbers, one a line, that are known to be shown by their digits; None where too few would be."""

    def of(self, number: Decimal) -> Cell:
        """A number as it is shown: itself where its digits are what is shown, but for grouping and currency.

        Digits with zeros in front are text (`00042`), and the number may be read from them. What is shown besides the
        digits, such as `PO-0012`, stands beside the number.
        """
        if self.shown is not Shown.OTHERWISE:
            return number
        section = self._section(number)
        shown = None if section is None else _shown(section, number, is_own=len(self.sections) > 1)
        if shown == digits_of(abs(number)):
            return number
        return shown if shown is not None and PADDED.fullmatch(shown) else Formatted(number, shown, self.code)

    def of_texts(self, text: str) -> Cell:
        """A text as it is shown."""
        if self.of_text is None:
            return text
        if "@" not in self.of_text.kinds:
            return Formatted(text, None, self.code)
        shown = "".join(text if piece.kind == "@" else piece.text for piece in self.of_text.pieces)
        return text if shown.strip() == text.strip() else Formatted(text, shown, self.code)

    def _section(self, number: Decimal) -> Section | None:
        """The section for a number; None where it shows it with a sign that is no part of its own."""
        if any(section.condition for section in self.sections):
            fitting = next((section for section in self.sections if section.holds(number)), None)
            return fitting if number >= 0 else None
        place = 0 if number > 0 else 1 if number < 0 else 2
        return self.sections[place if place < len(self.sections) else 0]


PLAIN = NumberFormat(Shown.DIGITS)
_DATE = NumberFormat(Shown.DATE)


def understand(code: str) -> NumberFormat:
    """What a format code makes of a cell."""
    first = split_sections(code)[0]
    bare = _LITERALS.sub("", first)
    if _is_date(first, bare):
        return _DATE
    parts = sections_of(code)
    texts = [part for part in parts if "@" in part.kinds] or parts[3:4]
    numeric = tuple(part for part in parts[:3] if "@" not in part.kinds) or tuple(texts[:1])
    of_text = texts[-1] if texts and (texts[-1].literal or "@" not in texts[-1].kinds) else None
    if of_text is None and all(part.kinds in ("G", "@") and not part.literal for part in numeric):
        return PLAIN
    return NumberFormat(Shown.OTHERWISE, code, numeric, of_text, _shown_bydigits_of(numeric))


def _shown_bydigits_of(sections: tuple[Section, ...]) -> re.Pattern[str] | None:
    """A pattern for positive numbers that a plain format shows by their digits, as `0.00` does those of two decimals.

    A fraction with other decimals is shown otherwise.
    """
    first = sections[0]
    decimals = first.kinds.partition(".")[2]
    if first.literal or first.condition or not _PLAIN_NUMBER.fullmatch(first.kinds):
        return None
    most, least = len(decimals), max(len(decimals.rstrip("#?")), 1)
    fraction = rf"(?:\.[0-9]{{{least - 1},{most - 1}}}[1-9])?" if most else ""
    return re.compile(rf"(?:[1-9][0-9]{{0,14}}{fraction}\n)*+", re.ASCII)


def _is_date(section: str, bare: str) -> bool:
    if _ELAPSED.search(section) or _GENERAL.search(bare):
        return False
    bare = _HALF_DAY.sub("h", bare)
    if _DATE_LETTERS.search(bare) and not re.search(r"[0#?]e[-+]", bare, re.IGNORECASE):
        return True
    return bool(_TIME_LETTERS.search(bare) or _MONTHS.search(bare))


def _shown(section: Section, number: Decimal, *, is_own: bool) -> str | None:
    """What a section shows of a number, without sign, grouping, currency and blanks around; None where it loses any.

    `is_own` where the section is for negative numbers only, so that its minus or brackets are their sign.
    """
    kinds, literal = section.kinds, section.literal
    if _BENT.search(kinds):
        return None
    if not re.search(r"[0#?G@]" if number else r"[0G@]", kinds):
        return "0" if not number and literal in _DASHES else section.laid("").strip() or None
    if number < 0:
        has_only_sign = literal in ("-", "()") if is_own else not literal
        digits = digits_of(-number)
        return digits if has_only_sign and _of_digits(section, "", digits) == digits else None
    return _of_digits(section, literal, digits_of(number))


def _of_digits(section: Section, literal: str, digits: str) -> str | None:
    """What a section shows of digits, beside the literal text that is no sign."""
    kinds = section.kinds
    if "." in digits:
        return digits if not literal and (kinds in ("G", "@") or _shows_fraction(kinds, digits)) else None
    if kinds in ("G", "@"):
        return section.laid(digits).strip() if literal else digits
    before = kinds.partition(".")[0]
    if not _NUMBER_KINDS.fullmatch(kinds) or before.endswith(","):
        return None
    whole = before.replace(",", "")
    is_padded = "0" in whole and len(digits) < len(whole) - whole.index("0")
    if not literal and not is_padded:
        return digits
    return section.laid(digits).strip() if kinds == whole and section.literal == literal else None


def _shows_fraction(kinds: str, digits: str) -> bool:
    """Whether all decimals of a number are shown, and no more."""
    whole, point, decimals = kinds.partition(".")
    if not point or not _NUMBER_KINDS.fullmatch(kinds) or whole.endswith(","):
        return False
    before, _, after = digits.partition(".")
    most, least = len(decimals), len(decimals.rstrip("#?"))
    return least <= len(after) <= most and whole.count("0") <= len(before) and (before != "0" or "0" in whole)


def digits_of(number: Decimal) -> str:
    """A number written out, without zeros after its last decimal."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def style_formats(styles: etree._Element) -> list[NumberFormat]:
    """The format of each cell style of a workbook, by its index.

    Only the workbook's own list of formats counts: those of conditional formats have numbers of their own.
    """
    custom = {
        int(element.get("numFmtId", "0")): element.get("formatCode", "")
        for table in styles.iterchildren("{*}numFmts")
        for element in table.iterchildren("{*}numFmt")
    }
    numbers = [
        int(element.get("numFmtId", "0"))
        for table in styles.iterchildren("{*}cellXfs")
        for element in table.iterchildren("{*}xf")
    ]
    known = {number: understand(custom[number]) if number in custom else built_in(number) for number in set(numbers)}
    return [known[number] for number in numbers]


def built_in(number: int) -> NumberFormat:
    """What a built-in format makes of a number."""
    if number in _BUILT_IN_DATES or number in _BUILT_IN_TIMES:
        return _DATE
    return understand(_BUILT_IN[number]) if number in _BUILT_IN else PLAIN
