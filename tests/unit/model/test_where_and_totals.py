from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bulkpo.model.totals import CurrencyTotal, Totals, differing_figures, line_amount, without
from bulkpo.where import Place, cell_name, column_letter, column_number


@given(st.integers(1, 16_384))
def test_column_letters_and_numbers_are_each_others_inverse(number: int) -> None:
    assert column_number(column_letter(number)) == number


def test_cells_are_named_as_spreadsheets_name_them() -> None:
    assert [cell_name(7, 3), cell_name(1, 26), cell_name(2, 27), cell_name(1, 16_384)] == ["C7", "Z1", "AA2", "XFD1"]


def test_a_place_reads_as_editors_read_it() -> None:
    assert str(Place("orders.yaml", 12, 3)) == "orders.yaml:12:3"


def test_totals_add_up_exactly_per_currency() -> None:
    totals = Totals()
    totals.add("USD", 2, Decimal("0.10"))
    totals.add("EUR", 1, Decimal(5))
    totals.add("USD", 3, Decimal("0.20"))
    assert totals.by_currency() == (
        CurrencyTotal("EUR", 1, 1, Decimal(5)),
        CurrencyTotal("USD", 2, 5, Decimal("0.30")),
    )


def test_an_amount_line_is_worth_its_price_and_any_other_price_times_quantity() -> None:
    assert line_amount("OrderAmountLine", "2860", None) == Decimal(2860)
    assert line_amount("OrderQuantityLine", "12.405", "2.5") == Decimal("31.0125")
    assert line_amount(None, "12.405", None) == 0


def test_differences_name_the_figures_that_differ_and_currencies_only_one_side_has() -> None:
    ours = [CurrencyTotal("USD", 2, 5, Decimal("0.30")), CurrencyTotal("EUR", 1, 1, Decimal(5))]
    theirs = [CurrencyTotal("USD", 2, 4, Decimal("0.3"))]
    assert differing_figures(ours, theirs) == {"EUR": ("documents", "lines", "amount"), "USD": ("lines",)}
    assert differing_figures(ours, ours) == {}


def test_what_is_left_of_totals_is_written_as_short_as_amounts_are_whatever_the_digits_of_the_rest() -> None:
    whole = [CurrencyTotal("EUR", 3, 6, Decimal("1890.000")), CurrencyTotal("USD", 2, 5, Decimal("0.3075"))]
    others = [CurrencyTotal("EUR", 2, 4, Decimal(1260)), CurrencyTotal("USD", 1, 1, Decimal("0.30"))]
    left = without(whole, others)
    assert [(it.documents, it.lines, str(it.amount)) for it in left] == [(1, 2, "630.00"), (1, 4, "0.0075")]
