"""How each field of a mapping is proved over bytes: as text, as numbers, or by its distinct cells."""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bulkpo.mapping.language.spec import ImportMapping, Rule, Slot, Target, own_rules
from bulkpo.mapping.proving.cells import Cells, Words
from bulkpo.mapping.proving.cut import Bytes, Cut, Flags, Places
from bulkpo.mapping.proving.judged import LIMIT, UNPROVED, Codes, JudgedColumn, TextForm
from bulkpo.mapping.proving.number_form import MOST_BYTES, MOST_DIGITS, NumberCells, NumberForm
from bulkpo.mapping.proving.numbers import read_numbers
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.values.left_over import WORDS_FOR_NOTHING
from bulkpo.mapping.values.numbers import NumberMarks
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value
from bulkpo.schema.rules import NUMBERS
from bulkpo.schema.tables import Element

_OTHER_TYPES = ("boolean", "datetime", "date")
_PART_OF_NUMBER = np.zeros(256, np.bool_)
_PART_OF_NUMBER[list(b"0123456789.,+-eE")] = True
_NUMBER_STARTS = np.zeros(256, np.bool_)
_NUMBER_STARTS[list(b"0123456789.,+-")] = True
_LOWER_E, _TO_LOWER = 101, 32
_ZERO, _POINT = 48, 46
_LOW_BITS, _HIGH_BITS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_LOWER_CASE, _ALL_E = _LOW_BITS * np.uint64(_TO_LOWER), _LOW_BITS * np.uint64(_LOWER_E)
_FIRST_OF_WORDS = {
    word.encode(encoding)[:8].ljust(8, b"\0") for word in WORDS_FOR_NOTHING for encoding in ("utf-8", "cp1252")
}
_LONGEST_WORD = max(len(word.encode()) for word in WORDS_FOR_NOTHING)
_WORDS_FOR_NOTHING = np.array(sorted(int.from_bytes(word, "little") for word in _FIRST_OF_WORDS), np.uint64)
_WORD_STARTS = np.zeros(256, np.bool_)
_WORD_STARTS[[word[0] for word in _FIRST_OF_WORDS]] = True

ANY_NUMBER = Slot("", Element("", "decimal"), Rule())
"""Any number, of no element."""

PLAIN_STEPS = {"column", "place", "shorten", "separator"}
"""What of a target leaves its cells to be proved as they are."""
CELL_STEPS = PLAIN_STEPS | {"crosswalk", "default", "unknown", "value", "case", "pad", "extract", "split"}
"""What of a target is done to each cell by itself."""


class Passed(NamedTuple):
    """What is to be told of how many rows are not read as text, and which rows these are if all is proved."""

    tell: Callable[[int], None]
    rows: Flags


@dataclass(frozen=True, slots=True)
class ProvedColumn:
    """What is proved of one field's cells: which rows, which of them have a value, and the values as far as needed.

    `codes` are places among the `values` of a judged column, UNPROVED where there is none; `numbers` those of a column
    of numbers.
    """

    proved: Flags
    has_value: Flags
    codes: Codes | None = None
    values: Sequence[Value] = ()
    numbers: NumberCells | None = None
    passed: Sequence[Passed] = ()

    def at(self, rows: Places) -> "ProvedColumn":
        """What is proved of some of the rows, each as often as it is named."""
        codes = None if self.codes is None else self.codes[rows]
        numbers = None if self.numbers is None else self.numbers.at(rows)
        return ProvedColumn(self.proved[rows], self.has_value[rows], codes, self.values, numbers)


class TextColumn:
    """Text that is sent as it stands: of so many bytes at most, without blanks around it.

    It is no number like 1E5, and no word for nothing.
    """

    limit: int | None = None

    def __init__(self, length: int | None, blanks: Sequence[bytes]) -> None:
        self._length = length
        self._blanks = blanks

    def prove(self, cells: Cells, cut: Cut) -> ProvedColumn:
        """What is proved of the cells."""
        proved = ~cells.has_blanks_around
        if self._length is not None and cells.longest > self._length:
            proved &= cells.lengths <= self._length
        for blank in self._blanks:
            proved &= ~cells.are(blank)
        short = np.flatnonzero(_WORD_STARTS[cells.first] & (cells.lengths <= _LONGEST_WORD))
        if len(short):
            proved[short[_may_mean_nothing(cells.words[0][short])]] = False
        suspects = np.flatnonzero(_NUMBER_STARTS[cells.first])
        if len(suspects):
            proved[suspects[_are_decimal(cut.buffer, cells, suspects)]] = False
            suspects = suspects[_may_have_e(cells, suspects)]
            proved[suspects[_may_be_scientific(cut.buffer, cells, suspects)]] = False
        return ProvedColumn(proved, cells.filled)


