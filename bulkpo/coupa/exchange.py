"""Requests as an instance wants them: at its pace, with a valid token, in one format; reads are tried again.

A read (GET) changes nothing and is repeated after a pause that grows; anything else is sent once, except that an
answer of 401 proves nothing was done, so that a fresh token gets one more try.
"""

from collections.abc import Callable, Collection
from decimal import Decimal
from typing import TypeVar

from bulkpo.coupa.answers import JSON, XML, UnreadableAnswer, names_errors
from bulkpo.coupa.auth import TokenSource
from bulkpo.coupa.limiter import SECOND, Clock, RateLimiter
from bulkpo.coupa.outcomes import forbidden, redirected, retry_seconds
from bulkpo.coupa.pace import SharedPace
from bulkpo.coupa.queries import QueryRefusedError
from bulkpo.coupa.transport import Answer, Lost, Request, Transport
from bulkpo.coupa.uploads import UploadForm
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Format, Profile

_T = TypeVar("_T")
_ATTEMPTS = 6
_TOO_FAST_ATTEMPTS = 40
_FIRST_WAIT = SECOND // 2
_LONGEST_PAUSE = Decimal(600)
_DAY = Decimal(86_400)


class Exchange:
    """The conversation with one instance, shared by all threads."""

    def __init__(self, profile: Profile, clock: Clock, shared: SharedPace | None = None) -> None:
        self._profile = profile
        self._clock = clock
        self._transport = Transport(profile)
        self._tokens = TokenSource(profile, self._transport, clock)
        # Half of Coupa's burst is kept back: a request delayed on its way meets the next one, and together they
        # would overrun a limit that was kept here to the last token.
        self._limiter = RateLimiter(profile.rate, max(1, profile.burst // 2), clock, shared)
        self._media = XML if profile.format is Format.XML else JSON

    @property
    def requests(self) -> int:
        """How many requests were sent so far, those for tokens included."""
        return self._transport.requests

    @property
    def room(self) -> int | None:
        """How many requests could go at once now; None if there is no limit."""
        return self._limiter.room

    @property
    def denied(self) -> tuple[str, ...]:
        """The scopes that were wished for and are not granted; known once there is a token."""
        return self._tokens.denied

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def once(
        self, method: str, path: str, body: bytes | UploadForm | None = None, media: str | None = None
    ) -> Answer | Lost:
        """Send a request that may change something; never repeated once it may have been acted on.

        Raises ServiceError only where nothing was sent, or nothing done: no token is to be had.
        """
        media = media or self._media
        accept = self._media if isinstance(body, UploadForm) else media.partition(";")[0]
        request = Request(method, path, {"Content-Type": media, "Accept": accept}, body)
        token = self._tokens.token()
        answer = self._send(request, token)
        if isinstance(answer, Answer) and answer.status == 401:
            answer = self._send(request, self._tokens.renewed(token))
        return answer

    def read(self, path: str, accept: Callable[[Answer], _T], final: Collection[int] = ()) -> _T:
        """Read something, trying again while the trouble may pass: what `accept` makes of an answer in Coupa's words.

        An answer with one of the `final` statuses is taken in whatever words.
        `accept` raises UnreadableAnswer for one that is not, and QueryRefusedError for a refusal, which is asked for
        twice, since a gateway may have spoken. Raises ServiceError for all that no answer can mend.
        """
        tries = too_fast = refused = 0
        while True:
            with self._transport.large.given_back():
                answer = self.once("GET", path)
                if isinstance(answer, Answer) and answer.status == 429 and too_fast < _TOO_FAST_ATTEMPTS:
                    too_fast += 1
                    continue
                try:
                    return accept(self._conclusive(answer, final))
                except QueryRefusedError:
                    refused += 1
                    if refused == 2:
                        raise
                except UnreadableAnswer as error:
                    tries += 1
                    if tries >= _ATTEMPTS or too_fast >= _TOO_FAST_ATTEMPTS:
                        raise ServiceError(self._unread(answer, str(error), tries + too_fast)) from None
            self._clock.wait(_FIRST_WAIT << max(0, tries - 1))

    def _send(self, request: Request, token: str) -> Answer | Lost:
        self._limiter.acquire()
        answer = self._transport.send(request, token)
        if isinstance(answer, Answer) and answer.status == 429:
            seconds = retry_seconds(answer)
            if seconds is not None and seconds > _LONGEST_PAUSE:
                raise ServiceError(
                    f"{self._profile} asks to wait {int(min(seconds, _DAY)):,} seconds or more (429); what is left "
                    "waits, and can be resumed after that"
                )
            self._limiter.pause(Decimal(1) if seconds is None else seconds)
        return answer

    def _conclusive(self, answer: Answer | Lost, final: Collection[int]) -> Answer:
        """An answer that Coupa may have given; raises UnreadableAnswer for others, ServiceError where none can help."""
        if isinstance(answer, Lost):
            raise UnreadableAnswer(answer.reason)
        if answer.status == 401:
            raise ServiceError(f"{self._profile} turns its own token away (401); check the client's grants in Coupa")
        if answer.status == 200:
            age = answer.headers.get("Age", "").strip()
            if age.isdecimal() and age.strip("0"):
                raise UnreadableAnswer(f"a cache answers for it, with what was so {age} seconds ago")
            return answer
        in_coupas_words = names_errors(answer.body, answer.headers.get("Content-Type", ""))
        if answer.status == 403 and in_coupas_words:
            raise ServiceError(forbidden(self._profile, answer))
        if not (in_coupas_words and 400 <= answer.status < 429) and answer.status not in final:
            raise UnreadableAnswer(f"it answers {answer.status}")
        return answer

    def _unread(self, answer: Answer | Lost, trouble: str, tries: int) -> str:
        if isinstance(answer, Answer) and 300 <= answer.status < 400:
            return redirected(self._profile, answer)
        return f"{self._profile} cannot be read: {trouble}, after {tries} tries; try again later"
