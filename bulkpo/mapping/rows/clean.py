"""Columns of text proved clean as a whole, so that their cells need not be converted one by one.

A proof is a few passes of built-ins over all cells at once and costs a fiftieth of converting them. Where it holds, the
values are those the conversion would give; it may fail where nothing is wrong, and then the cells are converted.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import compress
from operator import itemgetter, not_
from typing import NamedTuple

from bulkpo.mapping.language.spec import ImportMapping, Slot, Target
from bulkpo.mapping.rows.odd_text import may_mean_nothing
from bulkpo.mapping.values.arithmetic import CALCULATED_DIGITS, decimals, longest
from bulkpo.mapping.values.cells import DECIMAL_CODE, FORBIDDEN, SCIENTIFIC
from bulkpo.mapping.values.left_over import WORDS_FOR_NOTHING, may_have_markup
from bulkpo.mapping.values.numbers import NumberMarks
from bulkpo.mapping.values.spoiled import may_be_error, may_be_spoiled
from bulkpo.model.document import Value
from bulkpo.model.table import Cell
from bulkpo.model.text import UNSEEN
from bulkpo.schema.rules import NUMBERS, ColumnCheck, column_checks_of
from bulkpo.schema.tables import Element

Read = Callable[[list[str]], "Proved | None"]
"""Reads cells that are neither blank nor have blanks around them; None where nothing is proved of them."""

_FORBIDDEN_BYTES = bytes(code for code in range(128) if FORBIDDEN.match(chr(code)))
_FEWEST_HALVED = 16
"""So many numbers or more are asked by halves for those that are against a rule."""
_DIGITS = b"0123456789-\n"
_NUMBER_STARTS = frozenset("0123456789+-.,")
_SUSPECT = re.compile(f"{FORBIDDEN.pattern}|{UNSEEN.pattern}")
_OTHER_TYPES = ("boolean", "datetime", "date")
_MOST_DIGITS = 30
_MUCH_TEXT = 1 << 20


class Proved(NamedTuple):
    """The values of cells, but for those in the gaps, which are not proved clean."""

    values: list[Value]
    gaps: Sequence[int] = ()


class CleanColumn:
    """Knows the columns of one target that are clean.

    `read_exact` reads the digits of number cells; without it, these are not proved.
    """

    def __init__(
        self, read: Read, checks: Sequence[ColumnCheck], blanks: frozenset[str], read_exact: Read | None = None
    ) -> None:
        self._read = read
        self._read_exact = read_exact
        self._checks = checks
        self._blanks = blanks

    def values(self, cells: Sequence[Cell]) -> Proved | None:
        """The values of cells, None for the empty ones; nothing where they are not proved clean."""
        if all(cells):
            return self._filled(cells)
        places = [place for place, cell in enumerate(cells) if cell is not None and cell != ""]
        proved = self._filled([cells[place] for place in places])
        if proved is None:
            return None
        values: list[Value] = [None] * len(cells)
        for place, value in zip(places, proved.values, strict=True):
            values[place] = value
        return Proved(values, [places[gap] for gap in proved.gaps])

    def _filled(self, cells: Sequence[Cell]) -> Proved | None:
        read: Read | None = self._read
        try:
            texts = list(map(str.strip, cells))  # type: ignore[arg-type]  # what is not text raises
        except TypeError:
            texts = list(map(str, cells)) if set(map(type, cells)) == {Decimal} else [""]
            read = self._read_exact
        if read is None or not all(texts) or (self._blanks and not self._blanks.isdisjoint(texts)):
            return None
        proved = read(texts) if texts else Proved([])
        if proved is None:
            return None
        gaps = set(proved.gaps)
        clean = [value for place, value in enumerate(proved.values) if place not in gaps] if gaps else proved.values
        return proved if not clean or all(check(clean) for check in self._checks) else None  # type: ignore[arg-type]


def clean_column(target: Target, slot: Slot, own: Mapping[str, object], mapping: ImportMapping) -> CleanColumn | None:
    """What proves the columns of a target clean; None where the mapping asks for more than reading its cells."""
    if target.value is not None or target.default is not None or target.crosswalk is not None or target.pad:
        return None
    made = (target.split, target.extract, target.case, target.prefix, target.suffix)
    if target.clear is not None or any(made) or slot.element.type in _OTHER_TYPES:
        return None
    checks, marks = column_checks_of(slot.element, own), mapping.marks_of(target.column)
    if slot.element.type not in NUMBERS:
        words = WORDS_FOR_NOTHING if may_mean_nothing(slot) else frozenset()
        asks_number = any(limit is not None for limit in (slot.element.precision, own["minimum"], own["maximum"]))
        return None if asks_number else CleanColumn(_texts, checks, marks.blanks | words)
    patterns = _number_patterns(slot.element, marks.numbers)
    if patterns is None:
        return None
    written = partial(_numbers, patterns[0], marks.numbers or NumberMarks("."))
    exact = partial(_numbers, patterns[1], NumberMarks("."))
    return CleanColumn(written, checks, marks.blanks, exact)


class PlainNumbers:
    """Reads columns of filled cells that hold nothing but digits, a decimal mark and a minus, to calculate with."""

    def __init__(self, marks: NumberMarks) -> None:
        self._decimal = marks.decimal
        self._bytes = _DIGITS + marks.decimal.encode()

    def read(self, cells: Sequence[Cell]) -> list[Decimal] | None:
        """The numbers, none with more than CALCULATED_DIGITS; None where any cell is another thing."""
        texts: Sequence[str] = cells  # type: ignore[assignment]  # what is not text raises
        try:
            joined = "\n".join(texts)
        except TypeError:
            return None
        if not joined.isascii() or joined.encode().translate(None, self._bytes) or longest(texts) > CALCULATED_DIGITS:
            return None
        if self._decimal != ".":
            texts = joined.replace(self._decimal, ".").split("\n")
        try:
            return decimals(texts) if len(texts) == len(cells) else None
        except InvalidOperation:
            return None


def plain_numbers(target: Target, mapping: ImportMapping) -> PlainNumbers | None:
    """What reads the columns of a target that are plain numbers; None where its cells may stand for other ones.

    Only for targets of which `clean_column` proves something.
    """
    marks = mapping.marks_of(target.column)
    has_number_for_blank = any(_NUMBER_STARTS.issuperset(blank) for blank in marks.blanks)
    is_part = bool(target.when or target.part or target.join) or target.template is not None
    return None if marks.numbers is None or has_number_for_blank or is_part else PlainNumbers(marks.numbers)


class ExactNumbers:
    """Proves calculated numbers, as `number_texts` writes them, to be values of one element."""

    def __init__(self, slot: Slot, own: Mapping[str, object]) -> None:
        self._checks = column_checks_of(slot.element, own)
        self._whole, scale = _digits_of(slot.element)
        self._too_fine = re.compile(rf"\.[0-9]{{{scale + 1}}}", re.ASCII)

    def unproved(self, texts: Sequence[str]) -> Sequence[int]:
        """The places of those that are not proved to; one shorter than the whole numbers, and not finer, is."""
        places, clean = [], texts
        if max(map(len, texts), default=0) > self._whole or self._too_fine.search("\n".join(texts)):
            are_odd = [len(text) > self._whole or bool(self._too_fine.search(text)) for text in texts]
            places = list(compress(range(len(texts)), are_odd))
            clean = list(compress(texts, map(not_, are_odd)))
        if not clean or all(check(clean) for check in self._checks):
            return places
        if len(texts) < _FEWEST_HALVED:
            return range(len(texts))
        middle = len(texts) // 2
        return [*self.unproved(texts[:middle]), *(middle + place for place in self.unproved(texts[middle:]))]


def _texts(texts: list[str]) -> Proved | None:
    joined = "".join(texts if sum(map(len, texts)) < _MUCH_TEXT else set(texts))  # long ones are often alike
    if joined.isascii():  # seven times as fast as to search, and nearly all text is
        has_forbidden = len(joined.encode().translate(None, _FORBIDDEN_BYTES)) < len(joined)
    else:
        has_forbidden = _SUSPECT.search(joined) is not None or may_be_spoiled(joined)
    if may_have_markup(joined):
        return None
    return None if has_forbidden or _has_number_form(texts, joined) or may_be_error(joined) else Proved([*texts])


def _has_number_form(texts: Sequence[str], joined: str) -> bool:
    """Whether any text is a number in scientific notation, or a code made decimal.

    Asked first is what costs least and few columns pass.
    """
    if ".0" in joined and any(map(DECIMAL_CODE.fullmatch, set(texts))):
        return True
    if "e" not in joined and "E" not in joined:
        return False
    return not _NUMBER_STARTS.isdisjoint(map(itemgetter(0), texts)) and any(map(SCIENTIFIC.fullmatch, set(texts)))


def _numbers(pattern: re.Pattern[str], marks: NumberMarks, texts: list[str]) -> Proved | None:
    joined = "\n".join(texts) + "\n"
    if joined.count("\n") != len(texts):
        return None
    gaps = _gaps(pattern, joined)
    plain = joined.replace(marks.thousands, "") if marks.thousands else joined
    if marks.decimal != ".":
        plain = plain.replace(marks.decimal, ".")
    return Proved([*texts] if plain == joined else [*plain.split("\n")[:-1]], gaps)


def _gaps(pattern: re.Pattern[str], joined: str) -> list[int]:
    """The lines a pattern does not match; it matches as many lines as it can."""
    gaps = []
    line = start = 0
    while (end := pattern.match(joined, start).end()) < len(joined):  # type: ignore[union-attr]  # no line is a match too
        line += joined.count("\n", start, end)
        gaps.append(line)
        line += 1
        start = joined.index("\n", end) + 1
    return gaps


def _number_patterns(element: Element, marks: NumberMarks | None) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """Numbers, one a line, that an element can hold and that are written as Coupa has them but for their marks.

    The first pattern is for text; the second for the digits of number cells, which have no zeros at their end.
    """
    digits, scale = _digits_of(element)
    if digits < 1:
        return None
    whole = rf"-?[1-9]\d{{0,{digits - 1}}}+"
    if element.type == "integer":
        return _lines(rf"(?:0|{whole})"), _lines(rf"(?:0|{whole})")
    exact = _lines(rf"(?:0|-0(?=\.)|{whole})" + (rf"(?:\.\d{{0,{scale - 1}}}[1-9])?" if scale > 0 else ""))
    fraction = _fraction_pattern(scale, marks)
    number = rf"(?:-?0|{whole}){fraction}"
    groups = digits // 3 - 1
    if marks is not None and marks.thousands and groups > 0:
        between = re.escape(marks.thousands)
        grouped = rf"[1-9]\d{{0,2}}(?:{between}\d{{3}}){{1,{groups}}}+"
        if marks.is_indian:
            grouped = rf"[1-9]\d?(?:{between}\d\d){{0,{groups - 1}}}+{between}\d{{3}}"
        number = rf"(?:{number}|-?{grouped}{fraction})"
    return _lines(number), exact


def _digits_of(element: Element) -> tuple[int, int]:
    """How many digits a number may have before its decimal mark, and after it; none before where nothing is proved."""
    is_integer = element.type == "integer"
    if element.precision is None:
        return _MOST_DIGITS, 0 if is_integer else _MOST_DIGITS
    scale = element.scale or 0
    whole = element.precision - scale
    return (0 if is_integer and whole > _MOST_DIGITS else whole), 0 if is_integer else scale


def _lines(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{number}\n)*+", re.ASCII)


def _fraction_pattern(scale: int, marks: NumberMarks | None) -> str:
    """The digits after the decimal mark, if there are any: never three where undeclared, which could be thousands."""
    if scale < 1:
        return ""
    if marks is not None:
        return rf"(?:{re.escape(marks.decimal)}\d{{1,{scale}}}+)?"
    long = rf"|\.\d{{4,{scale}}}+" if scale > 3 else ""
    return rf"(?:\.\d{{1,{min(scale, 2)}}}(?!\d){long})?"