def _may_mean_nothing(words: Words) -> Flags:
    """Which of the first words of some cells begin a word for nothing."""
    places = np.minimum(np.searchsorted(_WORDS_FOR_NOTHING, words), len(_WORDS_FOR_NOTHING) - 1)
    begin: Flags = _WORDS_FOR_NOTHING[places] == words
    return begin


def _are_decimal(buffer: Bytes, cells: Cells, rows: NDArray[np.intp]) -> Flags:
    """Which of some cells end as a code does that was made decimal: those of one character end in another cell."""
    last = cells.starts[rows] + cells.lengths[rows] - 1
    are_decimal: Flags = (buffer[last] == _ZERO) & (buffer[last - 1] == _POINT) & (cells.lengths[rows] > 2)
    return are_decimal


def _may_have_e(cells: Cells, rows: NDArray[np.intp]) -> Flags:
    """Which of some cells may have an E: those of which some byte, taken with that of `e`, seems to leave nothing."""
    may_have = np.zeros(len(rows), np.bool_)
    for words in cells.words:
        rest = (words[rows] | _LOWER_CASE) ^ _ALL_E
        may_have |= ((rest - _LOW_BITS) & ~rest & _HIGH_BITS) != 0
    return may_have


def _may_be_scientific(buffer: Bytes, cells: Cells, rows: NDArray[np.intp]) -> Flags:
    """Which of some cells have an E and, but for digits and marks, nothing else."""
    starts, lengths = cells.starts[rows], cells.lengths[rows]
    may_be = np.ones(len(rows), np.bool_)
    has_e = np.zeros(len(rows), np.bool_)
    left = np.arange(len(rows))
    place = 0
    while len(left):
        found = buffer[starts[left] + place]
        fits = _PART_OF_NUMBER[found]
        may_be[left[~fits]] = False
        has_e[left] |= (found | _TO_LOWER) == _LOWER_E
        place += 1
        left = left[fits & (lengths[left] > place)]
    return may_be & has_e


class NumberColumn:
    """Numbers that are sent as they stand but for their marks."""

    limit: int | None = MOST_BYTES

    def __init__(self, form: NumberForm, rule: Rule, blanks: Sequence[bytes]) -> None:
        self._form = form
        self._rule = rule
        self._blanks = blanks

    def prove(self, cells: Cells, cut: Cut) -> ProvedColumn:  # noqa: ARG002 - as of every way
        """What is proved of the cells."""
        numbers = read_numbers(cells, self._form)
        proved = numbers.proved
        for blank in self._blanks:
            proved = proved & ~cells.are(blank)
        if self._rule.minimum is not None or self._rule.maximum is not None:
            proved = proved & (~cells.filled | is_within(numbers, self._rule))
        return ProvedColumn(proved, cells.filled, numbers=numbers)


def is_within(numbers: NumberCells, rule: Rule) -> Flags:
    """Which numbers are neither too small nor too large."""
    within = np.ones(len(numbers.values), np.bool_)
    if rule.minimum is not None:
        within &= _is_beyond(numbers, rule.minimum, sign=1)
    if rule.maximum is not None:
        within &= _is_beyond(numbers, rule.maximum, sign=-1)
    return within


def _is_beyond(numbers: NumberCells, limit: Decimal, sign: int) -> Flags:
    """Whether numbers are on the right side of a limit; not proved where that needs more than 64 bits."""
    within = np.zeros(len(numbers.values), np.bool_)
    for decimals in np.flatnonzero(np.bincount(numbers.decimals)):
        mine = numbers.decimals == decimals
        bound = limit.scaleb(int(decimals))
        whole = int(bound.to_integral_value("ROUND_CEILING" if sign > 0 else "ROUND_FLOOR"))
        if abs(whole) < 1 << 62:
            within |= mine & (sign * numbers.values >= sign * whole)
    return within


