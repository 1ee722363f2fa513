"""The law of even records: text taken apart as a whole has the cells `csv.reader` finds, or is left to it."""

import csv
import io

from hypothesis import event, example, given
from hypothesis import strategies as st

from bulkpo.tables.reading.even_records import columns_of

PLAIN = st.text(alphabet="a\u00e9 '", max_size=4)
CELLS = st.one_of(PLAIN, st.sampled_from(["a,b", ";", 'say "x"', "two\nlines", "old\rlines", ""]))
QUOTING = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
ROWS = st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1))
PLAIN_ROWS = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(PLAIN, min_size=width, max_size=width), min_size=1)
)
ENDS = st.sampled_from(["\n", "\r\n"])


def written(rows: list[list[str]], quoting: int, end: str, delimiter: str = ",") -> str:
    """Rows as a writer writes them."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator=end, quoting=quoting, delimiter=delimiter).writerows(rows)  # type: ignore[arg-type]
    return stream.getvalue()


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Even records into which something was put that may not belong there."""
    text = written(draw(PLAIN_ROWS), draw(QUOTING), draw(ENDS))
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(st.sampled_from(['"', '""', "\n", "\r", ",", ",\n", '"\n"', '",', " "])) + text[place:]


ANY_TEXT = st.one_of(st.text(alphabet=',;"\n\r ab', max_size=40), damaged())


def parted(text: str, delimiter: str) -> list[list[str]] | None:
    """The records of text, None if it is no CSV."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def assert_alike(text: str, delimiter: str) -> None:
    columns = columns_of(text, delimiter)
    event("odd" if columns is None else "even")
    if columns is not None:
        assert list(map(list, zip(*columns, strict=True))) == parted(text, delimiter)


@given(ANY_TEXT, st.sampled_from(",;"))
@example('a,"b"\n', ",")
@example('a,""\n"",b\n', ",")
@example('"a""b",c\n', ",")
@example('"a"b,c\n', ",")
@example('a"b,c\nd"e,f\n', ",")
@example('"a,b\nc",d\n', ",")
@example('"a,b\n', ",")
@example("a,b\r\nc,d\n", ",")
@example("a,b\rc,d\n", ",")
@example("a,b\n\nc,d\n", ",")
@example("a,b\nc,d", ",")
@example("\n,\n\n,\n", ",")
def test_any_text_is_parted_as_by_the_csv_reader_or_not_at_all(text: str, delimiter: str) -> None:
    assert_alike(text, delimiter)


@given(ROWS, QUOTING, ENDS, st.sampled_from(",;"))
def test_what_a_writer_writes_is_parted_as_by_the_csv_reader(
    rows: list[list[str]], quoting: int, end: str, delimiter: str
) -> None:
    assert_alike(written(rows, quoting, end, delimiter), delimiter)


@given(PLAIN_ROWS, QUOTING, ENDS)
def test_records_without_oddities_are_parted_whole(rows: list[list[str]], quoting: int, end: str) -> None:
    columns = columns_of(written(rows, quoting, end), ",")
    assert columns is not None
    assert list(map(list, zip(*columns, strict=True))) == rows
