"""Checking a large CSV file, beside reading it at all and beside the checkers people would use instead.

    python benchmarks/check.py [--lines 1000000] [--times 3]

Every job runs in a process of its own, in turn with the others; printed are medians, peak memory, and how many times
longer than `csv.reader` alone each takes. frictionless sees a tenth of the lines and jsonschema a fiftieth, scaled.
"""

import argparse
import csv
import importlib.util
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

LINES_PER_ORDER = 5
HEADINGS = (
    "PO Number", "Supplier", "Supplier No", "Currency", "Line", "Description", "Quantity", "UOM", "Price", "Need By",
    "Account", "Buyer", "Terms", "Note",
)  # fmt: skip
MAPPING = """\
bulkpo: import/1
name: benchmark
resource: purchase_orders
document: {key: po-number}
numbers: {decimal: ".", thousands: ","}
dates: {order: YMD, time_zone: America/New_York}
columns:
  PO Number: po-number
  Supplier: supplier/name
  Supplier No: supplier/number
  Currency: [currency/code, order-lines/currency/code]
  Line: order-lines/line-num
  Description: order-lines/description
  Quantity: order-lines/quantity
  UOM: order-lines/uom/code
  Price: order-lines/price
  Need By: order-lines/need-by-date
  Account: order-lines/account/code
  Buyer: ship-to-user/login
  Terms: payment-term/code
  Note: {ignore: not for Coupa}
constants: {type: ExternalOrderHeader}
rules: {order-lines/price: {min: 0}}
"""
SHARES = {"frictionless": 10, "jsonschema": 50}


def write_lines(path: Path, lines: int, bad: float) -> None:
    """A file of order lines; a share `bad` of them has a price that is none."""
    choose = random.Random(7)  # noqa: S311 - the same file each time
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS)
        for order in range(lines // LINES_PER_ORDER):
            supplier = choose.randrange(800)
            head = (f"{order:08d}", f"Supplier {supplier:04d} Ltd", f"V{supplier:05d}", choose.choice(("USD", "EUR")))
            tail = (f"user{choose.randrange(50)}", choose.choice(("N30", "N45")), "")
            for line in range(1, LINES_PER_ORDER + 1):
                price = "cheap" if choose.random() < bad else f"{choose.randrange(1, 1_000_000) / 100:.2f}"
                day = f"2026-{choose.randrange(1, 13):02d}-{choose.randrange(1, 29):02d}"
                text = f"Item description number {choose.randrange(5000)}, lot {choose.randrange(100_000)}"
                uom, account = choose.choice(("EA", "CS", "PK")), f"01-{choose.randrange(100, 400)}-8000"
                writer.writerow([*head, line, text, choose.randrange(1, 500), uom, price, day, account, *tail])


def read_only(path: Path) -> None:
    """Read every line and do nothing with it."""
    with path.open(newline="", encoding="utf-8") as stream:
        for _ in csv.reader(stream):
            pass


def check_with_bulkpo(path: Path) -> None:
    """All rules, grouping and totals."""
    from bulkpo.runs.check import check
    from bulkpo.runs.mapped import open_mapped
    from bulkpo.schema.tables import ElementTables
    from bulkpo.shipped import schema_text

    mapping = path.with_suffix(".yaml")
    mapping.write_text(MAPPING, encoding="utf-8")
    checked = check(open_mapped(mapping, path, ElementTables(schema_text)))
    if checked.rows == 0:
        raise RuntimeError("nothing was checked")


def check_with_jsonschema(path: Path) -> None:
    """The rules for single values alone."""
    import jsonschema

    text: dict[str, object] = {"type": "string", "minLength": 1, "maxLength": 255}
    number: dict[str, object] = {"type": "string", "pattern": r"^\d+(\.\d{1,6})?$"}
    properties = dict.fromkeys(HEADINGS, text) | {"PO Number": {"type": "string", "maxLength": 20}}
    properties |= {"Quantity": number, "Price": number, "Note": {"type": "string"}}
    validator = jsonschema.Draft202012Validator({"type": "object", "properties": properties})
    with path.open(newline="", encoding="utf-8") as stream:
        for row in islice(csv.DictReader(stream), share_of(path, "jsonschema")):
            list(validator.iter_errors(row))


def check_with_frictionless(path: Path) -> None:
    """Types and constraints of every column."""
    from frictionless import Resource, Schema, validate

    kinds = {"Quantity": "number", "Price": "number", "Need By": "date", "Line": "integer"}
    fields = [{"name": name, "type": kinds.get(name, "string")} for name in HEADINGS]
    part = path.with_name("part.csv")
    with path.open(encoding="utf-8") as whole, part.open("w", encoding="utf-8") as stream:
        stream.writelines(islice(whole, share_of(path, "frictionless") + 1))
    validate(Resource(path=part.name, basepath=str(part.parent), schema=Schema.from_descriptor({"fields": fields})))


JOBS: dict[str, Callable[[Path], None]] = {
    "csv.reader alone": read_only,
    "bulkpo check": check_with_bulkpo,
    "jsonschema": check_with_jsonschema,
    "frictionless": check_with_frictionless,
}


def share_of(path: Path, job: str) -> int:
    """How many lines a slow peer is given."""
    with path.open("rb") as stream:
        lines = sum(1 for _ in stream) - 1
    return lines // SHARES[job]


def measure(job: str, path: Path) -> tuple[float, int]:
    """Seconds and peak memory in MB of a job in a process of its own, without its imports."""
    done = subprocess.run(
        [sys.executable, __file__, "--job", job, "--file", path], check=True, capture_output=True, text=True
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return told["seconds"] * SHARES.get(job, 1), told["memory"]


def run_job(job: str, path: Path) -> None:
    """Run one job here and print what it took."""
    started = time.perf_counter()
    JOBS[job](path)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "memory": memory}))


def compare(title: str, path: Path, jobs: list[str], times: int) -> None:
    """Measure jobs in turn and print their medians beside the first."""
    print(title)
    taken: dict[str, list[tuple[float, int]]] = {job: [] for job in jobs}
    for _ in range(times):
        for job in jobs:
            taken[job].append(measure(job, path))
    floor = statistics.median(seconds for seconds, _ in taken[jobs[0]])
    for job, runs in taken.items():
        seconds = sorted(each for each, _ in runs)
        middle, memory = statistics.median(seconds), max(each for _, each in runs)
        spread = f"{seconds[0]:.2f} to {seconds[-1]:.2f}"
        print(f"  {job:20} {middle:8.2f} s ({spread})   {middle / floor:7.2f} times csv.reader   {memory:5} MB")


def main() -> int:
    """Run all comparisons and print them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lines", type=int, default=1_000_000, help="order lines in the file")
    parser.add_argument("--times", type=int, default=3, help="how often each job runs")
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.job:
        run_job(arguments.job, arguments.file)
        return 0
    peers = [name for name in SHARES if importlib.util.find_spec(name)]
    with tempfile.TemporaryDirectory() as name:
        for bad in (0.0, 0.01, 0.5):
            path = Path(name) / "lines.csv"
            write_lines(path, arguments.lines, bad)
            title = f"check .csv, {arguments.lines:,} lines of {len(HEADINGS)} columns, {bad:.0%} of them bad"
            compare(title, path, ["csv.reader alone", "bulkpo check", *(peers if not bad else [])], arguments.times)
    return 0


if __name__ == "__main__":
    sys.exit(main())
