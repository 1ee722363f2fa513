"""Records of delimited text whose quotation marks, formulas or guards need a second look.

- A quotation mark that opens in one row and closes in another swallows the rows between. If every line of a record
  would be a whole row of the table by itself, its rows are given one by one, all of them in doubt: as wide as the
  table or, where rows leave out empty cells at their ends, as the record. Rows of several types start with one.
- A blank before a quotation mark (`a, "b"`) keeps the mark from being one; the cell is `b` all the same.
- `="0001"` is how programs keep spreadsheets from taking the zeros off a text.
- An apostrophe before `=`, `+`, `-`, `@` guards a text from being taken for a formula, and is no part of it.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from bulkpo.model.table import Cell, Doubtful
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row

_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*+)"\s*')
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_MAY_GUARD = re.compile(r"'[=+\-@\t\r]")
_BLANK_AND_MARK = (' "', '\t"', '\u00a0"', '\u3000"')


@dataclass(frozen=True, slots=True)
class Marks:
    """How the marks of a text file are meant.

    `as_read` leaves quotation marks as the rules of CSV have them; `is_guarded` where apostrophes guard text; `types`
    are the first cells of rows where these name their type.
    """

    as_read: bool = False
    is_guarded: bool = True
    types: tuple[str, ...] = ()


AS_USUAL = Marks()


class OddRecords:
    """Looks at records a second time."""

    def __init__(self, delimiter: str, marks: Marks) -> None:
        mark = re.escape(delimiter)
        blank = rf"[^\S\r\n{mark}]"
        self._spaced = re.compile(rf'(?:{mark}|^){blank}+"', re.MULTILINE)
        self._opens_spaced = re.compile(rf'{blank}+"')
        self._cell = re.compile(rf'{blank}*"((?:[^"]|"")*+)"{blank}*(?={mark}|\Z)|([^{mark}]*+)')
        self._alone = re.compile(rf'"((?:[^"]|"")*+)"(?={mark}|\Z)|([^{mark}]*+)')
        self._as_read = marks.as_read
        self._is_guarded = marks.is_guarded
        self._types = marks.types

    def alone(self, line: str) -> list[str]:
        """The cells of one line by itself; a mark that has no pair is text."""
        return _cells(self._alone, line)

    def may_guard(self, text: str) -> bool:
        """Whether some text may hold a guarded cell."""
        return self._is_guarded and "'" in text and _MAY_GUARD.search(text) is not None

    def are_likely(self, text: str) -> bool:
        """Whether any record of some text may be odd, line breaks within cells aside."""
        if '="' in text or self.may_guard(text):
            return True
        return any(pair in text for pair in _BLANK_AND_MARK) and self._spaced.search(text) is not None

    def rows(self, number: int, record: Sequence[str], lines: Sequence[str], notes: Notes) -> Iterator[Row]:
        """The rows that a record of these physical lines stands for; nearly always one."""
        if len(lines) > 1 and (notes.width > 1 or self._types):
            alone = list(map(self.alone, lines))
            filled = [cells for cells in alone if any(map(str.strip, cells))]
            if len(filled) > 1 and all(self._is_whole(cells, (notes.width, len(record))) for cells in filled):
                if not self._as_read:
                    yield from _swallowed(number, alone)
                    return
                notes.tally("stray-quotes", number)
        yield number, self._mended(number, record, lines, notes)

    def _is_whole(self, cells: Sequence[str], widths: Container[int]) -> bool:
        """Whether cells make a whole row of a table whose rows are so wide."""
        return cells[0].strip() in self._types if self._types else len(cells) in widths

    def _mended(self, number: int, record: Sequence[str], lines: Sequence[str], notes: Notes) -> list[Cell]:
        cells: Sequence[str] = record
        if not self._as_read and any(map(self._opens_spaced.match, record)):
            line = "".join(lines).rstrip("\r\n")
            cells = _cells(self._cell, line)
            width = 0 if self._types else notes.width
            if self._are_unclear(line) or (cells != record and width not in (0, len(cells))):
                message = (
                    "a blank stands before a quotation mark, and the marks do not make whole cells; remove the blank, "
                    "or write marks within a cell twice; or declare source: {quotes: as_read}"
                )
                return [Doubtful(cell or None, "unclear-quotes", message, whole_row=True) for cell in record]
            if cells != record:
                notes.tally("spaced-quotes", number)
        return [self._unwrapped((number, column), cell, notes) for column, cell in enumerate(cells, 1)]

    def _unwrapped(self, place: tuple[int, int], cell: str, notes: Notes) -> Cell:
        """A cell without guard, or the text that a formula gives."""
        if self._is_guarded and cell[:1] == "'" and _GUARDED.match(cell):
            notes.tally("guard-removed", *place)
            return cell[1:]
        if not cell.startswith('="'):
            return cell or None
        found = _TEXT_FORMULA.fullmatch(cell)
        if found is None:
            message = (
                "the text is a formula that nobody has worked out; write its value, or declare formulas: stored to "
                "have the formula sent as it stands"
            )
            return Doubtful(cell, "formula-as-text", message, "formulas")
        notes.tally("text-formula", *place)
        return found[1].replace('""', '"') or None

    def _are_unclear(self, line: str) -> bool:
        """Whether any cell begins with a blank and a mark that does not close where the cell ends."""
        return any(found[1] is None and self._opens_spaced.match(found[2]) for found in _matches(self._cell, line))


def _cells(pattern: re.Pattern[str], line: str) -> list[str]:
    """The cells of one line; a mark that has no pair is text."""
    found = _matches(pattern, line.rstrip("\r\n"))
    return [each[2] if each[1] is None else each[1].replace('""', '"') for each in found]


def _matches(pattern: re.Pattern[str], line: str) -> Iterator[re.Match[str]]:
    at = 0
    while at <= len(line) and (found := pattern.match(line, at)):
        yield found
        at = found.end() + 1


def _swallowed(number: int, alone: Sequence[Sequence[str]]) -> Iterator[Row]:
    last = number + len(alone) - 1
    message = (
        f"a quotation mark opens in line {number} and closes in line {last}, so that lines {number} to {last} would be "
        "one row; remove the marks, or write those within a cell twice; or declare source: {quotes: as_read}"
    )
    for line, cells in enumerate(alone, number):
        is_blank = not any(map(str.strip, cells))
        yield (
            line,
            [None if is_blank else Doubtful(cell or None, "stray-quotes", message, whole_row=True) for cell in cells],
        )
