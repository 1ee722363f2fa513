"""Dates that a file has as the numbers Excel counts days by are seen, and mapped as days that are counted."""

from pathlib import Path

import pytest

from bulkpo.mapping.guessing.draft.guess import ColumnGuess, Use
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.runs.drafting.guesses.guess import guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
NEED = ("order-lines/need-by-date",)


def last_column(folder: Path, heading: str, days: tuple[str, ...]) -> ColumnGuess:
    goods = ("Steel sheet", "Copper wire", "Paper sheets", "Ink bottles")
    rows = "".join(
        f"47{place}1,V{place},{name},2,12.50,25.00,{day}\n"
        for place, (name, day) in enumerate(zip(goods, days, strict=True))
    )
    path = folder / "orders.csv"
    path.write_text(f"PO Number,Vendor No,Description,Quantity,Unit Price,Amount,{heading}\n{rows}", encoding="utf-8")
    return guess_files([path], TABLES, "purchase_orders", "UTC").guess.columns[-1]


@pytest.mark.parametrize("heading", ["Need By", "Lieferdatum", "Fecha de entrega"])
def test_days_as_excel_counts_them_are_seen_under_a_heading_of_dates_and_mapped(heading: str, tmp_path: Path) -> None:
    column = last_column(tmp_path, heading, ("46352", "46360", "46371", "46372"))
    assert (column.use, column.paths, column.block) == (Use.MAPPED, NEED, {"dates": {"day_numbers": 1900}})
    assert column.reasons[-1] == (
        "its cells are days as Excel counts them, 46352 being 2026-11-26 (in workbooks of old Macs, 2030-11-27)"
    )


def test_numbers_that_are_no_days_of_this_century_are_no_dates(tmp_path: Path) -> None:
    column = last_column(tmp_path, "Need By", ("46352", "46360", "146371", "46372"))
    assert NEED[0] not in column.paths


def test_days_under_a_heading_that_is_not_of_dates_are_no_dates(tmp_path: Path) -> None:
    column = last_column(tmp_path, "Item No", ("46352", "46360", "46371", "46372"))
    assert NEED[0] not in column.paths


def test_the_guess_reads_the_days_it_saw(tmp_path: Path) -> None:
    last_column(tmp_path, "Need By", ("46352", "46360", "46371", "46372"))
    drafted = guess_files([tmp_path / "orders.csv"], TABLES, "purchase_orders", "UTC")
    decided = {question.name: question.choices[0] for question in drafted.questions}
    (tmp_path / "orders.yaml").write_text(drafted.decided(decided).text, encoding="utf-8")
    found = check(open_mapped(tmp_path / "orders.yaml", tmp_path / "orders.csv", TABLES))
    assert (found.documents, [each.code for each in found.errors]) == (4, [])
