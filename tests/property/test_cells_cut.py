"""The law of cut blocks: where bytes are taken apart, cells are those of a reader of CSV."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("numpy")

from bulkpo.mapping.proving.cut import cut
from bulkpo.model.text_block import TextBlock

CELLS = (
    "",
    "a",
    '"a"',
    '""',
    '"a;b"',
    "a b",
    ' a"',
    '"a "',
    '"\r"',
    'a"b"',
    '"a""b"',
    '"',
    '"a"b',
    '"a;b',
    'b"',
    '"\n"',
)
LINES = st.tuples(st.lists(st.sampled_from(CELLS), min_size=2, max_size=3), st.sampled_from(["\n", "\n", "\r\n", ""]))


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=4))
@example([(["", 'a"b"', "c"], "\n"), (["", "d", "e"], "\n")])
@example([(["", 'a"', 'b"', "c"], "\n"), (["", "d", "e"], "\n")])
@example([(['"a;b"', '""'], "\r\n"), (["", '"d"'], "\r\n")])
def test_cells_are_those_of_a_reader_of_csv(lines: list[tuple[list[str], str]]) -> None:
    text = "".join(";".join(cells) + end for cells, end in lines) + "\n" * (not lines[-1][1])
    found = cut(TextBlock(text.encode(), 0, ";", "utf-8"))
    if found is not None:
        places = zip(found.starts.T.tolist(), found.ends.T.tolist(), strict=True)
        mine = [[found.padded[start:end].decode() for start, end in zip(*row, strict=True)] for row in places]
        assert mine == list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
