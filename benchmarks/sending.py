"""How fast an import is: at Coupa's limit, where the limit alone should decide, and without any limit.

    python benchmarks/sending.py [--orders 2000] [--limited 1000]

Orders of five lines, the sandbox in a process of its own. At 25 requests a second with 300 ms of latency the best
time is (orders - burst) / 25; the sandbox counts the requests that came too fast. Without limit and latency both
processes are as fast as the machine lets them be.
"""

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

from bulkpo.coupa.client import CoupaClient
from bulkpo.journal.store import Journal
from bulkpo.model.profile import Profile, Secret
from bulkpo.runs.check import check
from bulkpo.runs.file_plan import FilePlan
from bulkpo.runs.import_job import ImportOptions, Job
from bulkpo.runs.import_run import begin, run_import
from bulkpo.runs.mapped import open_mapped
from bulkpo.sandbox.server import CLIENT_ID, CLIENT_SECRET, SandboxOptions, SandboxServer
from bulkpo.schema.tables import ElementTables
from bulkpo.settings import SCOPES
from bulkpo.shipped import schema_text

LINES = 5
RATE, BURST = 25, 10
MAPPING = """\
bulkpo: import/1
name: sending
resource: purchase_orders
document: {key: po-number}
columns: {Number: po-number, Line: order-lines/line-num, Price: order-lines/price}
constants:
  type: ExternalOrderHeader
  supplier/name: Acme Supplies
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  currency/code: USD
  order-lines/description: Bolts
  order-lines/type: OrderQuantityLine
  order-lines/quantity: "1"
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
  order-lines/account/account-type/name: SAP100
"""


def serve(rate_limit: bool, pipe: Connection) -> None:  # noqa: FBT001 - passed to another process
    """Run a sandbox until told to stop."""
    with SandboxServer(None, SandboxOptions(rate_limit=rate_limit)) as sandbox:
        pipe.send(sandbox.url)
        pipe.recv()


def ask(url: str, method: str, what: str, body: object) -> dict[str, int]:
    """Ask the sandbox's own paths."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, f"/_sandbox/{what}", json.dumps(body))
    answer: dict[str, int] = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def measure(orders: int, *, limited: bool) -> None:
    """Import so many orders, and print how long sending and all of it took."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(limited, there), daemon=True)
    process.start()
    url = here.recv()
    profile = Profile("sandbox", url, CLIENT_ID, Secret(CLIENT_SECRET), SCOPES, rate=None)
    if limited:
        profile = replace(profile, rate=Decimal(RATE))
        ask(url, "PUT", "faults", {"latency": {"seconds": 0.3}})
    with tempfile.TemporaryDirectory() as name:
        bring(Path(name), profile, orders)
    if limited:
        too_fast = ask(url, "GET", "statistics", {})["refused_by_limit"]
        print(f"  best time {(orders - BURST) / RATE:.1f} s; requests that came too fast: {too_fast}")
    here.send("stop")
    process.join()


def bring(folder: Path, profile: Profile, orders: int) -> None:
    """Import orders of five lines from a file."""
    rows = (f"PO-{number:06},{line},{line}.25" for number in range(orders) for line in range(1, LINES + 1))
    (folder / "orders.csv").write_text("\n".join(["Number,Line,Price", *rows]) + "\n", encoding="utf-8")
    (folder / "orders.yaml").write_text(MAPPING, encoding="utf-8")
    started = time.perf_counter()
    mapped = open_mapped(folder / "orders.yaml", folder / "orders.csv", ElementTables(schema_text))
    plan = FilePlan(mapped, check(mapped))
    told: list[float] = []
    journal = Journal(folder, lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    with CoupaClient(profile) as client:
        job = begin(Job(plan, client, journal, 0, ImportOptions()))
        job.progress = lambda _done, _total: told.append(time.perf_counter())
        result = run_import(job)
    journal.close()
    assert result.exit_code == 0, result
    sending, whole = told[-1] - told[0], time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    how = "at the limit" if profile.rate else "without limit"
    print(
        f"{how:14} {orders:7,} orders: sending {sending:6.1f} s "
        f"({orders / sending:5.0f} orders/s), "
        f"all of it {whole:6.1f} s, {result.requests:,} requests, {megabytes:.0f} MB"
    )


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=2000, help="orders without limit; 0 leaves them out")
    parser.add_argument("--limited", type=int, default=1000, help="orders at the limit; 0 leaves them out")
    asked = parser.parse_args()
    print(f"Import of orders of {LINES} lines: look-up of every number, create, read back, report")
    for orders, limited in ((asked.orders, False), (asked.limited, True)):
        if orders:
            measure(orders, limited=limited)


if __name__ == "__main__":
    main()
