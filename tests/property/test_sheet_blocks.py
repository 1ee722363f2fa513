"""The law of sheets: many rows read at a time are the rows read one by one, and those an XML parser reads."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding
from bulkpo.model.table import Cell, Chunk
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row
from bulkpo.tables.reading.sheet_settings import NOTHING_AROUND
from bulkpo.tables.reading.table import TableSource, rows_of
from bulkpo.tables.workbooks import row_pattern
from bulkpo.tables.workbooks.cells import CellKinds
from bulkpo.tables.workbooks.number_formats import PLAIN, understand
from bulkpo.tables.workbooks.row_pattern import UnexpectedShapeError
from bulkpo.tables.workbooks.sheet_rows import SheetRows

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FORMATS = [PLAIN, understand("00000"), understand("yyyy-mm-dd hh:mm"), PLAIN]
STRINGS: list[Cell] = ["first", None, "third & last"]

NUMBERS = st.sampled_from(
    ["1", "-1", "0", "-0", "1.50", "0.5", "007", "1E+3", "0.30000000000000004", "0.1", "12345678901234567", " 7 ", ""]
)
TEXTS = st.sampled_from(["a", "", " ", "a &amp; b", "x_x000D_y", "c\rd", "&#10;", "Total", "1.5"])
CELLS = st.one_of(
    st.builds('<c r="{{}}"><v>{}</v></c>'.format, NUMBERS),
    st.builds('<c r="{{}}" s="1"><v>{}</v></c>'.format, NUMBERS),
    st.builds('<c r="{{}}" s="2"><v>{}</v></c>'.format, st.sampled_from(["46053.25", "1", "-1", "0.5", "46054", ""])),
    st.builds('<c r="{{}}" s="3" t="n"><v>{}</v></c>'.format, NUMBERS),
    st.builds('<c r="{{}}" t="s"><v>{}</v></c>'.format, st.sampled_from("0122222")),
    st.builds('<c r="{{}}" t="inlineStr"><is><t>{}</t></is></c>'.format, TEXTS),
    st.builds('<c r="{{}}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'.format, TEXTS),
    st.builds('<c r="{{}}" t="str"><f>A1&amp;"x"</f><v>{}</v></c>'.format, TEXTS),
    st.builds('<c r="{{}}" s="3"><f t="shared" si="0"/><v>{}</v></c>'.format, NUMBERS),
    st.sampled_from([
        "", "", '<c r="{}" s="1"/>', '<c r="{}" s="3" />', '<c r="{}"><v/></c>', '<c r="{}"></c>',
        '<c r="{}"><f>1+1</f></c>', '<c r="{}"><f>1+1</f><v></v></c>', '<c r="{}" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c r="{}" t="b"><v>1</v></c>', '<c r="{}" t="d"><v>2026-01-31</v></c>', '\n<c r="{}"><v>1</v></c>\n',
    ]),
)  # fmt: skip
ODD_CELLS = st.sampled_from([
    '<c r="{}" t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r></is></c>', '<c t="n" r="{}"><v>1</v></c>',
    '<c r="{}"><!-- no --><v>1</v></c>', '<c r="{}"><v>1</v><extLst><ext/></extLst></c>', "<c><v>3</v></c>",
    '<c r="{}"><v>one</v></c>', '<c r="{}" t="s"><v>3</v></c>', '<c r="{}" t="s"><v>-1</v></c>',
    '<c r="{}" t="x"><v>3</v></c>', '<c r="A1"><v>8</v></c>', '<c r="ZZZ1"><v>8</v></c>', '<c r="{}"><v>1<v></c>',
])  # fmt: skip
HEADS = st.sampled_from([
    '<row r="{}">', '<row r="{}">', '<row r="{}" spans="1:4" ht="15">', '<row r="{}" hidden="1">', "<row>",
    '<row r="{}" hidden="false">', '<row spans="1:3" r="{}">', '<row r="{}">\n', '<row r="{}"/><row>',
])  # fmt: skip
ROW = st.tuples(HEADS, st.lists(CELLS, max_size=4))
PLAIN_ROWS = st.lists(st.tuples(ROW, st.integers(1, 9)), max_size=6)
BETWEEN = st.sampled_from(["", "\n", "  ", "\r\n"])
ODD_ROW = st.one_of(
    st.just(""),
    st.tuples(HEADS, st.lists(st.one_of(CELLS, ODD_CELLS), max_size=4)),
    st.sampled_from(
        [
            '<row r="2"><c r="A2"><v>1</v></c></row>',
            "<other/>",
            '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
            "<!-- x -->",
        ]
    ),
)


@pytest.fixture(autouse=True, scope="module")
def _at_once() -> Iterator[None]:
    """Have a pattern made as soon as anything is known for one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_pattern, "CELLS_PER_SHAPE", 0)
        yield


