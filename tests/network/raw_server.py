"""A server that answers with bytes as they come, some at a time: whatever a real one would never send."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[[bytes], Iterator[bytes]]
"""From a request's head to the pieces of its answer; a connection is closed after the last."""


def framed(body: bytes, head: bytes = b"HTTP/1.1 200 OK", media: bytes = b"application/json") -> bytes:
    """A whole answer that closes its connection."""
    facts = b"Content-Type: %b\r\nContent-Length: %d\r\nConnection: close" % (media, len(body))
    return b"%b\r\n%b\r\n\r\n%b" % (head, facts, body)


def dripped(pieces: bytes, seconds: float) -> Iterator[bytes]:
    """Byte by byte, with a pause after each."""
    for byte in pieces:
        yield bytes([byte])
        time.sleep(seconds)


def _read_body(connection: socket.socket, data: bytes) -> None:
    """Take in a request's body: what is left unread would make the end of the connection a reset."""
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    left = int(length[1]) - len(body) if length else 0
    while left > 0 and (more := connection.recv(65536)):
        left -= len(more)


@contextmanager
def raw_server(script: Script, token: bytes = b"", token_script: Script | None = None) -> Iterator[str]:
    """The address of a server that answers requests for a token with `token`, and all else as `script` says.

    Without one, or a script of its own, whoever asks gets a token that does.
    """
    token = token or framed(b'{"access_token": "t", "expires_in": 86399}')
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                if not (more := connection.recv(65536)):
                    return
                head += more
            _read_body(connection, head)
            is_token = b" /oauth2/token " in head
            pieces = (token_script(head) if token_script else iter([token])) if is_token else script(head)
            for piece in pieces:
                if stop.is_set():
                    return
                connection.sendall(piece)

    def accept() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        listener.close()
