"""Work shared out to threads, which ends in good order: what is begun is finished, what is not is left."""

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
_POLL_SECONDS = 0.2


class Workers(Generic[T]):
    """Threads that do `work` on items until there are no more, or `stop` is set."""

    def __init__(self, work: Callable[[T], object], count: int, stop: threading.Event) -> None:
        self._work = work
        self._count = count
        self._stop = stop
        self._queue: queue.Queue[T | None] = queue.Queue(maxsize=2 * count)
        self._error: BaseException | None = None

    def fail(self, error: BaseException) -> None:
        """End the work because of an error; the first one is raised by `run`."""
        self._error = self._error or error
        self._stop.set()

    def run(self, items: Iterable[T]) -> int:
        """Do all items and say how many; comes back when none is under way. Raises what stopped a thread."""
        handed_over = 0
        threads = [threading.Thread(target=self._loop, daemon=True) for _ in range(self._count)]
        for thread in threads:
            thread.start()
        try:
            for item in items:
                if not self._hand_over(item):
                    break
                handed_over += 1
        except BaseException:
            self._stop.set()
            raise
        finally:
            for _ in threads:
                self._queue.put(None)
            for thread in threads:
                thread.join()
        if self._error is not None:
            raise self._error
        return handed_over

    def _hand_over(self, item: T) -> bool:
        """Queue an item; False once the work is to end."""
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    def _loop(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._stop.is_set():
                continue
            try:
                self._work(item)
            except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked for the work
                self.fail(error)
