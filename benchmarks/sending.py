"""How fast an import is: at Coupa's limit, where the limit alone should decide, and without any limit.

    python -m benchmarks.sending [--orders 20000] [--limited 1000] [--lines 300000] [--times 3] [--quick]

Orders of five lines from a workbook, into a sandbox in a process of its own. At 25 requests a second with 300 ms of
latency, no import can be quicker than its requests allow; the sandbox counts those that came too fast. Without limit
an import is measured beside a plain loop of openpyxl, lxml and requests over one session, which checks nothing, keeps
nothing and reads nothing back: once without any latency, where both wait for processors alone, and once with that of a
near network. What the client's processor did per order is told by parts.
"""

import argparse
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.claims import at_least, at_most, tell
from benchmarks.few_of_many import measure_few
from benchmarks.import_parts import Parts
from benchmarks.measuring import Taken, apart

LINES = 5
RATE, BURST = 25, 10
LATENCY, SHORT_LATENCY = 0.3, 0.02
HEADER = {
    "type": "ExternalOrderHeader",
    "supplier/name": "Acme Supplies",
    "ship-to-user/login": "migration",
    "transmission-method-override": "do_not_transmit",
    "currency/code": "USD",
}
LINE = {
    "description": "Bolts",
    "type": "OrderQuantityLine",
    "quantity": "1",
    "uom/code": "EA",
    "currency/code": "USD",
    "account/code": "01-100-8000",
    "account/account-type/name": "SAP100",
}
MAPPING = """\
bulkpo: import/1
name: sending
resource: purchase_orders
document: {key: po-number}
columns: {Number: po-number, Line: order-lines/line-num, Price: order-lines/price}
constants:
"""


# The sandbox, in a process of its own


def serve(rate_limit: bool, pipe: Connection) -> None:  # noqa: FBT001 - passed to another process
    """Run a sandbox until told to stop; tell what its processor did."""
    from bulkpo.sandbox.serving.server import References, SandboxOptions, SandboxServer

    with SandboxServer(None, SandboxOptions(references=References.OPEN, rate_limit=rate_limit)) as sandbox:
        pipe.send(sandbox.url)
        pipe.recv()
        pipe.send(time.process_time())


@contextmanager
def sandbox(*, limited: bool = False) -> Iterator[tuple[str, Callable[[], float]]]:
    """A sandbox's address, and what ends it and tells the seconds its processor took."""
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=serve, args=(limited, there), daemon=True)
    process.start()

    def end() -> float:
        here.send("stop")
        seconds: float = here.recv()
        process.join()
        return seconds

    yield here.recv(), end


