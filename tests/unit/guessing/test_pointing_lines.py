"""Two tables join by what their cells share, whatever the columns are called, and none is left out in silence."""

from pathlib import Path

from openpyxl import Workbook

from bulkpo.mapping.guessing.draft.decisions import decided
from bulkpo.mapping.guessing.draft.guess import Guess, Use
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
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


def test_an_id_that_joins_does_so_beside_a_number_that_orders_have_of_their_own(tmp_path: Path) -> None:
    guess = guess_of(tmp_path, "codigo")
    assert [part.name for part in guess.parts] == ["cab", "lin"]
    assert [part.joined_by for part in guess.parts] == [{}, {"idped": "idped"}]
    open_ones = [each.title for each in guess.undecided if "po-number" in each.paths]
    assert open_ones == ["idped", "codigo"]


def test_orders_and_lines_of_sap_business_one_are_joined_by_their_entry_and_checked(tmp_path: Path) -> None:
    orders = "".join(f"{n + 500},{n + 7001},V{n % 3},Firma {n % 3},EUR\n" for n in range(9))
    lines = "".join(
        f"{n + 500},{line},Bolt {n}{line},{n + 2},{line + 0.25},EA\n" for n in range(9) for line in range(1 + n % 3)
    )
    (tmp_path / "OPOR.csv").write_text(f"DocEntry,DocNum,CardCode,CardName,DocCur\n{orders}", encoding="utf-8")
    (tmp_path / "POR1.csv").write_text(f"DocEntry,LineNum,Dscription,Quantity,Price,unitMsr\n{lines}", encoding="utf-8")
    drafted = guess_files([tmp_path / "OPOR.csv", tmp_path / "POR1.csv"], TABLES, "purchase_orders", "UTC")
    assert "    joined_by: {DocEntry: DocEntry}\n" in drafted.text
    choices = {question.name: question.choices[0] for question in drafted.questions}
    (tmp_path / "b1.yaml").write_text(drafted.decided(choices).text, encoding="utf-8")
    found = check(open_mapped(tmp_path / "b1.yaml", tmp_path / "OPOR.csv", TABLES))
    assert (found.documents, found.ok, found.lines) == (9, 9, 18)


def test_saying_that_the_id_is_the_number_ends_the_join(tmp_path: Path) -> None:
    guess = guess_of(tmp_path, "codigo")
    said = decided(guess, {"cab/idped": "po-number", "lin/idped": "po-number", "codigo": "ignore"}, str)
    assert [part.joined_by for part in said.parts] == [{}, {}]


def test_what_counts_the_rows_of_both_tables_joins_nothing(tmp_path: Path) -> None:
    orders = "".join(f"{n + 1},PX-{n + 40},V{n % 3},Firma {n % 3} GmbH,EUR\n" for n in range(4))
    lines = "".join(f"{n % 5 % 4 + 1},Bolt {n},{n + 2},{n + 0.25},EA\n" for n in range(6))
    (tmp_path / "cab.csv").write_text(f"No.,PO Number,Supplier No,Supplier Name,Currency\n{orders}", encoding="utf-8")
    (tmp_path / "lin.csv").write_text(f"No.,Description,Quantity,Unit Price,UOM\n{lines}", encoding="utf-8")
    drafted = guess_files([tmp_path / "cab.csv", tmp_path / "lin.csv"], TABLES, "purchase_orders", "UTC")
    assert "joined_by: {No" not in drafted.text
