"""Checking order lines of a big CSV file, beside the scripts that people would write in DuckDB and Polars.

    python benchmarks/check_scripts.py [--lines 1000000] [--times 5] [--quick]

What the scripts do not answer stands in `benchmarks.scripts_people_write`. bulkpo is tried with numpy, which proves
blocks of bytes, and without. Every job runs in a process of its own, in turn with the others.
"""

import argparse
import importlib.util
import sys
import tempfile
from pathlib import Path

from benchmarks.check import show
from benchmarks.claims import at_most, tell
from benchmarks.measuring import Job, Taken, in_turn, ratios
from benchmarks.order_lines import HEADINGS, check_file, check_job, write_csv
from benchmarks.scripts_people_write import check_with_duckdb, check_with_polars

OURS, PLAIN, DUCKDB, POLARS = "bulkpo check", "the same without numpy", "a DuckDB script", "a Polars script"
PEERS = {DUCKDB: ("duckdb", check_with_duckdb), POLARS: ("polars", check_with_polars)}
BAD = {0.01: 1.6, 0.5: None}
"""How many times longer than that of a clean file the check of one may take, by the share of bad lines in it."""


def check_as_text(path: Path) -> int:
    """Check a file as where numpy is not installed."""
    from bulkpo.runs.checking import blocks

    blocks.FEWEST_BYTES = sys.maxsize
    return check_file(path)


def jobs_for(path: Path) -> dict[str, Job]:
    """Ours, with numpy and without, and the peers that are installed."""
    ours = check_job(path)
    jobs = {
        OURS: Job(ours.function, ours.arguments, [*ours.imports, "bulkpo.mapping.proving.blocks"]),
        PLAIN: Job(check_as_text, ours.arguments, ours.imports),
    }
    for peer, (module, function) in PEERS.items():
        if importlib.util.find_spec(module):
            jobs[peer] = Job(function, [path], [module])
    return jobs


def compare(path: Path, lines: int, times: int) -> list[Taken]:
    """Check a clean file beside the scripts; what ours took."""
    taken = in_turn(jobs_for(path), times)
    work = f"check {lines:,} CSV lines, with numpy"
    show(f"check .csv, {lines:,} lines of {len(HEADINGS)} columns, beside scripts", taken)
    tell(work, PLAIN, at_most(1, "times as long"), ratios(taken[OURS], taken[PLAIN]))
    tell(work, DUCKDB, at_most(1, "times as long"), ratios(taken[OURS], taken[DUCKDB]) if DUCKDB in taken else [])
    tell(f"{work}, memory", "nothing", at_most(150, "MB"), [each.megabytes for each in taken[OURS]])
    return taken[OURS]


def compare_bad(clean: Path, lines: int, share: float, times: int) -> None:
    """Check a file of which a share of lines is bad, beside a clean one and beside reading it as text."""
    path = clean.with_name("bad.csv")
    write_csv(path, lines, share)
    jobs = {OURS: jobs_for(path)[OURS], PLAIN: jobs_for(path)[PLAIN], "the same, all clean": jobs_for(clean)[OURS]}
    taken = in_turn(jobs, times)
    work = f"check {lines:,} CSV lines with numpy, {share:.0%} of them bad"
    show(work, taken)
    most = BAD[share]
    if most is not None:
        tell(work, "all clean", at_most(most, "times as long"), ratios(taken[OURS], taken["the same, all clean"]))
    tell(work, PLAIN, at_most(1.05, "times as long"), ratios(taken[OURS], taken[PLAIN]))


def main() -> int:
    """Run all comparisons and print them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lines", type=int, help="order lines in the file")
    parser.add_argument("--times", type=int, help="how often each job runs")
    parser.add_argument("--quick", action="store_true", help="a fifth of the lines, twice")
    asked = parser.parse_args()
    times = asked.times or (2 if asked.quick else 5)
    lines = asked.lines or (200_000 if asked.quick else 1_000_000)
    with tempfile.TemporaryDirectory() as name:
        clean = Path(name) / "lines.csv"
        write_csv(clean, lines)
        compare(clean, lines, times)
        for share in BAD:
            compare_bad(clean, lines, share, times)
    return 0


if __name__ == "__main__":
    sys.exit(main())
