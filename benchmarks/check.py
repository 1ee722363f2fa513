"""Checking order lines of a CSV file and of a workbook, beside reading them at all and beside the checkers people use.

    python benchmarks/check.py [--lines 1000000] [--xlsx-lines 200000] [--times 3] [--quick]

Every job runs in a process of its own, in turn with the others. Checking is all of it: opening, every rule, grouping
lines to orders, totals. frictionless and jsonschema, which check single values only, see a tenth and a fiftieth of the
lines, scaled. openpyxl and python-calamine read the workbook and do nothing with it. Imports are not counted.
"""

import argparse
import csv
import importlib.util
import sys
import tempfile
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from benchmarks.claims import at_least, at_most, tell
from benchmarks.measuring import Job, Taken, in_turn, ratios, spread
from benchmarks.order_lines import HEADINGS, check_job, write_csv, write_xlsx

OURS = "bulkpo check"
CSV_READER, FRICTIONLESS, JSONSCHEMA = "csv.reader alone", "frictionless", "jsonschema"
OPENPYXL, CALAMINE = "openpyxl reading alone", "python-calamine reading alone"
SHARES = {FRICTIONLESS: 10, JSONSCHEMA: 50}
"""What part of the lines a slow peer is given."""
CLEAN = "the same, all clean"
BAD = {0.01: 1.3, 0.5: 3}
"""How many times longer than that of a clean file the check of one may take, by the share of bad lines in it."""


def read_csv(path: Path) -> None:
    """Read every line and do nothing with it."""
    with path.open(newline="", encoding="utf-8") as stream:
        for _ in csv.reader(stream):
            pass


def check_with_jsonschema(path: Path, lines: int) -> None:
    """The rules for single values alone."""
    import jsonschema

    text: dict[str, object] = {"type": "string", "minLength": 1, "maxLength": 255}
    number: dict[str, object] = {"type": "string", "pattern": r"^\d+(\.\d{1,6})?$"}
    properties = dict.fromkeys(HEADINGS, text) | {"PO Number": {"type": "string", "maxLength": 20}}
    properties |= {"Quantity": number, "Price": number, "Note": {"type": "string"}}
    validator = jsonschema.Draft202012Validator({"type": "object", "properties": properties})
    with path.open(newline="", encoding="utf-8") as stream:
        for row in islice(csv.DictReader(stream), lines):
            list(validator.iter_errors(row))


def check_with_frictionless(path: Path, lines: int) -> None:
    """Types and constraints of every column."""
    from frictionless import Resource, Schema, validate

    kinds = {"Quantity": "number", "Price": "number", "Need By": "date", "Line": "integer"}
    fields = [{"name": name, "type": kinds.get(name, "string")} for name in HEADINGS]
    part = path.with_name("part.csv")
    with path.open(encoding="utf-8") as whole, part.open("w", encoding="utf-8") as stream:
        stream.writelines(islice(whole, lines + 1))
    validate(Resource(path=part.name, basepath=str(part.parent), schema=Schema.from_descriptor({"fields": fields})))


def read_with_openpyxl(path: Path) -> None:
    """Read every row in the way meant for large workbooks."""
    from openpyxl import load_workbook

    for _ in load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True):
        pass


def read_with_calamine(path: Path) -> None:
    """Read every row; error cells and number formats are lost, and the sheet is held whole."""
    import python_calamine

    for _ in python_calamine.load_workbook(path).get_sheet_by_index(0).iter_rows():
        pass


def compare_csv(path: Path, lines: int, times: int) -> None:
    """Check a CSV file, beside reading it and beside the peers."""
    jobs = {CSV_READER: Job(read_csv, [path]), OURS: check_job(path)}
    if importlib.util.find_spec("frictionless"):
        some = [path, lines // SHARES[FRICTIONLESS]]
        jobs[FRICTIONLESS] = Job(check_with_frictionless, some, ["frictionless", "frictionless.formats.csv"])
    jobs[JSONSCHEMA] = Job(check_with_jsonschema, [path, lines // SHARES[JSONSCHEMA]], ["jsonschema"])
    taken = in_turn(jobs, times)
    show(f"check .csv, {lines:,} lines of {len(HEADINGS)} columns", taken)
    work = f"check {lines:,} CSV lines"
    tell(work, CSV_READER, at_most(2.5, "times as long"), ratios(taken[OURS], taken[CSV_READER]))
    for peer, share in SHARES.items():
        figures = [share * ratio for ratio in ratios(taken[peer], taken[OURS])] if peer in taken else []
        tell(work, peer, at_least(8, "times as fast"), figures)
    tell(f"{work}, memory", "nothing", at_most(150, "MB"), [each.megabytes for each in taken[OURS]])


def compare_bad(clean: Path, lines: int, share: float, times: int) -> None:
    """Check a CSV file of which a share is bad, beside a clean one."""
    path = clean.with_name("bad.csv")
    write_csv(path, lines, share)
    taken = in_turn({CLEAN: check_job(clean), OURS: check_job(path)}, times)
    work = f"check {lines:,} CSV lines, {share:.0%} of them bad"
    show(work, taken)
    tell(work, CLEAN, at_most(BAD[share], "times as long"), ratios(taken[OURS], taken[CLEAN]))


def compare_xlsx(path: Path, lines: int, times: int) -> None:
    """Check a workbook, beside only reading it."""
    write_xlsx(path, lines)
    jobs = {
        OPENPYXL: Job(read_with_openpyxl, [path], ["openpyxl"]),
        OURS: check_job(path),
        CALAMINE: Job(read_with_calamine, [path], ["python_calamine"]),
    }
    taken = in_turn(jobs, times)
    show(f"check .xlsx, {lines:,} lines of {len(HEADINGS)} columns", taken)
    work = f"check {lines:,} XLSX lines"
    tell(work, OPENPYXL, at_least(6, "times as fast"), ratios(taken[OPENPYXL], taken[OURS]))
    tell(f"{work}, memory", "nothing", at_most(150, "MB"), [each.megabytes for each in taken[OURS]])


def show(title: str, taken: Mapping[str, list[Taken]]) -> None:
    """Print what jobs took, beside the first."""
    print(title)
    first = next(iter(taken))
    for job, runs in taken.items():
        scale = SHARES.get(job, 1)
        seconds = spread([scale * each.seconds for each in runs], 2)
        times = spread([scale * ratio for ratio in ratios(runs, taken[first])], 2)
        print(f"  {job:29} {seconds:>22} s {times:>22} times {first}  {max(each.megabytes for each in runs):5.0f} MB")
    if FRICTIONLESS not in taken and JSONSCHEMA in taken:
        print(f"  {FRICTIONLESS:29} is not installed")


def main() -> int:
    """Run all comparisons and print them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lines", type=int, help="order lines in the CSV file")
    parser.add_argument("--xlsx-lines", type=int, help="order lines in the workbook")
    parser.add_argument("--times", type=int, help="how often each job runs")
    parser.add_argument("--quick", action="store_true", help="a tenth of the lines, twice")
    asked = parser.parse_args()
    times = asked.times or (2 if asked.quick else 3)
    lines = asked.lines or (100_000 if asked.quick else 1_000_000)
    with tempfile.TemporaryDirectory() as name:
        clean = Path(name) / "lines.csv"
        write_csv(clean, lines)
        compare_csv(clean, lines, times)
        for share in BAD:
            compare_bad(clean, lines, share, times)
        compare_xlsx(Path(name) / "lines.xlsx", asked.xlsx_lines or (20_000 if asked.quick else 200_000), times)
    return 0


if __name__ == "__main__":
    sys.exit(main())
