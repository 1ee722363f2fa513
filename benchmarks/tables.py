"""Reading tables, beside the libraries people would use instead.

    python benchmarks/tables.py [--rows 200000] [--times 3]

Each job runs in turn with its peers, several times; what is printed are medians and how many times longer than bulkpo
the peer takes (below 1: it is quicker). A peer that is not installed is said to be missing. Numbers of one machine
are worth nothing on another; the ratios are.
"""

import argparse
import csv
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from bulkpo.model.table import Cell
from bulkpo.tables.sink import Kind, SinkColumn, open_book
from bulkpo.tables.source import open_source

Job = Callable[[], object]
Row = list[Cell]

READ_COLUMNS = 14
_KINDS = (Kind.TEXT, Kind.TEXT, Kind.INTEGER, Kind.TEXT, Kind.DECIMAL, Kind.DECIMAL, Kind.DATETIME)


def main() -> int:
    """Run all comparisons and print them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=200_000, help="rows to read")
    parser.add_argument("--times", type=int, default=3, help="how often each job runs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, jobs in (
            (f"read .csv, {arguments.rows:,} rows of {READ_COLUMNS}", csv_readers(folder, arguments.rows)),
            (f"read .xlsx, {arguments.rows:,} rows of {READ_COLUMNS}", xlsx_readers(folder, arguments.rows)),
        ):
            compare(title, jobs, arguments.times)
    return 0


def compare(title: str, jobs: dict[str, Job | None], times: int) -> None:
    """Time jobs in turn and print their medians beside the first."""
    print(title)
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(times):
        for name, job in jobs.items():
            if job is not None:
                start = time.perf_counter()
                job()
                seconds[name].append(time.perf_counter() - start)
    ours = statistics.median(next(iter(seconds.values())))
    for name, taken in seconds.items():
        if taken:
            median = statistics.median(taken)
            print(f"  {name:28} {median:8.2f} s   {median / ours:6.2f} times bulkpo")
        else:
            print(f"  {name:28}  missing: install it to compare")


def csv_readers(folder: Path, rows: int) -> dict[str, Job | None]:
    """Readers of one CSV file."""
    path = folder / "lines.csv"
    write(path, lines(rows, READ_COLUMNS), READ_COLUMNS)

    def plain() -> None:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for _ in csv.reader(file):
                pass

    def dicts() -> None:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for _ in csv.DictReader(file):
                pass

    return {"bulkpo": lambda: read(path), "csv.reader": plain, "csv.DictReader": dicts}


def xlsx_readers(folder: Path, rows: int) -> dict[str, Job | None]:
    """Readers of one workbook."""
    path = folder / "lines.xlsx"
    write(path, lines(rows, READ_COLUMNS), READ_COLUMNS)

    def calamine() -> None:
        import python_calamine

        for _ in python_calamine.load_workbook(path).get_sheet_by_index(0).iter_rows():
            pass

    def openpyxl() -> None:
        from openpyxl import load_workbook

        for _ in load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True):
            pass

    return {"bulkpo": lambda: read(path), "python-calamine": calamine, "openpyxl read-only": openpyxl}


def read(path: Path) -> None:
    """Read a table as bulkpo does."""
    for _ in open_source(path).chunks():
        pass


def write(path: Path, rows: Iterable[Row], width: int) -> None:
    """Write a table as bulkpo does."""
    columns = [
        SinkColumn(f"Column {number + 1}", _KINDS[number % len(_KINDS)], 2 if number % len(_KINDS) == 5 else None)
        for number in range(width)
    ]
    with open_book(path) as book, book.sheet("Lines", columns) as sheet:
        made = iter(rows)
        while batch := list(islice(made, 512)):
            sheet.write(batch)


def lines(rows: int, width: int) -> Iterator[Row]:
    """Order lines that repeat as real ones do: few suppliers, many prices, a date and time, some blanks."""
    chance = random.Random(7)  # noqa: S311 - the same lines every time, no secrets
    suppliers = [f"Supplier & Sons {number}" for number in range(500)]
    start = datetime(2026, 1, 1)  # noqa: DTZ001 - spreadsheets hold local times
    for number in range(rows):
        block: Row = [
            f"PO-{number // 5:07}",
            chance.choice(suppliers),
            Decimal(number % 5 + 1),
            f"Item {chance.randrange(20_000)}, as agreed" if number % 7 else None,
            Decimal(chance.randrange(1, 500)),
            Decimal(chance.randrange(100, 9_999_999)).scaleb(-2),
            start + timedelta(minutes=chance.randrange(500_000)),
        ]
        yield (block * (width // len(block) + 1))[:width]


if __name__ == "__main__":
    sys.exit(main())
