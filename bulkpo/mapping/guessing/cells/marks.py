"""How the numbers of a file are written: decimal mark, mark between thousands, currencies beside, from whole columns.

A text such as `1,234` can be read two ways and says nothing by itself; others in its column do, or those of the file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bulkpo.mapping.guessing.cells.column import NUMBER_TEXT, ColumnCells
from bulkpo.mapping.values.numbers import NumberMarks

_DIGITS = str.maketrans("0123456789", "9999999999")
_FEWEST = 0.6
"""The share of numbers in a column from which on its texts tell how numbers are written."""
_BLANKS = re.compile("[\\s\u00a0\u202f\u2009]")


@dataclass(frozen=True, slots=True)
class WrittenNumbers:
    """How the numbers of a column are written, by how many cells say so.

    `decimal` and `thousands` count the cells that can be read with these marks only; `either` those that can be read
    two ways, by their mark; `currency` the signs beside. `is_indian` where digits stand in pairs.
    """

    decimal: Counter[str] = field(default_factory=Counter)
    thousands: Counter[str] = field(default_factory=Counter)
    currency: Counter[str] = field(default_factory=Counter)
    either: Counter[str] = field(default_factory=Counter)
    examples: tuple[str, ...] = ()
    is_indian: bool = False

    @property
    def is_contradictory(self) -> bool:
        """Whether no one pair of marks reads all of them."""
        return len(self.decimal) > 1 or bool(set(self.decimal) & set(self.thousands)) or len(self.thousands) > 1

    @property
    def says(self) -> bool:
        """Whether some cells can be read one way only."""
        return bool(self.decimal or self.thousands)

    def plus(self, other: "WrittenNumbers") -> "WrittenNumbers":
        """Both together."""
        return WrittenNumbers(
            self.decimal + other.decimal,
            self.thousands + other.thousands,
            self.currency + other.currency,
            self.either + other.either,
            self.examples + other.examples,
            self.is_indian or other.is_indian,
        )


def written_numbers(column: ColumnCells) -> WrittenNumbers:
    """How the texts of a column are written that are numbers; says nothing of a column of something else."""
    if column.shares.number < _FEWEST or column.shares.date > column.shares.number / 2:
        return WrittenNumbers()
    shapes: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for text, count in column.texts:
        shape = text.translate(_DIGITS)
        shapes[shape] += count
        examples.setdefault(shape, text)
    found = WrittenNumbers()
    for shape, count in shapes.items():
        found = found.plus(_of_text(examples[shape], count))
    return replace(found, examples=found.examples[:3])


def marks_of(written: Iterable[WrittenNumbers]) -> tuple[NumberMarks | None, WrittenNumbers]:
    """The marks that most columns of a file are written with, and all that is said of them; None where none are."""
    sound = [each for each in written if not each.is_contradictory]
    decimals: Counter[str] = Counter()
    for each in sound:
        for mark in each.decimal or ({"." if _only(each.thousands) == "," else ","} if each.thousands else ()):
            decimals[mark] += 1
    if not decimals:
        return None, WrittenNumbers()
    decimal = decimals.most_common(1)[0][0]
    mine = [each for each in sound if _agrees(each, decimal)]
    together = WrittenNumbers()
    for each in mine:
        together = together.plus(each)
    return _marks(together, decimal), together


def own_marks(written: WrittenNumbers, general: NumberMarks | None) -> NumberMarks | None:
    """The marks of a column that is written otherwise than the file; None where it is not, or says two things."""
    if general is None or not written.says or written.is_contradictory or _agrees(written, general.decimal):
        return None
    decimal = next(iter(written.decimal), "." if _only(written.thousands) == "," else ",")
    return _marks(written, decimal)


def _marks(written: WrittenNumbers, decimal: str) -> NumberMarks:
    thousands = _only(written.thousands)
    if not thousands:
        thousands = _only(Counter({mark: count for mark, count in written.either.items() if mark != decimal}))
    currency = tuple(sign for sign, _ in written.currency.most_common())
    return NumberMarks(decimal, thousands if thousands != decimal else "", currency, written.is_indian)


def _agrees(written: WrittenNumbers, decimal: str) -> bool:
    return not set(written.decimal) - {decimal} and decimal not in written.thousands


def _only(marks: Sequence[str] | Counter[str]) -> str:
    return next(iter(marks), "")


def _of_text(text: str, count: int) -> WrittenNumbers:
    found = NUMBER_TEXT.fullmatch(text)
    if found is None:
        return WrittenNumbers()
    signs = Counter({sign: count for sign in (found["before"], found["after"]) if sign})
    digits = _BLANKS.sub(" ", found["digits"].strip()).replace("\u2019", "'").translate(_DIGITS).rstrip(".,")
    inner = [mark for mark in digits if mark != "9"]
    blank = WrittenNumbers(currency=signs, examples=(text,) if inner or signs else ())
    if not inner:
        return blank
    last, kinds = inner[-1], set(inner)
    whole, _, after = digits.rpartition(last)
    if last in " '" or (len(inner) > 1 and len(kinds) == 1):
        return replace(blank, thousands=Counter({last: count}), is_indian=_is_indian(digits, last))
    if len(kinds) > 1:
        other = (kinds - {last}).pop()
        return replace(
            blank, decimal=Counter({last: count}), thousands=Counter({other: count}), is_indian=_is_indian(whole, other)
        )
    if len(after) == 3 and 0 < len(whole) <= 3 and not text.lstrip("-+( ").startswith("0"):
        return replace(blank, either=Counter({last: count}))
    return replace(blank, decimal=Counter({last: count}))


def _is_indian(digits: str, mark: str) -> bool:
    groups = digits.split(mark)
    return len(groups) > 2 and len(groups[-1]) == 3 and all(len(group) == 2 for group in groups[1:-1])
