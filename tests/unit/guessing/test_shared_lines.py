"""Rows that repeat a line for each account it is billed to never become lines of their own in silence."""

import re
from pathlib import Path

import pytest

from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.runs.drafting.guesses.guess import Drafted, Witnesses, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
HEAD = "PO_NUM;LINE_NUM;DIST_NUM;VENDOR_NAME;CURRENCY_CODE;ITEM_DESCRIPTION;QUANTITY;UOM;UNIT_PRICE;CHARGE_ACCOUNT"
ACCOUNTS = ("01-100-8000", "01-110-8000", "01-200-7000")
SHARES = {1: (100,), 2: (60, 40), 3: (50, 25, 25)}


def rows_of(counts: tuple[int, ...] = (1, 2, 3, 2), head: str = HEAD, quantity: str = "") -> list[list[str]]:
    """Twelve orders of as many lines as there are counts, each with that many rows; `quantity` moves with the row."""
    rows = [head.split(";")]
    for order in range(12):
        for line, count in enumerate(counts, 1):
            for share in range(count):
                ordered = (order + line) % 7 + 1 + (share if quantity == "differs" else 0)
                said = f"Part {order}-{line} filter"
                own = [str(88001 + order), str(line), str(share + 1), f"Acme Office {order % 3}", "USD", said]
                rows.append([*own, str(ordered), "EA", f"{line * 13 + order}.50", ACCOUNTS[share]])
    return rows


def guessed(folder: Path, rows: list[list[str]]) -> Drafted:
    path = folder / "o.csv"
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    return guess_files([path], TABLES, "purchase_orders", "Europe/Berlin")


def column(drafted: Drafted, title: str) -> str:
    (found,) = re.findall(rf"^  {re.escape(title)}: (.*)$", drafted.text, re.MULTILINE)
    return str(found)


@pytest.mark.parametrize("counts", [(1, 2, 3, 2), (2,), (1, 1, 1, 2)], ids=["some", "all", "few"])
def test_rows_that_say_one_line_again_leave_its_number_open(counts: tuple[int, ...], tmp_path: Path) -> None:
    drafted = guessed(tmp_path, rows_of(counts))
    assert column(drafted, "LINE_NUM") == "{undecided: [order-lines/line-num]}"
    assert "number_lines" not in drafted.text
    (open_one,) = [each for each in drafted.guess.parts[0].columns if each.title == "LINE_NUM"]
    assert open_one.reasons[-1] == (
        "rows with one number agree in 'ITEM_DESCRIPTION', 'QUANTITY', 'UNIT_PRICE': one line in several rows, it "
        "seems, as where it is billed to several accounts; to ignore it orders each row anew"
    )


def test_deliveries_of_a_line_are_counted_as_lines_for_their_quantities_differ(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, rows_of(quantity="differs"))
    assert "document: {key: po-number, number_lines: true}" in drafted.text


def test_rows_that_are_there_twice_are_not_taken_for_one_line(tmp_path: Path) -> None:
    rows = [[*row[:2], *row[3:]] for row in rows_of((1, 1, 1))]
    drafted = guessed(tmp_path, [rows[0], *(row for row in rows[1:] for _ in range(2))])
    assert "number_lines: true" in drafted.text


def test_a_count_of_shares_is_no_part_of_the_orders_number(tmp_path: Path) -> None:
    rows = rows_of((1, 2, 3))
    shared = [[*rows[0], "Split %"], *([*row, ""] for row in rows[1:])]
    place = 1
    for _ in range(12):
        for count in (1, 2, 3):
            for share in SHARES[count]:
                shared[place][-1] = str(share)
                place += 1
    drafted = guessed(tmp_path, shared)
    assert "document: {key: po-number}" in drafted.text
    assert column(drafted, "PO_NUM") == "po-number"
    assert column(drafted, "LINE_NUM") == "order-lines/line-num"
    assert column(drafted, "CHARGE_ACCOUNT") == "order-lines/account-allocations/account/code"


def test_a_cost_center_that_pays_a_share_is_no_part_of_the_orders_number(tmp_path: Path) -> None:
    rows = [[*row[:2], *row[3:]] for row in rows_of((1, 2, 3), HEAD.replace("CHARGE_ACCOUNT", "Cost Center"))]
    drafted = guessed(tmp_path, [[cell.replace("-8000", "") for cell in row] for row in rows])
    assert "document: {key: po-number}" in drafted.text
    assert column(drafted, "LINE_NUM") == "{undecided: [order-lines/line-num]}"


def test_an_account_that_another_mapping_shares_is_the_lines_own_where_no_share_stands_beside_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "o.csv"
    path.write_text("\n".join(";".join(row) for row in rows_of((1, 1))), encoding="utf-8")
    mapped = {"Charge Account": "order-lines/account-allocations/account/code"}
    drafted = guess_files([path], TABLES, "purchase_orders", "Europe/Berlin", Witnesses(mapped))
    assert column(drafted, "CHARGE_ACCOUNT") == "order-lines/account/code"
    load_import(drafted.text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))


def test_a_meaning_that_comes_from_another_mapping_says_so(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    rows = rows_of((1, 1), HEAD.replace("ITEM_DESCRIPTION", "Zeugs"))
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    mapped = {"Zeugs": "order-lines/description"}
    drafted = guess_files([path], TABLES, "purchase_orders", "Europe/Berlin", Witnesses(mapped))
    (thing,) = [each for each in drafted.guess.parts[0].columns if each.title == "Zeugs"]
    assert thing.reasons[0] == "the heading 'Zeugs', as another mapping in the folder has it"
