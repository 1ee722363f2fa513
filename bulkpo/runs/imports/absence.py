"""Proof of absence: when an order that no look-up finds counts as not made, so that it may be sent again.

Not to find it proves nothing by itself. Coupa's lists lag behind what was made, and a request whose answer was lost may
still be at work. Absence is proved by one of two reasons:

- **A later one shows.** In the very answer in which the order is missing, another one of this run is there, which was
  sent after the doubt about the first arose: the list is not behind. That a request is no longer at work it does not
  tell, so this counts only once 15 seconds have passed as well, or the profile's `timeout` where that is less: an
  answer that was cut off tells nothing of the request, which a gateway may hold and hand on a little later.
- **Time.** `settle_for` (10 minutes, unless the profile says otherwise) has passed since, and it still does not show.
  The time is counted by a clock that nobody sets, so it begins anew with a process that takes the run up.

After an answer of 2xx neither counts: Coupa has said that it took the order, and whatever a list shows, it is never
sent again. What is not proved stays UNKNOWN.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

_AT_WORK_SECONDS = 15.0


class Sent(Protocol):
    """Something that is sent: its number in the run, and the key by which it is looked up."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def key(self) -> str:
        """Its key."""


class Absence:
    """What one process knows that can prove orders absent: when each doubt arose, and the order that was sent last.

    `settle_for` and `timeout` are the profile's, in seconds.
    """

    def __init__(self, settle_for: float, timeout: float, now: Callable[[], float] = time.monotonic) -> None:
        self._settle_for = settle_for
        self._at_work = min(_AT_WORK_SECONDS, timeout, settle_for)
        self._now = now
        self._begun = now()
        self._lock = threading.Lock()
        self._sent: dict[int, float] = {}
        self._doubted: dict[int, float] = {}
        self._witness: tuple[float, Sent] | None = None

    def sending(self, entry: Sent) -> None:
        """An order is about to be sent."""
        with self._lock:
            self._sent[entry.number] = self._now()

    def doubted(self, entry: Sent) -> None:
        """What became of an order is in doubt from now on."""
        with self._lock:
            self._sent.pop(entry.number, None)
            self._doubted[entry.number] = self._now()

    def created(self, entry: Sent) -> None:
        """An order was created, so that it can witness for those doubted before it was sent."""
        with self._lock:
            sent = self._sent.pop(entry.number, None)
            if sent is not None and (self._witness is None or sent > self._witness[0]):
                self._witness = sent, entry

    @property
    def witness(self) -> str | None:
        """The number of the order that was sent last of those created; None if this process created none."""
        return self._witness[1].key if self._witness is not None else None

    @property
    def witness_number(self) -> int | None:
        """The same by its number in the run."""
        return self._witness[1].number if self._witness is not None else None

    def seconds_left(self, entry: Sent) -> float:
        """How long it takes until time is a proof; 0 once it is."""
        return max(0.0, self._since(entry) + self._settle_for - self._now())

    def proof(self, entry: Sent, asked_at: float, *, witness_shown: bool) -> str:
        """The reason why an order is not there that an answer to a question asked at that moment lacks; else empty."""
        since = self._since(entry)
        is_at_rest = asked_at >= since + self._at_work
        if witness_shown and is_at_rest and self._witness is not None and self._witness[0] > since:
            return f"not found, though {self._witness[1].key}, which was sent later, is"
        if asked_at >= since + self._settle_for:
            return f"not found {self._settle_for:g} seconds later"
        return ""

    def now(self) -> float:
        """The moment by the clock that the proofs are counted by."""
        return self._now()

    def _since(self, entry: Sent) -> float:
        return self._doubted.get(entry.number, self._begun)
