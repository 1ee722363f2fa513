"""Columns found by their headings, and what is said where they are not."""

import os
from pathlib import Path

from bulkpo.errors import MappingError
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

IF_CHANGED = "; if it is the right file and its headings have changed: bulkpo guess --fit m.yaml o.csv"
MAPPING = """\
bulkpo: import/1
name: small
resource: purchase_orders
document: {key: po-number}
dates: {time_zone: UTC}
columns:
  PO Number: po-number
  Line: order-lines/line-num
  Quantity: order-lines/quantity
  Unit Price: order-lines/price
  UOM: order-lines/uom/code
  Buyer: {ignore: internal}
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  supplier/name: Acme
  currency/code: USD
  order-lines/type: OrderQuantityLine
  order-lines/description: made up
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
"""


def problems(folder: Path, *lines: str) -> list[str]:
    """What is wrong with the headings; nothing if every row is clean."""
    (folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "o.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        checked = check(open_mapped(folder / "m.yaml", folder / "o.csv", ElementTables(schema_text)))
    except MappingError as error:
        return [each.replace(f"{folder}{os.sep}", "") for each in error.problems]
    assert checked.ok == 1
    return [found.message for found in checked.findings if found.code != "delimiter-guessed"]


def test_headings_match_without_regard_to_case_and_blanks(tmp_path: Path) -> None:
    assert problems(tmp_path, "po number,LINE,Quan tity,UnitPrice,uom,BUYER", "P1,1,2,3.5,EA,me") == []


def test_a_heading_that_is_written_alike_goes_first(tmp_path: Path) -> None:
    found = problems(tmp_path, "PO Number,Line,Quantity,Unit Price,UOM,buyer,BUYER", "P1,1,2,3.5,EA,me,")
    assert found == []
    assert problems(tmp_path, "po number,PO Number,Line,Quantity,Unit Price,UOM", "x,P1,1,2,3.5,EA") == [
        "column 'po number' is neither mapped nor ignored; add it to columns, or say {ignore: reason}"
    ]


def test_two_headings_that_fit_alike_are_named(tmp_path: Path) -> None:
    assert problems(tmp_path, "PO Number,Line,QUANTITY,quantity,Unit Price,UOM", "P1,1,2,2,3.5,EA") == [
        "m.yaml:9:3: the file has both 'QUANTITY' and 'quantity'; map one and ignore the other"
    ]


def test_headings_in_another_row_are_told_once_with_their_row(tmp_path: Path) -> None:
    title = ["Orders of 2026,,,,", "printed,by,me,,", "PO Number,Line,Quantity,Price,UOM", "P1,1,2,3.5,EA"]
    assert problems(tmp_path, *title) == [
        (
            "o.csv: the headings do not stand in row 1, as the mapping says: 4 of the 5 it names are in row 3; say "
            "source: {header_row: 3}"
        )
    ]


def test_a_wall_of_missing_columns_is_one_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, "PO Number,a,b", "P1,1,2") == [
        (
            "m.yaml:8:3: the file has 1 of the 5 columns that the mapping names; it lacks 'Line', 'Quantity', "
            f"'Unit Price', 'UOM'; it has: PO Number, a, b{IF_CHANGED}"
        )
    ]
    assert problems(tmp_path, "PO Number,Line,Quantity,UOM", "P1,1,2,EA") == [
        f"m.yaml:10:3: the file has no column 'Unit Price'; it has: PO Number, Line, Quantity, UOM{IF_CHANGED}"
    ]
