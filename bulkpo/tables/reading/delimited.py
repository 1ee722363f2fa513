"""CSV and its kin: text files whose cells are parted by commas, semicolons, tabs or bars."""

import csv
import io
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from itertools import chain
from pathlib import Path

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import CHUNK_ROWS, Cell, Chunk
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.encoding import find_encoding
from bulkpo.tables.reading.even_records import columns_of
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row
from bulkpo.tables.reading.sheet_settings import NOTHING_AROUND

_CANDIDATES = ",;\t|"
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)"}
_BY_EXTENSION = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
_SAMPLE_CHARACTERS = 65_536
_SAMPLE_ROWS = 50
_NO_DELIMITERS = '"\r\n'
_FIRST_CHARACTERS = 16_384
_LONGEST_CELL = csv.field_size_limit()


class DelimitedReader:
    """Reads records; a row's number is the line its record starts on. `encoding` and `delimiter` are the file's own."""

    sheet = ""
    surroundings = NOTHING_AROUND

    def __init__(self, path: Path, encoding: str | None = None, delimiter: str | None = None) -> None:
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

    def rows(self, notes: Notes) -> Iterator[Row]:  # noqa: ARG002 - text files hold nothing odd to note
        """All records from the top; empty cells are None, all others text as it stands."""
        with reading(self._path), self._open() as lines:
            for _ in range(self._skipped):
                next(lines, "")
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            start = 1 + self._skipped
            try:
                for record in reader:
                    cells: list[Cell] = [cell or None for cell in record]
                    yield start, cells
                    start = reader.line_num + 1 + self._skipped
            except csv.Error as error:
                raise InputError(self._bad_quote(start, error)) from None

    def pieces(self, notes: Notes) -> Iterator[Chunk | Row]:  # noqa: ARG002 - text files hold nothing odd to note
        """All records from the top: by column where they are alike, some hundred at a time; empty cells are None."""
        with reading(self._path), self._open() as file:
            for _ in range(self._skipped):
                file.readline()
            start, characters = 1 + self._skipped, _FIRST_CHARACTERS
            while text := file.read(characters):
                text += file.readline()
                columns = columns_of(text, self.delimiter) if len(text) <= _LONGEST_CELL else None
                if columns is None:
                    following = yield from self._records(start, text, file)
                else:
                    following = start + len(columns[0])
                    yield _chunk(range(start, following), columns)
                characters = CHUNK_ROWS * len(text) // (following - start)
                start = following

    def _records(self, start: int, text: str, file: io.TextIOWrapper) -> Generator[Chunk | Row, None, int]:
        """The records that begin in some text and may end in what follows; returns the line after them."""
        lines = list(io.StringIO(text, newline=""))
        reader = csv.reader(chain(lines, file), delimiter=self.delimiter, strict=True)
        numbers, records = [], []
        try:
            while reader.line_num < len(lines):
                numbers.append(start + reader.line_num)
                records.append(next(reader))
        except csv.Error:
            deque(self.rows(Notes()), maxlen=0)  # record by record, it is known where the trouble starts
            raise
        if len(set(map(len, records))) == 1 and records[0]:
            yield _chunk(numbers, list(zip(*records, strict=True)))
        else:
            for number, record in zip(numbers, records, strict=True):
                yield number, [cell or None for cell in record]
        return start + reader.line_num

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
        return self._path.open(encoding=self.encoding, newline="")

    def _sample(self) -> str:
        with self._open() as file:
            return file.read(_SAMPLE_CHARACTERS)


def _chunk(rows: Sequence[int], columns: Sequence[Sequence[str]]) -> Chunk:
    """Records by column; empty cells are None."""
    return Chunk(
        rows, [column if all(column) else [cell or None for cell in column] for column in columns], is_text=True
    )


def _guess(sample: str, extension: str) -> str:
    """The delimiter under which most records are as wide as the first; the extension's own where that is as good."""
    usual = _BY_EXTENSION.get(extension, ",")
    scores = {delimiter: _score(sample, delimiter) for delimiter in _CANDIDATES}
    best = max(scores, key=lambda delimiter: (scores[delimiter], delimiter == usual))
    return best if scores[best] > (0.0, 1) else usual


def _score(sample: str, delimiter: str) -> tuple[float, int]:
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
        return (0.0, 1)
    width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return (count / len(widths), width) if width > 1 else (0.0, 1)
