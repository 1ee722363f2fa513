"""The ids still to be read, shared out among threads, and what was read handed on in order.

A window is a stretch of ids, `low` excluded and `high` included. Windows are cut from the front of what is left, so
that the next one in order is always under way. A thread that finds nothing to cut takes the second half of what another
has before it, so that none is left alone with much.

Every window ends with a page that reaches beyond it, which is a part of a request for nothing. So no window is begun
while those under way use up the limit; and windows are cut a little short of full pages, which spares the last one
wherever ids are evenly spaced.
"""

import heapq
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

from bulkpo.coupa.queries import PAGE

_MOST_PAGES = 40
_FEWEST_PAGES = 6
_SPARED = 2
_REMEMBERED = 100 * PAGE
_MOMENT = 0.05


class Span(NamedTuple):
    """A stretch of ids that was read: above `low`, up to `high`, and how many documents are there."""

    low: int
    high: int
    documents: int


@dataclass(order=True, slots=True)
class Window:
    """A stretch of ids. `cursor` is how far it was read, None once that is far enough.

    `step` is how many ids a document takes where it is read. `payload` is what was read; None if it is kept elsewhere.
    """

    low: int
    high: int = field(compare=False)
    cursor: int | None = field(default=None, compare=False)
    step: float = field(default=1, compare=False)
    payload: bytes | None = field(default=None, compare=False)


@dataclass(slots=True)
class Pace:
    """How many documents there are among how many ids, judged by what was read lately, and by how many threads."""

    documents: int
    ids: int
    workers: int

    @property
    def step(self) -> float:
        """How many ids a document takes."""
        return self.ids / max(1, self.documents)

    def share(self, left: int) -> int:
        """How many ids the next window takes of those that are left."""
        pages = _pages(left, self.step)
        return _width(min(_MOST_PAGES, max(_FEWEST_PAGES, int(pages / self.workers))), self.step)

    def add(self, documents: int, ids: int) -> None:
        """Learn from a window that was read."""
        self.documents += documents
        self.ids += max(1, ids)
        if self.documents > _REMEMBERED:
            self.documents //= 2
            self.ids //= 2


class Board:
    """Who reads what. Threads `take` windows and `finish` them; the one that writes asks for the `next` in order.

    Ids above `low` are shared out, up to `top`: what is made while others are read has ids above it, and might be
    made as fast as it is read. `known` was read before.
    """

    def __init__(self, low: int, top: int, known: Sequence[Span], pace: Pace) -> None:
        self.documents = sum(span.documents for span in known)
        self._pace = pace
        self._held = 0
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self._stopped = False
        self._reading: dict[int, Window] = {}
        self._done = [Window(span.low, span.high) for span in sorted(known)]
        self._gaps: list[Window] = []
        for span in sorted(known):
            if span.low > low:
                self._gaps.append(Window(low, span.low))
            low = max(low, span.high)
        if low < top:
            self._gaps.append(Window(low, top))

    @property
    def expected(self) -> int:
        """How many documents there will be in all, as far as those read so far tell."""
        left = sum(window.high - window.low for window in (*self._gaps, *self._reading.values()))
        return self.documents + left * self._pace.documents // self._pace.ids

    def take(self, room: Callable[[], int | None]) -> Window | None:
        """A window to read, once there is one; None when all is read, or nothing more is wanted.

        `room` tells how many requests could go at once, None for any number.
        """
        with self._changed:
            while not self._stopped and (self._gaps or self._reading):
                if (window := self._cut() or self._half() if self._is_of_use(room()) else None) is not None:
                    return window
                self._changed.wait(_MOMENT)
            return None

    def advance(self, window: Window, cursor: int, *, enough: bool) -> int:
        """Say how far a window is read; gives its high, which is lower once another thread took the rest.

        With `enough` nothing is left of it, and nobody takes any of it after this.
        """
        with self._changed:
            if window.cursor is not None and not enough:
                window.step = (cursor - window.cursor) / PAGE
            window.cursor = None if enough else cursor
            return window.high

    def finish(self, window: Window, payload: bytes, documents: int) -> None:
        """What a window held."""
        with self._changed:
            del self._reading[window.low]
            window.payload = payload
            heapq.heappush(self._done, window)
            self._held += 1
            self.documents += documents
            self._pace.add(documents, window.high - window.low)
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

    def _is_of_use(self, room: int | None) -> bool:
        """Whether another window makes reading faster: not while those under way are held up by the limit.

        Those begun, of which nothing came yet, may be about to take some of the room.
        """
        beginning = sum(window.cursor == window.low for window in self._reading.values())
        return not self._reading or room is None or room > beginning

    def _cut(self) -> Window | None:
        """The next window of what nobody reads yet, unless too much is held for the one that writes."""
        if not self._gaps or (self._held >= 2 * self._pace.workers and self._gaps[0].low != self._front()):
            return None
        gap = self._gaps[0]
        left = gap.high - gap.low
        width = self._pace.share(left)
        if left <= width:
            window = self._gaps.pop(0)
        else:
            window = Window(gap.low, gap.low + width)
            gap.low += width
        window.step = self._pace.step
        return self._begun(window)

    def _half(self) -> Window | None:
        """The second half of what the first window with some pages before it still has to read."""
        for _, window in sorted(self._reading.items()):
            if window.cursor is None:
                continue
            pages = _pages(window.high - window.cursor, window.step)
            middle = window.cursor + _width(ceil(pages / 2), window.step)
            if pages >= _FEWEST_PAGES and middle < window.high:
                half = Window(middle, window.high, step=window.step)
                window.high = middle
                return self._begun(half)
        return None

    def _begun(self, window: Window) -> Window:
        window.cursor = window.low
        self._reading[window.low] = window
        return window


def _pages(ids: int, step: float) -> float:
    return ids / (PAGE * step)


def _width(pages: int, step: float) -> int:
    """How many ids this many pages take if the last is not quite full."""
    return max(PAGE, round((pages * PAGE - _SPARED) * step))
