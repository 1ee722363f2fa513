"""A price per 100 never becomes the price of one, however the price's column comes to be decided."""

from pathlib import Path

import pytest
import yaml

from bulkpo.errors import UsageError
from bulkpo.mapping.guessing.draft.guess import Use
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
DIVIDED = {"column": "Preiseinheit", "empty": 1, "zero": 1}


def guessed(folder: Path, price: str, per: str = "Preiseinheit") -> Drafted:
    """A guess of orders whose price stands under `price`, and how many it is for under `per`."""
    path = folder / "o.csv"
    rows = [f"Bestellnummer;Pos;Lief.-Nr.;Währung;Bezeichnung;Menge;ME;{price};{per}"]
    for order in range(10):
        for line in (1, 2):
            cells = f"{4500 + order};{line};V{order % 3:03};EUR;Artikel {order * 2 + line};{line + 2};ST"
            rows.append(f"{cells};{60 + order + 7 * line},25;{(1, 100, 1000)[(order + line) % 3]}")
    path.write_text("\n".join(rows), encoding="utf-8")
    return guess_files([path], TABLES, "purchase_orders", "Europe/Berlin")


def columns_of(drafted: Drafted) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(drafted.text)["columns"]
    return found


@pytest.mark.parametrize("title", ["Pr./PE", "Wert", "Preis", "Einzelpreis"])
def test_a_price_that_is_said_is_divided_by_how_many_it_is_for(tmp_path: Path, title: str) -> None:
    columns = columns_of(guessed(tmp_path, title).decided({title: "order-lines/price"}))
    assert columns[title] == {"to": "order-lines/price", "divide_by": DIVIDED}
    assert columns["Preiseinheit"] == {"ignore": "read by the price"}


def test_an_open_price_keeps_what_it_is_divided_by_when_it_is_decided_in_the_mapping(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, "Pr./PE")
    assert columns_of(drafted)["Pr./PE"] == {"undecided": ["order-lines/price"], "divide_by": DIVIDED}
    assert "    undecided: [order-lines/price]  # write in this line: to: order-lines/price\n" in drafted.text


def test_the_question_says_that_a_column_has_how_many_the_price_is_for(tmp_path: Path) -> None:
    said = "its name does not say plainly that it is the price; 'Preiseinheit' says how many the price is for"
    assert [each.reason for each in guessed(tmp_path, "Pr./PE").questions if each.name == "Pr./PE"] == [said]


def test_what_is_said_to_be_no_price_is_not_divided(tmp_path: Path) -> None:
    columns = columns_of(guessed(tmp_path, "Pr./PE").decided({"Pr./PE": "order-lines/source-part-num"}))
    assert columns["Pr./PE"] == "order-lines/source-part-num"


def test_ignoring_how_many_a_price_is_for_does_not_make_it_the_price_of_one(tmp_path: Path) -> None:
    drafted = guessed(tmp_path, "Pr./PE").decided({"Pr./PE": "order-lines/price", "Preiseinheit": "ignore"})
    assert columns_of(drafted)["Pr./PE"] == {"to": "order-lines/price", "divide_by": DIVIDED}


def test_a_unit_that_is_always_one_divides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    guessed(tmp_path, "Pr./PE")
    path.write_text(path.read_text(encoding="utf-8").replace(";1000\n", ";1\n").replace(";100\n", ";1\n"))
    text = path.read_text(encoding="utf-8").removesuffix(";100").removesuffix(";1000")
    path.write_text(text if text.endswith(";1") else f"{text};1", encoding="utf-8")
    drafted = guess_files([path], TABLES, "purchase_orders", "UTC").decided({"Pr./PE": "order-lines/price"})
    assert columns_of(drafted)["Pr./PE"] == "order-lines/price"


def wide(folder: Path, heads: str) -> Drafted:
    """Orders of two lines side by side, each with a price unit of its own."""
    path = folder / "w.csv"
    rows = [
        f"{4700 + n},V{n % 3},EUR,Steel {n},{n + 2},EA,{12 + n}.50,100,Oil {n},{n + 3},LTR,{4 + n}.10,10"
        for n in range(9)
    ]
    path.write_text("\n".join([f"PO Number,Vendor No,Currency,{heads}", *rows]), encoding="utf-8")
    return guess_files([path], TABLES, "purchase_orders", "UTC")


WIDE = "Item 1,Qty 1,UOM 1,Unit Price 1,Price Unit 1,Item 2,Qty 2,UOM 2,Unit Price 2,Price Unit 2"


def test_prices_side_by_side_are_each_divided_by_the_unit_of_their_line(tmp_path: Path) -> None:
    said = {f"Unit Price {line}": f"order-lines[{line}]/price" for line in (1, 2)}
    columns = columns_of(wide(tmp_path, WIDE).decided(said))
    for line in (1, 2):
        divided = {"column": f"Price Unit {line}", "empty": 1, "zero": 1}
        assert columns[f"Unit Price {line}"] == {"to": f"order-lines[{line}]/price", "divide_by": divided}


@pytest.mark.parametrize(
    ("title", "path"), [("Qty 2", "quantity"), ("Unit Price 2", "price"), ("Item 2", "description")]
)
def test_what_is_of_one_line_side_by_side_cannot_be_said_of_all(tmp_path: Path, title: str, path: str) -> None:
    with pytest.raises(UsageError) as refused:
        wide(tmp_path, WIDE).decided({title: f"order-lines/{path}"})
    assert str(refused.value) == (
        f"--set: {title!r}: order-lines/{path} would hold for each of the lines that stand side by side; do you mean "
        f"order-lines[2]/{path}?"
    )


def test_what_all_lines_side_by_side_share_can_be_said_of_all(tmp_path: Path) -> None:
    drafted = wide(tmp_path, WIDE).decided({"Vendor No": "order-lines/source-part-num"})
    column = next(each for each in drafted.guess.columns if each.title == "Vendor No")
    assert (column.use, column.paths) == (Use.MAPPED, ("order-lines/source-part-num",))
