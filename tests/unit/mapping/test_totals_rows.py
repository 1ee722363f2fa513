"""Rows that add up others are no lines: they are told, left out or kept as the mapping says, and lines are lines."""

from pathlib import Path

import pytest
from cleaned import clean_documents

from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

MAPPING = """\
bulkpo: import/1
name: totals
document: {key: po-number, number_lines: true, fill_down: [PO]}
columns:
  PO: po-number
  Vendor: supplier/name
  Text: order-lines/description
  Amount: order-lines/price
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  currency/code: USD
  order-lines/currency/code: USD
  order-lines/type: OrderAmountLine
  order-lines/account/code: A
"""
TABLES = ElementTables(schema_text)
LINES = "A1,Acme,pen,100\n,,ink,50\n"


def checked(folder: Path, rows: str, *more: str, mapping: str = MAPPING) -> Checked:
    (folder / "m.yaml").write_text(mapping + "\n".join(more), encoding="utf-8")
    (folder / "o.csv").write_text("PO,Vendor,Text,Amount\n" + rows, encoding="utf-8")
    return check(open_mapped(folder / "m.yaml", folder / "o.csv", TABLES))


def totals(found: Checked) -> list[tuple[int, int]]:
    return [(each.row, each.column) for each in found.findings if each.code == "totals-row"]


@pytest.mark.parametrize(
    "said",
    [
        "Subtotal",
        "Sub-total:",
        "GRAND TOTAL",
        "Total amount",
        "Total 150.00 USD",
        "Zwischensumme",
        "Summe netto",
        "Sous-total",
        "Total général HT",
        "Suma total",
        "Totale ordine",
        "Valor total",
        "Totaal excl. btw",
        "Razem",
        "Итого:",
        "合計",
    ],
)
def test_a_row_that_says_it_adds_up_others_holds_its_order(tmp_path: Path, said: str) -> None:
    found = checked(tmp_path, f'{LINES},,"{said}",7\nB2,Acme,cap,3\n')
    assert [(each.code, each.row, each.column) for each in found.errors] == [("totals-row", 4, 3)]
    assert found.failed_keys == {"A1"}


@pytest.mark.parametrize("said", ["Total metals", "TDS (Total Dissolved Solids)", "Totalizer", "Sum pump", "Tax"])
def test_a_line_whose_text_only_has_such_a_word_is_a_line(tmp_path: Path, said: str) -> None:
    assert checked(tmp_path, f"{LINES},,{said},7\n").errors == []


def test_a_line_with_an_order_number_is_a_line_whatever_it_says(tmp_path: Path) -> None:
    assert checked(tmp_path, "A1,Acme,Total,150\n").errors == []


def test_a_row_of_a_line_number_is_a_line_whatever_it_says(tmp_path: Path) -> None:
    mapping = MAPPING.replace("  Vendor: supplier/name\n", "  Vendor: order-lines/line-num\n")
    assert checked(tmp_path, "A1,1,pen,100\n,2,Total,50\n", mapping=mapping).errors == []


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        (f"{LINES},,,150\n", 4),
        (f"{LINES},,,150\nB2,Acme,cap,3\n,,,153\n", 4),
        ("A1,Acme,pen,100\nB2,Acme,cap,3\n,,,103\n", 4),
        (f"{LINES},,Subtotal,150\n,,cap,3\n,,hat,4\n,,,7\n", 7),
    ],
)
def test_a_row_whose_amount_is_the_sum_of_lines_above_is_told_with_it(tmp_path: Path, rows: str, row: int) -> None:
    found = checked(tmp_path, rows)
    assert (row, 0) in totals(found) or (row, 3) in totals(found)
    assert {each.code for each in found.errors} <= {"totals-row", "required"}


def test_a_totals_row_says_what_it_adds_up_and_what_to_do(tmp_path: Path) -> None:
    (found,) = checked(tmp_path, f"{LINES},,in all,150\n").errors
    assert found.message == (
        "the row's amount, 150, is that of the 2 lines above it: it adds up others, and is no line; say "
        "totals_rows: skip to leave such rows out, or totals_rows: keep if it is one"
    )


@pytest.mark.parametrize("key", ["A1 Total", "Total A1", "Grand Total", "Gesamtergebnis"])
def test_a_spreadsheets_own_subtotals_which_name_the_order_are_totals_rows(tmp_path: Path, key: str) -> None:
    assert totals(checked(tmp_path, f"{LINES}{key},,,150\n")) == [(4, 1)]


def test_totals_rows_left_out_are_counted_and_listed_and_the_lines_are_sent(tmp_path: Path) -> None:
    found = checked(tmp_path, f"{LINES},,Subtotal,150\nB2,Acme,cap,3\n,,hat,4\n,,,7\n", "totals_rows: skip")
    assert (found.errors, found.skipped) == ([], {"totals rows": [4, 7]})
    file = open_mapped(tmp_path / "m.yaml", tmp_path / "o.csv", TABLES)
    assert [len(document.members) for document in clean_documents(file, found)] == [2, 2]


def test_totals_rows_without_a_number_can_be_left_out_where_nothing_is_carried_down(tmp_path: Path) -> None:
    mapping = MAPPING.replace(", fill_down: [PO]", "")
    rows = "A1,Acme,pen,100\nA1,Acme,ink,50\n,,Total,150\n,,,150\n"
    assert checked(tmp_path, rows, "totals_rows: skip", mapping=mapping).errors == []
    told = checked(tmp_path, rows, mapping=mapping).errors
    assert [(each.row, each.code) for each in told] == [(4, "totals-row"), (5, "empty-key"), (5, "required")]


def test_totals_rows_that_are_kept_are_lines_and_each_is_a_notice(tmp_path: Path) -> None:
    found = checked(tmp_path, f"{LINES},,Subtotal,150\n", "totals_rows: keep")
    assert (found.errors, found.lines) == ([], 3)
    assert [each.message for each in found.notices if each.code == "totals-row"] == [
        "the row says 'Subtotal': it adds up others, and is taken for a line, as the mapping says"
    ]


def test_a_totals_row_among_rows_of_several_types_is_none_of_its_order(tmp_path: Path) -> None:
    start, _, constants = MAPPING.partition("columns:\n")
    types = "record_types:\n  H: {columns: {PO: po-number}}\n  L: {columns: {Text: order-lines/description, Amount: "
    start, constants = start.replace(", fill_down: [PO]", ""), constants.partition("constants:")[2]
    mapping = f"{start}{types}order-lines/price}}}}\nconstants:{constants}"
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    text = "H,PO\nL,Text,Amount\nH,A1\nL,pen,100\nL,ink,50\nL,Total,150\nH,A2\nL,Total metals,5\n"
    (tmp_path / "o.csv").write_text(text, encoding="utf-8")
    found = check(open_mapped(tmp_path / "m.yaml", tmp_path / "o.csv", TABLES))
    assert (found.failed_keys, totals(found)) == ({"A1"}, [(6, 2)])
