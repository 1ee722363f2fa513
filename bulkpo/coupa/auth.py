"""The token: fetched once, shared by all threads, renewed before it ends.

Asking for one scope that is not granted loses the whole token. So where an instance refuses the scopes, those that are
only wished for are asked for one by one beside the needed ones, and the token holds what is granted.
"""

import json
import re
import threading
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from bulkpo.coupa.answers import JSON
from bulkpo.coupa.limiter import SECOND, Clock, nanoseconds
from bulkpo.coupa.outcomes import redirected
from bulkpo.coupa.transport import Answer, Lost, Request, Transport
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile

_ATTEMPTS = 4
_LIFETIME = 24 * 3600
_NOT_GRANTED = "invalid_scope"
_VISIBLE = re.compile(r"[!-~]{1,16384}")  # it is in the head of every request
_MARGIN = 300  # seconds before its end at which a token is no longer used


class TokenSource:
    """Gives a valid token, asking for a new one only when there is need."""

    def __init__(self, profile: Profile, transport: Transport, clock: Clock) -> None:
        self._profile = profile
        self._transport = transport
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._ends = 0
        self._scopes = (*profile.scopes, *profile.wishes)
        self.denied: tuple[str, ...] = ()
        """The scopes that were wished for and are not granted, as far as the instance was asked."""

    def token(self) -> str:
        """A token to use now. Raises ServiceError if the instance gives none."""
        with self._lock:
            if not self._token or self._clock.now() >= self._ends:
                self._fetch()
            return self._token

    def renewed(self, stale: str) -> str:
        """Another token than this one, which was turned away; of several threads only the first asks for it."""
        with self._lock:
            if self._token == stale:
                self._fetch()
            return self._token

    def _fetch(self) -> None:
        answer = self._asked(self._scopes)
        if self._profile.wishes and _error(answer) == _NOT_GRANTED:
            answer = self._one_by_one()
        self._keep(answer)

    def _one_by_one(self) -> Answer:
        """The answer to asking for the needed scopes and each of the wishes that is granted."""
        granted = self._profile.scopes
        answer = self._asked(granted or self._profile.wishes[:1])
        if granted and _error(answer) == _NOT_GRANTED:
            return answer
        for wish in self._profile.wishes:
            more = self._asked((*granted, wish))
            if _error(more) != _NOT_GRANTED:
                answer, granted = more, (*granted, wish)
        self._scopes = granted or self._scopes
        self.denied = tuple(wish for wish in self._profile.wishes if wish not in granted)
        return answer

    def _asked(self, scopes: Sequence[str]) -> Answer:
        """What the instance answers to a request for a token; raises ServiceError if it answers nothing of use."""
        for attempt in range(_ATTEMPTS):
            answer = self._transport.send(self._request(scopes), None)
            if isinstance(answer, Answer) and (_error(answer) or _facts(answer).get("access_token")):
                return answer
            if attempt + 1 < _ATTEMPTS:
                self._clock.wait(SECOND << attempt)
        raise ServiceError(self._no_answer(answer))

    def _no_answer(self, answer: Answer | Lost) -> str:
        """What to do where nobody answers as Coupa does when asked for a token."""
        if isinstance(answer, Answer) and 300 <= answer.status < 400:
            return redirected(self._profile, answer)
        if isinstance(answer, Answer) and answer.status < 500 and answer.status not in (408, 429):
            return self._refusal(answer.status, None)
        reason = answer.reason if isinstance(answer, Lost) else f"it answers {answer.status}"
        return f"{self._profile} gives no token: {reason}; check the address and your network, or try again later"

    def _request(self, scopes: Sequence[str]) -> Request:
        profile = self._profile
        form = {
            "grant_type": "client_credentials",
            "client_id": profile.client_id,
            "client_secret": profile.client_secret.reveal(),
            "scope": " ".join(scopes),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": JSON}
        return Request("POST", "/oauth2/token", headers, urlencode(form).encode())

    def _keep(self, answer: Answer) -> None:
        facts = _facts(answer)
        token = facts.get("access_token")
        if answer.status not in (200, 201) or not isinstance(token, str) or not _VISIBLE.fullmatch(token):
            raise ServiceError(self._refusal(answer.status, facts.get("error")))
        lifetime = facts.get("expires_in")
        lifetime = lifetime if isinstance(lifetime, int) and lifetime > 0 else _LIFETIME
        self._token = token
        self._ends = self._clock.now() + max(lifetime - _MARGIN, lifetime // 2) * SECOND
        if self._profile.token_wait > Decimal(0):
            self._clock.wait(nanoseconds(self._profile.token_wait))

    def _refusal(self, status: int, error: object) -> str:
        if error == _NOT_GRANTED:
            which = f"all of them: {', '.join(self._profile.scopes)}"
            if not self._profile.scopes:
                which = f"as far as it may have them: {', '.join(self._profile.wishes)}"
            advice = f"grant the client these scopes in Coupa, {which}"
            if self._profile.has_own_scopes:
                advice += "; they are those the profile lists"
        elif error in ("invalid_client", "unauthorized_client") or status in (400, 401, 403):
            advice = "check the profile's client_id and the variable that holds its secret"
        else:
            advice = "check the profile's url: no Coupa instance answers there"
        said = f" ({error})" if isinstance(error, str) and error.replace("_", "").isalpha() else ""
        return f"{self._profile} gives no token: it answers {status}{said}; {advice}"


def _error(answer: Answer) -> object:
    """The error that an answer without a token names."""
    return None if answer.status in (200, 201) else _facts(answer).get("error")


def _facts(answer: Answer) -> Mapping[str, Any]:
    try:
        facts = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
