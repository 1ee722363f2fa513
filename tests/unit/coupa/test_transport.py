"""The way to an instance: proxies and certificates of the environment, and what is said where there is none."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bulkpo.coupa.transport import Lost, Request, Transport
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile, Secret

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
