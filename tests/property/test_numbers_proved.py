"""The laws of numbers read as bytes: each is what it is as text, and a short one, read as one word, as a long one."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("numpy")

from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.cut import cut
from bulkpo.mapping.proving.number_form import MOST_BYTES, MOST_DIGITS, NumberForm
from bulkpo.mapping.proving.numbers import read_long_numbers, read_numbers
from bulkpo.mapping.values.numbers import NumberMarks, NumberReader
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.text_block import TextBlock

NUMBERS = st.decimals(-(10**9), 10**9, places=4).map(str) | st.integers(0, 10**9).map(str)
FORMS = (
    NumberForm(ord("."), 0, 6, 3, is_declared=False),
    NumberForm(ord("."), ord(","), 26, 6, 7),
    NumberForm(ord(","), 0, MOST_DIGITS, MOST_DIGITS),
    NumberForm(0, 0, 9, 0),
)
MARKS = (
    NumberMarks(".", ","),
    NumberMarks(",", "."),
    NumberMarks(".", " "),
    NumberMarks(",", "'"),
    NumberMarks("."),
    None,
)
GROUPED = st.tuples(st.sampled_from("+-" + " " * 8), st.lists(st.integers(0, 12345).map(str), min_size=1, max_size=5))


def cells_of(texts: list[str]) -> Cells:
    found = cut(TextBlock("".join(f"{text};.\n" for text in texts).encode(), 0, ";", "utf-8"))
    assert found is not None
    return Cells(found, 0, MOST_BYTES)


def read_as_text(text: str, marks: NumberMarks | None) -> Decimal | None:
    try:
        return NumberReader(marks).read(text)
    except Unreadable:
        return None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("0123456789.,-x+", max_size=12) | NUMBERS, min_size=1, max_size=12), st.sampled_from(FORMS))
@example(
    ["5.", ".5", "0.5", "00.5", "1.2.3", "99999999", "9999.9999", "0", "", "-1", "-0", "123456789", "1.234"], FORMS[0]
)
@example(["9/0", "9:0", "1 2", " 1", "é", "12345678x", "0.0000000", "1.234567"], FORMS[2])
def test_a_short_number_is_read_as_a_long_one_is(texts: list[str], form: NumberForm) -> None:
    cells = cells_of(texts)
    short, long = read_numbers(cells, form), read_long_numbers(cells, form)
    assert short.proved.tolist() == long.proved.tolist()
    for mine, theirs in ((short.values, long.values), (short.decimals, long.decimals)):
        assert mine[long.proved].tolist() == theirs[long.proved].tolist()


@settings(max_examples=300, deadline=None)
@given(st.lists(GROUPED, min_size=1, max_size=12), st.sampled_from("., '"), st.sampled_from(MARKS))
@example(
    [(" ", ["1234", "567"]), ("-", ["1234", "567", "890"]), (" ", ["1", "234"]), ("-", ["123", "456"])], ",", MARKS[0]
)
@example([(" ", ["1234", "567"]), (" ", ["12", "34"]), (" ", ["5"]), ("-", ["0"])], ".", MARKS[1])
def test_a_number_is_what_it_is_as_text(
    parts: list[tuple[str, list[str]]], mark: str, marks: NumberMarks | None
) -> None:
    texts = [sign.strip() + mark.join(groups) for sign, groups in parts]
    form = NumberForm(
        ord(marks.decimal if marks else "."),
        ord((marks.thousands if marks else "") or "\0"),
        MOST_DIGITS,
        MOST_DIGITS,
        MOST_DIGITS // 3 - 1,
        is_declared=marks is not None,
    )
    found = read_numbers(cells_of(texts), form)
    for text, value, decimals, is_proved in zip(
        texts, found.values.tolist(), found.decimals.tolist(), found.proved.tolist(), strict=True
    ):
        if is_proved:
            assert (text, Decimal(value).scaleb(-decimals)) == (text, read_as_text(text, marks))
