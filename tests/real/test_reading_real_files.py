"""Files nobody wrote for this project, read as another reader reads them or as their description says."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bulkpo.model.table import Cell, stored
from bulkpo.tables.source import SourceOptions, open_source

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real files are not here: {DATA}")


def rows_of(path: Path, options: SourceOptions) -> tuple[list[str], list[list[Cell]], dict[str, int]]:
    """Titles, rows, and how many findings there are of each code."""
    source = open_source(path, options)
    rows = [list(row) for chunk in source.chunks() for row in zip(*chunk.columns, strict=True)]
    codes: dict[str, int] = {}
    for finding in source.findings():
        codes[finding.code] = codes.get(finding.code, 0) + 1
    return [column.title for column in source.columns], rows, codes


def as_a_cell(value: object) -> object:
    """A value of openpyxl's: numbers in the 15 digits a spreadsheet shows."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(format(value, ".15g"))
    return value


def test_a_university_s_orders_are_read_cell_for_cell_as_openpyxl_reads_them() -> None:
    path = DATA / "wvu-2017.xlsx"
    titles, rows, codes = rows_of(path, SourceOptions())
    witness = [list(row) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    assert titles == witness[0]
    assert len(rows) == 3_898
    for number, (ours, theirs) in enumerate(zip(rows, witness[1:], strict=True), 2):
        assert list(map(stored, ours)) == [as_a_cell(value) for value in theirs], f"row {number}"
    assert codes == {"float-noise": 1}
    assert str(rows[0][3]) == "50100110"
    assert rows[0][1] == datetime(2017, 12, 20, 10, 15, 20)


def test_a_sample_database_s_orders_without_headings_are_read_by_letter() -> None:
    options = SourceOptions(header_row=None)
    titles, headers, codes = rows_of(DATA / "aw_PurchaseOrderHeader.csv", options)
    assert (len(headers), titles[0], codes) == (4_012, "A", {"delimiter-guessed": 1})
    assert headers[0][:7] == ["1", "5", "4", "258", "1580", "3", "2022-04-15 00:00:00.000"]
    _, lines, codes = rows_of(DATA / "aw_PurchaseOrderDetail.csv", options)
    assert (len(lines), codes) == (8_845, {"delimiter-guessed": 1})
    assert lines[0][5:9] == ["50.2600", "201.0400", "3.00", ".00"]
    assert {line[0] for line in lines} == {header[0] for header in headers}


def test_a_city_s_register_of_contracts_keeps_its_line_breaks_and_unnamed_columns() -> None:
    titles, rows, codes = rows_of(DATA / "sydney_contracts_2013.csv", SourceOptions())
    assert len(rows) == 88
    assert titles[:2] == ["Title", "Contract Type"]
    assert titles[13:] == list("NOPQRSTUV")
    assert codes == {"encoding-guessed": 1}
    assert any("\n" in cell or "\r" in cell for row in rows for cell in row if isinstance(cell, str))
