"""A line that names a catalogue item needs no unit of its own: Coupa takes that of the item."""

from pathlib import Path

import pytest

from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: items
document: {key: po-number}
columns:
  PO: po-number
  Item: order-lines/item/item-number
  Price: order-lines/price
  Qty: order-lines/quantity
%s
constants:
  order-lines/description: Paper
  supplier/name: Acme
  ship-to-user/login: jdoe
  order-lines/account/code: "01"
  order-lines/currency/code: USD
"""
UNIT, TYPE = "  Unit: order-lines/uom/code", "  Type: order-lines/type"
REFUSED = "a quantity line needs a unit of measure; fill it in, or make it an amount line"
TAKEN = "a quantity line needs a unit of measure; Coupa takes that of the item the line names"


def told(folder: Path, columns: str, table: str, code: str = "uom-missing") -> list[tuple[str, str, str]]:
    (folder / "m.yaml").write_text(MAPPING % columns, encoding="utf-8")
    (folder / "o.csv").write_text(table, encoding="utf-8")
    file = open_mapped(folder / "m.yaml", folder / "o.csv", TABLES)
    found = [each for each in check(file).findings if each.code == code]
    return [(place_of(file.source, each.row, each.column), each.severity.value, each.message) for each in found]


def test_an_empty_unit_of_a_line_with_an_item_is_a_notice_and_of_one_without_an_error(tmp_path: Path) -> None:
    table = "PO,Item,Price,Qty,Unit\n1,A1,5,1,\n1,,5,1,\n2,A2,5,1,EA\n3,A3,5,,\n"
    assert told(tmp_path, UNIT, table) == [
        ("o.csv, line 2, column 5", "notice", TAKEN),
        ("o.csv, line 3, column 5", "error", REFUSED),
        ("o.csv, line 5, column 5", "notice", TAKEN),
    ]
    assert [place for place, *_ in told(tmp_path, UNIT, table, "quantity-missing")] == ["o.csv, line 5, column 4"]


@pytest.mark.parametrize("type_", ["", "OrderQuantityLine"])
def test_a_mapping_without_units_is_told_of_lines_without_an_item_alone(tmp_path: Path, type_: str) -> None:
    table = f"PO,Item,Price,Qty,Type\n1,A1,5,1,{type_}\n2,,5,1,{type_}\n3,A2,5,1,{type_}\n"
    assert [place for place, *_ in told(tmp_path, TYPE, table)] == ["o.csv, line 3, column 5"]
    assert told(tmp_path, TYPE, table.replace("2,,", "2,A9,")) == []


def test_a_mapping_of_items_without_types_and_units_is_not_told_that_its_lines_are_refused(tmp_path: Path) -> None:
    ((_, _, message),) = told(tmp_path, "", "PO,Item,Price,Qty\n1,A1,5,1\n", "line-type-left-open")
    assert "without a unit" not in message
