"""The sandbox as a server: an embedded stand-in for a Coupa instance, on the loopback unless told otherwise."""

import threading
from dataclasses import dataclass
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self

from bulkpo.errors import ServiceError
from bulkpo.sandbox.access import CLIENT_ID, CLIENT_SECRET, RateLimit, Tokens
from bulkpo.sandbox.http import Answer, Malformed, Request, read_request
from bulkpo.sandbox.instance import Instance
from bulkpo.sandbox.orders import Orders
from bulkpo.sandbox.references import References
from bulkpo.sandbox.refused import RefusedRequest
from bulkpo.sandbox.routes import Api, answer_format, refusal
from bulkpo.sandbox.seeding import seed
from bulkpo.sandbox.wire import Format

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "References", "SandboxOptions", "SandboxServer"]


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How a sandbox behaves. `port` 0 takes any free one; times in answers are those of `time_zone`."""

    host: str = "127.0.0.1"
    port: int = 0
    references: References = References.STARTER
    reference_files: tuple[Path, ...] = ()
    rate_limit: bool = False
    token_seconds: float = 86_400
    time_zone: str = "America/Los_Angeles"


class SandboxServer:
    """A running stand-in: `with SandboxServer(folder) as sandbox: ... sandbox.url`. No folder keeps all in memory."""

    def __init__(self, store: Path | None = None, options: SandboxOptions = SandboxOptions()) -> None:
        self._instance = Instance(store, options.references, options.time_zone)
        seed(self._instance, options.reference_files)
        self.orders = Orders(self._instance)
        self._api = Api(self._instance, self.orders)
        self._tokens = Tokens(options.token_seconds)
        self._limit = RateLimit() if options.rate_limit else None
        try:
            self._server = _TcpServer((options.host, options.port), self)
        except OSError as error:
            self._instance.store.close()
            raise ServiceError(f"the sandbox cannot listen on {options.host}:{options.port}: {error}") from None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the sandbox listens."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        """Serve from a thread of its own until `stop`."""
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving, and close the store."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._instance.store.close()

    def serve_forever(self) -> None:
        """Serve from this thread until interrupted."""
        self._server.serve_forever()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def answer(self, request: Request) -> Answer:
        """The answer to a request."""
        if request.path.rstrip("/") == "/oauth2/token" and request.method == "POST":
            return self._tokens.grant(request)
        if not request.path.startswith("/api/"):
            return Answer(404, b"Not found\n")
        if self._limit is not None and (wait := self._limit.wait()):
            return Answer(429, b"Too many requests\n", headers={"Retry-After": str(max(1, round(wait)))})
        try:
            self._tokens.check(request, self._api.served(request))
        except RefusedRequest as refused:
            return refusal(refused, _format(request))
        return self._api.answer(request)


class _TcpServer(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], sandbox: SandboxServer) -> None:
        self.sandbox = sandbox
        super().__init__(address, _Connection)


class _Connection(StreamRequestHandler):
    server: _TcpServer
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024

    def handle(self) -> None:
        keep = True
        while keep:
            try:
                request = read_request(self.rfile, self.wfile)
                if request is None:
                    return
                answer, keep = self.server.sandbox.answer(request), request.keep_alive
            except Malformed as error:
                answer, keep = Answer(error.status, f"{error}\n".encode()), False
            self.wfile.write(answer.head(keep_alive=keep) + answer.body)
            self.wfile.flush()


def _format(request: Request) -> Format:
    try:
        return answer_format(request)
    except RefusedRequest:
        return Format.XML
