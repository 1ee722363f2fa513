"""How fast an export is, against the limit of the API and beside a plain loop.

    python -m benchmarks.export [--orders 100000] [--sandbox FOLDER] [--limited] [--quick]

Orders of five lines, the instance in a process of its own. Without limit: `bulkpo export`, and what people write by
hand, one page after the other by offset with requests and openpyxl; the instance is made of paper, so that what is
measured is the client. At 25 requests a second and with 200 ms of latency: `bulkpo export` from the sandbox, which the
API's limit alone should decide, and the same loop, of which a part is measured, since its pages take one time each.

The orders of the sandbox are kept in FOLDER for the next time. With `--limited` only bulkpo at the limit.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import openpyxl
import requests

from benchmarks.claims import at_least, at_most, tell
from benchmarks.measuring import command_apart
from benchmarks.paper import LINES, PAGE, print_orders
from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created
from bulkpo.model.profile import Profile, Secret
from bulkpo.sandbox.serving.server import CLIENT_ID, CLIENT_SECRET, References, SandboxOptions, SandboxServer

SCOPES = ("core.purchase_order.read", "core.purchase_order.write", "core.common.read", "core.supplier.read")
LATENCY = 0.2
RATE = 25
LOOPED = 10_000
"""Orders of which the loop with latency is measured."""

MAPPING = Path(__file__).parents[1] / "mappings" / "export" / "order-lines.yaml"
PATHS = (
    "po-number", "status", "supplier/name", "line-num", "description", "quantity", "uom/code", "price", "total",
    "currency/code", "account/code", "need-by-date",
)  # fmt: skip
FIELDS = (
    '["id","po_number","status",{"supplier":["name"]},{"order_lines":["line_num","description","quantity",'
    '{"uom":["code"]},"price","total",{"currency":["code"]},{"account":["code"]},"need_by_date"]}]'
)


def serve(folder: str, latency: float, pipe: Connection) -> None:
    """Run a sandbox until told to stop; with latency it keeps the limit of the API too."""
    options = SandboxOptions(references=References.OPEN, rate_limit=latency > 0)
    with SandboxServer(Path(folder), options) as sandbox:
        slow_down(sandbox.url, latency)
        pipe.send(sandbox.url)
        pipe.recv()


class Instance:
    """An instance in a process of its own: the sandbox with the orders of a folder, or one of paper."""

    def __init__(self, orders: int, folder: Path | None, latency: float = 0) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = (
            context.Process(target=print_orders, args=(orders, latency, theirs))
            if folder is None
            else context.Process(target=serve, args=(str(folder), latency, theirs))
        )

    def __enter__(self) -> str:
        self._process.start()
        return str(self._pipe.recv())

    def __exit__(self, *_: object) -> None:
        self._pipe.send("stop")
        self._process.join()


def order(number: int) -> bytes:
    """One order of five lines."""
    lines = [
        {
            "line-num": str(line),
            "type": "OrderQuantityLine",
            "description": f"Line {line} of order {number}",
            "quantity": str(line),
            "price": f"{number % 97}.25",
            "uom": {"code": "EA"},
            "currency": {"code": "USD"},
            "account": {"code": "01-100-8000"},
            "need-by-date": "2026-03-01T00:00:00-08:00",
        }
        for line in range(1, LINES + 1)
    ]
    header = {
        "po-number": f"PO-{number:07}",
        "ship-to-user": {"login": "migration"},
        "supplier": {"name": f"Supplier {number % 40}"},
        "currency": {"code": "USD"},
    }
    return json.dumps({**header, "order-lines": lines}).encode()


def fill(url: str, count: int) -> None:
    """Create orders over HTTP until there are as many as asked for."""
    profile = Profile("bench", url, CLIENT_ID, Secret(CLIENT_SECRET), SCOPES, rate=None, workers=4)
    with CoupaClient(profile) as client:
        there = sum(1 for _ in client.find("purchase_orders", [], ["id"]))

        def create(first: int) -> None:
            for number in range(first, count, profile.workers):
                outcome = client.create("purchase_orders", order(number), "application/json")
                assert isinstance(outcome, Created), outcome

        threads = [threading.Thread(target=create, args=[there + worker]) for worker in range(profile.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def exported(url: str, folder: Path, rate: int | None) -> dict[str, float]:
    """Run `bulkpo export` in a process of its own; its JSON answer, and the most memory it had."""
    pace = f"rate: {rate}, " if rate else ""
    (folder / "bulkpo.yaml").write_text(
        f"bulkpo: profiles/1\nprofiles:\n  bench: {{{pace}url: '{url}', client_id: {CLIENT_ID}}}\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "bulkpo", "export", str(MAPPING), "-o", "bench.xlsx", "--to", "bench", "--json"]
    environment = {**os.environ, "BULKPO_BENCH_CLIENT_SECRET": CLIENT_SECRET}
    if rate is None:
        command = [sys.executable, "-c", WITHOUT_LIMIT, *command[3:]]
    taken = command_apart(command, folder, environment)
    answer: dict[str, float] = json.loads(taken.result)
    answer["megabytes"] = taken.megabytes
    return answer


WITHOUT_LIMIT = """
import sys
from dataclasses import replace
from bulkpo import settings
from bulkpo.cli.main import run
load = settings.load_profile
settings.load_profile = lambda *arguments: replace(load(*arguments), rate=None)
sys.exit(run(sys.argv[1:]))
"""


def by_hand(url: str, folder: Path, orders: int) -> float:
    """A plain loop over offsets, and openpyxl, for so many orders; the seconds it took."""
    started = time.monotonic()
    session = requests.Session()
    form = {
        "grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "scope": " ".join(SCOPES),
    }  # fmt: skip
    token = session.post(f"{url}/oauth2/token", data=form, timeout=60).json()["access_token"]
    session.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/json"})
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Order lines")
    sheet.append(list(PATHS))
    for offset in range(0, orders, PAGE):
        asked: dict[str, str | int] = {"offset": offset, "limit": PAGE, "fields": FIELDS}
        page = session.get(f"{url}/api/purchase_orders", params=asked, timeout=60).json()
        for found in page:
            for line in found["order-lines"]:
                sheet.append([
                    found["po-number"], found["status"], found["supplier"]["name"], line["line-num"],
                    line["description"], float(line["quantity"]), line["uom"]["code"], float(line["price"]),
                    float(line["total"]), line["currency"]["code"], line["account"]["code"], line["need-by-date"],
                ])  # fmt: skip
    workbook.save(folder / "by-hand.xlsx")
    return time.monotonic() - started


def slow_down(url: str, latency: float) -> None:
    """Have the sandbox answer each request after the latency."""
    requests.put(f"{url}/_sandbox/faults", json={"latency": {"seconds": latency}}, timeout=10).raise_for_status()


def unlimited(orders: int, folder: Path) -> None:
    """Measure what the client can do, beside the plain loop."""
    rows = orders * LINES
    with Instance(orders, None) as url:
        free = exported(url, folder, None)
        said("bulkpo, no limit", free["seconds"], rows, f"{free['requests']:6,} requests  {free['megabytes']:5.0f} MB")
        seconds = by_hand(url, folder, orders)
        said("offset loop + openpyxl", seconds, rows, f"{seconds / free['seconds']:.1f} times bulkpo")


def limited(orders: int, sandbox: Path, folder: Path, looped: int) -> None:
    """Measure how near an export comes to the limit of the API, and how far the plain loop stays behind."""
    with Instance(orders, sandbox) as url:
        fill(url, orders)
    with Instance(orders, sandbox, LATENCY) as url:
        held = exported(url, folder, RATE)
        limit = orders / PAGE / RATE
        ratio = held["seconds"] / limit
        said(
            "bulkpo, 25/s, 200 ms", held["seconds"], orders * LINES,
            f"{held['requests']:6,} requests  {held['megabytes']:5.0f} MB  "
            f"the limit alone: {limit:.1f} s ({ratio - 1:+.1%})",
        )  # fmt: skip
        work = f"export {orders:,} orders of {LINES} lines at 25 requests a second, 200 ms"
        tell(work, "the limit alone", at_most(1.05, "times as long"), [ratio])
        tell(f"{work}, memory", "nothing", at_most(200, "MB"), [held["megabytes"]])
        if looped:
            seconds = by_hand(url, folder, looped) * orders / looped
            said("offset loop + openpyxl", seconds, orders * LINES, f"by {looped:,} orders")
            tell(work, "requests and openpyxl, page by page", at_least(4, "times as fast"), [seconds / held["seconds"]])


def said(what: str, seconds: float, rows: int, more: str) -> None:
    """Print a line."""
    print(f"{what:24}{seconds:8.1f} s  {rows / seconds:10,.0f} rows/s  {more}", flush=True)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--orders", type=int, help="how many orders there are")
    parser.add_argument("--sandbox", type=Path, help="where the sandbox keeps them for the next time")
    parser.add_argument("--limited", action="store_true", help="only bulkpo at the limit")
    parser.add_argument("--quick", action="store_true", help="20,000 orders")
    asked = parser.parse_args()
    orders = asked.orders or (20_000 if asked.quick else 100_000)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if not asked.limited:
            unlimited(orders, folder)
        limited(orders, asked.sandbox or folder / "sandbox", folder, 0 if asked.limited else min(orders, LOOPED))
    return 0


if __name__ == "__main__":
    sys.exit(main())
