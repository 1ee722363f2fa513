"""Writing a workbook of order lines, beside the libraries people would use instead.

    python benchmarks/writing.py [--rows 100000] [--times 3] [--quick]

The same cells of 20 columns, made before the clock starts, with a heading row and formats for numbers and dates. Every
job is a process of its own, in turn with its peers; what is printed are medians of the processor's time, which other
work on the machine disturbs least, and how many times longer than bulkpo the peer takes. Memory is what writing adds to
that of the rows.
"""

import argparse
import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from benchmarks.claims import at_least, at_most, tell
from benchmarks.measuring import Job, in_turn, peak_megabytes, spread
from benchmarks.tables import Row, lines, write

COLUMNS = 20
TITLES = [f"Column {number}" for number in range(1, COLUMNS + 1)]
OURS = "bulkpo"


def bulkpo(path: Path, rows: list[Row]) -> None:
    """As an export writes."""
    write(path, rows, COLUMNS)


def openpyxl(path: Path, rows: list[Row]) -> None:
    """With openpyxl, streamed."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Lines")
    sheet.append(TITLES)
    for row in rows:
        sheet.append(row)
    book.save(path)


def xlsxwriter(path: Path, rows: list[Row]) -> None:
    """With XlsxWriter, streamed."""
    import xlsxwriter as peer

    book = peer.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Lines")
    formats = {datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), Decimal: book.add_format()}
    sheet.write_row(0, 0, TITLES)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell, formats.get(type(cell)))
    book.close()


def rustpy(path: Path, rows: list[Row]) -> None:
    """With rustpy-xlsxwriter, which takes a row as a dict, and numbers as floats."""
    from rustpy_xlsxwriter import write_worksheet

    records = (
        dict(zip(TITLES, [float(cell) if isinstance(cell, Decimal) else cell for cell in row], strict=True))
        for row in rows
    )
    write_worksheet(
        records, str(path), sheet_name="Lines", bold_headers=True, freeze_row=1, datetime_format="yyyy-mm-dd hh:mm"
    )


Writer = Callable[[Path, list[Row]], None]
WRITERS: dict[str, tuple[str, Writer]] = {
    OURS: ("bulkpo.tables.writing.xlsx", bulkpo),
    "openpyxl write-only": ("openpyxl", openpyxl),
    "XlsxWriter constant memory": ("xlsxwriter", xlsxwriter),
    "rustpy-xlsxwriter": ("rustpy_xlsxwriter", rustpy),
}
"""Of each the module it needs, which is imported before the clock starts."""

GOALS = {"openpyxl write-only": 10, "XlsxWriter constant memory": 5, "rustpy-xlsxwriter": 1}
MOST_MEGABYTES = 25


def timed(name: str, rows: int) -> tuple[float, float]:
    """Make the rows and write them; the seconds of the processor that writing takes, and the megabytes it adds."""
    made = list(lines(rows, COLUMNS))
    with tempfile.TemporaryDirectory() as folder:
        before, start = peak_megabytes(), time.process_time()
        WRITERS[name][1](Path(folder) / "out.xlsx", made)
        return time.process_time() - start, peak_megabytes() - before


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, help="rows to write")
    parser.add_argument("--times", type=int, default=3, help="how often each job runs")
    parser.add_argument("--quick", action="store_true", help="20,000 rows")
    asked = parser.parse_args()
    rows = asked.rows or (20_000 if asked.quick else 100_000)
    there = [name for name, (package, _) in WRITERS.items() if importlib.util.find_spec(package)]
    jobs = {name: Job(timed, [name, rows], [WRITERS[name][0]]) for name in there}
    runs = {name: [taken.result for taken in each] for name, each in in_turn(jobs, asked.times).items()}
    seconds = {name: [each[0] for each in result] for name, result in runs.items()}
    work = f"write .xlsx, {rows:,} rows of {COLUMNS}"
    print(work)
    for name in WRITERS:
        if name not in runs:
            print(f"  {name:28}  missing: install it to compare")
            continue
        ratio = statistics.median(seconds[name]) / statistics.median(seconds[OURS])
        print(
            f"  {name:28} {spread(seconds[name], 2):>22} s   {ratio:5.1f} times bulkpo"
            f"   +{max(each[1] for each in runs[name]):.0f} MB"
        )
    for name, goal in GOALS.items():
        longer = zip(seconds.get(name, []), seconds[OURS], strict=False)
        tell(work, name, at_least(goal, "times as fast"), [theirs / ours for theirs, ours in longer])
    tell(work, "the rows alone", at_most(MOST_MEGABYTES, "MB more"), [each[1] for each in runs[OURS]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
