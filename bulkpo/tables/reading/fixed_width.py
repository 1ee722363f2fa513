"""Text whose columns stand at fixed places in each line, which the mapping declares."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.encoding import find_encoding
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.packed import TextInput, opened_text, path_of
from bulkpo.tables.reading.row_reader import Row
from bulkpo.tables.reading.sheet_settings import NOTHING_AROUND

_LONGEST_LINE = 1 << 20


class Width(NamedTuple):
    """A column: its title, and the first and last character of a line that are its own, counted from 1."""

    title: str
    first: int
    last: int


class FixedWidthReader:
    """Reads lines; the titles stand in the place of the heading's line, or above the first where there is none."""

    sheet = ""
    surroundings = NOTHING_AROUND

    def __init__(self, path: TextInput, widths: Sequence[Width], heading: int, encoding: str | None = None) -> None:
        """`heading` is the line of the heading, 0 where there is none; what stands above it is left alone."""
        self.file = path.name
        self._path = path
        self._widths = widths
        self._heading = heading
        found = find_encoding(path, encoding)
        self._encoding = found.name
        self.findings: tuple[Finding, ...] = found.findings
        last = max(width.last for width in widths)
        taken = {place for width in widths for place in range(width.first - 1, width.last)}
        self._gaps = [place for place in range(last) if place not in taken]
        self._last = last

    def rows(self, notes: Notes) -> Iterator[Row]:
        """The titles, and the cells of every line below them; blanks around a cell are not its own."""
        yield self._heading, [width.title for width in self._widths]
        with reading(path_of(self._path)), opened_text(self._path, self._encoding, newline=None) as file:
            number = 0
            while line := file.readline(_LONGEST_LINE):
                number += 1
                if len(line) == _LONGEST_LINE:
                    raise InputError(f"{self.file}, line {number}: the line is too long to be a table's")
                if number > self._heading:
                    text = line.rstrip("\n\x1a")
                    self._look(number, text, notes)
                    yield number, [text[first - 1 : last].strip() or None for _, first, last in self._widths]

    def _look(self, number: int, text: str, notes: Notes) -> None:
        """Tell what does not lie in the columns."""
        if "\t" in text:
            message = "the line has a tab, which moves what follows it; write blanks in its place"
            notes.tell(Finding("fixed-width", message, number, value=text[:80]))
        beyond = text[self._last :].strip()
        if beyond:
            message = (
                f"{beyond[:40]!r} stands beyond the last column, which ends at {self._last}; the line has slipped, or "
                "a column is not declared"
            )
            notes.tell(Finding("fixed-width", message, number, value=beyond[:80]))
        between = next((place for place in self._gaps if place < len(text) and not text[place].isspace()), None)
        if between is not None:
            message = (
                f"{text[between]!r} stands at {between + 1}, between two columns; the line has slipped, or a column is "
                "not declared"
            )
            notes.tell(Finding("fixed-width", message, number, value=text[:80]))
        if text.strip() and any(width.first > len(text) for width in self._widths):
            notes.tally("short-lines", number)
