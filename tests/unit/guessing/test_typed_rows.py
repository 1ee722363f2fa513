"""Files whose rows are of several types, as Coupa's own flat file and many an interface have them."""

from pathlib import Path

import pytest

from bulkpo.mapping.guessing.draft.guess import Use
from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
HEADINGS = "H;Order No;Vendor No;Currency\nL;Order No;Line;Description;Qty;Unit;Unit Price\n"
ORDERS = "H;4711;V10;EUR\n", "H;4712;V20;USD\n"
LINES = (
    "L;4711;1;Steel sheet, 2 mm;5;EA;12.50\n",
    "L;4711;2;Window cleaning;2;HR;42.00\n",
    "L;4712;1;Steel sheet, 2 mm;9;EA;12.50\n",
    "L;4712;2;Hydraulic oil HLP;3;LTR;3.45\n",
)


def guessed(folder: Path, text: str) -> Drafted:
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")
    drafted = guess_files([path], TABLES, "purchase_orders", "Europe/Berlin")
    load_import(drafted.text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))
    return drafted


def mapped(drafted: Drafted, part: str) -> dict[str, str]:
    columns = next(each.columns for each in drafted.guess.parts if each.name == part)
    return {each.title: each.paths[0] for each in columns if each.use is Use.MAPPED}


@pytest.mark.parametrize(
    "rows",
    ["".join((ORDERS[0], *LINES[:2], ORDERS[1], *LINES[2:])), "".join((*ORDERS, *reversed(LINES)))],
    ids=["lines below their order", "lines below all orders"],
)
def test_lines_that_name_their_order_go_with_it_wherever_they_stand(tmp_path: Path, rows: str) -> None:
    drafted = guessed(tmp_path, HEADINGS + rows)
    assert mapped(drafted, "H") == {
        "Order No": "po-number",
        "Vendor No": "supplier/number",
        "Currency": "currency/code",
    }
    assert mapped(drafted, "L")["Order No"] == "po-number"
    assert mapped(drafted, "L")["Unit Price"] == "order-lines/price"


def test_rows_that_are_neither_orders_nor_lines_are_left_open_and_none_is_mapped(tmp_path: Path) -> None:
    more = "A;Line;Account Code;Amount\n"
    drafted = guessed(tmp_path, HEADINGS + more + ORDERS[0] + LINES[0] + "A;1;6100-10;62.50\n" + ORDERS[1] + LINES[2])
    assert mapped(drafted, "A") == {}
    assert "Account Code: {undecided: [order-lines/account/code]}" in drafted.text


def test_a_list_whose_first_column_has_few_texts_is_a_plain_table(tmp_path: Path) -> None:
    rows = "".join(f"{'Open' if place % 2 else 'Closed'};47{place};V10;{place};EA;2.50\n" for place in range(11, 19))
    drafted = guessed(tmp_path, f"Status;PO Number;Vendor No;Qty;Unit;Unit Price\n{rows}")
    assert [each.name for each in drafted.guess.parts] == [""]


def test_a_cell_of_several_lines_stays_within_its_remark(tmp_path: Path) -> None:
    drafted = guessed(
        tmp_path, 'PO Number;Vendor No;What;Qty\n4711;V10;"Steel sheet\n2 mm: # thick";5\n4712;V11;Oil for pumps;6\n'
    )
    assert "\n2 mm" not in drafted.text