class Dribble(io.BytesIO):
    """A stream that gives few bytes at a time."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._most if size is None or size < 0 else min(size, self._most))


@dataclass(frozen=True)
class Outcome:
    """The rows up to what could not be read, without the blank cells at their ends; and what is odd."""

    rows: list[tuple[int, list[tuple[type, Cell]]]]
    odd: set[Finding]
    error: str


def pieces(sheet: SheetRows, data: bytes, most: int) -> Iterator[Chunk | Row]:
    """Read a sheet as workbooks are read, so many bytes at a time."""
    done = 0
    try:
        for piece in sheet.quick(Dribble(data, most)):
            yield piece
            done = sheet.last
    except UnexpectedShapeError:
        yield from sheet.careful(io.BytesIO(data), done)


def rows(found: Iterable[Chunk | Row]) -> Iterator[Row]:
    """The rows of all pieces."""
    for piece in found:
        if isinstance(piece, Chunk):
            yield from rows_of(piece)
        else:
            yield piece


def read(data: bytes, most: int, *, careful: bool = False) -> Outcome:
    """All rows of a sheet, read so many bytes at a time or by a parser."""
    notes = Notes()
    sheet = SheetRows(CellKinds(FORMATS, STRINGS, date1904=False), notes)
    found: list[Row] = []
    error = ""
    try:
        found.extend(sheet.careful(io.BytesIO(data), 0) if careful else rows(pieces(sheet, data, most)))
    except ValueError as wrong:
        error = f"{wrong} after {sheet.last}"
    except (EOFError, etree.XMLSyntaxError) as wrong:
        error = str(wrong)
    return Outcome([(number, filled(cells)) for number, cells in found], set(notes.findings()), error)


class RowReader:
    """A reader of a sheet that gives single rows only."""

    file, sheet, findings, surroundings = "t.xlsx", "Orders", (), NOTHING_AROUND

    def __init__(self, data: bytes, most: int) -> None:
        self._data = data
        self._most = most

    def rows(self, notes: Notes) -> Iterator[Row]:
        return rows(self._pieces(notes))

    def _pieces(self, notes: Notes) -> Iterator[Chunk | Row]:
        return pieces(SheetRows(CellKinds(FORMATS, STRINGS, date1904=False), notes), self._data, self._most)


class PieceReader(RowReader):
    """The same, with many rows at a time."""

    def pieces(self, notes: Notes) -> Iterator[Chunk | Row]:
        return self._pieces(notes)


def table(reader: RowReader) -> object:
    """All numbered rows of a table below its heading, and what is odd about it; or why it cannot be read."""
    try:
        source = TableSource(reader, (1, 1))
        found = [row for chunk in source.chunks() for row in zip(chunk.rows, *chunk.columns, strict=True)]
    except InputError as error:
        return str(error)
    return found, set(source.findings())


def filled(cells: list[Cell]) -> list[tuple[type, Cell]]:
    """The cells with their types, up to the last that holds anything."""
    while cells and cells[-1] is None:
        cells = cells[:-1]
    return [(type(cell), cell) for cell in cells]


def sheet_of(rows: list[tuple[tuple[str, list[str]] | str, int]], between: str) -> bytes:
    """A sheet's XML: each row so many times, numbered on."""
    parts, number = [], 0
    for row, times in rows:
        for _ in range(times):
            number += 1
            if isinstance(row, str):
                parts.append(row)
            else:
                cells = [cell.format(f"{letter}{number}") for letter, cell in zip("ABDF", row[1], strict=False)]
                parts.append(row[0].format(number) + "".join(cells) + "</row>")
                number += row[0].count("<row>") * ("/>" in row[0])
    return f'<worksheet xmlns="{MAIN}"><sheetData>{between.join(parts)}</sheetData></worksheet>'.encode()


@settings(max_examples=400, deadline=None)
@given(PLAIN_ROWS, BETWEEN, st.integers(1, 2000))
@example([(('<row r="{}" hidden="1">', ['<c r="{}"><v>0.30000000000000004</v></c>']), 9)], "", 60)
def test_a_sheet_is_the_same_in_small_pieces_in_large_and_to_a_parser(
    made: list[tuple[tuple[str, list[str]] | str, int]], between: str, most: int
) -> None:
    data = sheet_of(made, between)
    together = read(data, most)
    assert together.error == ""
    assert together == read(data, len(data))
    parsed = read(data, len(data), careful=True)
    assert together.rows == parsed.rows
    assert together.odd == parsed.odd


@settings(max_examples=400, deadline=None)
@given(PLAIN_ROWS, ODD_ROW, PLAIN_ROWS, BETWEEN, st.integers(1, 2000))
def test_odd_rows_are_met_in_the_same_place_whether_many_or_one_are_read(
    above: list[tuple[tuple[str, list[str]] | str, int]],
    odd: tuple[str, list[str]] | str,
    below: list[tuple[tuple[str, list[str]] | str, int]],
    between: str,
    most: int,
) -> None:
    data = sheet_of([*above, (odd, 1), *below], between)
    assert read(data, most) == read(data, len(data))


HEADING = (
    '<row r="{}">',
    ['<c r="{}" t="s"><v>0</v></c>', '<c r="{}" t="s"><v>2</v></c>', "", '<c r="{}"><v>4</v></c>'],
)


@settings(max_examples=400, deadline=None)
@given(PLAIN_ROWS, BETWEEN, st.integers(1, 2000))
@example([(('<row r="{}">', ['<c r="{}"><v>1</v></c>', '<c r="{}"><v></v></c>']), 600)], "", 9999)
@example([(('<row r="{}">', ['<c r="{}"><v>1</v></c>']), 5), (('<row r="{}"/><row>', [""]), 1)], "", 9999)
def test_a_table_of_columns_is_the_table_row_by_row(
    made: list[tuple[tuple[str, list[str]] | str, int]], between: str, most: int
) -> None:
    data = sheet_of([(HEADING, 1), *made], between)
    assert table(PieceReader(data, most)) == table(RowReader(data, most))
