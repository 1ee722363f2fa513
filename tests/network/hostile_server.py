"""A server in front of another that answers some requests with bytes of its own, whatever the one behind says."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

Answer = Callable[[bytes], Iterator[bytes]]
"""From the body that is true to the pieces of what is answered instead."""


@dataclass
class Hostility:
    """Which requests are answered otherwise, and how; without an answer, none. `passes_on` says what becomes of them.

    `hit` counts them.
    """

    method: str = ""
    path: str = ""
    about: bytes = b""
    answer: Answer | None = None
    passes_on: bool = True
    hit: int = 0

    def befalls(self, method: str, path: str, body: bytes) -> bool:
        """True for a request that is answered otherwise."""
        return self.answer is not None and method == self.method and path.startswith(self.path) and self.about in body


@dataclass
class HostileServer:
    """The server, at `url`; `hostility` may be changed at any time."""

    behind: str
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=64))
    hostility: Hostility = field(default_factory=Hostility)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def accept(self) -> None:
        while not self.stop.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(30)
            for piece in self.answered(*_read(connection)):
                if self.stop.is_set():
                    return
                connection.sendall(piece)

    def answered(self, line: str, headers: dict[str, str], body: bytes) -> Iterator[bytes]:
        method, path, _ = line.split(" ", 2)
        hostility = self.hostility
        is_hit = hostility.befalls(method, path, body)
        hostility.hit += is_hit
        told = b""
        if not is_hit or hostility.passes_on:
            with closing(HTTPConnection(self.behind, timeout=10)) as asked:
                asked.request(method, path, body, headers)
                answer = asked.getresponse()
                told = answer.read()
                media = answer.headers.get("Content-Type", "")
        if is_hit and hostility.answer is not None:
            return hostility.answer(told)
        facts = f"Content-Type: {media}\r\nContent-Length: {len(told)}\r\nConnection: close"
        return iter([f"HTTP/1.1 {answer.status} x\r\n{facts}\r\n\r\n".encode() + told])


def _read(connection: socket.socket) -> tuple[str, dict[str, str], bytes]:
    """A request: its first line, its headers and its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name: value.strip() for name, _, value in (each.partition(":") for each in lines)}
    length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return line, headers, body


@contextmanager
def hostile_server(behind: str) -> Iterator[HostileServer]:
    """A server in front of the one at this address."""
    server = HostileServer(urlsplit(behind).netloc)
    threading.Thread(target=server.accept, daemon=True).start()
    try:
        yield server
    finally:
        server.stop.set()
        server.listener.close()
