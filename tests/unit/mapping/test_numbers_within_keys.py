"""A number of an order that a program took for a number is found whatever a mapping puts around it."""

from pathlib import Path

import pytest

from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
KEYED = """\
bulkpo: import/1
name: codes
document: {key: po-number%s}
columns:
  Co: {ignore: part of the key}
  No: %s
  Price: order-lines/price
constants:
  supplier/name: Acme
  ship-to-user/login: jdoe
  currency/code: EUR
  order-lines/type: OrderAmountLine
  order-lines/description: bolts
  order-lines/account/code: "01"
  order-lines/currency/code: EUR
"""


@pytest.mark.parametrize(
    "written",
    [
        (', from: [Co, No], separator: "-"', "{ignore: part of the key}"),
        ("", "{to: po-number, prefix: A-}"),
        ("", "{to: po-number, suffix: -A}"),
        ("", "po-number"),
    ],
)
@pytest.mark.parametrize(
    ("text", "code", "let_be"),
    [("10042.0", "decimal-code", "keys: exact"), ("1.23E+15", "scientific-number", "scientific: as_read")],
)
def test_an_orders_number_is_not_made_of_a_number_that_a_program_made_of_a_code(
    tmp_path: Path, written: tuple[str, str], text: str, code: str, let_be: str
) -> None:
    (tmp_path / "o.csv").write_text(f"Co,No,Price\nA,{text},5\n", encoding="utf-8")
    for said, codes, ok in (("", {code}, 0), (f"{let_be}\n", set(), 1)):
        (tmp_path / "m.yaml").write_text(KEYED % written + said, encoding="utf-8")
        found = check(open_mapped(tmp_path / "m.yaml", tmp_path / "o.csv", TABLES))
        assert ({each.code for each in found.errors}, found.ok) == (codes, ok)
