"""Files without headings: the orders' number by the rows, price and quantity by two things, nothing in silence."""

from pathlib import Path

from bulkpo.mapping.guessing.draft.guess import Use
from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
PRICE, QUANTITY = "order-lines/price", "order-lines/quantity"


def rows(orders: int = 6) -> list[list[str]]:
    """Orders of two to four lines: number, supplier, terms, line, text, quantity, price, amount."""
    found = []
    for order in range(orders):
        for line in range(1, 3 + order % 3):
            quantity, price = line + 2 + order % 2, 7 + line + order
            amount = f"{quantity * (price + 0.25):.2f}"
            head = [f"45000{order:02}", f"V{order % 3:03}", f"NET{order % 2 * 30 + 30}"]
            found.append([*head, str(line), f"Steel sheet, {price} mm", str(quantity), f"{price}.25", amount])
    return found


def guessed(folder: Path, files: dict[str, list[list[str]]]) -> Drafted:
    for name, lines in files.items():
        (folder / name).write_text("\n".join(map(";".join, lines)), encoding="utf-8")
    drafted = guess_files([folder / name for name in files], TABLES, "purchase_orders", "Europe/Berlin")
    load_import(drafted.text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))
    return drafted


def test_the_orders_number_is_where_lines_are_counted_anew_and_others_agree(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, {"o.csv": rows()})
    columns = {each.title: each for each in drafted.guess.columns}
    assert columns["A"].paths == ("po-number",)
    assert "'D' counts the rows of each 'A'" in columns["A"].reasons
    assert columns["D"].paths == ("order-lines/line-num",)


def test_what_multiplies_is_open_between_price_and_quantity_where_nothing_tells_which_is_which(tmp_path: Path) -> None:
    lines = [[*row[:6], row[6].replace(".25", ""), str(int(row[5]) * int(row[6][:-3]))] for row in rows()]
    columns = {each.title: each for each in guessed(tmp_path, {"o.csv": lines}).guess.columns}
    assert {title: set(columns[title].paths) for title in "FG"} == {"F": {QUANTITY, PRICE}, "G": {QUANTITY, PRICE}}
    assert columns["F"].use is columns["G"].use is Use.UNDECIDED
    assert columns["H"].block == {"ignore": "Coupa works out the amount of a line"}


def test_price_and_quantity_are_known_where_articles_keep_their_price_and_quantities_are_whole(tmp_path: Path) -> None:
    columns = {each.title: each for each in guessed(tmp_path, {"o.csv": rows()}).guess.columns}
    assert {title: columns[title].paths for title in "FG"} == {"F": (QUANTITY,), "G": (PRICE,)}
    assert columns["H"].block == {"ignore": "Coupa works out the amount of a line"}


def test_a_number_that_parts_the_rows_as_another_does_is_not_taken(tmp_path: Path) -> None:
    lines = [[row[0], f"S{row[0]}", *row[2:]] for row in rows()]
    columns = {each.title: each for each in guessed(tmp_path, {"o.csv": lines}).guess.columns}
    assert columns["A"].paths == columns["B"].paths == ("po-number", "supplier/number")


def test_orders_and_lines_in_two_files_are_joined_by_numbers_that_stand_once_and_come_again(tmp_path: Path) -> None:
    heads = list({row[0]: [row[0], row[1], row[2], f"{900 + place}.10"] for place, row in enumerate(rows())}.values())
    drafted = guessed(tmp_path, {"heads.csv": heads, "lines.csv": [[row[0], *row[4:]] for row in rows()]})
    assert [part.name for part in drafted.guess.parts] == ["heads", "lines"]
    assert [part.columns[0].paths for part in drafted.guess.parts] == [("po-number",)] * 2
    assert "not understood and left out: 'D' (such as '901.10')" in " ".join(drafted.guess.reasons)


def test_cells_of_one_length_are_no_fixed_places_where_a_mark_parts_the_lines(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, {"o.csv": [row for row in rows() if len(row[6]) == len("8.25")]})
    assert drafted.guess.parts[0].source == {"header_row": "none"}


def test_no_column_with_values_is_left_out_without_a_word(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, {"o.csv": rows()})
    said = " ".join(drafted.guess.reasons)
    for each in drafted.guess.columns:
        assert each.use is not Use.IGNORED or each.meaning or f"'{each.title}'" in said
