"""A proxy that misbehaves on cue, in front of a server: the plain kind, and the CONNECT kind with TLS in the tunnel.

Whatever host is asked for, requests go to the one server behind. A cue says of which request what goes wrong: a proxy
may hang up before it passed a request on or after, and that looks the same to whoever asks.
"""

import base64
import json
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from cues import TOLD, Cue, Cut, Odds

__all__ = ["Cue", "Cut", "HostileProxy", "Odds", "hostile_proxy"]

# A certificate for localhost that nobody trusts, made for these tests and of no use elsewhere.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6x4ArD7TxR/XucDW
WI3h/+EgInzKJw042bC0je3vQrmhRANCAAR84UUN4HjbJpR+GGOJxPzdZfQZq5ca
/abNYiC9uPjshTAgKi2szs6MxZzQJ1bAnTdZsNjtiGGbuIcit9UQpJu0
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUDwpSiY8/2SZMKATLEFWDuGbpaCMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE2NDAwNVoYDzIxMjYxMDI4
MTY0MDA1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR84UUN4HjbJpR+GGOJxPzdZfQZq5ca/abNYiC9uPjshTAgKi2szs6M
xZzQJ1bAnTdZsNjtiGGbuIcit9UQpJu0o2kwZzAdBgNVHQ4EFgQUcZUUxgK021fX
vQi0hXn3HwBoONkwHwYDVR0jBBgwFoAUcZUUxgK021fXvQi0hXn3HwBoONkwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
RwAwRAIgX4LAVFssB1XBNPsBEqcGDslJfLKA8F/ya2n6XlG553ACIDtqg54o9rZ7
bCsKjy4ogJ7VNJPEmtbOc2AYnp3ljHyx
-----END CERTIFICATE-----
"""


class HostileProxy:
    """The proxy; `cues` may be changed at any time. `cut` counts what went wrong, `tunnels` those that were opened.

    A request that is passed on late is `late` seconds after it was answered. What was made in the last `lag` seconds is
    left out of lists, and what lists hold is spelled by `spelling`; `answering` does the same to what is said of a
    thing that was made.
    """

    def __init__(self, behind: str, certificate: Path, credentials: str = "") -> None:
        self.cues: list[Cue | Odds] = []
        self.certificate = certificate
        self.cut = self.tunnels = 0
        self.lag = 0.0
        self.late = 0.1
        self.spelling: dict[bytes, bytes] = {}
        self.answering: dict[bytes, bytes] = {}
        self.words: dict[Cut, tuple[int, str, bytes]] = {}
        self._made: dict[object, float] = {}
        self._behind = urlsplit(behind).netloc
        self.wanted = f"Basic {base64.b64encode(credentials.encode()).decode()}" if credentials else ""
        self._lock = threading.Lock()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.write_text(CERTIFICATE)
        self.context.load_cert_chain(certificate)
        self.server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": self}))
        self.url = f"http://{credentials}{'@' if credentials else ''}127.0.0.1:{self.server.server_port}"

    def due(self, method: str, path: str) -> Cut | None:
        """What is to go wrong with a request that has come."""
        with self._lock:
            due = [cue.cut for cue in self.cues if cue.isdue(method, path)]
            self.cut += bool(due)
            self.tunnels += method == "CONNECT" and not due
        return due[0] if due else None

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """What the server behind says: status, content type and body."""
        with closing(HTTPConnection(self._behind, timeout=10)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            told = answer.status, answer.headers.get("Content-Type", ""), answer.read()
        return self._listed(method, told)

    def ask_late(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        """Pass a request on that was answered already."""

        def ask() -> None:
            time.sleep(self.late)
            with suppress(OSError):  # the server behind may be gone
                self.ask(method, path, body, headers)

        threading.Thread(target=ask, daemon=True).start()

    def _listed(self, method: str, told: tuple[int, str, bytes]) -> tuple[int, str, bytes]:
        """An answer, of which a list lacks what is too new, and spells things its own way."""
        status, media, body = told
        if method == "POST" and status == 201 and (number := re.search(rb"id[^0-9]{1,20}([0-9]+)", body)):
            self._made[int(number[1])] = time.monotonic()
        if method == "POST":
            for written, said in self.answering.items():
                body = body.replace(written, said)
            return status, media, body
        if method != "GET" or "json" not in media or not body.startswith(b"["):
            return told
        for written, spelled in self.spelling.items():
            body = body.replace(written, spelled)
        now = time.monotonic()
        shown = [it for it in json.loads(body) if self._made.get(it["id"], 0.0) + self.lag <= now]
        return status, media, json.dumps(shown).encode()


class _Handler(BaseHTTPRequestHandler):
    """Serves one connection for the proxy it is of."""

    proxy: HostileProxy
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self) -> None:
        if not self.is_let_in():
            return
        cut = self.proxy.due("CONNECT", self.path)
        if cut is Cut.REFUSE_TUNNEL:
            self.tell(403, "text/html", b"<html>no</html>")
        if cut in (Cut.REFUSE_TUNNEL, Cut.HANG_UP_ON_TUNNEL):
            self.close_connection = True
            return
        self.send_response(200)
        self.end_headers()
        self.close_connection = cut is not None
        if cut is not None:
            self.connection.recv(65536)  # what is left unread would make it a reset
            return
        try:
            self.connection = self.proxy.context.wrap_socket(self.connection, server_side=True)
        except OSError:
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_tunnelled = isinstance(self.connection, ssl.SSLSocket)
        if not is_tunnelled and not self.is_let_in():
            return
        path = self.path[self.path.index("/", 8) :] if self.path.startswith("http") else self.path
        cut = self.proxy.due(self.command, path)
        kept = {name: it for name, it in self.headers.items() if not name.lower().startswith("proxy-")}
        if cut is not None and not cut.passes_on:
            self.answer_itself(cut)
            if cut is Cut.LATE:
                self.proxy.ask_late(self.command, path, body, kept)
            return
        if cut is Cut.NO_CONDITIONS:
            path = path.partition("?")[0]
        if cut is Cut.SHORT_PAGE and "limit=" not in path:
            path += "&limit=49"
        if cut is Cut.TWICE:
            self.proxy.ask(self.command, path, body, kept)
        self.answer(cut, self.proxy.ask(self.command, path, body, kept))

    do_GET = do_POST = do_PUT = pass_on  # noqa: N815 - the base class's names

    def answer_itself(self, cut: Cut) -> None:
        """End a request that nothing of is passed on."""
        if told := self.proxy.words.get(cut) or TOLD.get(cut):
            self.tell(*told)
        elif cut is Cut.RESET_BEFORE:
            self.reset()
        else:
            self.close_connection = True

    def answer(self, cut: Cut | None, said: tuple[int, str, bytes]) -> None:
        if cut in (Cut.NO_ID_AFTER, Cut.LOGIN_PAGE_AFTER) and said[0] >= 300:
            cut = None  # what was refused is not told as made
        match cut:
            case None | Cut.NO_CONDITIONS | Cut.SHORT_PAGE | Cut.TWICE:
                self.tell(*said)
            case Cut.HALF_AFTER:
                self.tell(*said, missing=len(said[2]) // 2 + 1)
            case Cut.RESET_AFTER:
                self.reset()
            case Cut.SILENT_AFTER:
                self.rfile.read(1)  # until whoever asked hangs up
                self.close_connection = True
            case _ if told := self.proxy.words.get(cut) or TOLD.get(cut):
                self.tell(*told)
            case _:
                self.close_connection = True

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def tell(self, status: int, media: str, body: bytes, missing: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "https://sso.example/login")
        self.end_headers()
        self.wfile.write(body[: len(body) - missing])
        self.close_connection = self.close_connection or bool(missing)

    def is_let_in(self) -> bool:
        if self.proxy.wanted in ("", self.headers.get("Proxy-Authorization")):
            return True
        self.tell(407, "text/html", b"<html>who are you?</html>")
        self.close_connection = True
        return False

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def hostile_proxy(behind: str, certificate: Path, credentials: str = "") -> Iterator[HostileProxy]:
    """A proxy in front of a server; the certificate it shows inside tunnels, for localhost, is written to a file."""
    proxy = HostileProxy(behind, certificate, credentials)
    thread = threading.Thread(target=proxy.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield proxy
    finally:
        proxy.server.shutdown()
        thread.join()
        proxy.server.server_close()
