"""What would send money the wrong way is left open, however plainly a heading says otherwise."""

from pathlib import Path

import pytest

from bulkpo.runs.drafting.guesses.guess import guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
HEADINGS = ["PO Number", "Line", "Supplier No", "Currency", "Description", "Qty", "UOM", "Unit Price"]


def reason_of(tmp_path: Path, title: str, headings: list[str], rows: list[list[object]]) -> str:
    """Why a column is open; fails where it is decided."""
    path = tmp_path / "o.csv"
    texts = [headings, *([str(cell) for cell in row] for row in rows)]
    path.write_text("\n".join(map(";".join, texts)), encoding="utf-8")
    guess = guess_files([path], TABLES, "purchase_orders", "UTC").guess
    column = next(each for each in guess.undecided if each.title == title)
    return column.reasons[-1]


def orders(make: str) -> list[list[object]]:
    """Ten orders of two lines; `make` says what stands under the price."""
    found: list[list[object]] = []
    for order in range(10):
        prices = [7 + order, 11 + 3 * order]
        total = sum(price * (line + 2) for line, price in enumerate(prices))
        for line, price in enumerate(prices):
            shown = {"total": f"{total}.00", "either": f"{price}.{500 + order}", "price": f"{price}.25"}[make]
            found.append(
                [
                    4500 + order,
                    line + 1,
                    f"V{order % 3:03}",
                    "EUR",
                    f"Article {order * 2 + line}",
                    line + 2,
                    "EA",
                    shown,
                ]
            )
    return found


def test_a_price_that_is_the_same_in_every_line_of_an_order_is_left_open(tmp_path: Path) -> None:
    said = "it says the same in every line of an order, as an order's total does"
    assert reason_of(tmp_path, "Unit Price", HEADINGS, orders("total")) == said


def test_a_price_that_can_be_read_two_ways_is_left_open(tmp_path: Path) -> None:
    said = "its numbers can be read two ways, and no amount says which is meant"
    assert reason_of(tmp_path, "Unit Price", HEADINGS, orders("either")) == said


@pytest.mark.parametrize("title", ["Qty", "Unit Price"])
def test_what_an_amount_contradicts_is_left_open(tmp_path: Path, title: str) -> None:
    rows = [[*row, f"{float(str(row[7])) * int(str(row[5])) / 100:.4f}"] for row in orders("price")]
    said = "'Qty' x 'Unit Price' is not 'Line Amount' in most rows"
    assert reason_of(tmp_path, title, [*HEADINGS, "Line Amount"], rows) == said


def test_a_number_that_stands_for_two_suppliers_is_no_order_number(tmp_path: Path) -> None:
    rows = [[row[0], row[1], f"V{place:03}", *row[3:]] for place, row in enumerate(orders("price"))]
    said = "rows with one 'PO Number' differ in 'Supplier No', and one order cannot"
    assert reason_of(tmp_path, "PO Number", HEADINGS, rows) == said


def test_a_bestellnummer_that_never_repeats_beside_articles_without_a_date_is_left_open(tmp_path: Path) -> None:
    headings = ["Bezeichnung", "Artikelnummer", "Bestellnummer", "Menge", "Einheit", "Einzelpreis"]
    rows: list[list[object]] = [
        [f"Teil {place}", f"A{place:04}", f"{331 + place}-55{place:02}", place + 2, "Stk", f"{place + 3},25"]
        for place in range(20)
    ]
    said = "no number stands twice and nothing has a date: these may be numbers of articles"
    assert reason_of(tmp_path, "Bestellnummer", headings, rows) == said


def test_what_tells_the_price_from_the_quantity_is_said_beside_that_they_multiply(tmp_path: Path) -> None:
    figures = [(place % 7 + 2, 325 + 150 * (place % 4), place % 4) for place in range(24)]
    rows = [
        f"{4500 + place // 2};A{item};{quantity};{cents / 100:.2f};{quantity * cents / 100:.2f}"
        for place, (quantity, cents, item) in enumerate(figures)
    ]
    path = tmp_path / "o.csv"
    path.write_text("\n".join(["PO Number;Item Number;Mge;EPr;GPr", *rows]), encoding="utf-8")
    found = {each.title: each for each in guess_files([path], TABLES, "purchase_orders", "UTC").guess.columns}
    apart = "one article has one price at any quantity, and most quantities are whole"
    said = f"'Mge' x 'EPr' = 'GPr' in all of 24 rows; {apart}"
    assert (found["Mge"].why, found["EPr"].why) == (said, said)
