"""Names as systems write them, and quantities that are not numbers alone."""

from pathlib import Path

import pytest

from bulkpo.mapping.guessing.draft.guess import Use
from bulkpo.mapping.guessing.money.prices import _EACH, PRICE_WORDS, QUANTITY_WORDS
from bulkpo.runs.drafting.guesses.guess import guess_files
from bulkpo.runs.drafting.guesses.knowledge import shipped_synonyms
from bulkpo.schema import taxed
from bulkpo.schema.names import plain_name
from bulkpo.schema.notions import _ENDINGS, _NOTIONS, heard
from bulkpo.schema.synonyms import _FILLING
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("PURCHQTY", "order-lines/quantity"),
        ("purchprice", "order-lines/price"),
        ("CURRENCYCODE", "currency/code"),
        ("needbydate", "order-lines/need-by-date"),
        ("QTYRECEIVED", "RECEIVED"),
    ],
)
def test_names_of_several_words_are_known_when_written_as_one(heading: str, path: str) -> None:
    assert shipped_synonyms().meanings(heading)[0].target == path


def test_a_quantity_with_its_unit_in_the_cell_is_left_open_and_never_ignored(tmp_path: Path) -> None:
    rows = "".join(f"47{place};V10;Steel sheet;{place},00 EA;12,50\n" for place in range(11, 17))
    path = tmp_path / "alv.csv"
    path.write_text(f"PO Number;Vendor No;Description;Quantity;Unit Price\n{rows}", encoding="utf-8")
    columns = {each.title: each for each in guess_files([path], TABLES, "purchase_orders", "UTC").guess.columns}
    assert columns["Quantity"].use is Use.UNDECIDED
    assert columns["Quantity"].paths == ("order-lines/quantity",)


def test_lines_numbered_with_decimals_are_numbered_all_the_same(tmp_path: Path) -> None:
    rows = "".join(
        f"47{order},{line}.000,V10,Steel sheet {line},5,12.50\n" for order in range(11, 15) for line in (1, 2)
    )
    path = tmp_path / "jde.csv"
    path.write_text(f"PDDOCO,PDLNID,PDAN8,PDDSC1,PDUORG,PDPRRC\n{rows}", encoding="utf-8")
    columns = {each.title: each for each in guess_files([path], TABLES, "purchase_orders", "UTC").guess.columns}
    assert columns["PDLNID"].paths == ("order-lines/line-num",)


def test_every_word_that_is_known_can_stand_in_a_heading() -> None:
    """Headings are made plain first, which writes short words out: a short one that is known could never be met."""
    words = {*_NOTIONS, *PRICE_WORDS, *QUANTITY_WORDS, *_EACH, *_FILLING, *taxed._PRICE_WORDS, *taxed._AMOUNT_WORDS}
    assert [word for word in words if word not in plain_name(word) and word not in plain_name(f"gut{word}datum")] == []
    said = {word: heard(word).notions for word in _NOTIONS}
    assert {word: notions for word, notions in said.items() if notions != _as_said(_NOTIONS[word])} == {}
    assert {each: heard(f"lieferanten{each}").notions[1:] for each in _ENDINGS} == {
        each: (notion,) for each, notion in _ENDINGS.items()
    }


def _as_said(notion: str) -> tuple[str, ...]:
    return (notion,) if notion else ()
