"""Headings that no list has are understood by their words, in any of seven languages; with one unknown word, not."""

import pytest

from bulkpo.schema.composed import composed_meaning


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Best_Menge", "order-lines/quantity"),
        ("QTD_PEDIDA", "order-lines/quantity"),
        ("Orderleveranciersnr.", "supplier/number"),
        ("Bestelnr crediteur", "order-lines/source-part-num"),
        ("Art. Lieferant", "order-lines/source-part-num"),
        ("Désignation fourniture", "order-lines/description"),
        ("Expected delivery date", "order-lines/need-by-date"),
        ("Supplier: Account Name", "supplier/name"),
        ("Line Item Account Code", "order-lines/account/code"),
        ("Ordered Date - Date", "ORDER_DATE"),
        ("Prezzo unità", "order-lines/price"),
        ("Unità prezzo", "PRICE_UNIT"),
        ("Unit Price", "order-lines/price"),
        ("Price Unit", "PRICE_UNIT"),
    ],
)
def test_a_heading_means_what_its_words_say_together(heading: str, meaning: str) -> None:
    assert composed_meaning(heading) == meaning


@pytest.mark.parametrize("heading", ["Received Menge X", "Quantità entrata", "Tax Price", "Ordered Number", "Item 7"])
def test_a_heading_with_a_word_that_is_not_known_means_nothing(heading: str) -> None:
    assert composed_meaning(heading) == ""
