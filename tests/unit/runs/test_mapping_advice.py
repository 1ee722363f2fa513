"""What a check tells of a mapping that is not wrong: what Coupa would refuse, and columns nobody thought of."""

from pathlib import Path

import pytest

from bulkpo.cli.render import findings_lines
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

HEADERS = """\
bulkpo: import/1
name: parted
resource: purchase_orders
document: {key: po-number, number_lines: true}
tables:
  headers:
    source: {delimiter: ","}
    columns: {PO: po-number, Supplier: supplier/name}
  lines:
    source: {file: lines.csv, delimiter: ","}
    columns: {PO: po-number, Price: order-lines/price, Account: order-lines/account/code}
constants:
  ship-to-user/login: migration
  currency/code: USD
  order-lines/currency/code: USD
  order-lines/type: OrderAmountLine
  order-lines/description: made up
"""
REMEDY = "add them to columns, or say ignore_rest: reason"
NOT_BILLED = (
    "the mapping fills neither order-lines/account nor order-lines/account-allocations, and Coupa refuses lines that "
    "are billed to nothing; map order-lines/account/code, or say that yours needs none: rules: {order-lines/account: "
    "{required: false}}"
)

NO_QUANTITY = (
    "the mapping fills neither order-lines/quantity nor order-lines/type, and Coupa refuses quantity lines without a "
    "quantity; map order-lines/quantity, say with the constant order-lines/type: OrderAmountLine that they are amount "
    "lines, or that yours needs none: rules: {order-lines/quantity: {required: false}}"
)


def told(folder: Path, mapping: str) -> list[str]:
    (folder / "m.yaml").write_text(mapping, encoding="utf-8")
    (folder / "orders.csv").write_text("PO,Supplier,Site\nP1,Acme,x\n", encoding="utf-8")
    (folder / "lines.csv").write_text("PO,Price,Account,Tax,Item\nP1,5,01-100,1,A\n", encoding="utf-8")
    file = open_mapped(folder / "m.yaml", folder / "orders.csv", ElementTables(schema_text))
    checked = check(file)
    assert checked.ok == 1
    return findings_lines(checked.findings, file.source, 200)


def test_columns_of_a_second_file_are_told_with_its_name(tmp_path: Path) -> None:
    assert told(tmp_path, HEADERS) == [
        "2 notices",
        "    column 'headers/Site' is neither mapped nor ignored; add it to columns, or say {ignore: reason}",
        "    orders.csv, column 3 (unmapped-column)",
        f"    2 columns are neither mapped nor ignored: 'lines/Tax', 'lines/Item'; {REMEDY}",
        "    lines.csv (unmapped-column)",
    ]


@pytest.mark.parametrize(
    ("account", "more", "is_told"),
    [
        ("order-lines/account/code", "", False),
        ("order-lines/account-allocations/account/code", "  order-lines/account-allocations/pct: 100\n", False),
        ("{ignore: no such thing}", "", True),
        ("{ignore: no such thing}", "rules: {order-lines/account: {required: false}}\n", False),
    ],
)
def test_lines_that_nothing_is_billed_to_are_told_before_coupa_refuses_them(
    tmp_path: Path, account: str, more: str, *, is_told: bool
) -> None:
    said = " ".join(" ".join(told(tmp_path, HEADERS.replace("order-lines/account/code", account) + more)).split())
    assert (NOT_BILLED in said) == is_told


@pytest.mark.parametrize(
    ("more", "is_told"), [("", True), ("rules: {order-lines/quantity: {required: false}}\n", False)]
)
def test_lines_without_quantity_or_type_are_told_before_coupa_refuses_them(
    tmp_path: Path, more: str, *, is_told: bool
) -> None:
    mapping = HEADERS.replace("  order-lines/type: OrderAmountLine\n", "") + more
    said = " ".join(" ".join(told(tmp_path, mapping)).split())
    assert (NO_QUANTITY in said) == is_told
