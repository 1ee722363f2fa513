"""How time and memory of a check grow with the file, drawn in docs/scaling.svg.

    python benchmarks/scaling.py [--times 3] [--quick]

CSV files of 10,000 to 2,000,000 order lines, each checked in a process of its own, beside only reading them. Time
should grow as the lines do, and memory not at all but for the set of order numbers seen.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.chart import Panel, svg
from benchmarks.check import ours
from benchmarks.claims import at_most, tell
from benchmarks.measuring import Job, Taken, in_turn, spread
from benchmarks.order_lines import HEADINGS, LINES_PER_ORDER, write_csv
from benchmarks.peers import read_csv

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "scaling.svg"
SIZES = (10_000, 100_000, 1_000_000, 2_000_000)
QUICK_SIZES = (10_000, 50_000, 200_000)
MOST_BYTES_PER_ORDER = 80
"""What a seen order number may take."""

CHECK, READ = "bulkpo check", "csv.reader alone"


def measure(folder: Path, sizes: tuple[int, ...], times: int) -> dict[str, dict[int, list[Taken]]]:
    """What checking and reading took, by job and size."""
    jobs: dict[tuple[str, int], Job] = {}
    for size in sizes:
        path = folder / f"{size}.csv"
        write_csv(path, size)
        jobs |= {(CHECK, size): ours(path), (READ, size): Job(read_csv, [path])}
    taken = in_turn(jobs, times)
    return {name: {size: taken[name, size] for size in sizes} for name in (CHECK, READ)}


def show(taken: dict[str, dict[int, list[Taken]]]) -> None:
    """Print the figures."""
    print(f"check .csv, lines of {len(HEADINGS)} columns, orders of {LINES_PER_ORDER}")
    for size, runs in taken[CHECK].items():
        seconds = spread([run.seconds for run in runs], 2)
        each = statistics.median(run.seconds for run in runs) / size * 1_000_000
        memory = max(run.megabytes for run in runs)
        print(f"  {size:9,} lines   {seconds:>22} s   {each:5.1f} millionths a line   {memory:5.0f} MB")


def draw(taken: dict[str, dict[int, list[Taken]]]) -> str:
    """The picture of time and memory."""

    def curves(of: str) -> dict[str, list[tuple[float, float]]]:
        return {
            name: [(size, statistics.median(getattr(run, of) for run in runs)) for size, runs in sizes.items()]
            for name, sizes in taken.items()
        }

    note = f"Orders of {LINES_PER_ORDER} lines, {len(HEADINGS)} columns. Medians. All axes are logarithmic."
    return svg(
        "Checking a CSV file: time and memory by its size",
        note,
        [
            Panel("Time, seconds", "order lines in the file", _count, _seconds, dict(curves("seconds"))),
            Panel("Peak memory, MB", "order lines in the file", _count, _megabytes, dict(curves("megabytes"))),
        ],
    )


def main() -> int:
    """Measure, draw and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, help="how often each file is checked")
    parser.add_argument("--quick", action="store_true", help="up to 200,000 lines, once, without drawing")
    asked = parser.parse_args()
    sizes = QUICK_SIZES if asked.quick else SIZES
    with tempfile.TemporaryDirectory() as name:
        taken = measure(Path(name), sizes, asked.times or (1 if asked.quick else 3))
    show(taken)
    if not asked.quick:
        PICTURE.write_text(draw(taken), encoding="utf-8")
    small, large = sizes[1], sizes[-1]
    few, many = taken[CHECK][small], taken[CHECK][large]
    tell(
        f"check {large:,} CSV lines, time per line",
        f"{small:,} lines",
        at_most(1.2, "times as long"),
        [(more.seconds / large) / (less.seconds / small) for more, less in zip(many, few, strict=True)],
    )
    orders = (large - small) / LINES_PER_ORDER
    tell(
        f"check {large:,} CSV lines, memory",
        f"{small:,} lines",
        at_most(MOST_BYTES_PER_ORDER, "bytes more per order"),
        [(more.megabytes - less.megabytes) * (1 << 20) / orders for more, less in zip(many, few, strict=True)],
    )
    return 0


def _count(figure: float) -> str:
    return f"{figure / 1_000_000:g} million" if figure >= 1_000_000 else f"{figure:,.0f}"


def _seconds(figure: float) -> str:
    return f"{figure:.2g} s" if figure < 10 else f"{figure:.0f} s"


def _megabytes(figure: float) -> str:
    return f"{figure:,.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
