"""How fast the sandbox is: creates a second, CPU per create, and the time of a filtered page out of many orders.

    python -m benchmarks.sandbox [--orders 200000] [--creates 3000] [--lines 3] [--quick]

The server runs in a process of its own, so its CPU time is told apart from the client's. The many orders that the
paging figures need are made within that process, by the same requests without the network.
"""

import argparse
import http.client
import json
import multiprocessing
import statistics
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.claims import at_least, at_most, tell
from bulkpo.sandbox.http import Request
from bulkpo.sandbox.serving.server import CLIENT_ID, CLIENT_SECRET, SandboxServer

PAGE = 50
ORDINARY = 3
"""How many lines the orders have by which creates are judged."""
SUPPLIERS = ("V100", "V200", "V300", "00042", "V500")
SCOPES = "core.purchase_order.read core.purchase_order.write core.common.read core.supplier.read"
LINE = (
    "<order-line><line-num>{n}</line-num><description>Line {n} of a benchmark order</description><price>12.{n}</price>"
    "<type>OrderQuantityLine</type><quantity>{n}</quantity><uom><code>EA</code></uom><currency><code>USD</code>"
    "</currency><account><code>{account}</code><account-type><name>SAP100</name></account-type></account>"
    "<need-by-date>2026-01-31T00:00:00-08:00</need-by-date></order-line>"
)
ORDER = (
    "<order-header><po-number>{number}</po-number><type>ExternalOrderHeader</type><supplier><number>{supplier}</number>"
    "</supplier><ship-to-user><login>migration</login></ship-to-user><currency><code>USD</code></currency>"
    "<order-lines>{lines}</order-lines></order-header>"
)


def serve(folder: str, pipe: Connection) -> None:
    """Run a sandbox until told to stop; tell its CPU time and its memory whenever asked."""
    with SandboxServer(Path(folder)) as sandbox:
        pipe.send(sandbox.url)
        while (told := pipe.recv()) != "stop":
            if told != "how":
                fill(sandbox, *told)
            pipe.send((time.process_time(), peak_memory()))


