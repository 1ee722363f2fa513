"""Work shared among threads. When it is stopped, what was begun is finished and the rest is left."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

_T = TypeVar("_T")
_POLL_SECONDS = 0.2  # a signal is heeded between two waits, on Windows too


class Workers(Generic[_T]):
    """Threads that do `work` on items until there are no more, or `stop` is set; `allowed` says how many at once.

    A thread takes its next item itself, so that none waits for another. What gives the items is asked by one at a time.
    """

    def __init__(self, work: Callable[[_T], object], allowed: Callable[[], int], stop: threading.Event) -> None:
        self._work = work
        self._allowed = allowed
        self._stop = stop
        self._turn = threading.Lock()
        self._items: Iterator[_T] = iter(())
        self._taken = self._working = 0
        self._threads: list[threading.Thread] = []
        self._error: BaseException | None = None

    def fail(self, error: BaseException) -> None:
        """End the work because of an error; the first one is raised by `run`."""
        self._error = self._error or error
        self._stop.set()

    def run(self, items: Iterable[_T]) -> int:
        """Do all items and say how many; comes back when none is under way. Raises what stopped a thread."""
        self._items, self._taken = iter(items), 0
        with self._turn:
            self._start()
        try:
            self._join()
        except KeyboardInterrupt:  # the second: whoever asks again is not made to wait
            self._stop.set()
            raise
        except BaseException:
            self._stop.set()
            self._join()
            raise
        if self._error is not None:
            raise self._error
        return self._taken

    def _start(self) -> None:
        """Set another thread to work; the turn is held, so that it takes nothing before it is counted."""
        thread = threading.Thread(target=self._loop, daemon=True)
        thread.start()
        self._threads.append(thread)
        self._working += 1

    def _join(self) -> None:
        """Wait for all threads, those that are started meanwhile among them: a thread starts another before it ends."""
        while self._threads:
            self._threads[0].join(_POLL_SECONDS)
            if not self._threads[0].is_alive():
                del self._threads[0]

    def _loop(self) -> None:
        try:
            while (item := self._next()) is not None:
                self._work(item)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked for the work
            self.fail(error)

    def _next(self) -> _T | None:
        """The next item; None if this thread is to end: there is none, or fewer are to be done at once."""
        with self._turn:
            allowed = self._allowed()
            item = None
            if not self._stop.is_set() and self._working <= allowed:
                item = next(self._items, None)
            if item is None:
                self._working -= 1
                return None
            self._taken += 1
            if self._working < allowed:
                self._start()
            return item
