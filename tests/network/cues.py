"""What goes wrong of a request on its way through a proxy, and of which request."""

import random
from dataclasses import dataclass, field
from enum import Enum


class Cut(Enum):
    """What the proxy does with a request."""

    HANG_UP_BEFORE = "hangs up, and passes nothing on"
    HANG_UP_AFTER = "passes the request on, and hangs up"
    RESET_AFTER = "passes the request on, and resets the connection"
    HALF_AFTER = "passes the request on, and hangs up in the middle of the answer"
    FORBID_AFTER = "passes the request on, and answers 403 itself"
    FORBID_BEFORE = "answers 403 itself, and passes nothing on"
    BAD_GATEWAY_AFTER = "passes the request on, and answers 502 itself"
    LATE = "answers 504 itself, and passes the request on only then"
    TWICE = "passes the request on twice, and hands back the second answer"
    NO_ID_AFTER = "passes the request on, and answers 201 without an id"
    NO_ID_BEFORE = "answers 201 without an id itself, and passes nothing on"
    RESET_BEFORE = "resets the connection, and passes nothing on"
    LOGIN_PAGE_AFTER = "passes the request on, and answers 200 with a login page"
    LOGIN_PAGE_BEFORE = "answers 200 with a login page, and passes nothing on"
    REDIRECT_BEFORE = "answers 302 to another address, and passes nothing on"
    NO_ROUTE_BEFORE = "answers 404 itself, as gateways do, and passes nothing on"
    TIMEOUT_BEFORE = "answers 408 itself, and passes nothing on"
    UNAVAILABLE_BEFORE = "answers 503 itself, and passes nothing on"
    ERRORS_200_BEFORE = "answers 200 with errors in place of documents, and passes nothing on"
    SHORT_PAGE = "passes the request on for a page of 49"
    SILENT_AFTER = "passes the request on, and never answers"
    NO_CONDITIONS = "passes the request on without its query"
    EMPTY_LIST = "answers an empty list itself, and passes nothing on"
    REFUSE_TUNNEL = "answers 403 to CONNECT"
    HANG_UP_ON_TUNNEL = "hangs up on CONNECT"
    TEAR_HANDSHAKE = "opens the tunnel, and hangs up before the handshake"

    @property
    def passes_on(self) -> bool:
        """True where the server behind gets the request."""
        return self.value.startswith("passes")

    @property
    def is_of_tunnel(self) -> bool:
        """True where it befalls a tunnel."""
        return self in (Cut.REFUSE_TUNNEL, Cut.HANG_UP_ON_TUNNEL, Cut.TEAR_HANDSHAKE)

    @property
    def is_of_list(self) -> bool:
        """True where it may befall a list."""
        return not self.is_of_tunnel and self not in (Cut.NO_ID_AFTER, Cut.NO_ID_BEFORE, Cut.LATE, Cut.TWICE)

    @property
    def is_of_create(self) -> bool:
        """True where it may befall the creation of something."""
        return not self.is_of_tunnel and self not in (
            Cut.NO_CONDITIONS,
            Cut.SHORT_PAGE,
            Cut.EMPTY_LIST,
            Cut.ERRORS_200_BEFORE,
        )


@dataclass(slots=True)
class Cue:
    """Of the requests that fit, the one after `skip` others, and `times` in all. A tunnel's method is CONNECT."""

    cut: Cut
    method: str
    path: str = ""
    skip: int = 0
    times: int = 1
    seen: int = 0

    def isdue(self, method: str, path: str) -> bool:
        """Count a request; true if it is one that goes wrong."""
        if method != self.method or not path.startswith(self.path):
            return False
        self.seen += 1
        return self.skip < self.seen <= self.skip + self.times


@dataclass(slots=True)
class Odds:
    """Of the requests that fit, that share goes wrong, by a chance that is the same every time."""

    cut: Cut
    method: str
    path: str
    share: float
    chance: random.Random = field(default_factory=lambda: random.Random(3))  # noqa: S311 - repeatable on purpose

    def isdue(self, method: str, path: str) -> bool:
        """True if this request is one that goes wrong."""
        return method == self.method and path.startswith(self.path) and self.chance.random() < self.share


TOLD: dict[Cut, tuple[int, str, bytes]] = {
    Cut.FORBID_AFTER: (403, "text/html", b"<html>no</html>"),
    Cut.FORBID_BEFORE: (403, "text/html", b"<html>no</html>"),
    Cut.NO_ID_AFTER: (201, "application/json", b"{}"),
    Cut.NO_ID_BEFORE: (201, "application/json", b"{}"),
    Cut.BAD_GATEWAY_AFTER: (502, "text/html", b"<html>bad gateway</html>"),
    Cut.LATE: (504, "text/html", b"<html>gateway timeout</html>"),
    Cut.LOGIN_PAGE_AFTER: (200, "text/html", b"<html>sign in</html>"),
    Cut.LOGIN_PAGE_BEFORE: (200, "text/html", b"<html>sign in</html>"),
    Cut.REDIRECT_BEFORE: (302, "text/html", b""),
    Cut.NO_ROUTE_BEFORE: (404, "application/json", b'{"message": "no Route matched with those values"}'),
    Cut.TIMEOUT_BEFORE: (408, "text/html", b"<html>too slow</html>"),
    Cut.UNAVAILABLE_BEFORE: (503, "text/html", b"<html>come back later</html>"),
    Cut.ERRORS_200_BEFORE: (200, "application/json", b'[{"errors": {"error": "please try again"}}]'),
    Cut.EMPTY_LIST: (200, "application/json", b"[]"),
}
"""What a proxy says where it answers itself: status, content type and body."""