class OtherColumn:
    """Cells that are judged one by one, each distinct one once."""

    limit: int | None = LIMIT

    def __init__(self, converter: TargetConverter, text: TextForm) -> None:
        self._converter = converter
        self.judged = JudgedColumn(self._judge, text)

    def _judge(self, text: str) -> tuple[bool, Value]:
        result = self._converter.one(text or None)
        return (False, None) if isinstance(result, Trouble) else (True, result)

    def prove(self, cells: Cells, cut: Cut) -> ProvedColumn:  # noqa: ARG002 - as of every way
        """What is proved of the cells."""
        codes = self.judged.codes(cells)
        with_value = np.array([value is not None for value in self.judged.values] or [False], np.bool_)
        proved = codes != UNPROVED
        has_value = proved & with_value[codes]
        if cells.wanted is not None:
            proved, has_value = proved | ~cells.wanted, has_value & cells.wanted
            codes = np.where(cells.wanted, codes, UNPROVED)
        return ProvedColumn(proved, has_value, codes, self.judged.values)


FieldColumn = TextColumn | NumberColumn | OtherColumn


def field_column(
    slot: Slot, target: Target, mapping: ImportMapping, other: OtherColumn, *, is_judged: bool
) -> FieldColumn | None:
    """How the cells that fill a field are proved; None where they are not. `is_judged` where its values are needed."""
    blanks = [blank.encode() for blank in mapping.marks_of(target.column).blanks]
    if not has_only(target, CELL_STEPS) or not all(map(bytes.isascii, blanks)):
        return None
    if is_judged or not _is_plain(slot, target):
        return other
    if slot.element.type not in NUMBERS:
        lengths = [each for each in (slot.element.length, slot.rule.length) if each is not None]
        return TextColumn(min(lengths, default=None), blanks)
    return number_column(slot, target, mapping)


def number_column(slot: Slot, target: Target, mapping: ImportMapping) -> NumberColumn | None:
    """How the cells of a column of numbers are proved; None where they are not."""
    blanks = [blank.encode() for blank in mapping.marks_of(target.column).blanks]
    if not has_only(target, PLAIN_STEPS) or not all(map(bytes.isascii, blanks)):
        return None
    form = number_form(slot, mapping.marks_of(target.column).numbers)
    return None if form is None else NumberColumn(form, slot.rule, blanks)


def _is_plain(slot: Slot, target: Target) -> bool:
    own = own_rules(slot.rule)
    if not has_only(target, PLAIN_STEPS) or slot.element.type in _OTHER_TYPES or slot.element.values:
        return False
    if own["allowed"] is not None or own["pattern"] is not None:
        return False
    if slot.element.type in NUMBERS:
        return own["length"] is None
    return slot.element.precision is None and own["minimum"] is None and own["maximum"] is None


def number_form(slot: Slot, marks: NumberMarks | None) -> NumberForm | None:
    """How the numbers of an element are written with these marks; None where they cannot be proved."""
    element = slot.element
    scale = MOST_DIGITS if element.precision is None else element.scale or 0
    digits = MOST_DIGITS if element.precision is None else element.precision - scale
    if element.type == "integer":
        return NumberForm(0, 0, min(digits, MOST_DIGITS), 0)
    if marks is None:
        return NumberForm(ord("."), 0, digits, scale, is_declared=False)
    thousands = marks.thousands or ""
    if not has_only(marks, {"decimal", "thousands", "currency"}) or not (marks.decimal + thousands).isascii():
        return None
    if len(marks.decimal) != 1 or len(thousands) > 1:
        return None
    return NumberForm(ord(marks.decimal), ord(thousands or "\0"), digits, scale, digits // 3 - 1)


def has_only(value: Any, known: set[str]) -> bool:  # noqa: ANN401 - any dataclass
    """Whether a dataclass says nothing but in fields that are known: all others are as they are left out."""
    for each in fields(value):
        if each.name in known:
            continue
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if getattr(value, each.name) != default:
            return False
    return True
