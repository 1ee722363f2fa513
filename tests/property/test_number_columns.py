"""The law of number cells: converted many at a time they are what they are one by one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bulkpo.model.table import Cell
from bulkpo.tables.workbooks.cell_values import exact_number, is_noisy, without_noise
from bulkpo.tables.workbooks.cells import Numbers

NUMBERS = st.one_of(
    st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{0,4})?", fullmatch=True),
    st.from_regex(r"-?0{0,2}\.?0{0,3}", fullmatch=True).filter(lambda text: any(map(str.isdigit, text))),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers().map(str),
)


def one_by_one(text: str) -> Cell:
    """The number a text says, as a spreadsheet shows it; no text is none."""
    if not text:
        return None
    return without_noise(exact_number(text)) if is_noisy(text) else exact_number(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(NUMBERS | st.just(""), max_size=12))
def test_numbers_of_a_column_are_those_read_one_by_one(texts: list[str]) -> None:
    numbers = Numbers()
    expected = [one_by_one(text) for text in texts]
    for found in (numbers.column(texts), numbers.column(texts), [numbers[text] for text in texts]):
        assert list(map(repr, found)) == list(map(repr, expected))
    assert numbers.noisy == 3 * sum(1 for text in texts if text and is_noisy(text))
