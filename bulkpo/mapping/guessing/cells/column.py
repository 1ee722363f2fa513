"""What stands in the cells of one column of an unknown table: the whole column, each different cell judged once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from itertools import islice, pairwise

from bulkpo.mapping.guessing.cells.coded import Coded, coded
from bulkpo.model.table import Cell, CellError, Column, Doubtful, Formatted
from bulkpo.model.vocabulary import BLANKS, CURRENCIES, UNITS
from bulkpo.schema.names import plain_name

_SIGN = "(?:" + "|".join(sorted(CURRENCIES)) + r"|R\$|US\$|Fr\.?|kr\.?|zł|Kč|Ft|Rs\.?|[$€£¥₹₽₺₩])"
NUMBER_TEXT = re.compile(
    rf"\s*[-+(]?\s?(?P<before>{_SIGN})?\s?[-+]?(?P<digits>\d[\d.,'\u2019\s]*|[.,]\d+)(?P<after>{_SIGN})?[-)]?"
)
"""A number as people write them, with its currency before or after it."""
FIRST_DAY, LAST_DAY = 36_526, 73_050
"""2000-01-01 and 2099-12-31 as Excel counts days."""
_LONG = 40
_MOST_JUDGED = 4000
"""How many different cells tell of which kinds a column is."""

_ZEROS = re.compile(r"0\d+", re.ASCII)
WHOLE = re.compile(r"(\d+)(?:[.,]0+)?", re.ASCII)
"""A whole number, with zeros behind the decimal mark or without: `1`, `1.000`."""
_NUMBERED = re.compile(r"[A-Z]{0,3}\d{3,}\s+\S*[^\W\d_].*", re.DOTALL)
_MOST = 0.8
_KINDS = {
    "whole": re.compile(r"[-+]?\d+", re.ASCII),
    "zeros": _ZEROS,
    "date": re.compile(
        r"\d{1,4}\D{1,3}(?:\d{1,2}|[^\W\d_]{3,12}\.?)\D{1,3}\d{2,4}(?:\D.*)?|[^\W\d_]{3,12}\.? \d{1,2},? \d{4}"
        r"|(?:199|20[0-9])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    ),
    "code": re.compile(r"(?=.*\d)[\w./#-]{2,40}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "login": re.compile(r"[^\W\d_][\w.\\-]{1,39}"),
    "account": re.compile(r"\w{1,10}(?:[-./]\w{1,12}){1,9}|\d{4,12}", re.ASCII),
    "words": re.compile(r".*\S\s+\S.*", re.DOTALL),
    "letters": re.compile(r".*[^\W\d_].*", re.DOTALL),
}
"""The kinds of texts, and what a text of each looks like."""

_FEWEST_TIMES = 2


@dataclass(frozen=True, slots=True)
class Shares:
    """Which share of a column's filled cells is of each kind, from 0 to 1; a cell may be of several."""

    number: float = 0
    whole: float = 0
    date: float = 0
    code: float = 0
    currency: float = 0
    email: float = 0
    login: float = 0
    account: float = 0
    zeros: float = 0
    words: float = 0
    letters: float = 0


