"""Tables side by side on a sheet: one is mapped, the others are told of, and nothing of them is mixed in."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import yaml

from bulkpo.mapping.guessing.draft.guess import Use
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.runs.drafting.guesses.guess import Drafted, guess_files
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
HEADINGS = ["PO Number", "Vendor No", "Description", "Qty", "UOM", "Unit Price"]
SUPPLIERS = [["Number", "Name", "City"], *([f"V{place}", f"Vendor {place} Ltd", "Leeds"] for place in range(3))]
DECISIONS = {
    "currency/code": "USD",
    "ship-to-user/login": "migration",
    "order-lines/account/code": "01-100-8000",
    "order-lines/account/account-type/name": "SAP100",
}
Row = Sequence[str]


def orders(first: int, count: int) -> list[list[str]]:
    return [
        HEADINGS,
        *(
            [f"PO-{first + each}", f"V{each % 3}", f"Sheet no. {each}", f"{each + 1}", "EA", f"{each + 7}.25"]
            for each in range(count)
        ),
    ]


def beside(left: Sequence[Row], right: Sequence[Row], *, gap: int = 1, down: int = 0) -> list[list[str]]:
    """Two tables beside each other, the right one so many rows further down."""
    width = len(left[0]) + gap
    shifted: list[list[str]] = [[] for _ in range(down)] + [list(row) for row in right]
    height = max(len(left), len(shifted))
    rows = [list(left[place]) if place < len(left) else [] for place in range(height)]
    return [
        [*row, *[""] * (width - len(row)), *(shifted[place] if place < len(shifted) else [])]
        for place, row in enumerate(rows)
    ]


def guessed(folder: Path, name: str, rows: Sequence[Row]) -> Drafted:
    path = folder / name
    if path.suffix == ".csv":
        width = max(map(len, rows))
        path.write_text("\n".join(",".join([*row, *[""] * (width - len(row))]) for row in rows), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(list(map(cell, row)))
        book.save(path)
    return guess_files([path], TABLES, "purchase_orders", "UTC")


def cell(text: str) -> float | str | None:
    return float(text) if text.replace(".", "").isdigit() else text or None


def source(drafted: Drafted) -> object:
    return yaml.safe_load(drafted.text).get("source", {})


def loaded(folder: Path, name: str, text: str) -> tuple[int, int]:
    (folder / "second.yaml").write_text(text, encoding="utf-8")
    checked = check(open_mapped(folder / "second.yaml", folder / name, TABLES))
    return checked.ok, checked.failed


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
@pytest.mark.parametrize("gap", [0, 1, 2])
def test_of_two_tables_of_orders_one_is_mapped_and_how_to_map_the_other_is_told(
    tmp_path: Path, name: str, gap: int
) -> None:
    drafted = guessed(tmp_path, name, beside(orders(100, 8), orders(300, 5), gap=gap)).decided(DECISIONS)
    other = f"{'GHI'[gap]}:{'LMN'[gap]}"
    assert source(drafted) == {"area": "A:F"}
    assert drafted.guess.reasons[0] == (
        "two tables of one shape stand side by side: this mapping reads A:F, and the orders in "
        f"{other} are not read by it; to load them, too, "
        "write a second mapping that says "
        f'`extends:` this one and `source: {{area: "{other}"}}`'
    )
    assert (drafted.open, {each.use for each in drafted.guess.columns}) == (0, {Use.MAPPED})
    (tmp_path / "first.yaml").write_text(drafted.text, encoding="utf-8")
    assert loaded(tmp_path, name, "extends: first.yaml\nbulkpo: import/1\nname: first\n") == (8, 0)
    second = f'extends: first.yaml\nbulkpo: import/1\nname: second\nsource: {{area: "{other}"}}\n'
    assert loaded(tmp_path, name, second) == (5, 0)


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
@pytest.mark.parametrize("down", [0, 2])
def test_a_list_beside_the_orders_is_told_and_never_mixed_in(tmp_path: Path, name: str, down: int) -> None:
    drafted = guessed(tmp_path, name, beside(orders(100, 8), SUPPLIERS, down=down))
    assert source(drafted) == {"area": "A:F"}
    assert [each.title for each in drafted.guess.columns] == HEADINGS
    named = "" if down else " (Number, Name, City)"
    assert drafted.guess.reasons[0] == (
        f"not read: what stands beside the orders in columns H:J{named}: a list of its own"
    )


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
def test_a_list_that_stands_left_of_the_orders_is_no_part_of_them(tmp_path: Path, name: str) -> None:
    drafted = guessed(tmp_path, name, beside(SUPPLIERS, orders(100, 8)))
    assert source(drafted) == {"area": "E:J"}
    assert [each.title for each in drafted.guess.columns] == HEADINGS


def test_a_list_longer_than_the_orders_is_no_part_of_them(tmp_path: Path) -> None:
    prices = [["Article", "Price"], *([f"A-{place}", f"{place}.50"] for place in range(30))]
    drafted = guessed(tmp_path, "o.csv", beside(orders(100, 8), prices))
    assert source(drafted) == {"area": "A:F"}


def test_a_blank_column_within_one_table_parts_nothing(tmp_path: Path) -> None:
    more = [["Need by", "Account"], *([f"2026-11-{place + 10}", "6100-10"] for place in range(8))]
    drafted = guessed(tmp_path, "o.csv", beside(orders(100, 8), more))
    assert source(drafted) == {}
    assert "order-lines/need-by-date" in {path for each in drafted.guess.columns for path in each.paths}


def test_notes_here_and_there_behind_a_blank_column_stay_in_the_table(tmp_path: Path) -> None:
    notes = [["Need by", "Remark"], *([["", ""], ["2026-11-10", "late"]][place % 2] for place in range(8))]
    assert source(guessed(tmp_path, "o.csv", beside(orders(100, 8), notes))) == {}
