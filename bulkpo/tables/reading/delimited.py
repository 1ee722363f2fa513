"""CSV and its kin: text files whose cells are parted by commas, semicolons, tabs or bars."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import CHUNK_ROWS, MOST_COLUMNS, Chunk
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.blocks import TextBlocks, TextFile, are_bytes
from bulkpo.tables.reading.encoding import find_encoding
from bulkpo.tables.reading.even_records import columns_of, lines_in
from bulkpo.tables.reading.odd_records import AS_USUAL, Marks, OddRecords
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.packed import TextInput, opened_text, path_of
from bulkpo.tables.reading.row_reader import Row
from bulkpo.tables.reading.sheet_settings import NOTHING_AROUND
from bulkpo.tables.reading.table import rows_of

_CANDIDATES = ",;\t|"
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)"}
_BY_EXTENSION = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".xls": "\t"}
_SAMPLE_CHARACTERS = 65_536
_SAMPLE_ROWS = 50
_NO_DELIMITERS = '"\r\n'
_FIRST_CHARACTERS = 16_384
_LONGEST_LINE = 16 << 20
_LONGEST_CELL = csv.field_size_limit()


class DelimitedReader:
    """Reads records; a row's number is the line its record starts on. `encoding` and `delimiter` are the file's own."""

    sheet = ""
    surroundings = NOTHING_AROUND

    def __init__(
        self,
        path: TextInput,
        encoding: str | None = None,
        delimiter: str | None = None,
        marks: Marks = AS_USUAL,
    ) -> None:
        self.file = path.name
        self._path = path
        found = find_encoding(path, encoding)
        self.encoding = found.name
        self.findings = found.findings
        sample = self._sample()
        self._skipped = 0
        if sample[:4].lower() == "sep=" and sample[5:6] in ("\r", "\n", ""):
            delimiter, self._skipped = delimiter or sample[4:5], 1
        if delimiter is None:
            delimiter = _guess(sample, path.suffix.lower())
            if delimiter != _BY_EXTENSION.get(path.suffix.lower()):
                message = f"the cells are taken to be parted by {_NAMES[delimiter]}; declare the delimiter if not"
                self.findings += (Finding("delimiter-guessed", message, severity=Severity.NOTICE),)
        if len(delimiter) != 1 or delimiter in _NO_DELIMITERS:
            message = f"the delimiter must be one character, no quotation mark or line break, not {delimiter!r}"
            raise InputError(f"{self.file}: {message}")
        self.delimiter = delimiter
        self._odd = OddRecords(delimiter, marks)

    @contextmanager
    def by_blocks(self) -> Iterator[TextBlocks | None]:
        """The file by blocks of bytes; None where its characters are not such."""
        path = self._path
        if not are_bytes(self) or not isinstance(path, Path):
            yield None
            return
        with reading(path):
            file = path.open("rb")
        with file:
            yield TextBlocks(self, file)

    @property
    def skipped(self) -> int:
        """How many lines stand before the first record: one that names the delimiter, or none."""
        return self._skipped

    def rows(self, notes: Notes) -> Iterator[Row]:
        """All records from the top; empty cells are None, all others text as it stands."""
        for piece in self.pieces(notes):
            if isinstance(piece, Chunk):
                yield from rows_of(piece)
            else:
                yield piece

    def pieces(self, notes: Notes) -> Iterator[Chunk | Row]:
        """All records from the top: by column where they are alike, some hundred at a time; empty cells are None."""
        with reading(path_of(self._path)), self._open() as file:
            for _ in range(self._skipped):
                file.readline()
            yield from self.pieces_of(file, 1 + self._skipped, notes, lambda: False)

    def pieces_of(
        self, file: TextFile, start: int, notes: Notes, is_done: Callable[[], bool]
    ) -> Generator[Chunk | Row, None, int]:
        """The records of a file from where it stands, in line `start`, until `is_done`, which is asked between some.

        Returns the line after them.
        """
        characters = _FIRST_CHARACTERS
        while not is_done() and (text := file.read(characters)):
            text += self._line(file, start)
            if self._is_blank(text):
                yield Chunk(range(start, start := start + lines_in(text)), [], is_text=True)
                characters = _FIRST_CHARACTERS
                continue
            is_plain = len(text) <= _LONGEST_CELL and not self._odd.may_guard(text)
            columns = columns_of(text, self.delimiter) if is_plain else None
            if columns is None:
                following = yield from self._records(start, text, file, notes)
            else:
                following = start + len(columns[0])
                self._check_width(len(columns), start)
                yield _chunk(range(start, following), columns)
            characters = CHUNK_ROWS * len(text) // (following - start)
            start = following
        return start

    def _is_blank(self, text: str) -> bool:
        """Whether no row of a text has anything in it but blanks, or so many cells that they are too many."""
        nothing = f"{self.delimiter} \r\n"
        return not text.strip(nothing) and self.delimiter * MOST_COLUMNS not in text

    def _records(self, start: int, text: str, file: TextFile, notes: Notes) -> Generator[Chunk | Row, None, int]:
        """The records that begin in some text and may end in what follows; returns the line after them."""
        lines = list(io.StringIO(text, newline=""))
        known = len(lines)
        reader = csv.reader(self._with_following(lines, file, start), delimiter=self.delimiter, strict=True)
        ends, records = [0], []
        try:
            while ends[-1] < known:
                record = next(reader)
                self._check_width(len(record), start + ends[-1])
                records.append(record)
                ends.append(reader.line_num)
        except csv.Error:
            self._find_trouble()
            raise
        numbers = [start + end for end in ends[:-1]]
        if ends[-1] > len(records) or self._odd.are_likely("".join(lines)):
            rows = [
                row
                for number, record, (first, last) in zip(numbers, records, pairwise(ends), strict=True)
                for row in self._odd.rows(number, record, lines[first:last], notes)
            ]
            yield from _alike(rows)
        elif len(set(map(len, records))) == 1 and records[0]:
            yield _chunk(numbers, list(zip(*records, strict=True)))
        else:
            for number, record in zip(numbers, records, strict=True):
                yield number, [cell or None for cell in record]
        return start + ends[-1]

    def _with_following(self, lines: list[str], file: TextFile, start: int) -> Iterator[str]:
        """Some lines and those that follow them in the file, which are added to them when they are read."""
        yield from list(lines)
        while line := self._line(file, start):
            lines.append(line)
            yield line

    def _line(self, file: TextFile, start: int) -> str:
        """The rest of a line; raises InputError for one that no table has."""
        line = file.readline(_LONGEST_LINE)
        if len(line) == _LONGEST_LINE:
            raise InputError(
                f"{self.file}, line {start} or below: a line has more than {_LONGEST_LINE:,} characters; this is no "
                "table, or its line breaks are lost"
            )
        return line

    def _check_width(self, width: int, line: int) -> None:
        if width > MOST_COLUMNS:
            raise InputError(
                f"{self.file}, line {line}: there are {width:,} cells in a row, more than the {MOST_COLUMNS:,} a table "
                "may have; remove those that are not needed, or declare the delimiter"
            )

    def _find_trouble(self) -> None:
        """Read record by record: so it is known where the trouble starts."""
        with self._open() as lines:
            for _ in range(self._skipped):
                next(lines, "")
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            start = 1 + self._skipped
            try:
                for _ in reader:
                    start = reader.line_num + 1 + self._skipped
            except csv.Error as error:
                raise InputError(self._bad_quote(start, error)) from None

    def _bad_quote(self, start: int, error: csv.Error) -> str:
        if "expected after" in str(error):
            problem = "a quotation mark closes a cell but text follows it; write marks within a cell twice"
        elif "field larger" in str(error):
            problem = f"a cell has more than {_LONGEST_CELL:,} characters; a quotation mark was probably not closed"
        elif "unexpected end" in str(error):
            problem = "a quotation mark opens here and is never closed; close or remove it"
        else:
            problem = f"the record cannot be read: {error}"
        return f"{self.file}, line {start}: {problem}"

    def _open(self) -> io.TextIOWrapper:
        return opened_text(self._path, self.encoding)

    def _sample(self) -> str:
        with self._open() as file:
            return file.read(_SAMPLE_CHARACTERS)


def _chunk(rows: Sequence[int], columns: Sequence[Sequence[str]]) -> Chunk:
    """Records by column; empty cells are None."""
    return Chunk(
        rows, [column if all(column) else [cell or None for cell in column] for column in columns], is_text=True
    )


def _alike(rows: Sequence[Row]) -> Iterator[Chunk | Row]:
    """Rows by column where all are of one width and hold only text."""
    cells = [cells for _, cells in rows]
    if (
        len(set(map(len, cells))) == 1
        and cells[0]
        and all(isinstance(each, str | None) for row in cells for each in row)
    ):
        yield Chunk([number for number, _ in rows], list(zip(*cells, strict=True)), is_text=True)
    else:
        yield from rows


def _guess(sample: str, extension: str) -> str:
    """The delimiter under which most records are as wide as the first; the extension's own where that is as good.

    Where most have one cell by any, as with titles above rows of several widths, all of more than one are counted.
    """
    usual = _BY_EXTENSION.get(extension, ",")
    for score in (_score, _score_of_any_width):
        scores = {delimiter: score(_widths(sample, delimiter)) for delimiter in _CANDIDATES}
        best = max(scores, key=lambda delimiter: (scores[delimiter], delimiter == usual))
        if scores[best] > (0.0, 1):
            return best
    return usual


def _score(widths: Sequence[int]) -> tuple[float, int]:
    width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return (count / len(widths), width) if width > 1 else (0.0, 1)


def _score_of_any_width(widths: Sequence[int]) -> tuple[float, int]:
    wide = [width for width in widths if width > 1]
    return (len(wide) / len(widths), max(wide)) if wide else (0.0, 1)


def _widths(sample: str, delimiter: str) -> list[int]:
    """How many cells the first records have, or none where they cannot be read so."""
    lines = list(io.StringIO(sample, newline=""))
    if len(sample) == _SAMPLE_CHARACTERS and len(lines) > 1:
        lines.pop()
    widths: list[int] = []
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            if record:
                widths.append(len(record))
            if len(widths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return []
    return widths
