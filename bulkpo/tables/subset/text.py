"""A copy of a text file with some of its rows: their lines as they are, with a cell for the reasons at their end."""

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from io import StringIO
from typing import IO

from bulkpo.mapping.language.spec import SourceSpec
from bulkpo.model.own import OWN_COLUMN, OWN_MARK, is_own
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.delimited import DelimitedReader
from bulkpo.tables.reading.encoding import find_encoding
from bulkpo.tables.reading.odd_records import AS_USUAL, OddRecords
from bulkpo.tables.reading.packed import TextInput, opened_text, path_of
from bulkpo.tables.source import text_in
from bulkpo.tables.subset.row_notes import RowNotes
from bulkpo.tables.subset.table import Table

_IS_LITTLE = "x".encode("utf-16")[:2] == b"\xff\xfe"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def copy_lines(table: Table, rows: Collection[int], beside: RowNotes, stream: IO[bytes]) -> None:
    """Copy a text file's lines as they are, those of rows that do not stay left out.

    A row is known by its first line and goes on to the next row's; what stands above the first row stays.
    """
    text = text_in(table.path)
    kept = table.kept(rows)
    if table.spec.widths:
        _copy_plain(text, table.spec, kept, stream)
        return
    reader = DelimitedReader(text, table.spec.encoding, table.spec.delimiter)
    encoding = reader.encoding
    writer = _RowWriter(reader.delimiter, beside)
    first = True
    with reading(table.path), opened_text(text, encoding) as file:
        for row, lines in _by_row(file, table.filled()):
            if row and row not in kept:
                continue
            for line in writer.written(row, lines) if row else lines:
                stream.write(_encoded(line, encoding, first=first))
                first = False


def _copy_plain(text: TextInput, spec: SourceSpec, kept: Collection[int], stream: IO[bytes]) -> None:
    """Copy lines as they are: where columns stand at fixed places there is no room for reasons."""
    encoding = find_encoding(text, spec.encoding).name
    with reading(path_of(text)), opened_text(text, encoding) as file:
        for number, line in enumerate(file, 1):
            if number in kept or number <= (spec.header_row or 0):
                stream.write(_encoded(line, encoding, first=number == 1))


def _by_row(lines: Iterable[str], starts: Iterator[int]) -> Iterator[tuple[int, list[str]]]:
    """The lines of each row, by the number of its first; 0 for those above the first row."""
    row, following, gathered = 0, next(starts, 0), list[str]()
    for number, line in enumerate(lines, 1):
        if number == following:
            if gathered:
                yield row, gathered
            row, following, gathered = number, next(starts, 0), []
        gathered.append(line)
    if gathered:
        yield row, gathered


class _RowWriter:
    """Adds bulkpo's cell to the lines of rows; that of an earlier copy makes place for it."""

    def __init__(self, delimiter: str, beside: RowNotes) -> None:
        self._delimiter = delimiter
        self._odd = OddRecords(delimiter, AS_USUAL)
        self._beside = beside
        self._width = 0
        self._own = 0

    def written(self, row: int, lines: Sequence[str]) -> Iterator[str]:
        """A row's lines as they are to be written: unchanged but for bulkpo's own cell at their end."""
        cells, count = self._read(lines)
        if 0 < self._beside.heading == row:
            theirs = self._headings(cells)
            text = OWN_COLUMN if self._beside.reasons else ""
        else:
            theirs, text = self._theirs(cells), self._beside.text(row)
        if not text and len(theirs) == len(cells):
            yield from lines
            return
        head = "".join(lines[:count])
        body = head.rstrip("\r\n")
        kept = body if len(theirs) == len(cells) else self._cut(body, cells, len(theirs))
        yield kept + self._cell(text, len(theirs)) + head[len(body) :]
        yield from lines[count:]

    def _read(self, lines: Sequence[str]) -> tuple[list[str], int]:
        """The cells of a row, and how many of its lines they take; marks without a pair are text."""
        reader = csv.reader(iter(lines), delimiter=self._delimiter, strict=True)
        try:
            return next(reader, []), reader.line_num
        except csv.Error:
            return self._odd.alone(lines[0]), 1

    def _headings(self, cells: Sequence[str]) -> Sequence[str]:
        """The user's headings; where bulkpo's stands behind them, it is known from now on."""
        self._own = len(cells) if cells and cells[-1] == OWN_COLUMN else 0
        theirs = cells[: self._own - 1] if self._own else cells
        self._width = len(theirs)
        return theirs

    def _theirs(self, cells: Sequence[str]) -> Sequence[str]:
        """The user's cells of a row."""
        last = max((number for number, cell in enumerate(cells, 1) if cell), default=0)
        if last and (is_own(cells[last - 1]) or 0 < self._own == last):
            return cells[: last - 1]
        return cells

    def _cut(self, body: str, cells: Sequence[str], width: int) -> str:
        """A row without the cells behind its first ones: cut where their text is known, else written anew."""
        ends = ("".join(self._delimiter + form(cell) for cell in cells[width:]) for form in (_quoted, str))
        end = next((end for end in ends if body.endswith(end)), None)
        if end is not None:
            return body.removesuffix(end)
        written = StringIO()
        csv.writer(written, delimiter=self._delimiter, lineterminator="").writerow(cells[:width])
        return written.getvalue()

    def _cell(self, text: str, width: int) -> str:
        """The cell added to a row of this width; it is marked if it does not stand under its heading."""
        if not text:
            return ""
        line = text.replace("\n", "; ")
        is_known = is_own(line) or (width <= self._width and not line.startswith(_FORMULA_STARTS))
        shown = line if line == OWN_COLUMN else _quoted(line if is_known else f"{OWN_MARK}{line}")
        padding = self._delimiter * max(self._width - width, 0)
        return padding + self._delimiter + shown


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _encoded(line: str, encoding: str, *, first: bool) -> bytes:
    """A line in the file's own encoding; only the first gets the byte order mark, where there is one.

    What a reason says and the encoding cannot is replaced; the user's own letters come from it and never are.
    """
    if first or encoding not in ("utf-8-sig", "utf-16"):
        return line.encode(encoding, "replace")
    return line.encode("utf-8" if encoding == "utf-8-sig" else "utf-16-le" if _IS_LITTLE else "utf-16-be", "replace")
