"""Reading tables, beside the libraries people would use instead.

    python -m benchmarks.tables [--rows 200000] [--times 3] [--quick]

Every job is a process of its own, in turn with its peers; what is printed are medians, and how many times longer than
bulkpo the peer takes (below 1: it is quicker). The workbook is as Excel saves it; a second one is as bulkpo writes it,
with its texts in the cells.
"""

import argparse
import csv
import random
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from benchmarks.claims import at_least, tell
from benchmarks.measuring import Job, Taken, in_turn, ratios, spread
from benchmarks.order_lines import HEADINGS, write_csv, write_xlsx
from benchmarks.peers import read_csv, read_with_calamine, read_with_openpyxl
from bulkpo.model.table import Cell
from bulkpo.tables.sink import open_book
from bulkpo.tables.source import open_source
from bulkpo.tables.writing.columns import ColumnKind, SinkColumn

Row = list[Cell]

OURS = "bulkpo"
OPENPYXL, CALAMINE = "openpyxl read-only", "python-calamine"
_KINDS = (
    ColumnKind.TEXT,
    ColumnKind.TEXT,
    ColumnKind.INTEGER,
    ColumnKind.TEXT,
    ColumnKind.DECIMAL,
    ColumnKind.DECIMAL,
    ColumnKind.DATETIME,
)


def main() -> int:
    """Run all comparisons and print them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, help="rows to read")
    parser.add_argument("--times", type=int, default=3, help="how often each job runs")
    parser.add_argument("--quick", action="store_true", help="20,000 rows")
    asked = parser.parse_args()
    rows, width = asked.rows or (20_000 if asked.quick else 200_000), len(HEADINGS)
    with tempfile.TemporaryDirectory() as name:
        text, excel, own = (Path(name) / file for file in ("lines.csv", "lines.xlsx", "own.xlsx"))
        write_csv(text, rows)
        write_xlsx(excel, rows)
        write(own, lines(rows, width), width)
        compare(f"read .csv, {rows:,} rows of {width}", csv_readers(text), asked.times)
        for title, path in (("read .xlsx as Excel saves it", excel), ("read .xlsx of its own", own)):
            work = f"{title}, {rows:,} rows of {width}"
            taken = compare(work, xlsx_readers(path), asked.times)
            tell(work, OPENPYXL, at_least(6, "times as fast"), ratios(taken[OPENPYXL], taken[OURS]))
            tell(work, CALAMINE, at_least(0.5, "times as fast"), ratios(taken[CALAMINE], taken[OURS]))
    return 0


def compare(title: str, jobs: dict[str, Job], times: int) -> dict[str, list[Taken]]:
    """Time jobs in turn and print their medians beside the first."""
    print(title)
    taken = in_turn(jobs, times)
    for name, runs in taken.items():
        seconds = spread([each.seconds for each in runs], 2)
        ratio = statistics.median(ratios(runs, taken[OURS]))
        memory = max(each.megabytes for each in runs)
        print(f"  {name:20} {seconds:>22} s   {ratio:6.2f} times bulkpo   {memory:5.0f} MB")
    return taken


def csv_readers(path: Path) -> dict[str, Job]:
    """Readers of one CSV file."""
    return {
        OURS: Job(read, [path], ["bulkpo.tables.reading.delimited"]),
        "csv.reader": Job(read_csv, [path]),
        "csv.DictReader": Job(read_dicts, [path]),
    }


def xlsx_readers(path: Path) -> dict[str, Job]:
    """Readers of one workbook."""
    return {
        OURS: Job(read, [path], ["bulkpo.tables.workbooks.xlsx"]),
        CALAMINE: Job(read_with_calamine, [path], ["python_calamine"]),
        OPENPYXL: Job(read_with_openpyxl, [path], ["openpyxl"]),
    }


def read(path: Path) -> None:
    """Read a table as bulkpo does."""
    for _ in open_source(path).chunks():
        pass


def read_dicts(path: Path) -> None:
    """Read every line as a dict."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in csv.DictReader(file):
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
