"""Two tables join by what their cells share, whatever the columns are called, and none is left out in silence."""

from pathlib import Path

from openpyxl import Workbook

from bulkpo.mapping.guessing.draft.guess import Guess, Use
from bulkpo.runs.drafting.guesses.guess import guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)


def guess_of(tmp_path: Path, own: str) -> Guess:
    """The guess of twelve orders in one sheet and their lines in another, which say `idped` as orders do."""
    book = Workbook()
    orders = book.worksheets[0]
    orders.title = "cab"
    lines = book.create_sheet("lin")
    orders.append(["idped", *([own] if own else []), "Supplier No", "Supplier Name", "Currency"])
    lines.append(["idlin", "idped", "Description", "Quantity", "Unit Price", "Amount", "UOM"])
    for n in range(12):
        mine = [f"26/A{n + 40}"] if own else []
        orders.append([700 + n, *mine, f"V{n % 3}", f"Firma {n % 3} GmbH", "EUR"])
        for line in range(1, 2 + n % 3):
            lines.append(
                [
                    900 + 3 * n + line,
                    700 + n,
                    f"Bolt number {n}{line}",
                    n + 2,
                    line + 0.25,
                    (n + 2) * (line + 0.25),
                    "EA",
                ]
            )
    path = tmp_path / "o.xlsx"
    book.save(path)
    return guess_files([path], TABLES, "purchase_orders", "UTC").guess


def test_what_joins_orders_and_lines_is_the_number_where_orders_have_no_other(tmp_path: Path) -> None:
    guess = guess_of(tmp_path, "")
    assert [part.name for part in guess.parts] == ["cab", "lin"]
    keys = [each for each in guess.columns if each.title == "idped"]
    assert [(each.use, each.paths) for each in keys] == [(Use.MAPPED, ("po-number",))] * 2


def test_an_id_that_joins_is_left_open_beside_a_number_that_orders_have_of_their_own(tmp_path: Path) -> None:
    guess = guess_of(tmp_path, "codigo")
    assert [part.name for part in guess.parts] == ["cab", "lin"]
    open_ones = [each.title for each in guess.undecided if "po-number" in each.paths]
    assert open_ones == ["idped", "codigo", "idped"]
