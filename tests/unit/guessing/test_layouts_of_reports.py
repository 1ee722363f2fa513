"""Prints and reports: pages, groups, blocks, totals, headings over several rows, several sheets; read, or told of."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
import yaml

from bulkpo.errors import InputError
from bulkpo.mapping.guessing.draft.guess import Use
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
HEADINGS = ["PO Number", "Supplier", "Line", "Description", "Qty", "UOM", "Unit Price", "Amount"]
SUPPLIERS = ("Acme Ltd", "Bolt GmbH", "Carter & Sons")
GOODS = ("Steel sheet 2 mm", "Hydraulic oil HLP", "Window cleaning", "V-belt SPA 1250")
Row = Sequence[object]
BOTH = pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])


def lines(first: int = 0, count: int = 9) -> list[list[object]]:
    """Orders of two or three lines, three of a supplier one after the other."""
    found: list[list[object]] = []
    for order in range(first, first + count):
        for line in range(1, 3 + order % 2):
            quantity, price = line + order % 3 + 1, order * 7 + line + 0.25
            own = [line, GOODS[(order + line) % 4], quantity, "EA", price, quantity * price]
            found.append([f"PO-{4700 + order}", SUPPLIERS[order // 3 % 3], *own])
    return found


ORDERS = lines()


def save(path: Path, sheets: Mapping[str, Sequence[Row]], merged: Sequence[str] = ()) -> Path:
    if path.suffix == ".csv":
        (rows,) = sheets.values()
        width = max(map(len, rows))
        texts = [["" if cell is None else str(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
        path.write_text("\n".join(map(";".join, texts)) + "\n", encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for area in merged:
            sheet.merge_cells(area)
    book.save(path)
    return path


def guessed(path: Path) -> Drafted:
    return guess_files([path], TABLES, "purchase_orders", "UTC")


def first_choices(drafted: Drafted) -> Drafted:
    return drafted.decided({question.name: question.choices[0] for question in drafted.questions})


def checked(path: Path) -> Checked:
    mapping = path.with_suffix(".yaml")
    mapping.write_text(first_choices(guessed(path)).text, encoding="utf-8")
    return check(open_mapped(mapping, path, TABLES))


@BOTH
def test_titles_page_numbers_and_headings_of_each_page_are_left_out(tmp_path: Path, name: str) -> None:
    rows: list[Row] = []
    for page in range(0, len(ORDERS), 7):
        rows += [["Open orders"], [f"Page {page // 7 + 1} of 4"], HEADINGS, *ORDERS[page : page + 7], ["Printed by MK"]]
    path = save(tmp_path / name, {"Print": rows})
    drafted = guessed(path)
    assert yaml.safe_load(drafted.text)["skip_rows"] == {
        "PO Number": {"matches": r"PO Number|Printed by MK|Open orders|Page \d+ of \d+"}
    }
    result = checked(path)
    assert (result.errors, result.ok, result.lines) == ([], 9, len(ORDERS))


@BOTH
@pytest.mark.parametrize("units", [False, True], ids=["two rows", "with units below"])
def test_headings_below_groups_and_above_units_are_one_heading(tmp_path: Path, name: str, *, units: bool) -> None:
    groups = ["Order", None, None, "Article", "Ordered", None, "Prices", None]
    own = ["Number", "Supplier", "Line", "Description", "Qty", "Unit", "Each", "Total"]
    below = [[None, None, None, None, "[pcs]", None, "[EUR]", "[EUR]"]] if units else []
    merged = ["A2:C2", "E2:F2", "G2:H2"]
    path = save(tmp_path / name, {"Orders": [["Purchasing report"], groups, own, *below, *ORDERS]}, merged)
    drafted = guessed(path)
    assert yaml.safe_load(drafted.text)["source"] == {"header_row": 2, "header_rows": 3 if units else 2}
    assert {"po-number", "supplier/name"} <= {path for each in drafted.guess.columns for path in each.paths}


@BOTH
@pytest.mark.parametrize("has_headings_again", [False, True])
def test_orders_below_a_row_that_names_them_are_refused_in_words(
    tmp_path: Path, name: str, *, has_headings_again: bool
) -> None:
    rows: list[Row] = [] if has_headings_again else [HEADINGS[2:]]
    for number in dict.fromkeys(row[0] for row in ORDERS):
        mine = [row for row in ORDERS if row[0] == number]
        rows += [[f"PO {str(number)[3:]} - {mine[0][1]}"], *([HEADINGS[2:]] if has_headings_again else [])]
        rows += [row[2:] for row in mine]
    with pytest.raises(InputError, match="orders stand in blocks, each below a row of its own such as 'PO 4700 - Acme"):
        guessed(save(tmp_path / name, {"Print": rows}))


@BOTH
def test_orders_below_labels_that_name_them_are_refused_in_words(tmp_path: Path, name: str) -> None:
    rows: list[Row] = []
    for number in dict.fromkeys(row[0] for row in ORDERS):
        mine = [row for row in ORDERS if row[0] == number]
        rows += [["Order:", number, None, "Supplier:", mine[0][1]], HEADINGS[2:], *(row[2:] for row in mine), []]
    with pytest.raises(InputError, match="such as 'Order: PO-4700', and no row of a line says which order it is of"):
        guessed(save(tmp_path / name, {"Print": rows}))


@BOTH
def test_suppliers_in_rows_of_their_own_are_told_not_to_be_loaded(tmp_path: Path, name: str) -> None:
    rows: list[Row] = [[title for title in HEADINGS if title != "Supplier"]]
    for supplier in SUPPLIERS:
        rows += [[supplier], *([row[0], *row[2:]] for row in ORDERS if row[1] == supplier)]
    drafted = guessed(save(tmp_path / name, {"Report": rows}))
    assert yaml.safe_load(drafted.text)["skip_rows"] == {"PO Number": {"in": list(SUPPLIERS)}}
    assert (
        "rows of their own that say 'Acme Ltd', 'Bolt GmbH', 'Carter & Sons' stand above other rows, as headings of "
        "groups do: they are left out, and what they say is not loaded; if orders need it (their supplier?), put it "
        "into a column beside them"
    ) in drafted.guess.reasons


@BOTH
def test_a_supplier_on_the_first_row_of_his_orders_is_filled_down_past_totals(tmp_path: Path, name: str) -> None:
    rows: list[Row] = [["Supplier", "PO Number", *HEADINGS[2:]]]
    for supplier in SUPPLIERS:
        mine = [row for row in ORDERS if row[1] == supplier]
        rows += [[supplier if row is mine[0] else None, row[0], *row[2:]] for row in mine]
        rows.append([f"{supplier} Total", *[None] * 6, sum(float(str(row[7])) for row in mine)])
    path = save(tmp_path / name, {"Pivot": rows})
    assert yaml.safe_load(guessed(path).text)["document"]["fill_down"] == ["Supplier"]
    result = checked(path)
    assert (result.errors, result.ok, result.lines) == ([], 9, len(ORDERS))


@BOTH
def test_a_supplier_that_orders_lack_is_not_taken_from_the_orders_above(tmp_path: Path, name: str) -> None:
    rows: list[Row] = [HEADINGS]
    for place, row in enumerate(row for row in ORDERS if row[2] == 1):
        rows.append([row[0], SUPPLIERS[place // 3 % 3] if place % 3 == 0 else None, *row[2:]])
    drafted = guessed(save(tmp_path / name, {"Orders": rows}))
    assert "fill_down" not in yaml.safe_load(drafted.text)["document"]


@BOTH
def test_orders_whose_number_stands_in_a_row_of_its_own_keep_it(tmp_path: Path, name: str) -> None:
    rows: list[Row] = [HEADINGS]
    for number in dict.fromkeys(row[0] for row in ORDERS):
        mine = [row for row in ORDERS if row[0] == number]
        rows += [[str(number).replace("-", " "), mine[0][1]], *([None, None, *row[2:]] for row in mine), []]
    path = save(tmp_path / name, {"Orders": rows})
    assert "skip_rows" not in yaml.safe_load(guessed(path).text)
    result = checked(path)
    assert (result.errors, result.ok, result.lines) == ([], 9, len(ORDERS))


def test_lines_that_name_their_order_in_other_words_are_joined_by_the_numbers(tmp_path: Path) -> None:
    heads = list({row[0]: [row[0], row[1], "EUR"] for row in ORDERS}.values())
    own: list[Row] = [["Belongs to order", *HEADINGS[2:]], *([row[0], *row[2:]] for row in ORDERS)]
    path = save(tmp_path / "o.xlsx", {"Orders": [["PO No.", "Supplier", "Currency"], *heads], "Positions": own})
    drafted = guessed(path)
    number = next(each for each in drafted.guess.columns if each.title == "Belongs to order")
    assert (number.use, number.paths) == (Use.MAPPED, ("po-number",))
    assert (checked(path).ok, checked(path).lines) == (9, len(ORDERS))


def test_months_of_one_shape_are_all_read_and_told(tmp_path: Path) -> None:
    sheets: dict[str, list[Row]] = {
        month: [HEADINGS, *lines(place * 9)] for place, month in enumerate(("Jan", "Feb", "Mar"))
    }
    drafted = guessed(save(tmp_path / "o.xlsx", sheets))
    assert yaml.safe_load(drafted.text)["source"] == {"sheet": ["Jan", "Feb", "Mar"]}
    assert drafted.guess.reasons[0] == ("3 sheets have the same headings and are read, each by itself: Jan, Feb, Mar")


def test_a_month_of_another_shape_is_told_to_be_not_read_and_why(tmp_path: Path) -> None:
    feb: list[Row] = [[*HEADINGS, "Remark"], *([*row, "x"] for row in lines(9))]
    params: list[Row] = [["Company", "1000"], ["Plant", "All"], ["Printed by", "MK"]]
    drafted = guessed(save(tmp_path / "o.xlsx", {"Jan": [HEADINGS, *lines()], "Feb": feb, "Parameters": params}))
    *_, orders, others = drafted.guess.reasons
    assert orders == (
        "not read, though it looks like orders, too: sheet Jan, which lacks 'Remark', unlike sheet Feb; make its "
        "headings those of the other, or guess a mapping of its own from a file that has it alone"
    )
    assert others == "not read: sheet Parameters"


def test_a_month_whose_headings_stand_elsewhere_is_told_to_be_not_read(tmp_path: Path) -> None:
    sheets: dict[str, list[Row]] = {"Jan": [["January"], HEADINGS, *lines()], "Feb": [HEADINGS, *lines(9)]}
    drafted = guessed(save(tmp_path / "o.xlsx", sheets))
    assert "sheet Jan, whose headings stand in row 2, and those of sheet Feb in row 1" in drafted.guess.reasons[-1]
