"""The connections to one instance: those of `requests`, which tell a failure to connect from all others."""

import time
from http.client import CONTINUE, OK, PROCESSING, HTTPException, HTTPResponse
from typing import Any, cast

from requests import Request as Described
from requests import Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from bulkpo.coupa.deadlines import Deadlines

_MOST_IDLE_SECONDS = 10


class NotConnected(HTTPError):  # noqa: N818 - a fact about a request
    """No connection came about, so that nothing of the request has left. `cause` is what was in the way."""

    def __init__(self, cause: Exception, *, by_proxy: bool) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.by_proxy = by_proxy


class Connections(HTTPAdapter):
    """The connections of `requests`, with the proxies and certificates of the environment."""

    def __init__(self, deadlines: Deadlines, connections: int) -> None:
        self._deadlines = deadlines
        super().__init__(pool_connections=4, pool_maxsize=connections)

    def way_to(self, url: str) -> tuple[HTTPConnectionPool, str]:
        """The connections to an address, and what a path is prefixed with on them: the address, for a plain proxy."""
        session = Session()
        asked = session.prepare_request(Described("GET", f"{url}/"))
        of_environment = session.merge_environment_settings(url, {}, None, None, None)
        proxies, verify = of_environment["proxies"], of_environment["verify"]
        pool = cast("HTTPConnectionPool", self.get_connection_with_tls_context(asked, verify, proxies=proxies))
        self.cert_verify(pool, url, verify, None)  # type: ignore[no-untyped-call]  # so it is in requests' stubs
        pool.ConnectionCls = _telling(pool.ConnectionCls, self._deadlines)
        return pool, self.request_url(asked, proxies).removesuffix("/")


def _telling(kind: Any, deadlines: Deadlines) -> type[HTTPConnection]:  # noqa: ANN401 - whichever class the pool has
    """Connections of this class that tell a failure to connect from all others, and keep to the deadlines.

    One that was idle for long is not used again: whatever stands between may have forgotten it, and a create sent into
    it would be lost without anybody knowing whether it arrived.
    """

    class TellingConnection(kind):  # type: ignore[misc]
        response_class = _noting(deadlines)
        _used = 0.0

        @property
        def is_connected(self) -> bool:
            return bool(super().is_connected) and time.monotonic() - self._used < _MOST_IDLE_SECONDS

        def _new_conn(self) -> Any:  # noqa: ANN401 - the pool's own kind of socket
            sock = super()._new_conn()
            deadlines.uses(sock)  # a tunnel and a handshake are waited for as well
            return sock

        def getresponse(self) -> Any:  # noqa: ANN401 - the pool's own kind of response
            deadlines.uses(self.sock)
            deadlines.says(None)  # what the proxy said when the tunnel was opened is no answer
            response = super().getresponse()
            self._used = time.monotonic()
            return response

        def connect(self) -> None:
            try:
                super().connect()
            except (HTTPError, HTTPException, OSError) as error:
                self.close()
                raise NotConnected(error, by_proxy=self.proxy is not None) from error

    return TellingConnection


def _noting(deadlines: Deadlines) -> type[HTTPResponse]:
    """Answers that skip interim ones, and tell their status before the headers are read, within which one may end."""

    class NotingResponse(HTTPResponse):
        def _read_status(self) -> tuple[str, int, str]:
            version, status, reason = super()._read_status()  # type: ignore[misc]  # not in the stubs
            if PROCESSING <= status < OK:  # "early hints" and the like: the answer is yet to come
                return version, CONTINUE, reason
            deadlines.says(status)
            return version, status, reason

    return NotingResponse
