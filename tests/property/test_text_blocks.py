"""The law of blocks: text read many rows at a time has the rows, numbers and oddities it has row by row."""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding
from bulkpo.tables.reading.delimited import DelimitedReader
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row, RowReader
from bulkpo.tables.reading.sheet_settings import Surroundings
from bulkpo.tables.reading.table import TableSource

CELLS = st.sampled_from(
    ["", "a", "1", " ", "Total", "\u00a0", "two\nlines", "two\r\nlines", "old\rlines", "\r", "\n\r", "a,b", 'say "x"']
)
ROWS = st.lists(st.lists(CELLS, max_size=4), max_size=6)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


class RowByRow:
    """A reader that gives single rows only."""

    def __init__(self, reader: DelimitedReader) -> None:
        self._reader = reader
        self.file = reader.file
        self.sheet = reader.sheet
        self.findings: tuple[Finding, ...] = reader.findings
        self.surroundings: Surroundings = reader.surroundings

    def rows(self, notes: Notes) -> Iterator[Row]:
        return self._reader.rows(notes)


def outcome(reader: RowReader, heading: int) -> object:
    """All numbered rows of a table and what is odd about it, or why it cannot be read."""
    try:
        source = TableSource(reader, (heading, 1))
        rows = [row for chunk in source.chunks() for row in zip(chunk.rows, *chunk.columns, strict=True)]
    except InputError as error:
        return str(error)
    return rows, source.findings()


@settings(max_examples=200, deadline=None)
@given(ROWS, st.integers(0, 1100), ROWS, ENDS, st.sampled_from(["", "sep=,"]), st.sampled_from(["", '"x"y', '"']))
@example([], 511, [], "\n", "", "")
@example([["two\r\nlines", "b", "c"]], 600, [[], ["a", "", ""], ["", "", ""]], "\r\n", "sep=,", "")
@example([], 700, [["a"]], "\n", "", '"x"y')
def test_text_read_in_blocks_is_the_text_row_by_row(  # noqa: PLR0917 - hypothesis gives them by place
    above: list[list[str]], even: int, below: list[list[str]], end: str, first: str, last: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            stream.write(first + end if first else "")
            writer = csv.writer(stream, lineterminator=end)
            writer.writerow(["A", "B", "C"])
            writer.writerows([*above, *([str(number), "", "x"] for number in range(even)), *below])
            stream.write(last)
        reader = DelimitedReader(path, delimiter=None if first else ",")
        heading = 2 if first else 1
        assert outcome(reader, heading) == outcome(RowByRow(reader), heading)
