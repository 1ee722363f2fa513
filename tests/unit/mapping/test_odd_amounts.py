"""Prices, quantities and currencies that are rarely meant: each is a notice, and its order is sent all the same."""

from pathlib import Path

import pytest

from bulkpo.model.currencies import meant_currency, minor_units
from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
CODES = ("finer-than-currency", "negative-price", "negative-quantity", "odd-currency", "zero-quantity")
HEAD = """\
bulkpo: import/1
name: odd
numbers: {decimal: "."}
document: {key: po-number}
rules: {ship-to-user: {required: false}, order-lines/account: {required: false}}
constants: {order-lines/description: bolts, order-lines/type: OrderQuantityLine, order-lines/uom/code: EA}
"""
FLAT = """\
columns:
  PO: po-number
  Cur: order-lines/currency/code
  Qty: order-lines/quantity
  Price: order-lines/price
"""
WIDE = """\
columns:
  PO: po-number
  Cur: order-lines/currency/code
  Qty: "order-lines[1]/quantity"
  Price: "order-lines[1]/price"
"""
BOTH = FLAT.replace("order-lines/currency/code", "[currency/code, order-lines/currency/code]")


def notices(folder: Path, columns: str, *rows: str, titles: str = "PO,Cur,Qty,Price") -> list[tuple[str, str, str]]:
    (folder / "m.yaml").write_text(HEAD + columns)
    (folder / "orders.csv").write_text("\n".join((titles, *rows, "")))
    file = open_mapped(folder / "m.yaml", folder / "orders.csv", TABLES)
    found = check(file)
    assert found.failed == 0
    return [
        (place_of(file.source, each.row, each.column).removeprefix("orders.csv, "), each.code, each.message)
        for each in found.notices
        if each.code in CODES
    ]


@pytest.mark.parametrize("columns", [FLAT, WIDE])
def test_odd_prices_and_quantities_are_told_and_sent_in_every_layout(tmp_path: Path, columns: str) -> None:
    rows = (
        "A,JPY,1,2.505",
        "B,USD,1,2.50",
        "C,USD,1,0.0125",
        "D,USD,0,1",
        "E,KWD,1,1.125",
        "F,JPY,1,3.1",
        "G,USD,1,-5",
        "H,USD,-2,5",
    )
    assert notices(tmp_path, columns, *rows, "I,XDR,1,1.23456", "J,JPY,1,2.00", "K,USD,0.5,7") == [
        (
            "line 2, column 4",
            "finer-than-currency",
            "the price is 2.505, but amounts in JPY have no decimals; such prices are sent as they stand",
        ),
        (
            "line 4, column 4",
            "finer-than-currency",
            "the price is 0.0125, but amounts in USD have 2 decimals; such prices are sent as they stand",
        ),
        ("line 5, column 3", "zero-quantity", "the quantity is 0: the line orders nothing; see that it is meant"),
        (
            "line 8, column 4",
            "negative-price",
            "the price is -5, below zero: a credit or a discount; see that it is meant",
        ),
        ("line 9, column 3", "negative-quantity", "the quantity is -2, below zero: a return; see that it is meant"),
    ]


@pytest.mark.parametrize("columns", [FLAT, WIDE, BOTH])
def test_a_currency_that_is_none_is_told_of_once_at_its_cell(tmp_path: Path, columns: str) -> None:
    rows = ("A,EUR,1,2", "B,EURO,1,2.50", "C,EURO,1,2", "D,US$,1,1", "E,usd,1,1.125", "F,XCG,1,3")
    assert notices(tmp_path, columns, *rows) == [
        (
            "line 3, column 2",
            "odd-currency",
            "'EURO' is no currency's code of ISO 4217, as EUR is; a `crosswalk` makes codes of what stands here",
        ),
        (
            "line 5, column 2",
            "odd-currency",
            "'US$' is no currency's code of ISO 4217; a `crosswalk` makes codes of what stands here",
        ),
        (
            "line 6, column 2",
            "odd-currency",
            "'usd' is no currency's code of ISO 4217, as USD is; a `crosswalk` makes codes of what stands here",
        ),
    ]


@pytest.mark.parametrize(
    ("code", "stands_for"),
    [
        ("XXX", "no currency at all"),
        ("XTS", "tests"),
        ("XAU", "gold"),
        ("XPT", "platinum"),
        ("XBA", "a unit of the bond market"),
    ],
)
def test_a_code_that_stands_for_no_money_is_told_with_what_it_stands_for(
    tmp_path: Path, code: str, stands_for: str
) -> None:
    said = (
        f"{code!r} stands for {stands_for} in ISO 4217, and is no money; a `crosswalk` makes codes of what stands here"
    )
    assert notices(tmp_path, FLAT, f"1,{code},1,5", f"2,{code},1,5") == [("line 2, column 2", "odd-currency", said)]


def test_units_of_account_that_people_pay_in_are_money(tmp_path: Path) -> None:
    assert notices(tmp_path, FLAT, "1,XDR,1,5", "2,XOF,1,5", "3,XEU,1,5", "4,CLF,1,5") == []


@pytest.mark.parametrize("member", ["", "[1]"])
@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ("1,,1,5,Euro", "line 2, column 5"),
        ("1,Euro,1,5,Euro", "line 2, column 2"),
        ("1,Euro,1,5,EUR", "line 2, column 2"),
    ],
)
def test_an_odd_currency_is_told_at_the_cell_it_stands_in(tmp_path: Path, row: str, cell: str, member: str) -> None:
    lines = {"Qty": "quantity", "Price": "price", "Own": "currency/code"}
    columns = "".join(f'  {title}: "order-lines{member}/{path}"\n' for title, path in lines.items())
    columns = f"columns:\n  PO: po-number\n  Cur: currency/code\n{columns}"
    found = notices(tmp_path, columns, row, titles="PO,Cur,Qty,Price,Own")
    assert [(place, code) for place, code, _ in found] == [(cell, "odd-currency")]


def test_what_is_no_code_may_be_a_currency_all_the_same() -> None:
    texts = ("Euro", "EURO", " usd", "US Dollar", "Pounds", "Eurasia", "")
    assert [meant_currency(text) for text in texts] == ["EUR", "EUR", "USD", "USD", "", "", ""]


def test_currencies_have_the_minor_units_of_the_standard() -> None:
    assert [minor_units(code) for code in ("USD", "JPY", "KWD", "CLF", "XAU", "us$")] == [2, 0, 3, 4, None, None]


def test_currencies_keep_the_decimals_of_the_standard_where_people_write_fewer() -> None:
    assert [minor_units(code) for code in ("HUF", "IDR", "COP", "IQD")] == [2, 2, 2, 3]
