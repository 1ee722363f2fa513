"""The one way anything that changes Coupa leaves: announced on disk, asked once, noted, and looked up where unclear.

Creating an order, acting on it, telling the integration history of it and marking it as exported are *errands*: each
supplies what to announce, the request, what an answer means, and the look-up. The loop, its patience and its pace are
the same for all.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, Protocol, TypeVar

from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused, Unclear
from bulkpo.errors import ServiceError
from bulkpo.model.profile import Profile
from bulkpo.runs.delivery.throttle import Throttle
from bulkpo.runs.delivery.workers import Workers

_T = TypeVar("_T")
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 15.0


class Standing(Enum):
    """What is to be done about a thing next, as far as the journal knows."""

    READY = "it can be sent"
    UNCLEAR = "it may have been done, or done by somebody else, and is to be looked up first"
    OVER = "nothing: it is known what came of it"


class Errand(Protocol[_T]):
    """One kind of change. Every step gives the thing as the journal has it after that."""

    def standing(self, it: _T) -> Standing:
        """What is to be done about it next."""

    def announce(self, it: _T) -> _T:
        """Write down that it is about to leave; comes back when that is on disk."""

    def ask(self, it: _T) -> Outcome:
        """Send the request, once."""

    def note(self, it: _T, outcome: Outcome) -> _T:
        """Write down what came of it."""

    def look_up(self, it: _T) -> _T:
        """Find out in Coupa what became of it, and write that down."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How patiently things are delivered; `stop` ends it in good order, and `advice` says how to go on then.

    `settle_seconds` is how long a thing whose outcome is unclear is given to appear before it is looked up, and
    `most_unclear` how many such outcomes one thing may have before it is left for later. `patience_seconds` is how long
    an instance that takes nothing is tried again.
    """

    settle_seconds: float
    patience_seconds: float
    most_unclear: int
    advice: str
    stop: threading.Event


class Deliverer(Generic[_T]):
    """Delivers things of one kind, each until it is known what came of it."""

    def __init__(self, errand: Errand[_T], profile: Profile, manner: Manner) -> None:
        self._errand = errand
        self._profile = profile
        self._manner = manner
        self._throttle = Throttle(profile.workers)
        self._workers = Workers(self.deliver, lambda: self._throttle.allowed, manner.stop)
        self._last_answer = time.monotonic()

    def deliver_all(self, things: Iterable[_T]) -> int:
        """Deliver things with a number of threads; says how many. Raises what stopped a thread, once all have ended."""
        return self._workers.run(things)

    def deliver(self, it: _T) -> _T:
        """Deliver one thing, or leave it for later as the journal has it; raises ServiceError where none can go."""
        errand = self._errand
        wait, unclear = _FIRST_WAIT_SECONDS, 0
        while True:
            if errand.standing(it) is Standing.UNCLEAR:
                it = errand.look_up(it)
            if errand.standing(it) is not Standing.READY:
                return it
            it = errand.announce(it)
            outcome = self._timed(lambda it=it: errand.ask(it))  # type: ignore[misc]  # bound now, of the same type
            it = errand.note(it, outcome)
            match outcome:
                case Created() | Refused():
                    continue
                case NotMade():
                    self._check(outcome)
                    pause = wait if outcome.retry_after is None else float(outcome.retry_after)
                    wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
                case Unclear():
                    if outcome.is_final:
                        raise ServiceError(outcome.reason)
                    unclear += 1
                    pause = self._manner.settle_seconds
            if unclear == self._manner.most_unclear or self._manner.stop.wait(pause):
                return it

    def _timed(self, ask: Callable[[], Outcome]) -> Outcome:
        """Ask, and let the pace follow how long the answer took."""
        started = time.monotonic()
        outcome = ask()
        now = time.monotonic()
        if isinstance(outcome, Created | Refused):
            self._throttle.answered(now - started)
        else:
            self._throttle.troubled()
        if not isinstance(outcome, NotMade):
            self._last_answer = now
        return outcome

    def _check(self, outcome: NotMade) -> None:
        """Raise ServiceError where trying again cannot help, or the instance has taken nothing for too long."""
        if outcome.is_final:
            raise ServiceError(outcome.reason)
        silent = time.monotonic() - self._last_answer
        if silent > self._manner.patience_seconds:
            raise ServiceError(
                f"{self._profile} has taken nothing for {int(silent)} seconds: {outcome.reason}; "
                f"what is left waits: {self._manner.advice}"
            )
