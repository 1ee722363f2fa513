"""Orders with their lines side by side in one row."""

from pathlib import Path

import pytest

from bulkpo.mapping.guessing.draft.guess import Use
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
HEADS = {
    "a number behind": "Item 1,Qty 1,UOM 1,Unit Price 1,Item 2,Qty 2,UOM 2,Unit Price 2",
    "a number in the middle": "Line 1 Item,Line 1 Qty,Line 1 UOM,Line 1 Unit Price,Line 2 Item,Line 2 Qty,Line 2 UOM,"
    "Line 2 Unit Price",
    "a number joined": "Item_1,Qty_1,UOM_1,UnitPrice_1,Item_2,Qty_2,UOM_2,UnitPrice_2",
    "the same headings again": "Item,Qty,UOM,Unit Price,Item,Qty,UOM,Unit Price",
}
ROWS = """4711,V10,EUR,Steel sheet,5,EA,12.50,Oil for pumps,3,LTR,4.10
4712,V20,USD,Window cleaning,2,HR,42.00,,,,
4713,V10,EUR,Steel sheet,7,EA,12.50,Window cleaning,4,HR,42.00
"""


def guessed(folder: Path, headings: str, rows: str = ROWS) -> Drafted:
    path = folder / "wide.csv"
    path.write_text(f"PO Number,Vendor No,Currency,{headings}\n{rows}", encoding="utf-8")
    said = {
        "ship-to-user/login": "migration",
        "order-lines/account/code": "01-100-8000",
        "order-lines/account/account-type/name": "SAP100",
    }
    return guess_files([path], TABLES, "purchase_orders", "Europe/Berlin").decided(said)


@pytest.mark.parametrize("headings", HEADS.values(), ids=HEADS)
def test_lines_side_by_side_become_lines_of_the_order(tmp_path: Path, headings: str) -> None:
    drafted = guessed(tmp_path, headings)
    paths = [each.paths[0] for each in drafted.guess.columns if each.use is Use.MAPPED]
    kinds = ("description", "quantity", "uom/code", "price")
    assert paths[3:] == [f"order-lines[{number}]/{kind}" for number in (1, 2) for kind in kinds]


def test_an_order_of_fewer_lines_has_none_more_though_all_lines_share_its_currency(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, HEADS["a number behind"])
    mapping = tmp_path / "wide.yaml"
    mapping.write_text(drafted.text, encoding="utf-8")
    checked = check(open_mapped(mapping, tmp_path / "wide.csv", TABLES))
    assert (checked.documents, checked.lines) == (3, 5)


def test_prices_by_quantity_beside_a_quantity_are_no_lines(tmp_path: Path) -> None:
    rows = "4711,V10,EUR,Steel sheet,5,EA,1,12.50,100,11.50\n4712,V20,USD,Oil for pumps,2,LTR,1,42.00,100,40.00\n"
    drafted = guessed(tmp_path, "Description,Quantity,UOM,Qty 1,Price 1,Qty 2,Price 2", rows)
    mapped = {path for each in drafted.guess.columns if each.use is Use.MAPPED for path in each.paths}
    assert not [path for path in mapped if path.endswith(("/price", "/quantity"))]
