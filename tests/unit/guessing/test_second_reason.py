"""Columns whose names nobody knows: taken for what they look like where something else bears it out."""

from pathlib import Path

import pytest

from bulkpo.mapping.guessing.draft.guess import ColumnGuess, Use
from bulkpo.runs.drafting.guesses.guess import guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
_LINES = (
    ("4501", "10", "Alder & Sons Ltd", "Hex bolt M8 x 40", "2026-03-02", "2026-03-09"),
    ("4501", "20", "Alder & Sons Ltd", "Washer, spring steel", "2026-03-02", "2026-03-20"),
    ("4502", "10", "Birk GmbH", "Sheet 2 mm, galvanised", "2026-03-03", "2026-03-03"),
    ("4502", "20", "Birk GmbH", "Angle iron 40 x 40", "2026-03-03", "2026-04-01"),
    ("4503", "10", "Cordier SARL", "Pallet, oak", "2026-03-05", "2026-03-30"),
    ("4503", "20", "Cordier SARL", "Wrapping film", "2026-03-05", "2026-03-30"),
)


def _columns(folder: Path, headings: str, **changed: int) -> dict[str, ColumnGuess]:
    """The columns of a file with these headings, its last date `days` years earlier if it says so."""
    rows = [
        (*line[:5], line[5].replace("2026", str(2026 - changed.get("years", 0))) if place == 5 else line[5])
        for place, line in enumerate(_LINES)
    ]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    path = folder / "orders.csv"
    path.write_text(f"{headings}\n{text}\n", encoding="utf-8")
    return {each.title: each for each in guess_files([path], TABLES, "purchase_orders", "UTC").guess.columns}


def test_names_of_companies_and_the_only_texts_of_lines_are_known_without_their_headings(tmp_path: Path) -> None:
    columns = _columns(tmp_path, "PO Number,Line,Zzyx,Qwfp,Order Date,Jkhm")
    assert columns["Zzyx"].paths == ("supplier/name",)
    assert columns["Zzyx"].reasons[-1] == "its cells are names of companies"
    assert columns["Qwfp"].paths == ("order-lines/description",)


def test_a_date_that_never_comes_before_the_orders_is_when_it_is_needed(tmp_path: Path) -> None:
    column = _columns(tmp_path, "PO Number,Line,Zzyx,Qwfp,Order Date,Jkhm")["Jkhm"]
    assert (column.use, column.paths) == (Use.MAPPED, ("order-lines/need-by-date",))
    assert column.reasons == (
        "its cells look so, and no other column is it",
        "it never comes before 'Order Date'",
    )


def test_a_date_that_comes_before_the_orders_stays_open(tmp_path: Path) -> None:
    column = _columns(tmp_path, "PO Number,Line,Zzyx,Qwfp,Order Date,Jkhm", years=1)["Jkhm"]
    assert column.use is Use.UNDECIDED


@pytest.mark.parametrize("heading", ["Expiry", "Contract end", "Posting day"])
def test_a_date_whose_name_says_something_else_stays_open(heading: str, tmp_path: Path) -> None:
    column = _columns(tmp_path, f"PO Number,Line,Zzyx,Qwfp,Order Date,{heading}")[heading]
    assert column.use is not Use.MAPPED
