"""Connections: taken one thread each, answered one request after another, and broken where a fault says so."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, Self

from bulkpo.sandbox.faults import Fate, Fault, Plan
from bulkpo.sandbox.http import Answer, Malformed, Request, read_request

_TICK = 0.05
_HTML = "<html><head><title>{0} {1}</title></head><body><center><h1>{0} {1}</h1></center><hr></body></html>\n"
_PHRASES = {
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
_DRIPS = 40


class Responder(Protocol):
    """What stands behind the connections."""

    @property
    def plan(self) -> Plan:
        """The faults' settings."""

    def fate(self, request: Request) -> Fate | None:
        """What befalls a request."""

    def expire_tokens(self) -> None:
        """End every token's life."""

    def answer(self, request: Request) -> Answer:
        """The answer to a request."""

    def count(self, request: Request, status: int | None, fault: Fault | None) -> None:
        """Note what came of a request."""


class Listener:
    """A listening socket and the connections it took."""

    def __init__(self, address: tuple[str, int], responder: Responder) -> None:
        self._responder = responder
        self._stopping = threading.Event()
        self._refuse_for = 0.0
        self._open: set[socket.socket] = set()
        self._threads: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._listening = _listen(address)
        self.address: tuple[str, int] = self._listening.getsockname()[:2]

    def serve(self) -> None:
        """Take connections until `stop`."""
        while not self._stopping.is_set():
            if self._refuse_for:
                self._refuse()
            try:
                connection, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return  # the socket was closed by `stop`
            thread = threading.Thread(target=self._handle, args=(connection,), daemon=True)
            with self._lock:
                self._open.add(connection)
                self._threads.add(thread)
            thread.start()

    def stop(self) -> None:
        """Take no more connections and end those there are, letting each finish what it is doing."""
        self._stopping.set()
        with self._lock:
            connections, threads = list(self._open), list(self._threads)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        for thread in threads:
            thread.join(5)
        self._listening.close()

    def refuse(self, seconds: float) -> None:
        """Stop listening for a while, and break every connection."""
        self._refuse_for = seconds
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond `stop`."""
        self._stopping.wait(seconds)

    def _refuse(self) -> None:
        self._listening.close()
        self.wait(self._refuse_for)
        self._refuse_for = 0.0
        self._listening = _listen(self.address)

    def _handle(self, connection: socket.socket) -> None:
        try:
            with _Connection(connection, self._responder, self) as one:
                one.serve()
        except OSError:
            pass  # the client went away, or a fault broke the connection
        finally:
            with self._lock:
                self._open.discard(connection)
                self._threads.discard(threading.current_thread())


class _Connection:
    """One connection. The stream is buffered and sent at once: many small packets would wait for each other."""

    def __init__(self, connection: socket.socket, responder: Responder, listener: Listener) -> None:
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connection
        self._in = connection.makefile("rb")
        self._out = connection.makefile("wb")
        self._responder = responder
        self._listener = listener

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError, ValueError):
            self._out.close()
        self._in.close()
        self._socket.close()

    def serve(self) -> None:
        """Answer requests until either side has had enough."""
        keep = True
        while keep:
            try:
                request = read_request(self._in, self._out)
            except Malformed as error:
                self._send(Answer(error.status, f"{error}\n".encode()), keep=False)
                self._linger()
                return
            if request is None:
                return
            fate = self._responder.fate(request)
            if fate is None:
                answer = self._responder.answer(request)
                self._responder.count(request, answer.status, None)
                keep = request.keep_alive
                self._send(answer, keep=keep)
            else:
                keep = self._suffer(request, fate)

    def _suffer(self, request: Request, fate: Fate) -> bool:
        """Answer a request that something befalls; true if the connection lives on."""
        if fate.delay:
            self._listener.wait(fate.delay)
        fault = fate.fault
        if fault is Fault.EXPIRE_TOKENS:
            self._responder.expire_tokens()
        answer = self._responder.answer(request) if fault is None or fault.works else None
        self._responder.count(request, answer.status if answer else None, fault)
        if fault is not None and fault.status is not None:
            self._send(self._failure(fault.status), keep=request.keep_alive)
            return request.keep_alive
        if answer is None or fault in _BREAKS:
            self._break(fault)
            return False
        if fault in _SPOILS:
            return _SPOILS[fault](self, answer, fate)
        self._send(answer, keep=request.keep_alive)
        return request.keep_alive

    def _failure(self, status: int) -> Answer:
        headers = {"Retry-After": self._responder.plan.retry_after} if status in (429, 503) else {}
        page = _HTML.format(status, _PHRASES[status]).encode()
        return Answer(status, page, "text/html", headers)

    def _send(self, answer: Answer, *, keep: bool) -> None:
        self._out.write(answer.head(keep_alive=keep) + answer.body)
        self._out.flush()

    def _break(self, fault: Fault | None) -> None:
        match fault:
            case Fault.REFUSE:
                self._listener.refuse(self._responder.plan.refuse)
            case Fault.HANG_BEFORE | Fault.HANG_AFTER:
                self._hang(self._responder.plan.hang)
        # Closing with nothing lingering sends a reset, not an orderly end.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _hang(self, seconds: float) -> None:
        """Say nothing until the time is over or the client has gone."""
        self._socket.settimeout(_TICK)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(TimeoutError):
                if not self._socket.recv(1):
                    return

    def _linger(self) -> None:
        """Let a client that is still sending read why it was refused before the connection ends."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.settimeout(1)
            while self._socket.recv(64 * 1024):
                pass

    def _truncate(self, answer: Answer, _fate: Fate) -> bool:
        self._out.write(answer.head(keep_alive=False) + answer.body[: len(answer.body) // 2])
        self._out.flush()
        return False

    def _garble(self, answer: Answer, fate: Fate) -> bool:
        body = bytearray(answer.body)
        for _ in range(max(1, len(body) // 50)):
            if body:
                body[fate.chance.randrange(len(body))] = fate.chance.randrange(256)
        if body:
            body[0] = 0  # neither XML nor JSON can begin so: what is garbled is never taken for an answer
        self._send(Answer(answer.status, bytes(body), answer.content_type, answer.headers), keep=True)
        return True

    def _drip(self, answer: Answer, _fate: Fate) -> bool:
        whole = answer.head(keep_alive=True) + answer.body
        size = max(1, len(whole) // _DRIPS)
        for start in range(0, len(whole), size):
            self._out.write(whole[start : start + size])
            self._out.flush()
            self._listener.wait(self._responder.plan.drip)
        return True


_BREAKS = frozenset({Fault.RESET_AFTER, Fault.HANG_AFTER})
_SPOILS: dict[Fault | None, Callable[[_Connection, Answer, Fate], bool]] = {
    Fault.TRUNCATE: _Connection._truncate,  # noqa: SLF001 - a table of the class's own methods
    Fault.GARBLE: _Connection._garble,  # noqa: SLF001 - a table of the class's own methods
    Fault.DRIP: _Connection._drip,  # noqa: SLF001 - a table of the class's own methods
}


def _listen(address: tuple[str, int]) -> socket.socket:
    listening = socket.create_server(address, backlog=256)
    listening.settimeout(_TICK)
    return listening
