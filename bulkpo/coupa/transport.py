"""One HTTP request at a time: what came back, or in which way nothing did.

Redirects are never followed, so that no credential reaches another host; certificates are always verified; proxies
are those of the environment.

Whether a lost request can have arrived is told by where it was lost, not by the kind of the error: a proxy that hangs
up raises the same error as one that cannot be reached. Until the connection stands, with its tunnel and its handshake,
nothing of a request has left; from then on it may have arrived.
"""

import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.client import HTTPException
from typing import Any, cast

from requests import Request as Described
from requests import Session
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidProxyURL
from urllib3 import HTTPConnectionPool, Retry, Timeout
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError

from bulkpo import __version__
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile

CONNECT_SECONDS = 15
_ALWAYS = {"User-Agent": f"bulkpo/{__version__}", "Accept-Encoding": "gzip, deflate"}
_NO_RETRIES = Retry(0, read=False, redirect=False)
_PROXY_LOST = "the proxy cannot be reached or refuses"
_TORN = (ssl.SSLEOFError, ssl.SSLZeroReturnError)  # the other end hung up in mid-handshake, which may pass


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its method, the path from the instance's address with its query, and what goes along."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the instance answered to `request`; header names are matched without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    request: Request


@dataclass(frozen=True, slots=True)
class Lost:
    """No whole answer came. `sent` is False only where it is sure that the request never reached the instance.

    `status` is that of an answer that broke off after it.
    """

    reason: str
    sent: bool
    status: int | None = None


class NotConnected(HTTPError):  # noqa: N818 - a fact about a request
    """No connection came about, so that nothing of the request has left. `cause` is what was in the way."""

    def __init__(self, cause: Exception, *, by_proxy: bool) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.by_proxy = by_proxy


class Transport:
    """Sends requests to one instance. Threads share connections and certificates.

    What the environment says of proxies and certificates is found by `requests`, once; a request then goes straight
    to its connections, since all else that `requests` does to one (cookies, redirects, .netrc) is not wanted here.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._adapter = _Adapter(pool_connections=4, pool_maxsize=profile.workers + 2)
        self._timeout = Timeout(connect=min(CONNECT_SECONDS, float(profile.timeout)), read=float(profile.timeout))
        self._lock = threading.Lock()
        self._way: tuple[HTTPConnectionPool, str] | None = None
        self._count = 0

    @property
    def requests(self) -> int:
        """How many requests were sent so far."""
        return self._count

    def send(self, request: Request, bearer: str | None) -> Answer | Lost:
        """Send a request. Raises ServiceError where no request can ever succeed, and this one never left.

        That is a certificate that is not trusted, or no encryption where there should be some.
        """
        headers = {**_ALWAYS, **request.headers}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        with self._lock:
            self._count += 1
            pool, prefix = self._way = self._way or self._open()
        status = None
        try:
            response = pool.urlopen(
                request.method,
                prefix + request.path,
                body=request.body,
                headers=headers,
                retries=_NO_RETRIES,
                redirect=False,
                assert_same_host=False,
                timeout=self._timeout,
                preload_content=False,
                enforce_content_length=True,
            )
            status = response.status
            return Answer(status, response.headers, response.data, request)
        except NotConnected as error:
            return self._not_sent(error)
        except (HTTPError, OSError) as error:
            cause = error.reason if isinstance(error, MaxRetryError) and error.reason else error
            return replace(self._lost(cause), status=status)

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()

    def _open(self) -> tuple[HTTPConnectionPool, str]:
        try:
            return self._adapter.way_to(self._profile.url)
        except InvalidProxyURL:
            raise ServiceError(
                f"{self._profile}: {_PROXY_LOST}; check the variables HTTPS_PROXY and HTTP_PROXY"
            ) from None
        except OSError as error:
            raise ServiceError(f"{self._profile}: {error}; check the variable REQUESTS_CA_BUNDLE") from None

    def _not_sent(self, error: NotConnected) -> Lost:
        """Why no connection came about; raises ServiceError if none ever can."""
        cause = error.cause
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, _TORN):
            raise ServiceError(self._certificate_message(cause)) from None
        if error.by_proxy and not isinstance(cause, _TORN):
            return Lost(_PROXY_LOST, sent=False)
        if isinstance(cause, NewConnectionError):
            return Lost("it cannot be reached: the connection was refused or its name is unknown", sent=False)
        if isinstance(cause, ConnectTimeoutError | TimeoutError):
            return Lost("it cannot be reached: no connection within the time allowed", sent=False)
        return Lost("it cannot be reached: the connection broke before anything was sent", sent=False)

    def _lost(self, error: Exception) -> Lost:
        """In which way the answer was lost; the request may have arrived."""
        if isinstance(error, ReadTimeoutError):
            return Lost(f"no answer within {self._profile.timeout} seconds", sent=True)
        return Lost("the connection broke before the answer was complete", sent=True)

    def _certificate_message(self, error: ssl.SSLError) -> str:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return (
                f"{self._profile} shows a certificate this machine does not trust; if your network inspects traffic, "
                "set REQUESTS_CA_BUNDLE to the file of its certificates"
            )
        return f"no encrypted connection to {self._profile} can be made; check the address and the proxy"


class _Adapter(HTTPAdapter):
    """The connections of `requests`, with the proxies and certificates of the environment."""

    def way_to(self, url: str) -> tuple[HTTPConnectionPool, str]:
        """The connections to an address, and what a path is prefixed with on them: the address, for a plain proxy."""
        session = Session()
        asked = session.prepare_request(Described("GET", f"{url}/"))
        of_environment = session.merge_environment_settings(url, {}, None, None, None)
        proxies, verify = of_environment["proxies"], of_environment["verify"]
        pool = cast("HTTPConnectionPool", self.get_connection_with_tls_context(asked, verify, proxies=proxies))
        self.cert_verify(pool, url, verify, None)  # type: ignore[no-untyped-call]  # so it is in requests' stubs
        pool.ConnectionCls = _telling(pool.ConnectionCls)
        return pool, self.request_url(asked, proxies).removesuffix("/")


def _telling(kind: Any) -> type[HTTPConnection]:  # noqa: ANN401 - whichever class the pool makes its connections of
    """Connections of this class that tell a failure to connect from all others."""

    class TellingConnection(kind):  # type: ignore[misc]
        def connect(self) -> None:
            try:
                super().connect()
            except (HTTPError, HTTPException, OSError) as error:
                self.close()
                raise NotConnected(error, by_proxy=self.proxy is not None) from error

    return TellingConnection
