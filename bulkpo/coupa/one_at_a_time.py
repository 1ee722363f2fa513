"""Room for one large answer at a time, however many threads there are, so that hostile ones do not fill the memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class OneAtATime:
    """Held by one thread at most, from `take` until it leaves `given_back`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mine = threading.local()

    def take(self) -> None:
        """Wait for the one that has it; nothing if this thread has it already."""
        if not self._has_it():
            self._lock.acquire()
            self._mine.has_it = True

    @contextmanager
    def given_back(self) -> Iterator[None]:
        """Give back at the end what was taken within."""
        try:
            yield
        finally:
            if self._has_it():
                self._mine.has_it = False
                self._lock.release()

    def _has_it(self) -> bool:
        return getattr(self._mine, "has_it", False)
