"""Who may do what, and how often: tokens with scopes, and the rate limit."""

import base64
import binascii
import json
import secrets
import time
from collections.abc import Mapping
from threading import Lock
from urllib.parse import parse_qsl

from bulkpo.sandbox.catalog import Served
from bulkpo.sandbox.http import Answer, Request
from bulkpo.sandbox.refused import RefusedRequest
from bulkpo.sandbox.scopes import KNOWN, opening

CLIENT_ID = "sandbox"
CLIENT_SECRET = "sandbox"  # noqa: S105 - a stand-in on the loopback has nothing to hide

_FORM = "application/x-www-form-urlencoded"


class Tokens:
    """Gives tokens and knows those that are alive. `granted` are the scopes the client may ask for."""

    def __init__(self, lifetime: float, granted: frozenset[str]) -> None:
        self._lifetime = lifetime
        self._granted = granted
        self._alive: dict[str, tuple[float, frozenset[str]]] = {}
        self._lock = Lock()

    def grant(self, request: Request) -> Answer:
        """Answer a request for a token."""
        try:
            given = _credentials(request)
        except ValueError:
            return _refusal(400, "invalid_request", "The request cannot be read")
        if given.get("grant_type") != "client_credentials":
            return _refusal(400, "unsupported_grant_type", "grant_type must be client_credentials")
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _refusal(401, "invalid_client", "Client authentication failed")
        scope = given.get("scope", "")
        asked = frozenset(scope.split())
        if not asked or asked - self._granted:
            return _refusal(400, "invalid_scope", self._trouble(asked))
        token = secrets.token_hex(32)
        with self._lock:
            now = time.monotonic()
            self._alive = {known: facts for known, facts in self._alive.items() if facts[0] > now}
            self._alive[token] = (now + self._lifetime, asked)
        return _json(200, access_token=token, token_type="bearer", expires_in=int(self._lifetime), scope=scope)  # noqa: S106 - a type, no secret

    def _trouble(self, asked: frozenset[str]) -> str:
        if not asked:
            return "scope is missing"
        unknown = sorted(asked - KNOWN)
        return f"The scope is unknown: {' '.join(unknown)}" if unknown else "The client is not granted all scopes"

    def check(self, request: Request, served: Served | None) -> None:
        """Raise RefusedRequest unless the request's token is alive and its scopes allow it."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        expiry, scopes = self._alive.get(token.strip(), (0.0, frozenset()))
        if kind.lower() != "bearer" or expiry <= time.monotonic():
            raise RefusedRequest(401, ["The access token is missing, unknown or expired"])
        if served is None:
            return
        enough = opening(served.resource.name, "read" if request.method == "GET" else "write")
        if scopes.isdisjoint(enough):
            raise RefusedRequest(403, [f"The access token lacks the scope {enough[0]}"])

    def expire_all(self) -> None:
        """End every token's life."""
        with self._lock:
            self._alive.clear()


class RateLimit:
    """A bucket of `burst` requests that fills at `rate` a second. Coupa's limit is 25 a second, 20 at once."""

    def __init__(self, rate: float = 25, burst: int = 20) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._left = self._burst
        self._seen = time.monotonic()
        self._lock = Lock()

    def wait(self) -> float:
        """Zero if the request may pass; otherwise how many seconds until one may."""
        with self._lock:
            now = time.monotonic()
            self._left = min(self._burst, self._left + (now - self._seen) * self._rate)
            self._seen = now
            if self._left >= 1:
                self._left -= 1
                return 0.0
            return (1 - self._left) / self._rate


def _credentials(request: Request) -> Mapping[str, str]:
    """What was given in the query, in the body and in the Basic header; the body goes before the query."""
    given = dict(parse_qsl(request.query))
    if request.headers.get("content-type", _FORM).partition(";")[0].strip() == _FORM:
        given |= dict(parse_qsl(request.body.decode("utf-8")))
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise ValueError from None
        given |= {"client_id": name, "client_secret": secret}
    return given


def _refusal(status: int, error: str, description: str) -> Answer:
    return _json(status, error=error, error_description=description)


def _json(status: int, **facts: object) -> Answer:
    return Answer(status, json.dumps(facts).encode(), "application/json; charset=utf-8", {"Cache-Control": "no-store"})
