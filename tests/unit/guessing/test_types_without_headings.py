"""Rows of several types without headings: orders and lines told by their first cell, factors by two things or open."""

from pathlib import Path

import openpyxl
import pytest
import yaml

from bulkpo.errors import UsageError
from bulkpo.mapping.guessing.draft.guess import Use
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
ITEMS = ("Steel sheet 2 mm", "Hydraulic oil HLP", "Window cleaning", "V-belt SPA 1250")
TITLES = [["Open purchase orders"], ["Printed", "2026-11-01"]]
PRICE, QUANTITY = "order-lines/price", "order-lines/quantity"


def rows(first: str, line: str, *, is_named: bool = True) -> list[list[str]]:
    """Eight orders of one to four lines: number, supplier, currency, date over line, text, quantity, unit, price."""
    found = []
    for order in range(8):
        number = f"45000{order:02}"
        currency = ("EUR", "USD")[order % 2]
        found.append([first, number, f"V{100 + order % 4}", currency, f"{order + 1:02}.03.2026"])
        for place in range(1, 2 + order % 4):
            quantity, price = place + order % 3 + 1, order * 7 + place
            own = [str(place * 10), ITEMS[(order + place) % 4], str(quantity), "EA"]
            amount = f"{quantity * (price + 0.25):.2f}"
            found.append([line, *([number] if is_named else []), *own, f"{price}.25", amount])
    return found


def guessed(folder: Path, name: str, lines: list[list[str]], separator: str = ";") -> Drafted:
    path = folder / name
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for each in lines:
            book.worksheets[0].append([float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in each])
        book.save(path)
    else:
        path.write_text("\n".join(map(separator.join, lines)) + "\n", encoding="utf-8")
    return guess_files([path], TABLES, "purchase_orders", "Europe/Berlin")


def becomes(drafted: Drafted, part: str) -> dict[str, tuple[Use, tuple[str, ...]]]:
    columns = next(each.columns for each in drafted.guess.parts if each.name == part)
    return {each.title: (each.use, each.paths) for each in columns}


@pytest.mark.parametrize("names", [("H", "D"), ("HDR", "LIN"), ("1", "2"), ("01", "02"), ("K", "P")])
@pytest.mark.parametrize("is_named", [True, False], ids=["lines name their order", "lines below their order"])
def test_orders_and_lines_are_told_by_their_first_cell(
    tmp_path: Path, names: tuple[str, str], *, is_named: bool
) -> None:
    drafted = guessed(tmp_path, "o.csv", rows(*names, is_named=is_named))
    assert [part.name for part in drafted.guess.parts] == [*names]
    assert yaml.safe_load(drafted.text)["source"] == {"header_row": "none"}
    assert becomes(drafted, names[0])["B"] == (Use.MAPPED, ("po-number",))
    lines = becomes(drafted, names[1])
    shift = 1 if is_named else 0
    assert lines["BCDEFGH"[shift]] == (Use.MAPPED, ("order-lines/line-num",))
    assert {lines["BCDEFGH"[place + shift]][0] for place in (2, 4)} == {Use.UNDECIDED}
    if is_named:
        assert lines["B"] == (Use.MAPPED, ("po-number",))


@pytest.mark.parametrize(("name", "separator"), [("o.csv", ";"), ("o.txt", "\t"), ("o.csv", "|"), ("o.xlsx", "")])
def test_titles_above_and_counts_below_are_no_orders(tmp_path: Path, name: str, separator: str) -> None:
    lines = [*TITLES, *rows("H", "D"), ["T", "20"]]
    drafted = guessed(tmp_path, name, lines, separator)
    assert yaml.safe_load(drafted.text)["source"] == {"header_row": "none", "first_row": 3}
    assert becomes(drafted, "T") == {"B": (Use.IGNORED, ())}
    assert drafted.guess.reasons[:2] == (
        "rows are of several types: orders are H, lines D",
        "1 row is neither (T) and not guessed: look at what becomes of them",
    )


def test_what_is_drafted_reads_all_orders_once_it_is_decided(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, "o.csv", [*TITLES, *rows("1", "2", is_named=False), ["9", "20"]])
    said = {"ship-to-user/login": "migration", "order-lines/account/code": "1", "1/C": "supplier/number"}
    said |= {"2/D": QUANTITY, "F": PRICE, "1/E": "ignore", "order-lines/account/account-type/name": "SAP100"}
    mapping = tmp_path / "o.yaml"
    done = drafted.decided({name: choice for name, choice in said.items() if name in known(drafted)})
    mapping.write_text(done.text, encoding="utf-8")
    checked = check(open_mapped(mapping, tmp_path / "o.csv", TABLES))
    assert (done.open, checked.errors, checked.ok, checked.lines) == (0, [], 8, 20)


def known(drafted: Drafted) -> set[str]:
    return {question.name for question in drafted.questions}


def test_a_letter_that_several_types_have_is_decided_for_one_of_them(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, "o.csv", rows("H", "D"))
    assert {"H/C", "D/E", "G"} <= known(drafted)
    with pytest.raises(UsageError, match="2 tables have a column 'E'; say which is meant: H/E or D/E"):
        drafted.decided({"E": QUANTITY})
    assert becomes(drafted.decided({"D/E": QUANTITY}), "H")["E"] == becomes(drafted, "H")["E"]


def test_headings_of_each_type_below_titles_are_found(tmp_path: Path) -> None:
    headings = [["H", "Order No", "Vendor No", "Currency", "Date"]]
    headings.append(["D", "Order No", "Line", "Description", "Qty", "Unit", "Unit Price", "Amount"])
    drafted = guessed(tmp_path, "o.csv", [*TITLES, *headings, *rows("H", "D")])
    assert yaml.safe_load(drafted.text)["source"] == {"first_row": 3}
    assert becomes(drafted, "D")["Unit Price"] == (Use.MAPPED, (PRICE,))


def test_a_list_without_headings_whose_first_column_says_few_things_is_no_list_of_types(tmp_path: Path) -> None:
    lines = [["Open" if place % 3 else "Void", f"47{place}", f"V{place % 2}", str(place), "EA"] for place in range(9)]
    drafted = guessed(tmp_path, "o.csv", lines)
    assert [part.name for part in drafted.guess.parts] == [""]


def test_one_heading_row_for_all_types_is_no_type_of_its_own(tmp_path: Path) -> None:
    heading = ["Type", "PO Number", "Line", "Description", "Qty", "Unit", "Price", "Amount"]
    drafted = guessed(tmp_path, "o.csv", [heading, *rows("H", "D")])
    assert "Type" in becomes(drafted, drafted.guess.parts[0].name)
    assert drafted.guess.reasons[0] == (
        "rows are of several types, orders (H) and lines (D) by their first cell, below one row of headings, and are "
        "guessed as if they were of one: a mapping reads them by record_types, with `source: {header_row: none, "
        "first_row: 2}` and columns by letters"
    )


def test_lines_that_are_numbered_in_their_first_cell_are_no_types(tmp_path: Path) -> None:
    lines = [["Line", "Article", "What", "How many"]]
    lines += [[str(place % 3 + 1), f"A-{place}", ITEMS[place % 4], str(place + 2)] for place in range(12)]
    assert [part.name for part in guessed(tmp_path, "o.csv", lines).guess.parts] == [""]
