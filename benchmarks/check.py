"""Checking order lines of a CSV file and of a workbook, beside reading them at all and beside what people use for it.

    python -m benchmarks.check [--lines 1000000] [--xlsx-lines 200000] [--times 5] [--quick]

Every job runs in a process of its own, in turn with the others. Checking is all of it: opening, every rule, grouping
lines to orders, totals; imports are not counted. A CSV file is checked with numpy, which proves blocks of bytes, and as
where numpy is not installed. What the peers do not answer stands in `benchmarks.peers`; of them frictionless and
jsonschema see a tenth and a fiftieth of the lines, scaled.
"""

import argparse
import importlib.util
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import peers
from benchmarks.claims import at_least, at_most, tell
from benchmarks.measuring import Job, Taken, in_turn, ratios, spread
from benchmarks.order_lines import (
    CONDITIONS,
    FIGURES,
    HEADINGS,
    MAPPING,
    check_as_text,
    check_file,
    write_csv,
    write_figures,
    write_xlsx,
)

OURS, AS_TEXT = "bulkpo check", "the same without numpy"
CLEAN, CLEAN_TEXT = "the same, all clean", "all clean, without numpy"
PLAIN, ALL_ROWS = "the same, figures ignored", "the same, all rows and cells taken"
FIGURES_SAID = "check {:,} CSV lines with arithmetic and control figures"
CONDITIONS_SAID = "check {:,} CSV lines under conditions"
CSV_READER, FRICTIONLESS, JSONSCHEMA = "csv.reader alone", "frictionless", "jsonschema"
DUCKDB, POLARS = "a DuckDB script", "a Polars script"
OPENPYXL, CALAMINE = "openpyxl reading alone", "python-calamine reading alone"
SHARES = {FRICTIONLESS: 10, JSONSCHEMA: 50}
"""What part of the lines a slow peer is given."""
BAD = {0.01: (1.6, 1.3), 0.5: (None, 3)}
"""How many times longer than that of a clean file the check of one may take, by the share of bad lines in it: with
numpy, and without."""
LARGE = 10
"""How many times as many lines a large file has."""
LONGEST, MOST_MEMORY = 15, 300
"""What the check of ten million lines may take, in seconds and MB."""

_READERS = ["bulkpo.runs.checking.check", "bulkpo.tables.reading.delimited", "bulkpo.tables.workbooks.xlsx"]


def ours(path: Path) -> Job:
    """The check of a file, without its imports."""
    return Job(check_file, [path], [*_READERS, "bulkpo.mapping.proving.blocks"])


def as_text(path: Path) -> Job:
    """The check of a file as where numpy is not installed, without its imports."""
    return Job(check_as_text, [path], _READERS)