def ask(url: str, method: str, what: str, body: object) -> dict[str, int]:
    """Ask the sandbox's own paths."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, f"/_sandbox/{what}", json.dumps(body))
    answer: dict[str, int] = json.loads(connection.getresponse().read())
    connection.close()
    return answer


# The jobs, each in a process of its own


def write_orders(folder: Path, orders: int) -> None:
    """The workbook, and the mapping that reads it."""
    from bulkpo.model.table import Cell
    from bulkpo.tables.sink import open_book
    from bulkpo.tables.writing.columns import ColumnKind, SinkColumn

    columns = [SinkColumn("Number"), SinkColumn("Line", ColumnKind.INTEGER), SinkColumn("Price", ColumnKind.DECIMAL)]
    with open_book(folder / "orders.xlsx") as book, book.sheet("Orders", columns) as sheet:
        for number in range(orders):
            rows: list[list[Cell]] = [
                [f"PO-{number:06}", Decimal(line), Decimal(f"{line}.25")] for line in range(1, LINES + 1)
            ]
            sheet.write(rows)
    constants = {**HEADER, **{f"order-lines/{path}": value for path, value in LINE.items()}}
    lines = [f"  {path}: {json.dumps(value)}\n" for path, value in constants.items()]
    (folder / "orders.yaml").write_text(MAPPING + "".join(lines), encoding="utf-8")


def by_bulkpo(folder: Path, url: str, rate: int | None = None, by_parts: str = "") -> dict[str, Any]:
    """Import the orders; gives the number of requests, what the creates took, and the processor's seconds by parts."""
    from bulkpo.coupa.client import CoupaClient
    from bulkpo.journal.journal import journal_in
    from bulkpo.model.profile import Profile, Secret
    from bulkpo.runs.checking.check import check
    from bulkpo.runs.checking.mapped import open_mapped
    from bulkpo.runs.imports.job import ImportOptions, Job
    from bulkpo.runs.imports.run import begin, run_import
    from bulkpo.runs.planning.plan import FilePlan
    from bulkpo.schema.tables import ElementTables
    from bulkpo.shipped import schema_text
    from bulkpo.states import Event

    parts = Parts() if by_parts else None
    counting = parts.part if parts else nullcontext
    scopes = ("core.purchase_order.read", "core.purchase_order.write")
    profile = Profile("sandbox", url, "sandbox", Secret("sandbox"), scopes, rate=None)
    if rate is not None:
        profile = replace(profile, rate=Decimal(rate))
    with counting("read and check"):
        mapped = open_mapped(folder / "orders.yaml", folder / "orders.xlsx", ElementTables(schema_text))
        plan = FilePlan(mapped, check(mapped))
    journal = journal_in(folder / "journal", lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    with CoupaClient(profile) as client:
        job = begin(Job(plan, client, journal, 0, ImportOptions()))
        result = run_import(job)
    moments = [
        datetime.fromisoformat(each.at)
        for entry in ([] if rate is None else journal.entries(job.run))
        for each in journal.happenings(entry)
        if each.event in (Event.SEND, Event.ACCEPTED)
    ]
    journal.close()
    assert result.exit_code == 0, result
    creating = (max(moments) - min(moments)).total_seconds() if moments else 0
    return {"requests": result.requests, "creating": creating, "parts": parts.seconds if parts else {}}


def by_plain_loop(folder: Path, url: str) -> dict[str, Any]:
    """The same orders as a script would bring them: a row after the other, an order after the other."""
    from itertools import groupby

    import openpyxl
    import requests
    from lxml import etree

    def put(parent: "etree._Element", path: str, text: str) -> None:
        *outer, last = path.split("/")
        for name in outer:
            found = parent.find(name)
            parent = etree.SubElement(parent, name) if found is None else found
        etree.SubElement(parent, last).text = text

    session = requests.Session()
    scope = "core.purchase_order.write core.purchase_order.read core.common.read"
    form = {"grant_type": "client_credentials", "client_id": "sandbox", "client_secret": "sandbox", "scope": scope}
    token = session.post(f"{url}/oauth2/token", data=form, timeout=60).json()["access_token"]
    session.headers.update({"Authorization": f"Bearer {token}", "Content-Type": "application/xml"})
    session.headers.update({"Accept": "application/xml"})
    rows = (
        openpyxl.load_workbook(folder / "orders.xlsx", read_only=True)
        .worksheets[0]
        .iter_rows(min_row=2, values_only=True)
    )
    made = {}
    for number, lines in groupby(rows, key=lambda row: row[0]):
        order = etree.Element("order-header")
        for path, value in {"po-number": str(number), **HEADER}.items():
            put(order, path, value)
        collection = etree.SubElement(order, "order-lines")
        for _, line, price in lines:
            element = etree.SubElement(collection, "order-line")
            for path, value in {"line-num": str(line), "price": str(price), **LINE}.items():
                put(element, path, value)
        body = etree.tostring(order, encoding="UTF-8", xml_declaration=True)
        answer = session.post(f"{url}/api/purchase_orders", data=body, timeout=60)
        answer.raise_for_status()
        made[number] = etree.fromstring(answer.content).findtext("id")
    assert all(made.values())
    return {"requests": len(made) + 1, "parts": {}}


# Measuring


def measure_limited(orders: int) -> None:
    """At the limit: how near to the best time, and whether a request came too fast."""
    with tempfile.TemporaryDirectory() as name, sandbox(limited=True) as (url, end):
        write_orders(Path(name), orders)
        ask(url, "PUT", "faults", {"latency": {"seconds": LATENCY}})
        taken = apart(by_bulkpo, Path(name), url, RATE)
        too_fast = ask(url, "GET", "statistics", {})["refused_by_limit"]
        end()
    requests = taken.result["requests"] - 1  # a token does not count against the limit
    print(f"At {RATE} requests a second with {LATENCY * 1000:.0f} ms of latency, {orders:,} orders of {LINES} lines:")
    print(
        f"  {taken.seconds:.1f} s from reading the file to its result, {requests:,} requests besides the token's; "
        f"orders alone at the limit {orders / RATE:.1f} s, all requests {requests / RATE:.1f} s "
        f"({(requests - BURST) / RATE:.1f} s with a burst of {BURST} at first)"
    )
    creating = taken.result["creating"]
    print(f"  {creating:.1f} s from the first create to the last one's answer, the look-ups between them among it")
    print(f"  {requests / RATE / taken.seconds:.1%} of the limit was used; requests that came too fast: {too_fast}")
    work = f"import of {orders:,} orders at {RATE} requests a second"
    first_to_last = f"{work}, first create to last answer"
    whole = f"{work}, start to result"
    tell(first_to_last, "the orders at the limit", at_most(1.03, "times as long"), [creating * RATE / orders])
    tell(whole, "the orders at the limit", at_most(1.03, "times as long"), [taken.seconds * RATE / orders])
    tell(whole, "all its requests at the limit", at_most(1.03, "times as long"), [taken.seconds * RATE / requests])
    tell(work, "the limit", at_most(0, "requests that came too fast"), [too_fast])


def measure_unlimited(orders: int, times: int, latency: float) -> None:
    """Without limit: beside a plain loop, in turn."""
    pairs = []
    for _ in range(times):
        ours = _without_limit("bulkpo", by_bulkpo, orders, latency)
        pairs.append((_without_limit("plain loop", by_plain_loop, orders, latency), ours))
    how = f"with {latency * 1000:.0f} ms of latency" if latency else "without limit or latency"
    work = f"import of {orders:,} orders of {LINES} lines {how}"
    tell(work, "a plain loop", at_least(3, "times as fast"), [plain.seconds / ours.seconds for plain, ours in pairs])
    if not latency:
        lighter = [plain.cpu / ours.cpu for plain, ours in pairs]
        tell(work, "a plain loop's processor", at_least(1, "times as light"), lighter)


def _without_limit(name: str, job: Callable[..., dict[str, Any]], orders: int, latency: float) -> Taken:
    with tempfile.TemporaryDirectory() as folder, sandbox() as (url, end):
        write_orders(Path(folder), orders)
        ask(url, "PUT", "faults", {"latency": {"seconds": latency}} if latency else {})
        taken = apart(job, Path(folder), url)
        of_sandbox = end()
    print(
        f"  {name:10} {orders:,} orders in {taken.seconds:6.1f} s ({orders / taken.seconds:5.0f} orders/s); "
        f"processor per order: client {taken.cpu / orders * 1e6:5.0f} us, sandbox {of_sandbox / orders * 1e6:5.0f} us"
    )
    return taken


def measure_parts(orders: int) -> None:
    """Where the client's processor goes; measuring it takes some itself."""
    with tempfile.TemporaryDirectory() as folder, sandbox() as (url, end):
        write_orders(Path(folder), orders)
        taken = apart(by_bulkpo, Path(folder), url, None, "by parts")
        end()
    parts: dict[str, float] = taken.result["parts"]
    rest = taken.cpu - sum(parts.values())
    said = [f"{name} {seconds / orders * 1e6:.0f}" for name, seconds in [*parts.items(), ("the rest", rest)]]
    print(f"  bulkpo's {taken.cpu / orders * 1e6:.0f} us per order by parts: {', '.join(said)}")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], epilog="0 leaves a measurement out")
    parser.add_argument("--orders", type=int, default=20_000, help="orders without limit")
    parser.add_argument("--limited", type=int, default=1000, help="orders at the limit")
    parser.add_argument("--lines", type=int, default=300_000, help="lines of a file of which ten orders are sent")
    parser.add_argument("--times", type=int, default=3, help="how often an import without limit is measured")
    parser.add_argument("--quick", action="store_true", help="fewer orders, once")
    asked = parser.parse_args()
    if asked.quick:
        asked.orders, asked.limited, asked.times = min(asked.orders, 2000), min(asked.limited, 200), 1
    if asked.orders:
        print("Without limit, beside a loop that checks nothing, keeps nothing and reads nothing back:")
        measure_unlimited(asked.orders, asked.times, 0)
        measure_parts(asked.orders)
        print(f"The same with {SHORT_LATENCY * 1000:.0f} ms of latency:")
        measure_unlimited(asked.orders // 10, asked.times, SHORT_LATENCY)
    if asked.lines:
        with sandbox() as (url, _):
            measure_few(url, asked.lines)
    if asked.limited:
        measure_limited(asked.limited)


if __name__ == "__main__":
    main()
