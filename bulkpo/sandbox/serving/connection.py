"""One connection: its requests answered one after another, and broken where a fault says so."""

import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from bulkpo.sandbox.http import END_OF_HEAD, Answer, Malformed, Request, read_request
from bulkpo.sandbox.serving.faults import Fate, Fault, Plan
from bulkpo.sandbox.serving.readiness import Pace, pace_of

_TICK = 0.05
_TLS = b"\x16\x03"
_HTML = "<html><head><title>{0} {1}</title></head><body><center><h1>{0} {1}</h1></center><hr></body></html>\n"
_PHRASES = {
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
_DRIPS = 40
_MOST_AT_ONCE = 256 * 1024


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


class Line(Protocol):
    """What a fault can do to more than its own connection."""

    def refuse(self, seconds: float) -> None:
        """Stop listening for a while, and break every connection."""

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the end of serving."""


class Connection:
    """One connection. It does not wait for its client, but within `attend`.

    An answer is sent in one piece: many small packets would wait for each other.
    """

    def __init__(self, connection: socket.socket, responder: Responder, line: Line) -> None:
        connection.settimeout(0)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self._responder = responder
        self._line = line
        self._held = bytearray()
        self._unsent = b""
        self._ended = False

    def shut(self, how: int) -> None:
        """End what the client sends, or both ways."""
        with suppress(OSError):
            self.socket.shutdown(how)

    def close(self) -> None:
        """Let go of the socket."""
        self.socket.close()

    # For the thread that serves all connections

    def receive(self) -> Pace:
        """Take what the client has sent by now."""
        self._fill()
        return self.pace()

    def pace(self) -> Pace:
        """What is to be done next. Nothing is, for a client that begins with TLS: it would wait for ever."""
        if self._unsent:
            return Pace.SLOW
        if self._held.startswith(_TLS):
            return Pace.OVER
        if not self._held:
            return Pace.OVER if self._ended else Pace.PARTIAL
        if self._ended or self._responder.plan.given:
            return Pace.SLOW
        return pace_of(self._held)

    def answer(self) -> Pace:
        """Answer a quick request; what the client does not take at once is left to `attend`."""
        request = read_request(self)
        if request is not None:
            answer = self._responder.answer(request)
            self._responder.count(request, answer.status, None)
            data = answer.head(keep_alive=True) + answer.body
            try:
                self._unsent = data[self.socket.send(data) :]
            except BlockingIOError:
                self._unsent = data
        return self.pace()

    # For a thread of the connection's own

    def attend(self) -> bool:
        """Answer requests until one is quick, waiting as long as each takes; False when the connection is over."""
        self.socket.settimeout(None)
        unsent, self._unsent = self._unsent, b""
        self.write(unsent)
        while self.pace() is Pace.SLOW:
            if not self._answer():
                return False
            if not self._held:
                self._fill()
        self.socket.settimeout(0)
        return True

    def _answer(self) -> bool:
        """Answer one request; true if the connection lives on."""
        try:
            request = read_request(self)
        except Malformed as error:
            self._send(Answer(error.status, f"{error}\n".encode()), keep=False)
            self._linger()
            return False
        if request is None:
            return False
        fate = self._responder.fate(request)
        if fate is not None:
            return self._suffer(request, fate)
        answer = self._responder.answer(request)
        self._responder.count(request, answer.status, None)
        self._send(answer, keep=request.keep_alive)
        return request.keep_alive

    # The stream that requests are read from

    def head(self, limit: int) -> bytes:
        """The lines up to a blank one, which is the last; without it if the client ends or there are more bytes."""
        while True:
            while self._held.startswith((b"\r", b"\n")):
                del self._held[:1]
            end = END_OF_HEAD.search(self._held)
            if end is not None:
                return self._take(end.end())
            if len(self._held) > limit or not self._fill():
                return self._take(limit)

    def readline(self, limit: int) -> bytes:
        """A line with its end; one without is as long as the limit, or the last."""
        while (end := self._held.find(b"\n") + 1) == 0 and len(self._held) < limit and self._fill():
            pass
        return self._take(min(end or limit, limit))

    def read(self, size: int) -> bytes:
        """So many bytes; less only if the client has ended."""
        while len(self._held) < size and self._fill():
            pass
        return self._take(size)

    def write(self, data: bytes) -> None:
        """Send all of it."""
        self.socket.sendall(data)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def _fill(self) -> bool:
        """Take more; false if the client has ended."""
        data = self.socket.recv(_MOST_AT_ONCE)
        self._held += data
        self._ended = not data
        return not self._ended

    def _suffer(self, request: Request, fate: Fate) -> bool:
        """Answer a request that something befalls; true if the connection lives on."""
        if fate.delay:
            self._line.wait(fate.delay)
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
        self.write(answer.head(keep_alive=keep) + answer.body)

    def _break(self, fault: Fault | None) -> None:
        match fault:
            case Fault.REFUSE:
                self._line.refuse(self._responder.plan.refuse)
            case Fault.HANG_BEFORE | Fault.HANG_AFTER:
                self._hang(self._responder.plan.hang)
        # Closing with nothing lingering sends a reset, not an orderly end.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _hang(self, seconds: float) -> None:
        """Say nothing until the time is over or the client has gone."""
        self.socket.settimeout(_TICK)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(TimeoutError):
                if not self.socket.recv(1):
                    return

    def _linger(self) -> None:
        """Let a client that is still sending read why it was refused before the connection ends."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
            self.socket.settimeout(1)
            while self.socket.recv(64 * 1024):
                pass

    def _truncate(self, answer: Answer, _fate: Fate) -> bool:
        self.write(answer.head(keep_alive=False) + answer.body[: len(answer.body) // 2])
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
            self.write(whole[start : start + size])
            self._line.wait(self._responder.plan.drip)
        return True


_BREAKS = frozenset({Fault.RESET_AFTER, Fault.HANG_AFTER})
_SPOILS: dict[Fault | None, Callable[[Connection, Answer, Fate], bool]] = {
    Fault.TRUNCATE: Connection._truncate,  # noqa: SLF001 - a table of the class's own methods
    Fault.GARBLE: Connection._garble,  # noqa: SLF001 - a table of the class's own methods
    Fault.DRIP: Connection._drip,  # noqa: SLF001 - a table of the class's own methods
}
