"""An order's number that stands in several columns is put together where the rows say so, and only there."""

from pathlib import Path

import pytest

from bulkpo.mapping.language.load import Beside, load_import
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
HEADINGS = "Order Co,Order Number,Or Ty,Supplier Number,Line Number,Description,Quantity,UM,Unit Cost,Amount,Cur"


def guessed(folder: Path, name: str, rows: list[str]) -> Drafted:
    path = folder / name
    path.write_text("\n".join(rows), encoding="utf-8")
    return guess_files([path], TABLES, "purchase_orders", "Europe/Berlin")


def orders(companies: tuple[str, ...], types: tuple[str, ...], first: int = 4001) -> list[str]:
    """Five orders of two lines for each company and type, each with the same numbers."""
    rows = [HEADINGS]
    for place, (company, kind) in enumerate((company, kind) for company in companies for kind in types):
        for number in range(first, first + 5):
            supplier = 8000 + (number + 3 * place) % 11
            for line in (1, 2):
                price = 7 + line + number % 5
                said = f"{company},{number},{kind},{supplier},{line},Thing {line},{line + 2},EA,{price}.50"
                rows.append(f"{said},{(line + 2) * (price + 0.5):.2f},USD")
    return rows


@pytest.mark.parametrize(
    ("companies", "types", "parts"),
    [
        (("00001", "00200"), ("OP",), "[Order Co, Order Number]"),
        (("00001",), ("OP", "OD"), "[Order Number, Or Ty]"),
        (("00001", "00200"), ("OP", "OD"), "[Order Co, Order Number, Or Ty]"),
    ],
    ids=["company and number", "number and type", "all three"],
)
def test_columns_that_only_together_part_the_orders_make_their_number(
    companies: tuple[str, ...], types: tuple[str, ...], parts: str, tmp_path: Path
) -> None:
    drafted = guessed(tmp_path, "o.csv", orders(companies, types))
    assert f'document: {{key: po-number, from: {parts}, separator: "-"}}' in drafted.text
    assert any("together: rows with one 'Order Number' differ in " in each for each in drafted.guess.reasons)
    assert "Line Number: order-lines/line-num" in drafted.text
    load_import(drafted.text, "m.yaml", TABLES, Beside(schema_text, lambda _: {}, schema_text))


def test_a_number_that_is_enough_alone_is_not_put_together(tmp_path: Path) -> None:
    rows = [*orders(("00001",), ("OP",)), *orders(("00200",), ("OP",), first=5001)[1:]]
    drafted = guessed(tmp_path, "o.csv", rows)
    assert "document: {key: po-number}" in drafted.text


def test_a_number_that_no_other_column_helps_stays_open(tmp_path: Path) -> None:
    rows = [row.replace("00200", "00001") for row in orders(("00001", "00200"), ("OP",))]
    drafted = guessed(tmp_path, "o.csv", rows)
    assert "Order Number: {undecided: [po-number]}" in drafted.text


def test_orders_and_lines_in_two_files_are_joined_by_both_columns(tmp_path: Path) -> None:
    rows = [row.split(",") for row in orders(("00001", "00200"), ("OP",))]
    heads = list(dict.fromkeys(",".join((row[0], row[1], row[3], row[10])) for row in rows))
    lines = [",".join((row[0], row[1], *row[4:10])) for row in rows]
    (tmp_path / "lines.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "heads.csv").write_text("\n".join(heads), encoding="utf-8")
    files = [tmp_path / "heads.csv", tmp_path / "lines.csv"]
    text = guess_files(files, TABLES, "purchase_orders", "Europe/Berlin").text
    both = "{heads: [Order Co, Order Number], lines: [Order Co, Order Number]}"
    assert f'document: {{key: po-number, from: {both}, separator: "-"}}' in text
