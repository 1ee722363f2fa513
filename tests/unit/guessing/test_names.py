"""Names as systems write them, and quantities that are not numbers alone."""

from pathlib import Path

import pytest

from bulkpo.mapping.guessing.draft.guess import Use
from bulkpo.runs.drafting.guess import guess_files
from bulkpo.runs.drafting.knowledge import shipped_synonyms
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
