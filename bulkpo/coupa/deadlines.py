"""A whole answer has a deadline: a socket's own timeout is for each read of it, and a byte a second never meets it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Wait:
    """One answer waited for: until when, and once known on which socket, of which status, and whether too late."""

    until: float
    sock: socket.socket | None = None
    status: int | None = None
    is_over: bool = False


class Deadlines:
    """Breaks the connection of an answer that is not whole in time. One thread watches over all that are waited for."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._changed = threading.Condition()
        self._waits: set[Wait] = set()
        self._is_watched = False
        self._mine = threading.local()

    @contextmanager
    def waiting(self) -> Iterator[Wait]:
        """Wait for one answer, in this thread."""
        wait = self._mine.wait = Wait(time.monotonic() + self.seconds)
        with self._changed:
            if not self._is_watched:
                threading.Thread(target=self._watch, daemon=True).start()
                self._is_watched = True
            self._waits.add(wait)
        try:
            yield wait
        finally:
            with self._changed:
                self._waits.discard(wait)
                wait.sock = None

    def uses(self, sock: socket.socket | None) -> None:
        """Say which socket this thread's answer comes by."""
        wait: Wait | None = getattr(self._mine, "wait", None)
        if wait is not None:
            with self._changed:
                wait.sock = sock

    def says(self, status: int | None) -> None:
        """Say which status this thread's answer has, as soon as its first line is read."""
        wait: Wait | None = getattr(self._mine, "wait", None)
        if wait is not None:
            wait.status = status

    def _watch(self) -> None:
        """Look every now and then, and leave when nothing was waited for since the last look."""
        while True:
            time.sleep(min(1.0, self.seconds / 4))
            with self._changed:
                if not self._waits:
                    self._is_watched = False
                    return
                now = time.monotonic()
                for wait in self._waits:
                    if now > wait.until and wait.sock is not None:
                        wait.is_over = True
                        with suppress(OSError):
                            # The plain shutdown, also under TLS: the thread that reads sees the connection end.
                            socket.socket.shutdown(wait.sock, socket.SHUT_RDWR)
