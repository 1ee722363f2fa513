"""Headings of which only some words are known: what they may mean, and what sets them apart."""

import pytest

from bulkpo.schema.hearing import heard_meanings
from bulkpo.schema.names import is_slip


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Dt. Entrega Prev.", "order-lines/need-by-date"),
        ("Geplantes Lieferdatum", "order-lines/need-by-date"),
        ("Deliver By Date", "order-lines/need-by-date"),
        ("Verwachte ontvangstdatum", "order-lines/need-by-date"),
        ("VENDNAME", "supplier/name"),
        ("QTYORDER", "order-lines/quantity"),
        ("ITEMNMBR", "order-lines/item/item-number"),
        ("Un. achat", "order-lines/uom/code"),
        ("Lieferant/Lieferwerk", "supplier/number"),
        ("Naam inkooprelatie leverancier", "supplier/name"),
    ],
)
def test_a_heading_is_understood_by_the_words_that_are_known(heading: str, meaning: str) -> None:
    assert heard_meanings(heading)[0] == meaning


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Received Qty", "RECEIVED"),
        ("Gelieferte Menge", "RECEIVED"),
        ("Qté reçue", "RECEIVED"),
        ("Qtà ricevuta", "RECEIVED"),
        ("Cantidad facturada", "INVOICED"),
        ("Quantidade pendente", "OPEN_QUANTITY"),
        ("Bestätigte Menge", "OTHER_QUANTITY"),
        ("LastReceiptDate", "RECEIPT_DATE"),
        ("Datum Rechnung", "INVOICE_DATE"),
        ("Confirmed Dlv Dt", "PROMISED_DATE"),
        ("Prix TTC", "PRICE_WITH_TAX"),
        ("Supplier City", "SUPPLIER_DETAIL"),
    ],
)
def test_a_word_that_sets_a_column_apart_makes_it_something_else(heading: str, role: str) -> None:
    assert heard_meanings(heading) == (role,)


@pytest.mark.parametrize("heading", ["Project Manager", "Cantidad base", "Supplier Item Name", "Department", "17", ""])
def test_words_that_say_nothing_of_a_column_mean_nothing(heading: str) -> None:
    assert heard_meanings(heading) == ()


@pytest.mark.parametrize(
    ("word", "other", "is_one"),
    [
        ("quantiy", "quantity", True),
        ("qauntity", "quantity", True),
        ("quantitty", "quantity", True),
        ("quanqity", "quantity", True),
        ("qantiy", "quantity", False),
        ("state", "site", False),
        ("konto", "kosto", False),
    ],
)
def test_a_slip_is_one_letter_of_a_long_word(word: str, other: str, is_one: bool) -> None:
    assert is_slip(word, other) is is_one