def fill(sandbox: SandboxServer, numbers: range, lines: int, token: str) -> None:
    """Create orders without the network."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/xml"}
    for number in numbers:
        body = order(number, lines).encode()
        target = "/api/purchase_orders?return_object=none"
        answer = sandbox.answer(Request("POST", target, headers, body, keep_alive=True))
        assert answer.status == 201, answer.body


def peak_memory() -> float:
    """The most memory this process has had, in megabytes, where the system tells."""
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def order(number: int, lines: int) -> str:
    """One order; one in a thousand is billed to a rare account."""
    account = "02-100-8000" if number % 1000 == 0 else "01-100-8000"
    account_type = "SAP200" if number % 1000 == 0 else "SAP100"
    text = "".join(LINE.format(n=n, account=account) for n in range(1, lines + 1)).replace("SAP100", account_type)
    return ORDER.format(number=f"B{number:07}", supplier=SUPPLIERS[number % len(SUPPLIERS)], lines=text)


class Client:
    """One kept connection."""

    def __init__(self, url: str, token: str = "") -> None:
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"))
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def token(self) -> str:
        """Ask for a token."""
        facts = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        form = urlencode({**facts, "scope": SCOPES})
        self._connection.request("POST", "/oauth2/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
        return str(json.load(self._connection.getresponse())["access_token"])

    def send(self, method: str, target: str, body: str | None = None) -> bytes:
        """One request, which must succeed."""
        headers = self._headers
        if body is not None:
            headers = {**headers, "Content-Type": "application/xml", "Accept": "application/xml"}
        self._connection.request(method, target, body and body.encode(), headers)
        response = self._connection.getresponse()
        data = response.read()
        assert response.status < 300, data
        return data


def create(url: str, token: str, numbers: range, lines: int, view: str) -> None:
    """Create orders over four connections."""

    def work(part: range) -> None:
        client = Client(url, token)
        for number in part:
            client.send("POST", f"/api/purchase_orders{view}", order(number, lines))

    threads = [threading.Thread(target=work, args=(numbers[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure_creates(url: str, token: str, pipe: Connection, count: int) -> int:
    """Print creates a second for orders of several sizes; gives the next free number."""
    number = 1
    for lines, view in ((1, ""), (3, ""), (5, ""), (3, "?return_object=limited")):
        pipe.send("how")
        cpu_before = pipe.recv()[0]
        start = time.perf_counter()
        create(url, token, range(number, number + count), lines, view)
        seconds = time.perf_counter() - start
        pipe.send("how")
        cpu = pipe.recv()[0] - cpu_before
        number += count
        print(
            f"create, {lines} lines, {view or 'whole answer':24}: {count / seconds:6.0f} a second, "
            f"{cpu / count * 1000:.2f} ms CPU each = {count / cpu:.0f} a second on one core"
        )
        if lines == ORDINARY and not view:
            goal = at_least(1000, "a second on one core")
            tell(f"sandbox: create orders of {lines} lines", "nothing", goal, [count / cpu])
    return number


def measure_pages(url: str, token: str, last: int, middle: str) -> None:
    """Print the time of a page of 50 for several filters."""
    client = Client(url, token)
    fields = urlencode({"fields": '["id","po_number",{"supplier":["name"]},{"order_lines":["id","line_num"]}]'})
    queries = {
        "no filter": "",
        "po-number": f"po-number=B{last - 7:07}",
        "50 po-numbers": "po-number[in]=" + ",".join(f"B{number:07}" for number in range(last - 50, last)),
        "id[gt], keyset": f"id[gt]={last * 3}",
        "status and exported": "status=issued&exported=false",
        "updated-at[gt], second half": urlencode({"updated-at[gt]": middle}),
        "the same, newest first": urlencode({"updated-at[gt]": middle, "order_by": "updated_at", "dir": "desc"}),
        "supplier[name][contains]": "supplier[name][contains]=Umbrella",
        "order-lines[account][code], rare": "order-lines[account][code]=02-100-8000",
        "order-lines[account][code], common": "order-lines[account][code]=01-100-8000",
        "po-number[contains], one in 200,000": f"po-number[contains]={last - 7:07}",
        "po-number[starts_with], first": "po-number[starts_with]=B0001",
        "offset 10,000": "offset=10000",
        "po-number[starts_with], last": f"po-number[starts_with]=B{last // 100:05}",
        "order-lines[price][gt], common": "order-lines[price][gt]=12.2",
        "order-lines[price][gt], none": "order-lines[price][gt]=99",
        "order-lines: price and account, rare": "order-lines[price]=12.1&order-lines[account][code]=02-100-8000",
        "order-lines: price and quantity, none": "order-lines[price][gt]=12.25&order-lines[quantity][lt]=1.5",
        "ship-to-user[login], common": "ship-to-user[login]=migration",
        "ship-to-attention, none": "ship-to-attention=Nobody",
        "order-lines[description], none": "order-lines[description][contains]=nothing",
    }
    slowest = 0.0
    for name, query in queries.items():
        for label, view in (("whole", ""), ("fields", fields)):
            times = []
            for _ in range(5):
                start = time.perf_counter()
                data = client.send("GET", f"/api/purchase_orders?{query}&{view}")
                times.append((time.perf_counter() - start) * 1000)
            found = len(json.loads(data))
            slowest = max(slowest, statistics.median(times)) if found == PAGE else slowest
            print(f"page, {name:36} {label:6}: {statistics.median(times):6.1f} ms, {found} orders, {len(data)} bytes")
    tell(f"sandbox: the slowest filtered page of {PAGE} of {last:,} orders", "nothing", at_most(20, "ms"), [slowest])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--creates", type=int, default=3_000)
    parser.add_argument("--lines", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a tenth of the orders")
    given = parser.parse_args()
    if given.quick:
        given.orders, given.creates = given.orders // 10, given.creates // 10
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        server = context.Process(target=serve, args=(folder, there), daemon=True)
        server.start()
        url = here.recv()
        token = Client(url).token()
        number = measure_creates(url, token, here, given.creates)
        half = number + max(0, given.orders - number) // 2
        here.send((range(number, half), given.lines, token))
        here.recv()
        middle = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        here.send((range(half, given.orders), given.lines, token))
        here.recv()
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        here.send("how")
        print(f"stored: {given.orders} orders, {size / 1e6:.0f} MB; most memory of the server {here.recv()[1]:.0f} MB")
        measure_pages(url, token, max(number, given.orders), middle)
        here.send("stop")
        server.join()


if __name__ == "__main__":
    main()
