"""A row without an order number keeps the orders beside it from being sent: it may be a line of theirs."""

from pathlib import Path

import pytest
from cleaned import clean_documents

from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import open_mapped
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
MAPPING = """\
bulkpo: import/1
name: strays
document: {key: po-number, number_lines: true}
skip_rows: {Price: none}
columns: {PO: po-number, Price: order-lines/price}
constants: {ship-to-user/login: m, order-lines/description: d, order-lines/currency/code: USD}
"""


def checked(folder: Path, *rows: str) -> tuple[Checked, list[str]]:
    (folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "orders.csv").write_text("\n".join(["PO,Price", *rows]), encoding="utf-8")
    file = open_mapped(folder / "m.yaml", folder / "orders.csv", TABLES)
    result = check(file)
    return result, [document.key for document in clean_documents(file, result)]


@pytest.mark.parametrize(
    ("rows", "sent"),
    [
        (["1,5", "2,5", ",5", "2,6", "3,5"], ["1", "3"]),
        (["1,5", "2,5", ",5", "3,6", "4,5"], ["1", "4"]),
        ([",5", "1,5", "2,5"], ["2"]),
        (["1,5", "2,5", ",5", ",6"], ["1"]),
        (["1,5", ",none", "2,5"], ["1", "2"]),
        (["1,5", "2,5", ",5", "1,6", "3,5"], ["3"]),
    ],
    ids=["within an order", "between two", "at the top", "at the end", "skipped by the mapping", "scattered"],
)
def test_the_orders_beside_a_row_without_a_number_stay(tmp_path: Path, rows: list[str], sent: list[str]) -> None:
    result, keys = checked(tmp_path, *rows)
    assert keys == sent
    assert result.ok == len(sent)
    assert result.rows == result.clean_rows + result.failed_rows + result.keyless + result.skipped_rows


@pytest.mark.parametrize(
    ("rows", "sent"),
    [
        (["A1,5", "4.50E+09,5", "A2,5"], ["A1", "A2"]),
        (["4500012345,5", "4.50E+09,5", "A2,5"], ["A2"]),
        (["A1,5", "4.50E+09,5", ",5", "A2,5"], []),
        (["A1,5", f"A1 {'x' * 300},5", "A2,5"], []),
        (["A1,5", "A\x011,5", "A2,5"], ["A2"]),
    ],
    ids=["a code beside", "a number beside", "no number beside", "too long", "the same but for a control character"],
)
def test_beside_a_number_that_cannot_be_sent_only_orders_stay_that_may_be_the_same(
    tmp_path: Path, rows: list[str], sent: list[str]
) -> None:
    assert checked(tmp_path, *rows)[1] == sent


def test_it_holds_across_chunks_too(tmp_path: Path) -> None:
    rows = [f"{number},5" for number in range(512)] + [",5"] + [f"{number},5" for number in range(512, 1100)]
    result, keys = checked(tmp_path, *rows)
    assert sorted({str(number) for number in range(1100)} - set(keys)) == ["511", "512"]
    assert result.failed == 2
