"""Numbers that go with the orders' own, and lines that name their orders by another: none of these is sent."""

from pathlib import Path

from bulkpo.mapping.guessing.draft.guess import ColumnGuess, Use
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)


def guessed(folder: Path, files: dict[str, list[str]]) -> Drafted:
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return guess_files([folder / name for name in files], TABLES, "purchase_orders", "Europe/Berlin")


def orders(headings: str) -> list[str]:
    """Eight orders of two lines with two numbers each: one of a database, one of people."""
    rows = [headings]
    for order in range(8):
        for line in (1, 2):
            price = 7 + order + line
            said = f"{90 + order * 7},PO-26-{order:03},V{order % 3},EUR,{line},Steel sheet {price} mm,{line + 1},EA"
            rows.append(f"{said},{price}.25,{(line + 1) * (price + 0.25):.2f}")
    return rows


REST = "Vendor No,Currency,Line No,Description,Qty,UOM,Unit Price,Amount"


def columns_of(drafted: Drafted) -> dict[str, ColumnGuess]:
    return {each.title: each for each in drafted.guess.columns}


def test_of_an_id_and_a_number_of_the_same_orders_the_number_is_taken(tmp_path: Path) -> None:
    columns = columns_of(guessed(tmp_path, {"o.csv": orders(f"Purchase Order ID,Purchase Order Number,{REST}")}))
    assert columns["Purchase Order Number"].paths == ("po-number",)
    assert columns["Purchase Order ID"].use is Use.IGNORED


def test_two_numbers_of_the_same_orders_that_no_name_tells_apart_stay_open(tmp_path: Path) -> None:
    columns = columns_of(guessed(tmp_path, {"o.csv": orders(f"ID,Codigo,{REST}")}))
    assert [columns[title].use for title in ("ID", "Codigo")] == [Use.UNDECIDED] * 2
    assert columns["ID"].reasons[-1] == "'Codigo' numbers the same orders, and neither name says which is meant"


def test_lines_that_point_to_orders_by_a_key_of_the_interface_are_joined_by_it(tmp_path: Path) -> None:
    rows = [row.split(",") for row in orders(f"Interface Header Key,Order,{REST}")]
    heads = list(dict.fromkeys(",".join(row[:4]) for row in rows))
    drafted = guessed(tmp_path, {"heads.csv": heads, "lines.csv": [",".join((row[0], *row[4:])) for row in rows]})
    assert [part.name for part in drafted.guess.parts] == ["heads", "lines"]
    pointing = drafted.guess.parts[1].columns[0]
    assert (pointing.use, pointing.block) == (Use.IGNORED, {"ignore": "names the order"})
    assert drafted.guess.parts[1].joined_by == {"Interface Header Key": "Interface Header Key"}


def test_lines_that_point_by_a_key_of_another_name_leave_the_number_open(tmp_path: Path) -> None:
    rows = [row.split(",") for row in orders(f"Interface Header Key,Order,{REST}")]
    heads = list(dict.fromkeys(",".join(row[:4]) for row in rows))
    rows[0][0] = "Parent"
    drafted = guessed(tmp_path, {"heads.csv": heads, "lines.csv": [",".join((row[0], *row[4:])) for row in rows]})
    pointing = drafted.guess.parts[1].columns[0]
    assert (pointing.use, pointing.paths) == (Use.UNDECIDED, ("po-number",))
    assert pointing.reasons[-1].endswith(
        '(in this table `joined_by: {"Parent": "Interface Header Key"}`, and of this column `{ignore: joins}`), or put '
        "the order's own number into the lines"
    )
    assert drafted.guess.parts[1].joined_by == {}


def test_fields_are_known_without_what_stands_before_all_of_them(tmp_path: Path) -> None:
    headings = ",".join(f"ZQ_{name.replace(' ', '')}" for name in f"Key,PO Number,{REST}".split(","))
    columns = columns_of(guessed(tmp_path, {"o.csv": orders(headings)}))
    assert columns["ZQ_PONumber"].paths == ("po-number",)
    assert columns["ZQ_UnitPrice"].paths == ("order-lines/price",)
    assert columns["ZQ_Qty"].paths == ("order-lines/quantity",)
