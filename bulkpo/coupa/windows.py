"""The ids still to be read, shared out among threads, and what was read handed on in order.

A window is a stretch of ids, `low` excluded and `high` included. Windows are cut from the front of what is left, so
that the next one in order is always under way; towards the end they become narrow, so that no thread is left alone.
"""

import heapq
import threading
from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bulkpo.coupa.listing import PAGE

MOST_PAGES = 40
_FEWEST_PAGES = 4


class Span(NamedTuple):
    """A stretch of ids that was read: above `low`, up to `high`, and how many documents are there."""

    low: int
    high: int
    documents: int


@dataclass(order=True, slots=True)
class Window:
    """A stretch of ids; without `high` it has no end. `payload` is what was read; None if it is kept elsewhere."""

    low: int
    high: int | None = field(compare=False)
    payload: bytes | None = field(default=None, compare=False)


@dataclass(slots=True)
class Pace:
    """How many documents stand on how many ids, which says how wide a window of some pages is."""

    documents: int
    ids: int
    workers: int

    def width(self, left: int) -> int:
        """How many ids the next window takes of those that are left."""
        per_page = PAGE * self.ids / max(1, self.documents)
        pages = int(left / per_page / max(2, self.workers // 2))
        return max(PAGE, round(per_page * min(MOST_PAGES, max(_FEWEST_PAGES, pages))))

    def add(self, documents: int, ids: int) -> None:
        """Learn from a window that was read."""
        self.documents += documents
        self.ids += max(1, ids)


class Board:
    """Who reads what. Threads `take` windows and `finish` them; the one that writes asks for the `next` in order.

    Ids are shared out from `low` on, without end; `top` is the highest known. `known` was read before.
    """

    def __init__(self, low: int, top: int, known: Sequence[Span], pace: Pace) -> None:
        self.documents = sum(span.documents for span in known)
        self._pace = pace
        self._top = top
        self._held = 0
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self._stopped = False
        self._reading: set[int] = set()
        self._done = [Window(span.low, span.high) for span in sorted(known)]
        self._gaps: list[Window] = []
        for span in sorted(known):
            if span.low > low:
                self._gaps.append(Window(low, span.low))
            low = max(low, span.high)
        self._gaps.append(Window(low, None))

    @property
    def expected(self) -> int:
        """How many documents there will be in all, as far as those read so far tell."""
        left = sum((self._top if gap.high is None else gap.high) - gap.low for gap in self._gaps)
        return self.documents + max(0, left) * self._pace.documents // self._pace.ids

    def take(self) -> Window | None:
        """A window to read, once there is one; None when all is read, or nothing more is wanted."""
        with self._changed:
            while not self._stopped and (self._gaps or self._reading):
                if self._gaps and (self._held < 2 * self._pace.workers or self._gaps[0].low == self._front()):
                    return self._cut()
                self._changed.wait()
            return None

    def finish(self, window: Window, end: int | None, payload: bytes, documents: int) -> None:
        """What a window held, up to `end`, which is before its high if the thread left the rest to others."""
        with self._changed:
            self._reading.discard(window.low)
            if end != window.high and end is not None:
                insort(self._gaps, Window(end, window.high))
            heapq.heappush(self._done, Window(window.low, end, payload))
            self._held += 1
            self.documents += documents
            self._pace.add(documents, (self._top if end is None else end) - window.low)
            self._changed.notify_all()

    def fail(self, error: BaseException) -> None:
        """Nothing more is to be read; the one that writes is told why."""
        with self._changed:
            self._error = self._error or error
            self._stopped = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Nothing more is wanted."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    @property
    def stopped(self) -> bool:
        """Whether threads should leave off."""
        return self._stopped

    def next(self, tick: Callable[[], None], seconds: float = 0.2) -> Window | None:
        """The next window in order, once it is read; None after the last. `tick` is called while waiting."""
        while True:
            with self._changed:
                if self._error is not None:
                    raise self._error
                if self._done and self._done[0].low == self._front():
                    window = heapq.heappop(self._done)
                    self._held -= window.payload is not None
                    self._changed.notify_all()
                    return window
                if not (self._gaps or self._reading or self._done):
                    return None
                self._changed.wait(seconds)
            tick()

    def _front(self) -> int:
        """Where the first ids stand that were not handed on yet."""
        lows = [part[0].low for part in (self._gaps, self._done) if part]
        return min([*lows, *self._reading])

    def _cut(self) -> Window:
        gap = self._gaps[0]
        left = (self._top if gap.high is None else gap.high) - gap.low
        width = self._pace.width(left)
        if left <= width:
            window = self._gaps.pop(0)
        else:
            window = Window(gap.low, gap.low + width)
            gap.low += width
        self._reading.add(window.low)
        return window
