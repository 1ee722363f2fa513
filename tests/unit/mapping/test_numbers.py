from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.mapping.values.numbers import NumberMarks, NumberReader
from bulkpo.mapping.values.unreadable import Unreadable

US = NumberMarks(".", ",")
GERMAN = NumberMarks(",", ".")
FRENCH = NumberMarks(",", " ")
SWISS = NumberMarks(".", "'")


@pytest.mark.parametrize(
    ("marks", "text", "number"),
    [
        (US, "1,234.56", "1234.56"),
        (US, "1234.56", "1234.56"),
        (US, ".00", "0.00"),
        (US, "(123.45)", "-123.45"),
        (US, "1,500.00-", "-1500.00"),
        (US, "-5", "-5"),
        (US, "+5", "5"),
        (GERMAN, "1.234,56", "1234.56"),
        (GERMAN, "12,5", "12.5"),
        (FRENCH, "1 234,56", "1234.56"),
        (FRENCH, "1\u00a0234,56", "1234.56"),
        (FRENCH, "1\u202f234\u202f567,5", "1234567.5"),
        (SWISS, "1'234.50", "1234.50"),
        (NumberMarks("."), "0012.50", "12.50"),
        (NumberMarks(".", ",", ("$", "USD")), "$1,234.50", "1234.50"),
        (NumberMarks(".", ",", ("$", "USD")), "USD 7", "7"),
        (NumberMarks(".", ",", ("$",)), "-$7", "-7"),
        (None, "1234.50", "1234.50"),
        (None, "0.125", "0.125"),
        (None, "1234.567", "1234.567"),
    ],
)
def test_a_number_is_read_by_its_declared_marks(marks: NumberMarks | None, text: str, number: str) -> None:
    assert str(NumberReader(marks).read(text)) == number


@pytest.mark.parametrize(
    ("marks", "text", "code", "message"),
    [
        (
            None,
            "1,234",
            "ambiguous-number",
            "'1,234' could be 1234 or 1.234; declare numbers.decimal and numbers.thousands",
        ),
        (
            None,
            "1.234",
            "ambiguous-number",
            "'1.234' could be 1234 or 1.234; declare numbers.decimal and numbers.thousands",
        ),
        (
            None,
            "12,5",
            "not-a-number",
            (
                "'12,5' is not a plain number; correct it, or declare how the file writes numbers, such as "
                'numbers: {decimal: ","}'
            ),
        ),
        (US, "1.234,56", "not-a-number", "'1.234,56' is not a number written like 1,234.50"),
        (US, "12,34", "not-a-number", "'12,34' is not a number written like 1,234.50"),
        (GERMAN, "1,234.56", "not-a-number", "'1,234.56' is not a number written like 1.234,50"),
        (
            US,
            "$5",
            "not-a-number",
            "'$5' is not a number written like 1,234.50; if $ is a currency, declare numbers.currency: [$]",
        ),
        (
            GERMAN,
            "8 EUR",
            "not-a-number",
            "'8 EUR' is not a number written like 1.234,50; if EUR is a currency, declare numbers.currency: [EUR]",
        ),
        (
            None,
            "€ 5",
            "not-a-number",
            (
                "'€ 5' is not a plain number; correct it, or declare how the file writes numbers, such as "
                'numbers: {decimal: ".", currency: [€]}'
            ),
        ),
        (US, "5 kg", "not-a-number", "'5 kg' is not a number written like 1,234.50"),
        (US, "twelve", "not-a-number", "'twelve' is not a number written like 1,234.50"),
        (US, "1E+05", "scientific-number", "'1E+05' has lost digits to scientific notation; write it out"),
        (US, "NaN", "not-a-number", "'NaN' is not a number written like 1,234.50"),
        (US, "١٢", "not-a-number", "'١٢' is not a number written like 1,234.50"),
    ],
)
def test_what_cannot_be_read_one_way_is_refused(marks: NumberMarks | None, text: str, code: str, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        NumberReader(marks).read(text)
    assert (caught.value.code, caught.value.message) == (code, message)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
    st.sampled_from([US, GERMAN, FRENCH, SWISS]),
)
def test_a_number_written_by_its_marks_is_read_as_itself(number: Decimal, marks: NumberMarks) -> None:
    marked = f"{number:,f}".replace(",", "T").replace(".", marks.decimal).replace("T", marks.thousands)
    assert NumberReader(marks).read(marked) == number
