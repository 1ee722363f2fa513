"""The sandbox as a server: an embedded stand-in for a Coupa instance, on the loopback unless told otherwise."""

import errno
import math
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from bulkpo.errors import BulkpoError, ServiceError
from bulkpo.sandbox.http import Answer, Request
from bulkpo.sandbox.records.instance import Instance
from bulkpo.sandbox.records.moves import FirstStatus
from bulkpo.sandbox.records.orders import Orders
from bulkpo.sandbox.records.references import References
from bulkpo.sandbox.records.seeding import seed
from bulkpo.sandbox.refused import RefusedRequest
from bulkpo.sandbox.scopes import KNOWN
from bulkpo.sandbox.serving.access import CLIENT_ID, CLIENT_SECRET, RateLimit, Tokens
from bulkpo.sandbox.serving.admin import PREFIX, Admin, Statistics
from bulkpo.sandbox.serving.faults import Fate, Fault, Faults, Plan
from bulkpo.sandbox.serving.listener import Listener
from bulkpo.sandbox.serving.routes import Api, preferred_format, refusal

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "KNOWN", "FirstStatus", "References", "SandboxOptions", "SandboxServer"]


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How a sandbox behaves.

    `port` 0 takes any free one; `created` is the status in which orders begin; `granted` are the scopes the client may
    ask for; `required` names elements that are asked for besides, as in `order-header/supplier`; times in answers are
    those of `time_zone`.
    """

    host: str = "127.0.0.1"
    port: int = 0
    references: References = References.STARTER
    reference_files: tuple[Path, ...] = ()
    created: FirstStatus = FirstStatus.DRAFT
    rate_limit: bool = False
    token_seconds: float = 86_400
    granted: frozenset[str] = KNOWN
    required: tuple[str, ...] = ()
    time_zone: str = "America/Los_Angeles"


class SandboxServer:
    """A running stand-in: `with SandboxServer(folder) as sandbox: ... sandbox.url`. No folder keeps all in memory."""

    def __init__(self, store: Path | None = None, options: SandboxOptions | None = None) -> None:
        self._options = options or SandboxOptions()
        asked = self._options.required
        self._instance = Instance(store, self._options.references, self._options.time_zone, asked)
        self._orders = Orders(self._instance, self._options.created)
        self._api = Api(self._instance, self._orders)
        self._tokens = Tokens(self._options.token_seconds, self._options.granted)
        self._limit = RateLimit() if self._options.rate_limit else None
        self._faults = Faults()
        self._statistics = Statistics()
        self._admin = Admin(self._faults, self._statistics, self._orders, self._reset)
        self._thread: threading.Thread | None = None
        self._is_stopped = False
        try:
            seed(self._instance, self._options.reference_files)
            self._listener = Listener((self._options.host, self._options.port), self)
        except (OSError, TypeError, UnicodeError) as error:  # a host's name can be no name at all
            self._instance.store.close()
            where = f"{self._options.host}:{self._options.port}"
            other = "port" if getattr(error, "errno", None) == errno.EADDRINUSE else "address or port"
            raise ServiceError(f"the sandbox cannot listen on {where}: {error}; choose another {other}") from None
        except BulkpoError:
            self._instance.store.close()
            raise

    @property
    def url(self) -> str:
        """Where the sandbox listens."""
        host, port = self._listener.address
        return f"http://{host}:{port}"

    def start(self) -> None:
        """Serve from a thread of its own until `stop`."""
        self._thread = threading.Thread(target=self._listener.serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving, and close the store; once is enough."""
        if self._is_stopped:
            return
        self._is_stopped = True
        self._listener.stop()
        if self._thread is not None:
            self._thread.join()
        self._instance.store.close()

    def serve_forever(self) -> None:
        """Serve from this thread until interrupted or stopped."""
        self._listener.serve()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def plan(self) -> Plan:
        """The faults' settings."""
        return self._faults.plan

    def fate(self, request: Request) -> Fate | None:
        """What befalls a request; nothing befalls the sandbox's own paths."""
        return None if request.path.startswith(PREFIX) else self._faults.fate(request)

    def expire_tokens(self) -> None:
        """End every token's life."""
        self._tokens.expire_all()

    def count(self, request: Request, status: int | None, fault: Fault | None) -> None:
        """Note what came of a request."""
        if not request.path.startswith(PREFIX):
            self._statistics.count(request, status, fault)

    def answer(self, request: Request) -> Answer:
        """The answer to a request; to a HEAD, without its body."""
        answer = self._answer(request)
        return answer if request.method != "HEAD" else replace(answer, body=b"")

    def _answer(self, request: Request) -> Answer:
        path = request.path.rstrip("/")
        if path == "/oauth2/token":
            return self._tokens.grant(request) if request.method == "POST" else Answer(405, b"Use POST\n")
        if path.startswith(PREFIX):
            return self._admin.answer(request)
        if not path.startswith("/api/"):
            return Answer(404, b"Nothing is served here; see /api/, /oauth2/token and /_sandbox/\n")
        if self._limit is not None and (wait := self._limit.wait()):
            self._statistics.count_limited()
            return Answer(429, b"Too many requests\n", headers={"Retry-After": str(math.ceil(wait))})
        try:
            self._tokens.check(request, self._api.served(request))
        except RefusedRequest as refused:
            return refusal(refused, preferred_format(request))
        return self._api.answer(request)

    def _reset(self) -> None:
        with self._instance.writing():
            self._instance.store.clear()
        self._instance.forget()
        seed(self._instance, self._options.reference_files)
