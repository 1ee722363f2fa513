"""One HTTP request at a time: what came back, or how it failed.

Redirects are never followed, so that no credential reaches another host; certificates are always verified; proxies
are those of the environment.

Whether a lost request can have arrived is told by where it was lost, not by the kind of the error: a proxy that hangs
up raises the same error as one that cannot be reached. Until the connection stands, with its tunnel and its handshake,
nothing of a request has left; from then on it may have arrived.
"""

import os
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http.client import OK, HTTPException

from requests.exceptions import RequestException
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Retry, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError

from bulkpo import __version__
from bulkpo.coupa.connections import Connections, NotConnected
from bulkpo.coupa.deadlines import Deadlines
from bulkpo.coupa.echoes import body_without, headers_without
from bulkpo.coupa.one_at_a_time import OneAtATime
from bulkpo.coupa.uploads import UploadForm, Withheld
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile

CONNECT_SECONDS = 15
_WHOLE = 3  # times the profile's timeout, for an answer that comes in pieces
_MOST_BYTES = 64 << 20
_LARGE = 8 << 20  # more is never held of what answers anything but a question, and of answers to those one at a time
_PIECE = 1 << 20
_ALWAYS = {
    "User-Agent": f"bulkpo/{__version__}",
    "Accept-Encoding": "gzip, deflate",
    "Cache-Control": "no-cache",  # an answer from a cache tells nothing of what is there now
}
_NO_RETRIES = Retry(0, read=False, redirect=False)
_PROXY_LOST = "the proxy cannot be reached or refuses"
_TORN = (ssl.SSLEOFError, ssl.SSLZeroReturnError)  # the other end hung up in mid-handshake, which may pass


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its method, the path from the instance's address with its query, and what goes along."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | UploadForm | None = None


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


class Transport:
    """Sends requests to one instance. Threads share connections and certificates.

    What the environment says of proxies and certificates is found by `requests`, once; a request then goes straight
    to its connections, since all else that `requests` does to one (cookies, redirects, .netrc) is not wanted here.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._deadlines = Deadlines(float(_WHOLE * profile.timeout))
        self._adapter = Connections(self._deadlines, connections=profile.workers + 2)
        self._timeout = Timeout(connect=min(CONNECT_SECONDS, float(profile.timeout)), read=float(profile.timeout))
        self.large = OneAtATime()
        """Taken by who gets a large answer to a question, and to be given back once that is understood."""
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
        body, of_body = _streamed(request.body)
        headers = {**_ALWAYS, **request.headers, **of_body}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        with self._lock:
            self._count += 1
            pool, prefix = self._way = self._way or self._open()
        with self._deadlines.waiting() as wait:
            try:
                response = pool.urlopen(
                    request.method,
                    prefix + request.path,
                    body=body,
                    headers=headers,
                    retries=_NO_RETRIES,
                    redirect=False,
                    assert_same_host=False,
                    timeout=self._timeout,
                    enforce_content_length=True,
                    preload_content=False,
                )
                answer = _whole(response, request, (bearer or "", self._profile.client_secret.reveal()), self.large)
            except NotConnected as error:
                return self._not_sent(error)
            except Withheld:
                return Lost("its end was not sent", sent=False)
            # What no library foresees in a broken answer, such as a chunk of less than nothing, is one more way to
            # lose it; what the library says of it may hold what was sent, and is shown to nobody.
            except (HTTPError, HTTPException, OSError, ValueError) as error:
                answer = replace(self._lost(error), status=wait.status)
            if wait.is_over:
                return Lost(
                    f"no whole answer within {self._deadlines.seconds:g} seconds", sent=True, status=wait.status
                )
            return answer

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()

    def _open(self) -> tuple[HTTPConnectionPool, str]:
        try:
            return self._adapter.way_to(self._profile.url)
        except (RequestException, HTTPError, ValueError):
            raise ServiceError(
                f"{self._profile}: the proxy's address cannot be read; check the variables HTTPS_PROXY and HTTP_PROXY, "
                "and write #, /, ? and @ within its password as %23, %2F, %3F and %40"
            ) from None
        except OSError:
            named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE", "")
            raise ServiceError(
                f"{self._profile}: the file of certificates cannot be read: {named}; check the variable "
                "REQUESTS_CA_BUNDLE"
            ) from None

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
        if isinstance(error.reason if isinstance(error, MaxRetryError) else error, ReadTimeoutError):
            return Lost(f"no answer within {self._profile.timeout} seconds", sent=True)
        return Lost("the connection broke before the answer was complete", sent=True)

    def _certificate_message(self, error: ssl.SSLError) -> str:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return (
                f"{self._profile} shows a certificate this machine does not trust; if your network inspects traffic, "
                "set REQUESTS_CA_BUNDLE to the file of its certificates"
            )
        return f"no encrypted connection to {self._profile} can be made; check the address and the proxy"


def _streamed(body: bytes | UploadForm | None) -> tuple[bytes | Iterator[bytes] | None, Mapping[str, str]]:
    """A body as it is handed on, and the headers it needs: of what is streamed the length is said beforehand."""
    return (body.pieces(), {"Content-Length": str(body.length)}) if isinstance(body, UploadForm) else (body, {})


def _whole(response: BaseHTTPResponse, request: Request, secrets: Sequence[str], large: OneAtATime) -> Answer | Lost:
    """The answer with its body, which is never held beyond a limit; secrets that it echoes are taken out."""
    most = _MOST_BYTES if request.method == "GET" else _LARGE
    body = bytearray()
    try:
        while len(body) <= most and (piece := response.read(_PIECE)):
            body += piece
            if _LARGE < len(body) <= most:
                large.take()
    except BaseException:
        response.close()
        raise
    if len(body) > most:
        response.close()
        return Lost(f"an answer of more than {most >> 20} MB", sent=True, status=response.status)
    if response.status < OK:  # "switching protocols": what follows on this connection answers nothing
        response.close()
    response.release_conn()
    return Answer(
        response.status, headers_without(response.headers, secrets), body_without(bytes(body), secrets), request
    )
