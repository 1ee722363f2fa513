"""Decimals among binary numbers: what the narrow tables compare, they compare as decimals."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from bulkpo.sandbox.storage.pending import binary, is_short
from bulkpo.sandbox.values import canonical

DECIMALS = st.decimals(-(10**24), 10**24, places=6, allow_nan=False).map(canonical)
AMOUNTS = st.decimals(-(10**8), 10**8, places=6, allow_nan=False).map(canonical)
SHORT = (DECIMALS | AMOUNTS).filter(is_short)
NEAR = st.builds(
    lambda number, places, digits: canonical(Decimal(number) + Decimal(digits).scaleb(-places)),
    SHORT,
    st.integers(0, 25),
    st.integers(-9, 9),
)


@given(kept=NEAR | DECIMALS, asked=SHORT)
@example(kept="123456789012345.01", asked="123456789012345")
@example(kept="123456789012344.99", asked="123456789012345")
@example(kept="0.1", asked="0.1")
def test_a_decimal_compares_with_a_short_one_as_its_binary_number_does(kept: str, asked: str) -> None:
    for one, other in ((kept, asked), (kept, canonical(Decimal(f"{float(kept):.15g}")))):
        if is_short(other):
            assert (binary(one) > binary(other)) == (Decimal(one) > Decimal(other))
            assert (binary(one) == binary(other)) == (Decimal(one) == Decimal(other))


@given(one=NEAR | DECIMALS, other=NEAR | DECIMALS)
@example(one="12345678901234.567891", other="12345678901234.567892")
def test_binary_numbers_never_change_the_order_of_decimals(one: str, other: str) -> None:
    if Decimal(one) <= Decimal(other):
        assert binary(one) <= binary(other)
    if Decimal(one) == Decimal(other):
        assert binary(one) == binary(other)
