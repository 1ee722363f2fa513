"""What was received is not taken for what was ordered, nor the currency of another price for that of the order."""

from pathlib import Path

import pytest

from bulkpo.mapping.guessing.draft.guess import Guess
from bulkpo.runs.drafting.guesses.guess import guess_files
from bulkpo.schema.notions import heard
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)


def guess_of(tmp_path: Path, headings: str, last: str = "EUR") -> Guess:
    """The guess of ten orders: 4 ordered, of which 1, 2 or 4 are here, and what these come to."""
    here = [(1, 2, 4)[n % 3] for n in range(10)]
    rows = [
        f"45{n};V{n % 3:03};Bolt number {n};{3 + n}.25;{(3.25 + n) * count:.2f};4;{count};{last}"
        for n, count in enumerate(here)
    ]
    path = tmp_path / "o.csv"
    path.write_text("\n".join([f"PO Number;Supplier No;Description;{headings}", *rows]), encoding="utf-8")
    return guess_files([path], TABLES, "purchase_orders", "UTC").guess


@pytest.mark.parametrize("ordered", ["POL_QORD", "XA", "Menge best", "Quant"])
def test_what_is_never_more_than_another_number_is_not_taken_for_the_quantity(tmp_path: Path, ordered: str) -> None:
    guess = guess_of(tmp_path, f"Unit Price;Extended Price;{ordered};XB;Currency")
    mapped = [each.title for each in guess.columns if each.paths == ("order-lines/quantity",) and each.use == "mapped"]
    assert mapped in ([], [ordered])


@pytest.mark.parametrize("word", ["QRECV", "QTYREC", "QRCVD", "QTY_RECD"])
def test_technical_names_of_what_was_received_are_heard(word: str) -> None:
    assert heard(word).notions == ("quantity", "received")


@pytest.mark.parametrize(
    "title",
    ["DeviseDernierPrixAchat", "Last Cost Cur", "Waers. letzter Preis", "Divisa último precio", "Valuta laatste prijs"],
)
def test_the_currency_of_another_price_is_not_that_of_the_order(tmp_path: Path, title: str) -> None:
    guess = guess_of(tmp_path, f"Unit Price;Amount;Qty ordered;Qty received;{title}")
    column = next(each for each in guess.columns if each.title == title)
    assert "currency/code" not in column.paths


@pytest.mark.parametrize("title", ["quantityord", "bestellt", "QTYORDER"])
def test_a_name_that_only_sounds_like_a_quantity_is_one_if_it_says_ordered(tmp_path: Path, title: str) -> None:
    guess = guess_of(tmp_path, f"Unit Price;Price received;{title};Qty received;Currency")
    column = next(each for each in guess.columns if each.title == title)
    assert column.paths == ("order-lines/quantity",)
