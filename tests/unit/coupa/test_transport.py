"""The way to an instance: proxies and certificates of the environment, and what is said where there is none."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hostile_proxy import CERTIFICATE, Cue, Cut, HostileProxy, hostile_proxy

from bulkpo.coupa.deadlines import Deadlines
from bulkpo.coupa.transport import Lost, Request, Transport
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile, Secret

GET = Request("GET", "/api/purchase_orders?limit=1", {})


class Telling(BaseHTTPRequestHandler):
    """Answers with what it was asked for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        told = f"{self.path} {self.headers.get('Cookie')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.send_header("Set-Cookie", "a=b")
        self.end_headers()
        self.wfile.write(told)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


class QuietServer(ThreadingHTTPServer):
    """A server that keeps to itself what goes wrong with a handshake."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[int]:
    server = QuietServer(("127.0.0.1", 0), Telling)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def transport_to(url: str) -> Iterator[Transport]:
    transport = Transport(Profile("acme", url, "me", Secret("hush"), ("core.common.read",)))
    try:
        yield transport
    finally:
        transport.close()


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def body(answer: object) -> str:
    return getattr(answer, "body", b"").decode()


def test_a_path_is_asked_of_the_instance_itself_and_no_cookie_is_kept() -> None:
    with serving() as port, transport_to(f"http://127.0.0.1:{port}") as transport:
        assert [body(transport.send(GET, None)) for _ in range(2)] == [f"{GET.path} None"] * 2
        assert transport.requests == 2


def test_a_plain_proxy_is_asked_for_the_whole_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as port, transport_to("http://acme.example") as transport:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        assert body(transport.send(GET, None)) == f"http://acme.example{GET.path} None"


def test_a_proxy_that_is_not_there_proves_that_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with transport_to("https://acme.example") as transport:
        assert transport.send(GET, None) == Lost("the proxy cannot be reached or refuses", sent=False)


POST = Request("POST", "/api/purchase_orders", {}, b"<order-header/>")
BROKE = Lost("the connection broke before the answer was complete", sent=True)
BY_PROXY = Lost("the proxy cannot be reached or refuses", sent=False)
TORN = Lost("it cannot be reached: the connection broke before anything was sent", sent=False)


@pytest.fixture(params=["plain", "CONNECT", "plain, with a password", "CONNECT, with a password"])
def proxied(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[HostileProxy, Transport]]:
    """A proxy in front of a server, and a transport that goes through it."""
    certificate = tmp_path / "proxy.pem"
    credentials = "me:pass" if "password" in request.param else ""
    url = "https://localhost" if request.param.startswith("CONNECT") else "http://acme.example"
    with serving() as port, hostile_proxy(f"http://127.0.0.1:{port}", certificate, credentials) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        with transport_to(url) as transport:
            yield proxy, transport


@pytest.mark.parametrize("cut", [Cut.HANG_UP_BEFORE, Cut.HANG_UP_AFTER, Cut.RESET_AFTER, Cut.HALF_AFTER])
@pytest.mark.parametrize("before", [0, 1], ids=["on a new connection", "on one used before"])
def test_an_answer_lost_behind_a_proxy_is_never_taken_for_a_request_that_was_not_sent(
    proxied: tuple[HostileProxy, Transport], cut: Cut, before: int
) -> None:
    proxy, transport = proxied
    proxy.cues = [Cue(cut, "POST")]
    for _ in range(before):
        assert body(transport.send(GET, None)) == f"{GET.path} None"
    assert transport.send(POST, None) == replace(BROKE, status=200 if cut is Cut.HALF_AFTER else None)
    assert body(transport.send(GET, None)) == f"{GET.path} None"


@pytest.mark.parametrize(
    ("cut", "lost"),
    [(Cut.REFUSE_TUNNEL, BY_PROXY), (Cut.HANG_UP_ON_TUNNEL, BY_PROXY), (Cut.TEAR_HANDSHAKE, TORN)],
    ids=lambda it: getattr(it, "value", ""),
)
def test_a_tunnel_that_is_not_opened_proves_that_nothing_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: Cut, lost: Lost
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "proxy.pem"))
    with serving() as port, hostile_proxy(f"http://127.0.0.1:{port}", tmp_path / "proxy.pem") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        proxy.cues = [Cue(cut, "CONNECT")]
        with transport_to("https://localhost") as transport:
            assert transport.send(POST, None) == lost
            assert getattr(transport.send(POST, None), "status", None) == 200


def test_a_proxy_that_wants_a_password_proves_that_nothing_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as port, hostile_proxy(f"http://127.0.0.1:{port}", tmp_path / "proxy.pem", "me:pass") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("me:pass@", ""))
        with transport_to("https://localhost") as transport:
            assert transport.send(POST, None) == BY_PROXY


def test_a_proxy_without_a_host_is_named_as_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://")
    with transport_to("https://acme.example") as transport, pytest.raises(ServiceError, match="HTTPS_PROXY"):
        transport.send(GET, None)


def test_a_certificate_that_is_not_trusted_ends_it_with_advice(tmp_path: Path) -> None:
    (tmp_path / "server.pem").write_text(CERTIFICATE)
    with (
        serving(tmp_path / "server.pem") as port,
        transport_to(f"https://localhost:{port}") as transport,
        pytest.raises(ServiceError, match=r"shows a certificate this machine does not trust; .* REQUESTS_CA_BUNDLE"),
    ):
        transport.send(GET, None)


def test_certificates_of_the_environment_are_those_that_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "server.pem").write_text(CERTIFICATE)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "server.pem"))
    with serving(tmp_path / "server.pem") as port, transport_to(f"https://localhost:{port}") as transport:
        assert body(transport.send(GET, None)) == f"{GET.path} None"


def test_a_file_of_certificates_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    with (
        transport_to("https://acme.example") as transport,
        pytest.raises(ServiceError, match=r"gone\.pem; check the variable REQUESTS_CA_BUNDLE"),
    ):
        transport.send(GET, None)


def test_no_encryption_where_it_should_be_ends_it_with_advice() -> None:
    with (
        serving() as port,
        transport_to(f"https://127.0.0.1:{port}") as transport,
        pytest.raises(ServiceError, match=r"no encrypted connection to acme .* can be made; check the address"),
    ):
        transport.send(GET, None)


def test_answers_are_watched_over_again_after_a_thread_could_not_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(thread: threading.Thread) -> None:  # noqa: ARG001 - as of a thread's start
        raise RuntimeError("can't start new thread")

    deadlines = Deadlines(0.05)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", none_left)
        with pytest.raises(RuntimeError), deadlines.waiting():
            pass
    ours, theirs = socket.socketpair()
    with ours, theirs, deadlines.waiting() as wait:
        deadlines.uses(ours)
        assert ours.recv(1) == b""
    assert wait.is_over
