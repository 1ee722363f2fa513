"""How many requests are under way at once: as many as the instance bears.

Grows while answers come as fast as they did at first, halves when the instance is in trouble, and shrinks when
requests only wait for each other. The number a second is not decided here: that limit is the client's.
"""

import threading

_FIRST = 8  # as many as Coupa's limit of 25 a second needs at answers of 300 ms
_QUICK = 2.0  # times the quickest answer: there is room for more
_SLOW = 4.0  # times the quickest answer: requests wait for each other
_SHORT_SECONDS = 0.05  # of answers as short as that, much is waiting for this machine's own threads,
_FEW = 4  # and so many threads keep it busy: more get in each other's way, fewer leave it idle
_FORGETTING = 1.0005  # the quickest answer counts a little less with each that follows


class Throttle:
    """The number of requests allowed to be under way, from 1 to `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._allowed = float(min(_FIRST, most))
        self._is_starting = True
        self._quickest = float("inf")
        self._since_trouble = 0
        self._lock = threading.Lock()

    @property
    def allowed(self) -> int:
        """How many requests may be under way now."""
        return int(self._allowed)

    def answered(self, seconds: float) -> None:
        """An answer came after that long."""
        with self._lock:
            self._since_trouble += 1
            self._quickest = min(seconds, self._quickest * _FORGETTING)
            if seconds <= self._quickest * _QUICK:
                self._allow(self._allowed + (1 if self._is_starting else 1 / self._allowed))
            elif seconds > self._quickest * _SLOW and (seconds > _SHORT_SECONDS or self._allowed >= _FEW + 1):
                self._is_starting = False
                self._allow(self._allowed - 1 / self._allowed)

    def troubled(self) -> None:
        """A request was lost, turned away as too fast, or met an error of the instance."""
        with self._lock:
            self._is_starting = False
            if self._since_trouble >= self._allowed:
                self._allow(self._allowed / 2)
                self._since_trouble = 0

    def _allow(self, number: float) -> None:
        self._allowed = min(max(number, 1.0), float(self._most))
