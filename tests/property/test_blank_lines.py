"""The law of blank lines: passed over many at a time, they count, and leave the rows around them numbered, as ever."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from judged_by_blocks import by_blocks, judged

from bulkpo.errors import InputError
from bulkpo.model.table import MOST_COLUMNS
from bulkpo.tables.reading import delimited
from bulkpo.tables.reading.delimited import DelimitedReader
from bulkpo.tables.reading.even_records import lines_in
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import is_blank
from bulkpo.tables.reading.table import TableSource

LINES = st.sampled_from(["", " ", "  ", ",", ",,", ", ,", "a,b", "x,", ',"two\nlines"', '""', "\u00a0", "\t"])
STRETCHES = st.lists(st.tuples(LINES, st.integers(1, 40)), max_size=6)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
MAPPING = """\
bulkpo: import/1
name: blank
resource: purchase_orders
document: {key: po-number}
columns: {PO: po-number, Line: order-lines/line-num, Price: order-lines/price}
constants: {ship-to-user/login: m, order-lines/account/code: A, order-lines/quantity: 1, order-lines/currency/code: EUR,
  supplier/name: Acme, order-lines/description: bolt}
"""


def counted_one_by_one(text: str) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows below the heading as `csv.reader` finds them, blank ones left out, and how many these are."""
    reader = csv.reader(io.StringIO(text, newline=""))
    number, rows, blank = 1, [], 0
    for record in reader:
        if number > 1 and is_blank(record):
            blank += 1
        elif number > 1:
            rows.append((number, record))
        number = reader.line_num + 1
    return rows, blank


@settings(max_examples=100, deadline=None)
@given(stretches=STRETCHES, end=ENDS, last=LINES)
@example(stretches=[("", 40), ("a,b", 1), ("", 40), (",,", 40), ("a,b", 1)], end="\r\n", last="")
def test_blank_lines_leave_the_rows_around_them_as_they_are(
    stretches: list[tuple[str, int]], end: str, last: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = end.join(["h,i", *(line for line, times in stretches for _ in range(times)), last])
    path = tmp_path_factory.mktemp("blank") / "t.csv"
    path.write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_FIRST_CHARACTERS", 20)
        source = TableSource(DelimitedReader(path, "utf-8", ","), (1, 1))
        found = [row for chunk in source.chunks() for row in zip(chunk.rows, *chunk.columns, strict=True)]
    rows, blank = counted_one_by_one(text)
    assert [row[0] for row in found] == [number for number, _ in rows]
    assert [[cell or "" for cell in row[1:]] for row in found] == [[*cells, "", ""][:2] for _, cells in rows]
    told = [each for each in source.findings() if each.code.endswith("blank-rows")]
    assert bool(told) == bool(blank)


@given(st.text(alphabet="\r\na", max_size=12))
def test_lines_are_counted_however_they_end(text: str) -> None:
    if text:
        assert lines_in(text) == len(list(io.StringIO(text, newline="")))


def test_an_error_behind_many_blank_lines_names_its_line(tmp_path: Path) -> None:
    data = "PO,Line,Price\nA,1,2\n" + "\n" * 50_000 + ",,\r\n" * 50_000 + "B,1,cheap\n" + "\n" * 1_000
    plain = judged(tmp_path, MAPPING, data.encode())
    assert isinstance(plain, dict)
    assert [each.row for each in plain["findings"] if each.code == "not-a-number"] == [100_003]
    counts = {each.code: each.message for each in plain["findings"] if each.code.endswith("blank-rows")}
    assert "100000" in counts["blank-rows"]
    assert "1000" in counts["trailing-blank-rows"]
    with by_blocks(30_000):
        assert judged(tmp_path, MAPPING, data.encode()) == plain


def test_a_row_of_too_many_empty_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("h,i\n" + "," * MOST_COLUMNS + "\n")
    with pytest.raises(InputError, match=r"line 2: there are 16,385 cells in a row"):
        list(DelimitedReader(path, "utf-8", ",").pieces(Notes()))
