"""Parquet files as they are written; skipped, saying so, where pyarrow is not installed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bulkpo.errors import OutputError
from bulkpo.model.table import Cell
from bulkpo.tables.sink import open_book
from bulkpo.tables.writing.columns import ColumnKind, FileOptions, SinkColumn

pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: pip install 'bulkpo[parquet]'")

COLUMNS = (
    SinkColumn("PO"),
    SinkColumn("Version", ColumnKind.INTEGER),
    SinkColumn("Price", ColumnKind.DECIMAL),
    SinkColumn("Day", ColumnKind.DATE),
    SinkColumn("Created", ColumnKind.DATETIME),
    SinkColumn("Exported", ColumnKind.BOOLEAN),
)
NEW_YORK = FileOptions(zone="America/New_York")


def put(path: Path, columns: Sequence[SinkColumn], *rows: Sequence[Cell]) -> Any:  # noqa: ANN401 - pyarrow has no types
    with open_book(path, NEW_YORK) as book, book.sheet("Orders", columns) as sheet:
        sheet.write(rows)
    return pq.read_table(path)


def test_numbers_are_exact_and_moments_know_their_zone(tmp_path: Path) -> None:
    created = datetime(2026, 3, 1, 0, 30, tzinfo=ZoneInfo("America/New_York"))
    price = Decimal("12345678901234567890.000001")
    table = put(
        tmp_path / "o.parquet",
        COLUMNS,
        ["00042", Decimal(3), price, date(2026, 3, 1), created, True],
        [None] * 6,
        ["=1+1", Decimal("4.0"), Decimal("-0.5"), datetime(2026, 3, 2), datetime(2026, 7, 1), False],
    )
    assert [str(kind) for kind in table.schema.types] == [
        "string", "int64", "decimal128(38, 12)", "date32[day]", "timestamp[us, tz=America/New_York]", "bool",
    ]  # fmt: skip
    first, empty, last = table.to_pylist()
    assert first == {
        "PO": "00042", "Version": 3, "Price": price, "Day": date(2026, 3, 1), "Created": created, "Exported": True,
    }  # fmt: skip
    assert first["Created"].astimezone(UTC) == datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
    assert set(empty.values()) == {None}
    assert (last["PO"], last["Version"], last["Price"], last["Day"]) == ("=1+1", 4, Decimal("-0.5"), date(2026, 3, 2))
    assert last["Created"].isoformat() == "2026-07-01T00:00:00-04:00"


def test_nothing_to_write_is_a_table_without_rows(tmp_path: Path) -> None:
    table = put(tmp_path / "o.parquet", COLUMNS)
    assert (table.num_rows, table.column_names[0]) == (0, "PO")


def test_many_rows_are_written_in_groups(tmp_path: Path) -> None:
    path = tmp_path / "o.parquet"
    with open_book(path) as book, book.sheet("Orders", [SinkColumn("N", ColumnKind.INTEGER)]) as sheet:
        for start in range(0, 120_000, 10_000):
            sheet.write([(Decimal(number),) for number in range(start, start + 10_000)])
    file = pq.ParquetFile(path)
    assert (file.metadata.num_row_groups, file.metadata.num_rows) == (3, 120_000)
    assert file.read()["N"].to_pylist() == list(range(120_000))
    file.close()


@pytest.mark.parametrize(
    ("number", "cell", "expected"),
    [
        (1, "n/a", "column Version: n/a is not a whole number"),
        (1, Decimal("1.5"), "column Version: 1.5 is not a whole number"),
        (2, "n/a", "column Price: n/a is not a number of at most 12 decimals and 26 digits before them"),
        (2, Decimal("1e-13"), "column Price: 1E-13 is not a number of at most 12 decimals and 26 digits before them"),
        (3, datetime(2026, 3, 1, 21), "column Day: 2026-03-01 21:00:00 is not a date without time"),
        (4, "soon", "column Created: soon is not a date and time"),
        (5, "yes", "column Exported: yes is not true or false"),
    ],
)
def test_a_cell_of_another_type_is_refused_and_the_old_file_stays(
    tmp_path: Path, number: int, cell: Cell, expected: str
) -> None:
    path = tmp_path / "o.parquet"
    path.write_bytes(b"as it was")
    row: list[Cell] = [None] * len(COLUMNS)
    row[number] = cell
    with pytest.raises(OutputError) as caught:
        put(path, COLUMNS, [None] * len(COLUMNS), row)
    assert str(caught.value) == f"o.parquet, {expected}; write .xlsx or .csv"
    assert path.read_bytes() == b"as it was"
    assert [entry.name for entry in tmp_path.iterdir()] == ["o.parquet"]
