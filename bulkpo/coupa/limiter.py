"""As fast as Coupa allows, and no faster: one token bucket shared by all threads, and by the user's other processes.

Times are whole nanoseconds of a clock that never goes back, so that no rounding lets a request through early.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

from bulkpo.coupa.pace import SharedPace, Used
from bulkpo.errors import StoppedError

SECOND = 1_000_000_000


class Clock(Protocol):
    """What time it is, and waiting; in nanoseconds."""

    def now(self) -> int:
        """Nanoseconds since some fixed moment."""

    def wait(self, nanoseconds: int) -> None:
        """Come back after that long."""


class SystemClock:
    """The machine's own steady clock. Setting `stop` ends every wait at once: they raise StoppedError."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()

    def now(self) -> int:
        """Nanoseconds since some fixed moment."""
        return time.monotonic_ns()

    def wait(self, nanoseconds: int) -> None:
        """Come back after that long; raises StoppedError once somebody asks to stop."""
        if self._stop.wait(nanoseconds / SECOND):
            raise StoppedError("stopped while waiting for the instance")


def nanoseconds(seconds: Decimal) -> int:
    """Seconds as whole nanoseconds, rounded up: waiting too little is what hurts."""
    return int((seconds * SECOND).to_integral_value(ROUND_CEILING))


class RateLimiter:
    """Lets at most `burst` requests through at once and `rate` a second after that; no limit if the rate is None.

    In any stretch of t seconds no more than burst + rate * t requests pass. They pass in line, so that a look-up is not
    held up by the many that write. A `shared` pace counts what other processes let through, too.
    """

    def __init__(self, rate: Decimal | None, burst: int, clock: Clock, shared: SharedPace | None = None) -> None:
        self._clock = clock
        self._shared = shared
        self._burst = burst
        self._interval = 0 if rate is None else nanoseconds(1 / rate)
        self._slack = self._interval * (burst - 1)
        self._lock, self._line = threading.Lock(), threading.Lock()
        self._used = Used(clock.now(), clock.now())

    @property
    def room(self) -> int | None:
        """How many would pass at once now; None if there is no limit."""
        if not self._interval:
            return None
        with self._together() as used:
            now = self._clock.now()
            early = now - (used.full_at - self._slack)
            return 0 if early < 0 or now < used.closed_until else min(self._burst, early // self._interval + 1)

    def acquire(self) -> None:
        """Wait for a turn, and take it."""
        with self._line:
            while wait := self._take():
                self._clock.wait(wait)

    def pause(self, seconds: Decimal) -> None:
        """Let nobody through for that long, and then only at the rate: the burst was spent before the pause."""
        with self._together() as used:
            end = self._clock.now() + nanoseconds(seconds)
            used.closed_until = max(used.closed_until, end)
            used.full_at = max(used.full_at, end + self._slack)

    def _take(self) -> int:
        with self._together() as used:
            now = self._clock.now()
            ready = max(used.closed_until, used.full_at - self._slack)
            if now < ready:
                return ready - now
            used.full_at = max(used.full_at, now) + self._interval
            return 0

    @contextmanager
    def _together(self) -> Iterator[Used]:
        """What is used so far, to be changed by nobody else meanwhile."""
        with self._lock:
            if self._shared is None or not self._interval:
                yield self._used
                return
            with self._shared.joined(self._used):
                yield self._used