def csv_jobs(path: Path, lines: int) -> dict[str, Job]:
    """Ours, reading alone, and the peers that are installed."""
    jobs = {CSV_READER: Job(peers.read_csv, [path]), OURS: ours(path), AS_TEXT: as_text(path)}
    if importlib.util.find_spec("duckdb"):
        jobs[DUCKDB] = Job(peers.check_with_duckdb, [path], ["duckdb"])
    if importlib.util.find_spec("polars"):
        jobs[POLARS] = Job(peers.check_with_polars, [path], ["polars"])
    if importlib.util.find_spec("frictionless"):
        some = [path, lines // SHARES[FRICTIONLESS]]
        jobs[FRICTIONLESS] = Job(peers.check_with_frictionless, some, ["frictionless", "frictionless.formats.csv"])
    jobs[JSONSCHEMA] = Job(peers.check_with_jsonschema, [path, lines // SHARES[JSONSCHEMA]], ["jsonschema"])
    return jobs


def compare_csv(path: Path, lines: int, times: int) -> None:
    """Check a CSV file, beside reading it and beside the peers."""
    taken = in_turn(csv_jobs(path, lines), times)
    show(f"check .csv, {lines:,} lines of {len(HEADINGS)} columns", taken)
    work = f"check {lines:,} CSV lines"
    mine = taken[OURS]
    tell(work, AS_TEXT, at_most(1, "times as long"), ratios(mine, taken[AS_TEXT]))
    tell(work, DUCKDB, at_most(1, "times as long"), ratios(mine, taken[DUCKDB]) if DUCKDB in taken else [])
    tell(f"{work} without numpy", CSV_READER, at_most(2.5, "times as long"), ratios(taken[AS_TEXT], taken[CSV_READER]))
    for peer, share in SHARES.items():
        figures = [share * ratio for ratio in ratios(taken[peer], mine)] if peer in taken else []
        tell(work, peer, at_least(8, "times as fast"), figures)
    tell(f"{work}, memory", "nothing", at_most(150, "MB"), [each.megabytes for each in mine])
    tell(f"{work} without numpy, memory", "nothing", at_most(150, "MB"), [each.megabytes for each in taken[AS_TEXT]])


def compare_bad(clean: Path, lines: int, share: float, times: int) -> None:
    """Check a CSV file of which a share is bad, beside a clean one and beside reading it as text."""
    path = clean.with_name("bad.csv")
    write_csv(path, lines, share)
    jobs = {CLEAN: ours(clean), OURS: ours(path), CLEAN_TEXT: as_text(clean), AS_TEXT: as_text(path)}
    taken = in_turn(jobs, times)
    work = f"check {lines:,} CSV lines, {share:.0%} of them bad"
    show(work, taken)
    tell(work, AS_TEXT, at_most(1.05, "times as long"), ratios(taken[OURS], taken[AS_TEXT]))
    most, most_as_text = BAD[share]
    if most is not None:
        tell(work, CLEAN, at_most(most, "times as long"), ratios(taken[OURS], taken[CLEAN]))
    figures = ratios(taken[AS_TEXT], taken[CLEAN_TEXT])
    tell(f"{work}, without numpy", CLEAN_TEXT, at_most(most_as_text, "times as long"), figures)
    path.unlink()


def compare_figures(folder: Path, lines: int, times: int) -> None:
    """Check a CSV file with prices by the hundred and the file's own totals, beside ignoring these columns."""
    path, ignored = folder / "figures.csv", folder / "ignored.csv"
    write_figures(path, lines)
    ignored.symlink_to(path)
    compare_settings({PLAIN: (ignored, MAPPING), OURS: (path, FIGURES)}, FIGURES_SAID.format(lines), times)


def compare_conditions(folder: Path, lines: int, times: int) -> None:
    """Check a CSV file of which some rows are skipped and some cells do not count, beside taking all of it."""
    path, taken = folder / "conditions.csv", folder / "taken.csv"
    write_csv(path, lines)
    taken.symlink_to(path)
    compare_settings({ALL_ROWS: (taken, MAPPING), OURS: (path, CONDITIONS)}, CONDITIONS_SAID.format(lines), times)


def compare_settings(mappings: Mapping[str, tuple[Path, str]], work: str, times: int) -> None:
    """Check a file by a plain mapping and by one that says more, with numpy and as where it is not installed."""
    jobs = {}
    for job, given in mappings.items():
        jobs[job] = Job(check_file, [*given], [*_READERS, "bulkpo.mapping.proving.blocks"])
        jobs[f"{job}, as text"] = Job(check_as_text, [*given], _READERS)
    taken = in_turn(jobs, times)
    show(work, taken)
    plain, _ = mappings
    mine, text = taken[OURS], taken[f"{OURS}, as text"]
    tell(work, plain, at_most(1.5, "times as long"), ratios(mine, taken[plain]))
    tell(work, AS_TEXT, at_most(1, "times as long"), ratios(mine, text))
    tell(f"{work}, without numpy", plain, at_most(1.5, "times as long"), ratios(text, taken[f"{plain}, as text"]))


def check_large(folder: Path, lines: int) -> None:
    """Check a large CSV file, once."""
    path = folder / "large.csv"
    write_csv(path, lines)
    taken = in_turn({OURS: ours(path)}, 1)
    show(f"check .csv, {lines:,} lines of {len(HEADINGS)} columns", taken)
    work = f"check {lines:,} CSV lines"
    tell(work, "nothing", at_most(LONGEST, "seconds"), [each.seconds for each in taken[OURS]])
    tell(f"{work}, memory", "nothing", at_most(MOST_MEMORY, "MB"), [each.megabytes for each in taken[OURS]])
    path.unlink()


def compare_xlsx(path: Path, lines: int, times: int) -> None:
    """Check a workbook, beside only reading it."""
    write_xlsx(path, lines)
    jobs = {
        OPENPYXL: Job(peers.read_with_openpyxl, [path], ["openpyxl"]),
        OURS: ours(path),
        CALAMINE: Job(peers.read_with_calamine, [path], ["python_calamine"]),
    }
    taken = in_turn(jobs, times)
    show(f"check .xlsx, {lines:,} lines of {len(HEADINGS)} columns", taken)
    work = f"check {lines:,} XLSX lines"
    tell(work, OPENPYXL, at_least(6, "times as fast"), ratios(taken[OPENPYXL], taken[OURS]))
    tell(f"{work}, memory", "nothing", at_most(150, "MB"), [each.megabytes for each in taken[OURS]])


def show(title: str, taken: Mapping[str, list[Taken]]) -> None:
    """Print what jobs took, by the clock and of the processor, beside the first."""
    print(title)
    first = next(iter(taken))
    for job, runs in taken.items():
        scale = SHARES.get(job, 1)
        seconds = spread([scale * each.seconds for each in runs], 2)
        cpu = spread([scale * each.cpu for each in runs], 2)
        times = spread([scale * ratio for ratio in ratios(runs, taken[first])], 2)
        print(
            f"  {job:29} {seconds:>22} s, processor {cpu:>22} s {times:>22} times {first}  "
            f"{max(each.megabytes for each in runs):5.0f} MB"
        )
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
    times = asked.times or (2 if asked.quick else 5)
    lines = asked.lines or (100_000 if asked.quick else 1_000_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean = folder / "lines.csv"
        write_csv(clean, lines)
        compare_csv(clean, lines, times)
        for share in BAD:
            compare_bad(clean, lines, share, times)
        compare_figures(folder, lines // 5, times)
        compare_conditions(folder, lines // 5, times)
        check_large(folder, LARGE * lines)
        compare_xlsx(folder / "lines.xlsx", asked.xlsx_lines or (20_000 if asked.quick else 200_000), times)
    return 0


if __name__ == "__main__":
    sys.exit(main())
