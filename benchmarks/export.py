"""How fast an export is, against the limit of the API and beside a plain loop.

    python benchmarks/export.py [--orders 100000] [--sandbox FOLDER] [--limited]

Three runs over the same orders of five lines, the instance in a process of its own: `bulkpo export` without limit;
what people write by hand, one page after the other by offset with requests and openpyxl; and `bulkpo export` at 25
requests a second with 200 ms of latency, which the API's limit alone should decide. The instance is made of paper: it
prints pages as fast as can be, so that what is measured is the client. With `--sandbox` it is the sandbox, whose
orders are kept in FOLDER for the next time. With `--limited` only the last of the three runs.
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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

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


class Paper(BaseHTTPRequestHandler):
    """An instance whose orders are printed when they are asked for. Every sixth number is an order's id."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    orders = 0
    latency = 0.0

    def do_POST(self) -> None:
        """A token."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(b'{"access_token": "paper", "expires_in": 86400}')

    def do_GET(self) -> None:
        """A page."""
        time.sleep(self.latency)
        asked = dict(parse_qsl(urlsplit(self.path).query))
        limit = int(asked.get("limit", PAGE))
        if asked.get("dir") == "desc":
            numbers = range(self.orders, max(0, self.orders - limit), -1)
        else:
            first = int(asked.get("id[gt]", 0)) // 6 + 1 + int(asked.get("offset", 0))
            last = min(self.orders, int(asked.get("id[lt_or_eq]", 6 * self.orders)) // 6)
            numbers = range(first, min(last, first + limit - 1) + 1)
        self.answer(b"[%s]" % b",".join(map(printed, numbers)))

    def answer(self, body: bytes) -> None:
        """Send a body."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def printed(number: int) -> bytes:
    """An order as it is answered."""
    return TEMPLATE % (6 * number, number, number % 40, *([number % 97] * LINES))


TEMPLATE = (
    b'{"id":%d,"po-number":"PO-%07d","status":"issued","created-at":"2026-01-08T02:14:54-08:00","supplier":{"name":'
    b'"Supplier %d"},"order-lines":['
    + b",".join(
        b'{"id":%d,"line-num":"%d","description":"Line %d of an order","type":"OrderQuantityLine","quantity":"%d.0",'
        b'"uom":{"code":"EA"},"price":"%%d.25","total":"100.25","currency":{"code":"USD"},"account":{"code":'
        b'"01-100-8000"},"need-by-date":"2026-03-01T00:00:00-08:00","received":"0.0","invoiced":"0.00"}' % ((n,) * 4)
        for n in range(1, LINES + 1)
    )
    + b"]}"
)


def print_orders(orders: int, latency: float, pipe: Connection) -> None:
    """Run a paper instance until told to stop."""
    Paper.orders, Paper.latency = orders, latency
    with ThreadingHTTPServer(("127.0.0.1", 0), Paper) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pipe.send(f"http://127.0.0.1:{server.server_port}")
        pipe.recv()
        server.shutdown()


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


def slow_down(url: str, latency: float) -> None:
    """Have the sandbox answer each request after the latency."""
    requests.put(f"{url}/_sandbox/faults", json={"latency": {"seconds": latency}}, timeout=10).raise_for_status()


def unlimited(asked: argparse.Namespace, folder: Path) -> None:
    """Measure what client and instance can do, beside the plain loop."""
    rows = asked.orders * LINES
    with Instance(asked.orders, asked.sandbox) as url:
        free = exported(url, folder, None)
        print(f"bulkpo, no limit        {free['seconds']:8.1f} s  {rows / free['seconds']:10,.0f} rows/s"
              f"  {free['requests']:6,} requests  {free['megabytes']:5.0f} MB")  # fmt: skip
        seconds = by_hand(url, folder)
        print(f"offset loop + openpyxl  {seconds:8.1f} s  {rows / seconds:10,.0f} rows/s")


def limited(asked: argparse.Namespace, folder: Path) -> None:
    """Measure how near an export comes to the limit of the API."""
    with Instance(asked.orders, asked.sandbox, LATENCY) as url:
        held = exported(url, folder, RATE)
    limit = asked.orders / PAGE / RATE
    print(f"bulkpo, 25/s, 200 ms    {held['seconds']:8.1f} s  {asked.orders * LINES / held['seconds']:10,.0f} rows/s"
          f"  {held['requests']:6,} requests  {held['megabytes']:5.0f} MB;"
          f" the limit alone: {limit:.1f} s ({held['seconds'] / limit - 1:+.1%})")  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--sandbox", type=Path)
    parser.add_argument("--limited", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if asked.sandbox:
            with Instance(asked.orders, asked.sandbox) as url:
                fill(url, asked.orders)
        if not asked.limited:
            unlimited(asked, folder)
        limited(asked, folder)


if __name__ == "__main__":
    main()
