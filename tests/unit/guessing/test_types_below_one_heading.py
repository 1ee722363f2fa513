"""Orders and lines in rows of their own, told by their first cell, below one row of headings for both."""

from pathlib import Path

import openpyxl
import pytest
import yaml

from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
HEADINGS = ["Type", "PO Number", "Supplier No", "Currency", "Line", "Description", "Qty", "UOM", "Unit Price", "Status"]
SAID = {
    "ship-to-user/login": "migration",
    "order-lines/account/code": "01-100-8000",
    "order-lines/account/account-type/name": "SAP100",
}


def rows(again: str = "number") -> list[list[str]]:
    """Six orders of two lines, which say the order's number again, its supplier too, or neither."""
    found = []
    for order in range(6):
        number, supplier = f"45000{order:02}", f"V{100 + order % 3}"
        found.append(["H", number, supplier, "EUR", "", "", "", "", "", "Open"])
        for line in (1, 2):
            own = [str(line), f"Article {order}-{line}", str(line + order), "EA", f"{7 + 3 * order + line}.25", ""]
            mine = ["" if again == "nothing" else number, supplier if again == "supplier" else "", ""]
            found.append(["D", *mine, *own])
    return found


def guessed(folder: Path, lines: list[list[str]], name: str = "o.csv") -> Drafted:
    path = folder / name
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for each in lines:
            book.worksheets[0].append([float(it) if it.replace(".", "", 1).isdigit() else it or None for it in each])
        book.save(path)
    else:
        path.write_text("\n".join(map(";".join, lines)) + "\n", encoding="utf-8")
    return guess_files([path], TABLES, "purchase_orders", "Europe/Berlin")


@pytest.mark.parametrize("again", ["number", "supplier", "nothing"])
@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
def test_orders_and_lines_are_read_by_the_letters_of_what_each_fills(tmp_path: Path, name: str, again: str) -> None:
    drafted = guessed(tmp_path, [HEADINGS, *rows(again)], name)
    data = yaml.safe_load(drafted.decided(SAID).text)
    assert data["source"] == {"header_row": "none", "first_row": 2}
    orders, lines = (data["record_types"][each]["columns"] for each in "HD")
    assert (orders["B"], orders["C"]) == ("po-number", "supplier/number")
    assert (lines["G"], lines["I"]) == ("order-lines/quantity", "order-lines/price")
    assert lines["B"] == ({"ignore": "empty"} if again == "nothing" else "po-number")
    assert lines["C"] == {"ignore": "stands with the orders" if again == "supplier" else "empty"}
    (tmp_path / "o.yaml").write_text(drafted.decided(SAID).text, encoding="utf-8")
    checked = check(open_mapped(tmp_path / "o.yaml", tmp_path / name, TABLES))
    assert (checked.ok, checked.failed) == (6, 0)


def test_columns_are_shown_and_decided_by_their_headings_too(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, [HEADINGS, *rows()])
    assert "      G: order-lines/quantity  # Qty\n" in drafted.text
    decided = drafted.decided({"Qty": "order-lines/custom-fields/how-many"})
    assert "      G: order-lines/custom-fields/how-many  # Qty\n" in decided.text


def test_lines_that_say_otherwise_than_their_order_are_not_read_so(tmp_path: Path) -> None:
    lines = [[*each[:2], f"V{place}", *each[3:]] for place, each in enumerate(rows("supplier"))]
    drafted = guessed(tmp_path, [HEADINGS, *lines])
    assert [part.name for part in drafted.guess.parts] == [""]
    assert drafted.guess.reasons[0].startswith("rows are of several types, orders (H) and lines (D)")


def test_lines_above_the_first_order_are_never_passed_over(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, [HEADINGS, rows()[1], *rows()])
    assert [part.name for part in drafted.guess.parts] == [""]


def test_cancelled_orders_are_left_out_by_the_letter_of_their_state(tmp_path: Path) -> None:
    lines = [[*each[:-1], "Cancelled"] if each[1] == "4500003" and each[0] == "H" else each for each in rows()]
    drafted = guessed(tmp_path, [HEADINGS, *lines])
    data = yaml.safe_load(drafted.text)
    assert data["record_types"]["H"]["skip_rows"] == {"J": "Cancelled"}
