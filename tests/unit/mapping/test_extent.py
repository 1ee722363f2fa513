"""Where a table begins and how wide it is: types of rows without headings, titles above, another table beside it."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from bulkpo.errors import MappingError
from bulkpo.model.table import place_of
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.runs.reports.failed import write_failed
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
START = "bulkpo: import/1\nname: m\ndocument: {key: po-number}\n"
CONSTANTS = """\
constants:
  ship-to-user/login: migration
  order-lines/description: goods
  order-lines/currency/code: USD
"""
RECORDS = f"""\
{START}source: {{header_row: none, first_row: 3}}
record_types:
  "1":
    columns: {{B: po-number, 3: supplier/name}}
  "2":
    columns: {{B: order-lines/line-num, C: order-lines/quantity, D: order-lines/price}}
  "9":
    columns: {{B: {{ignore: counts the rows}}}}
{CONSTANTS}"""
TITLES = [["Orders of Acme"], ["November"]]
ROWS = [["1", "4711", "Acme"], ["2", "1", "5", "2.5"], ["1", "4712", "Bolt"], ["2", "1", "3", "7"], ["9", "4"]]
BESIDE = f"""\
{START}source: {{area: "e:H"}}
columns: {{PO: po-number, Supplier: supplier/name, Line: order-lines/line-num, Price: order-lines/price}}
{CONSTANTS}"""
HEADINGS = ["PO", "Supplier", "Line", "Price"]
SIDE_BY_SIDE = [
    [*HEADINGS, *HEADINGS, None, "Legend"],
    ["1", "Acme", "1", "5", "7", "Bolt", "1", "2.5", None, "A: open"],
    ["2", "Acme", "1", "5", "8", "Bolt", "1", "x", None, None],
    ["3", "Acme", "1", "5", None, None, None, None, None, "B: closed"],
]


def opened(folder: Path, mapping: str, name: str, rows: Sequence[Sequence[str | None]]) -> MappedFile:
    (folder / "m.yaml").write_text(mapping, encoding="utf-8")
    path = folder / name
    if path.suffix == ".csv":
        path.write_text("\n".join(";".join(cell or "" for cell in row) for row in rows), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(list(row))
        book.save(path)
    return open_mapped(folder / "m.yaml", path, TABLES)


UNMAPPED = "unmapped-column"


def errors(file: MappedFile, checked: Checked) -> list[str]:
    return [f"{place_of(file.source, each.row, each.column)}: {each.code}" for each in checked.errors]


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
def test_types_of_rows_without_headings_go_by_letters_below_their_titles(tmp_path: Path, name: str) -> None:
    checked = check(opened(tmp_path, RECORDS, name, [*TITLES, *ROWS]))
    assert (checked.errors, checked.rows, checked.documents, checked.lines) == ([], 5, 2, 2)


def test_types_of_rows_with_headings_of_their_own_stand_below_titles(tmp_path: Path) -> None:
    mapping = RECORDS.replace("header_row: none, ", "").replace("B: {ignore: counts the rows}", "Count: {ignore: x}")
    mapping = mapping.replace("B: po-number, 3:", "Order: po-number, Supplier:")
    mapping = mapping.replace("B: order-lines/line", "Line: order-lines/line").replace("C: order", "Qty: order")
    mapping = mapping.replace("D: order", "Price: order")
    headings = [["1", "Order", "Supplier"], ["2", "Line", "Qty", "Price"], ["9", "Count"]]
    checked = check(opened(tmp_path, mapping, "o.csv", [*TITLES, *headings, *ROWS]))
    assert (checked.errors, checked.rows, checked.documents, checked.lines) == ([], 5, 2, 2)


def test_a_cell_beyond_the_headings_of_its_type_is_never_dropped_in_silence(tmp_path: Path) -> None:
    columns = "Line: order-lines/line-num, Price: order-lines/price, Note: {ignore: x}"
    mapping = f"{START}record_types:\n  H:\n    columns: {{Order: po-number, Supplier: supplier/name}}\n"
    mapping += f"  L:\n    columns: {{{columns}}}\n{CONSTANTS}"
    rows = [["H", "Order", "Supplier"], ["L", "Line", "Price", "Note"], ["H", "1", "Acme", "lost"], ["L", "1", "5"]]
    file = opened(tmp_path, mapping, "o.csv", rows)
    checked = check(file)
    assert errors(file, checked) == ["o.csv, line 3, column 4: extra-cells"]
    assert checked.errors[0].message == (
        "the row has filled cells to the right of the last heading of H (column C); give the column a heading, or mend "
        "the row"
    )


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
def test_of_tables_side_by_side_the_area_alone_is_read(tmp_path: Path, name: str) -> None:
    file = opened(tmp_path, BESIDE, name, SIDE_BY_SIDE)
    checked = check(file)
    assert [column.title for column in file.source.columns] == HEADINGS
    assert (checked.rows, checked.ok, checked.failed) == (2, 1, 1)
    assert errors(file, checked) == [
        "o.csv, line 3, column 8: not-a-number" if name == "o.csv" else "o.xlsx, sheet Sheet, cell H3: not-a-number"
    ]


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
def test_an_area_without_headings_keeps_the_letters_of_the_sheet(tmp_path: Path, name: str) -> None:
    mapping = BESIDE.replace('area: "e:H"', 'area: "E:H", header_row: none, first_row: 2').replace("PO:", "E:")
    mapping = mapping.replace("Supplier:", "F:").replace("Line:", "G:").replace("Price:", "H:")
    checked = check(opened(tmp_path, mapping, name, SIDE_BY_SIDE))
    assert (checked.rows, checked.ok, checked.failed) == (2, 1, 1)


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
@pytest.mark.parametrize("above", [["1", "Acme", "1"], [None, None, None, None, "x"]])
def test_a_column_without_heading_may_have_its_first_cell_far_below(
    tmp_path: Path, name: str, above: list[str | None]
) -> None:
    columns = "{A: po-number, B: supplier/name, C: order-lines/line-num, D: order-lines/price}"
    mapping = f'{START}source: {{header_row: none, area: "A:D"}}\ncolumns: {columns}\n{CONSTANTS}'
    checked = check(opened(tmp_path, mapping, name, [*([above] * 1100), ["2", "Acme", "1", "5"]]))
    assert (checked.ok, checked.failed) == (1, 1 if above[0] else 0)


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
@pytest.mark.parametrize("rows", [3, 1500])
def test_a_cell_beyond_the_columns_of_a_table_without_headings_is_a_notice_wherever_it_stands(
    tmp_path: Path, name: str, rows: int
) -> None:
    columns = "{A: po-number, B: supplier/name, C: order-lines/line-num, D: order-lines/price}"
    mapping = f"{START}source: {{header_row: none}}\ncolumns: {columns}\n{CONSTANTS}"
    lines = [[str(number), "Acme", "1", "5"] for number in range(rows)]
    lines[-2:] = [[*line, "", "odd"] for line in lines[-2:]]
    file = opened(tmp_path, mapping, name, lines)
    checked = check(file)
    told = [(each.severity.value, each.column) for each in checked.findings if each.code in ("extra-cells", UNMAPPED)]
    assert (checked.errors, checked.ok, {column for _, column in told} <= {0, 6}) == ([], rows, True)
    assert [severity for severity, _ in told] == ["notice"]
    write_failed(tmp_path / f"failed{Path(name).suffix}", file, checked)


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
def test_failed_orders_of_an_area_are_written_so_that_the_mapping_reads_them_again(tmp_path: Path, name: str) -> None:
    file = opened(tmp_path, BESIDE, name, SIDE_BY_SIDE)
    write_failed(tmp_path / f"failed{Path(name).suffix}", file, check(file))
    again = open_mapped(tmp_path / "m.yaml", tmp_path / f"failed{Path(name).suffix}", TABLES)
    checked = check(again)
    assert (checked.rows, checked.ok, checked.failed) == (1, 0, 1)


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
def test_failed_orders_of_types_without_headings_keep_the_titles_above(tmp_path: Path, name: str) -> None:
    rows = [*TITLES, *ROWS[:3], ["2", "1", "x", "7"]]
    file = opened(tmp_path, RECORDS, name, rows)
    write_failed(tmp_path / f"failed{Path(name).suffix}", file, check(file))
    checked = check(open_mapped(tmp_path / "m.yaml", tmp_path / f"failed{Path(name).suffix}", TABLES))
    assert (checked.rows, checked.documents, checked.failed) == (2, 1, 1)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{area: "H:E"}', "H:E ends before it begins; write the left column first"),
        ("{first_row: 3}", "first_row is for record_types and tables without headings; header_row says where headings"),
        ('{area: "A:B", columns: {PO: [1, 4]}}', "an area has neither columns at fixed places nor record_types"),
    ],
)
def test_what_does_not_go_together_is_told(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        opened(tmp_path, BESIDE.replace('{area: "e:H"}', source), "o.csv", SIDE_BY_SIDE)
