"""One HTTP request at a time: what came back, or in which way nothing did.

Redirects are never followed, so that no credential reaches another host; certificates are always verified; proxies
are those of the environment.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from requests import PreparedRequest, RequestException, Session
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.exceptions import ConnectTimeout, InvalidProxyURL, ProxyError, ReadTimeout, SSLError
from urllib3.exceptions import HTTPError, NewConnectionError

from bulkpo import __version__
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile

CONNECT_SECONDS = 15
_USER_AGENT = f"bulkpo/{__version__}"


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its method, the path from the instance's address with its query, and what goes along."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the instance answered; header names are matched without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came. `sent` is False only where it is sure that the request never reached the instance."""

    reason: str
    sent: bool


class Transport:
    """Sends requests to one instance. Threads share connections and certificates, but no session."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._adapter = HTTPAdapter(pool_connections=4, pool_maxsize=profile.workers + 2)
        self._timeout = (min(CONNECT_SECONDS, float(profile.timeout)), float(profile.timeout))
        self._local = threading.local()
        self._lock = threading.Lock()
        self._count = 0

    @property
    def requests(self) -> int:
        """How many requests were sent so far."""
        return self._count

    def send(self, request: Request, bearer: str | None) -> Answer | Lost:
        """Send a request. Raises ServiceError where no request can ever succeed: a certificate that is not trusted."""
        with self._lock:
            self._count += 1
        try:
            response = self._session().request(
                request.method,
                self._profile.url + request.path,
                data=request.body,
                headers={"User-Agent": _USER_AGENT, **request.headers},
                timeout=self._timeout,
                allow_redirects=False,
                auth=_Bearer(bearer),
            )
        except SSLError as error:
            raise ServiceError(self._certificate_message(error)) from None
        except ConnectTimeout:
            return Lost("it cannot be reached: no connection within the time allowed", sent=False)
        except ReadTimeout:
            return Lost(f"no answer within {self._profile.timeout} seconds", sent=True)
        except (ProxyError, InvalidProxyURL):
            return Lost("the proxy cannot be reached or refuses", sent=False)
        except (RequestException, HTTPError, OSError) as error:
            if _never_connected(error):
                return Lost("it cannot be reached: the connection was refused or its name is unknown", sent=False)
            return Lost("the connection broke before the answer was complete", sent=True)
        return Answer(response.status_code, response.headers, response.content)

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()

    def _session(self) -> Session:
        session: Session | None = getattr(self._local, "session", None)
        if session is None:
            session = Session()
            session.mount("https://", self._adapter)
            session.mount("http://", self._adapter)
            # The environment is asked once, not at every request, where it costs more than the request itself.
            of_environment = session.merge_environment_settings(self._profile.url, {}, None, None, None)
            session.proxies, session.verify = of_environment["proxies"], of_environment["verify"]
            session.trust_env = False
            self._local.session = session
        return session

    def _certificate_message(self, error: SSLError) -> str:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return (
                f"{self._profile} shows a certificate this machine does not trust; if your network inspects traffic, "
                "set REQUESTS_CA_BUNDLE to the file of its certificates"
            )
        return f"no encrypted connection to {self._profile} can be made; check the address and the proxy"


class _Bearer(AuthBase):
    """Sets the token itself: without an auth object requests would let a .netrc entry replace the header."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _never_connected(error: BaseException) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)
