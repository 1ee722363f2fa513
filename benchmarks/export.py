"""How fast an export is, against the limit of the API and beside a plain loop.

    python benchmarks/export.py [--orders 100000] [--store FOLDER] [--skip-limited]

Three runs over the same orders of five lines, the sandbox in a process of its own: `bulkpo export` at 25 requests a
second with 200 ms of latency, which the API's limit alone should decide; the same without limit and latency; and
what people write by hand: one page after the other by offset, with requests and openpyxl. `--store` keeps the orders
for the next time.
"""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from multiprocessing.connection import Connection
from pathlib import Path

import openpyxl
import requests

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.failures import Created
from bulkpo.model.profile import Profile, Secret
from bulkpo.sandbox.server import CLIENT_ID, CLIENT_SECRET, References, SandboxOptions, SandboxServer
from bulkpo.settings import SCOPES

LINES = 5
PAGE = 50
LATENCY = 0.2
RATE = 25
MAPPING = Path(__file__).parents[1] / "mappings" / "export" / "order-lines.yaml"
PATHS = (
    "po-number", "status", "supplier/name", "line-num", "description", "quantity", "uom/code", "price", "total",
    "currency/code", "account/code", "need-by-date",
)  # fmt: skip
FIELDS = (
    '["id","po_number","status",{"supplier":["name"]},{"order_lines":["line_num","description","quantity",'
    '{"uom":["code"]},"price","total",{"currency":["code"]},{"account":["code"]},"need_by_date"]}]'
)


def serve(folder: str, rate_limit: bool, pipe: Connection) -> None:  # noqa: FBT001 - passed to another process
    """Run a sandbox until told to stop."""
    options = SandboxOptions(references=References.OPEN, rate_limit=rate_limit)
    with SandboxServer(Path(folder), options) as sandbox:
        pipe.send(sandbox.url)
        pipe.recv()


class Sandbox:
    """A sandbox in a process of its own."""

    def __init__(self, folder: Path, *, limited: bool = False) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(str(folder), limited, theirs))

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
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    answer: dict[str, float] = json.loads(done.stdout)
    answer["megabytes"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
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


def by_hand(url: str, folder: Path) -> float:
    """A plain loop over offsets, and openpyxl; the seconds it took."""
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
    offset = 0
    while True:
        asked: dict[str, str | int] = {"offset": offset, "limit": PAGE, "fields": FIELDS}
        page = session.get(f"{url}/api/purchase_orders", params=asked, timeout=60).json()
        for found in page:
            for line in found["order-lines"]:
                sheet.append([
                    found["po-number"], found["status"], found["supplier"]["name"], line["line-num"],
                    line["description"], float(line["quantity"]), line["uom"]["code"], float(line["price"]),
                    float(line["total"]), line["currency"]["code"], line["account"]["code"], line["need-by-date"],
                ])  # fmt: skip
        if len(page) < PAGE:
            break
        offset += PAGE
    workbook.save(folder / "by-hand.xlsx")
    return time.monotonic() - started


def slow_down(url: str) -> None:
    """Have the sandbox answer each request after the latency."""
    plan = json.dumps({"latency": {"seconds": LATENCY}}).encode()
    request = urllib.request.Request(  # noqa: S310 - the sandbox on the loopback
        f"{url}/_sandbox/faults", plan, {"Content-Type": "application/json"}, method="PUT"
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--skip-limited", action="store_true")
    asked = parser.parse_args()
    rows = asked.orders * LINES
    with tempfile.TemporaryDirectory() as temporary:
        folder, store = Path(temporary), asked.store or Path(temporary) / "store"
        with Sandbox(store) as url:
            fill(url, asked.orders)
            free = exported(url, folder, None)
            print(f"bulkpo, no limit        {free['seconds']:8.1f} s  {rows / free['seconds']:10,.0f} rows/s"
                  f"  {free['requests']:6,} requests  {free['megabytes']:5.0f} MB")  # fmt: skip
            seconds = by_hand(url, folder)
            print(f"offset loop + openpyxl  {seconds:8.1f} s  {rows / seconds:10,.0f} rows/s")
        if not asked.skip_limited:
            with Sandbox(store, limited=True) as url:
                slow_down(url)
                held = exported(url, folder, RATE)
            limit = asked.orders / PAGE / RATE
            print(f"bulkpo, 25/s, 200 ms    {held['seconds']:8.1f} s  {rows / held['seconds']:10,.0f} rows/s"
                  f"  {held['requests']:6,} requests  {held['megabytes']:5.0f} MB;"
                  f" the limit alone: {limit:.1f} s ({held['seconds'] / limit - 1:+.1%})")  # fmt: skip


if __name__ == "__main__":
    main()
