"""An order's number is found by words and rows where no column is named as one, and line numbers by how they count."""

from pathlib import Path

import pytest

from bulkpo.mapping.guessing.draft.guess import Guess, Use
from bulkpo.runs.drafting.guesses.guess import guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)


def guess_of(tmp_path: Path, number: str, count: str, step: int = 1, sign: str = "K") -> Guess:
    """The guess of twelve orders of one to three lines each, whose number and line number have these names."""
    rows = [
        f"{sign}{700 + n};V{n % 4:03};Firma {n % 4} GmbH;{step * line};Bolt number {n}{line};{n + 3};{n + line}.25;EA"
        for n in range(12)
        for line in range(1, 2 + n % 3)
    ]
    path = tmp_path / "o.csv"
    headings = f"{number};Supplier No;Supplier Name;{count};Description;Qty ordered;Unit Price;UOM"
    path.write_text("\n".join([headings, *rows]), encoding="utf-8")
    return guess_files([path], TABLES, "purchase_orders", "UTC").guess


@pytest.mark.parametrize("number", ["OrdreAchatProgramme", "Beschaffungsauftrag", "NUME_ORDEM", "Orden electronica"])
def test_a_column_that_says_order_and_parts_the_rows_is_the_number(tmp_path: Path, number: str) -> None:
    first = guess_of(tmp_path, number, "Line").columns[0]
    assert (first.use, first.paths) == (Use.MAPPED, ("po-number",))


def test_an_invoices_number_that_begins_as_orders_do_is_the_orders(tmp_path: Path) -> None:
    first = guess_of(tmp_path, "InvoiceNumber", "Line", sign="PO-26-").columns[0]
    assert (first.use, first.paths) == (Use.MAPPED, ("po-number",))


def test_an_invoices_number_is_left_open_where_nothing_else_numbers_the_orders(tmp_path: Path) -> None:
    first = guess_of(tmp_path, "InvoiceNumber", "Line").columns[0]
    assert (first.use, first.paths) == (Use.UNDECIDED, ("po-number",))


@pytest.mark.parametrize("step", [1, 5, 10, 1000])
@pytest.mark.parametrize("count", ["Orden", "XQ", "PORLREV"])
def test_what_counts_anew_in_each_order_numbers_lines_whatever_its_name(tmp_path: Path, count: str, step: int) -> None:
    fourth = guess_of(tmp_path, "PO Number", count, step).columns[3]
    assert (fourth.use, fourth.paths) == (Use.MAPPED, ("order-lines/line-num",))