class ColumnCells:
    """One column of a table, as it stands."""

    def __init__(self, column: Column, cells: Sequence[Cell]) -> None:
        self.column = column
        rows = cells if isinstance(cells, Coded) else coded(cells)
        self.cells: Coded[Cell] = rows.changed(plain_cell) if _is_odd(rows.values) else rows
        counted = self.cells.counted()
        self.blanks = dict(counted.only(says_nothing).items())
        self.counts = counted.only(says_something)
        self.filled = self.counts.total()

    @property
    def title(self) -> str:
        """The heading."""
        return self.column.title

    @cached_property
    def name(self) -> str:
        """The heading in small plain words."""
        return plain_name(self.title)

    @property
    def texts(self) -> Iterator[tuple[str, int]]:
        """The different cells that are text, and how often each stands there."""
        return ((cell.strip(), count) for cell, count in self.counts.items() if isinstance(cell, str))

    @cached_property
    def sample(self) -> Counter[Cell]:
        """Different cells from all over the column, and how often each stands there: all of them, if they are few."""
        step = max(1, len(self.counts) // _MOST_JUDGED)
        return Counter(dict(islice(self.counts.items(), 0, None, step)))

    @cached_property
    def shares(self) -> Shares:
        """Which share of the filled cells is of each kind."""
        found: Counter[str] = Counter()
        for cell, count in self.sample.items():
            for kind in _kinds(cell):
                found[kind] += count
        return Shares(**{kind: count / self.sample.total() for kind, count in found.items()})

    @cached_property
    def longest(self) -> int:
        """How long the longest text is."""
        return max(map(len, map(str, self.sample)), default=0)

    @cached_property
    def typical_length(self) -> float:
        """How long a cell is on average."""
        return sum(map(len, map(str, self.sample))) / len(self.sample) if self.sample else 0

    @cached_property
    def unit_share(self) -> float:
        """Which share of the filled cells are units of measure."""
        known = sum(count for cell, count in self.sample.items() if str(cell).strip().casefold() in UNITS)
        return known / self.sample.total() if self.sample else 0

    @cached_property
    def numbers_names(self) -> bool:
        """Whether most cells have a number and a name each: `100234   SUMINISTROS`."""
        texts = list(map(_text, self.sample))
        return sum(bool(_NUMBERED.fullmatch(text)) for text in texts) >= _MOST * max(1, len(texts))

    @cached_property
    def counts_days(self) -> bool:
        """Whether all cells are whole numbers that are days of 2000 to 2099 as Excel counts them, such as 46352."""
        texts = map(_text, self.counts)
        return self.filled > 0 and all(text.isdecimal() and FIRST_DAY <= int(text) <= LAST_DAY for text in texts)

    @cached_property
    def different(self) -> list[str]:
        """The different cells as texts that can be compared, as far as they are looked at."""
        return list(dict.fromkeys(map(_text, self.sample)))

    @cached_property
    def keys(self) -> Coded[str]:
        """The cells as texts that can be compared, empty ones empty."""
        return self.cells.changed(lambda cell: _text(cell) if says_something(cell) else "")


def says_nothing(cell: Cell) -> bool:
    """Whether a cell holds nothing, or a text that says so."""
    if cell is None or isinstance(cell, CellError):
        return True
    return isinstance(cell, str) and (not cell.strip() or cell.strip().casefold() in BLANKS)


def says_something(cell: Cell) -> bool:
    """Whether a cell holds what can be read."""
    return not says_nothing(cell)


def is_number_text(text: str) -> bool:
    """Whether a text is a number as people write them, with its currency if it has one."""
    return len(text) < _LONG and NUMBER_TEXT.fullmatch(text) is not None


def _kinds(cell: Cell) -> Iterable[str]:
    match cell:
        case bool():
            return ("code",)
        case Decimal():
            return ("number", "whole", "code", "account") if cell == cell.to_integral_value() else ("number",)
        case datetime() | date():
            return ("date",)
        case time():
            return ()
        case str():
            return _kinds_of_text(cell.strip())
        case _:
            return ()


def _kinds_of_text(text: str) -> Iterable[str]:
    if text.upper() in CURRENCIES:
        yield "currency"
    if is_number_text(text):
        yield "number"
    yield from (kind for kind, pattern in _KINDS.items() if pattern.fullmatch(text))


def _is_odd(cells: Sequence[Cell]) -> bool:
    return not {Formatted, Doubtful}.isdisjoint(set(map(type, cells)))


def plain_cell(cell: Cell) -> Cell:
    """A cell as what people see in it, without what is said of it."""
    if isinstance(cell, Doubtful):
        return plain_cell(cell.instead if cell.instead is not None else cell.value)
    if isinstance(cell, Formatted):
        return cell.shown if cell.shown is not None and not isinstance(cell.stored, Decimal) else _of_format(cell)
    return cell


def _of_format(cell: Formatted) -> Cell:
    """What is shown where that is a number of an order, as `00042`; else what is stored."""
    shown = cell.shown or ""
    return shown if _ZEROS.fullmatch(shown) or any(map(str.isalpha, shown)) else cell.stored


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return str(cell.normalize()) if cell != cell.to_integral_value() else str(int(cell))
    return str(cell).strip()


def counts_lines(column: ColumnCells) -> bool:
    """Whether cells count: 1, 2, 3 or 10, 20, 30, in few different ones that come again and again."""
    texts = [WHOLE.fullmatch(str(cell).strip()) for cell in column.counts]
    values = {int(found[1]) for found in texts if found}
    if not all(texts) or not values or len(values) * 2 > column.filled:
        return False
    step = 10 if all(value % 10 == 0 for value in values) else 1
    return min(values) == step and max(values) <= step * 3 * len(values)


def counts_again(column: ColumnCells) -> bool:
    """Whether numbers that count begin again several times, as those of lines do and those of orders do not."""
    keys = [key for key in column.keys if key.isdecimal()]
    return sum(int(two) < int(one) for one, two in pairwise(keys)) >= _FEWEST_TIMES
