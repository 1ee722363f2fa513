"""The law of numbers read as bytes: a short one, which is read as one word, is read as a long one is."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("numpy")

from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.cut import cut
from bulkpo.mapping.proving.number_form import MOST_BYTES, MOST_DIGITS, NumberForm
from bulkpo.mapping.proving.numbers import read_long_numbers, read_numbers
from bulkpo.model.text_block import TextBlock

NUMBERS = st.decimals(-(10**9), 10**9, places=4).map(str) | st.integers(0, 10**9).map(str)
FORMS = (
    NumberForm(ord("."), 0, 6, 3, is_declared=False),
    NumberForm(ord("."), ord(","), 26, 6, 7),
    NumberForm(ord(","), 0, MOST_DIGITS, MOST_DIGITS),
    NumberForm(0, 0, 9, 0),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("0123456789.,-x+", max_size=12) | NUMBERS, min_size=1, max_size=12), st.sampled_from(FORMS))
@example(
    ["5.", ".5", "0.5", "00.5", "1.2.3", "99999999", "9999.9999", "0", "", "-1", "-0", "123456789", "1.234"], FORMS[0]
)
@example(["9/0", "9:0", "1 2", " 1", "é", "12345678x", "0.0000000", "1.234567"], FORMS[2])
def test_a_short_number_is_read_as_a_long_one_is(texts: list[str], form: NumberForm) -> None:
    data = "".join(f"{text};.\n" for text in texts).encode()
    found = cut(TextBlock(data, 0, ";", "utf-8"))
    assert found is not None
    short = read_numbers(Cells(found, 0, MOST_BYTES), form)
    long = read_long_numbers(Cells(found, 0, MOST_BYTES), form)
    assert short.proved.tolist() == long.proved.tolist()
    for mine, theirs in ((short.values, long.values), (short.decimals, long.decimals)):
        assert mine[long.proved].tolist() == theirs[long.proved].tolist()
