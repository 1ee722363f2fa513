"""Listening: connections are taken, and their requests answered one after another by the thread that serves.

Threads of one interpreter wait for each other at every turn: a thread for each connection doubled the cost of a create.
So the serving thread answers what is quick itself. A connection whose next request may take its time (a search, a
fault, a client that sends slowly) goes to a thread of its own, and comes back once its next request is quick again.
"""

import selectors
import socket
import sys
import threading
from contextlib import suppress
from functools import partial
from queue import SimpleQueue

from bulkpo.sandbox.serving.connection import Connection, Responder
from bulkpo.sandbox.serving.readiness import Pace

_TICK = 0.5  # on Windows, Ctrl+C is noticed only between two waits


class Listener:
    """A listening socket and the connections it took."""

    def __init__(self, address: tuple[str, int], responder: Responder) -> None:
        self._responder = responder
        self._stopping = threading.Event()
        self._serving = threading.Lock()
        self._refuse_for = 0.0
        self._open: set[Connection] = set()
        self._threads: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._back: SimpleQueue[Connection] = SimpleQueue()
        self._listening = _listen(address)
        self.address: tuple[str, int] = self._listening.getsockname()[:2]
        self._bell, self._button = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ, self._accept)
        self._selector.register(self._bell, selectors.EVENT_READ, self._take_back)

    def serve(self) -> None:
        """Take connections and answer their requests until `stop`."""
        with self._serving:
            while not self._stopping.is_set():
                for key, _ in self._selector.select(_TICK):
                    key.data()
                if self._refuse_for:
                    self._refuse()

    def stop(self) -> None:
        """Take no more connections and end those there are, letting each finish what it is doing."""
        self._stopping.set()
        self._ring()
        with self._serving, self._lock:
            connections, threads = list(self._open), list(self._threads)
        for connection in connections:
            connection.shut(socket.SHUT_RD)
        for thread in threads:
            thread.join(5)
        for connection in connections:
            connection.close()
        self._selector.close()
        for one in (self._listening, self._bell, self._button):
            one.close()

    def refuse(self, seconds: float) -> None:
        """Stop listening for a while, and break every connection."""
        self._refuse_for = seconds
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            connection.shut(socket.SHUT_RDWR)
        self._ring()

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond `stop`."""
        self._stopping.wait(seconds)

    def _refuse(self) -> None:
        self._selector.unregister(self._listening)
        self._listening.close()
        self.wait(self._refuse_for)
        self._refuse_for = 0.0
        self._listening = _listen(self.address)
        self._selector.register(self._listening, selectors.EVENT_READ, self._accept)

    def _accept(self) -> None:
        with suppress(OSError):  # a client that has gone again
            connection = Connection(self._listening.accept()[0], self._responder, self)
            with self._lock:
                self._open.add(connection)
            self._watch(connection)

    def _watch(self, connection: Connection) -> None:
        self._selector.register(connection.socket, selectors.EVENT_READ, partial(self._attend, connection))

    def _attend(self, connection: Connection, pace: Pace | None = None) -> None:
        """Answer what a connection has sent, as far as that is quick."""
        try:
            pace = pace or connection.receive()
            while pace is Pace.QUICK:
                pace = connection.answer()
        except OSError:
            pace = Pace.OVER
        except Exception:  # noqa: BLE001 - a mistake in one answer ends its connection, not everybody's
            _tell()
            pace = Pace.OVER
        if pace is not Pace.PARTIAL:
            self._selector.unregister(connection.socket)
        if pace is Pace.OVER or (pace is Pace.SLOW and not self._has_own_thread(connection)):
            self._drop(connection)

    def _has_own_thread(self, connection: Connection) -> bool:
        """Give a connection a thread of its own; false where the system has none left."""
        thread = threading.Thread(target=self._linger_on, args=(connection,), daemon=True)
        with self._lock:
            self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError:
            with self._lock:
                self._threads.discard(thread)
            _tell()
            return False
        return True

    def _linger_on(self, connection: Connection) -> None:
        """In a thread of its own: attend to a connection until its next request is quick."""
        lives = False
        try:
            lives = connection.attend()
        except OSError:
            pass  # the client went away, or a fault broke the connection
        finally:
            with self._lock:
                self._threads.discard(threading.current_thread())
            if lives:
                self._back.put(connection)
                self._ring()
            else:
                self._drop(connection)

    def _take_back(self) -> None:
        self._bell.recv(4096)
        while not self._back.empty():
            connection = self._back.get()
            self._watch(connection)
            self._attend(connection, connection.pace())

    def _ring(self) -> None:
        """Wake the serving thread."""
        with suppress(OSError):  # it has ended
            self._button.send(b"\0")

    def _drop(self, connection: Connection) -> None:
        with self._lock:
            self._open.discard(connection)
        connection.close()


def _listen(address: tuple[str, int]) -> socket.socket:
    listening = socket.create_server(address, backlog=256)
    listening.settimeout(0)
    return listening


def _tell() -> None:
    """Have the error at hand told, as one that ended a thread is."""
    threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))
