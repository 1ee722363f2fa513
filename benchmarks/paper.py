"""An instance made of paper: it prints pages of orders as fast as can be, so that what is measured is the client."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from urllib.parse import parse_qsl, urlsplit

PAGE = 50
LINES = 5


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
