"""Answers about attachments that say of a file's size what they like, before any server."""

import re
from collections.abc import Iterator

from hostile_server import Answer

_SIZE = re.compile(rb'("file-file-size": ?)"[^"]*"')


def sizes_said(size: bytes) -> Answer:
    """Answers in JSON in which every file has this size; what is no JSON stays as it is."""

    def answer(body: bytes) -> Iterator[bytes]:
        is_json = body.startswith((b"[", b"{"))
        media = b"application/json" if is_json else b"application/pdf"
        text = _SIZE.sub(rb"\1" + size, body) if is_json else body
        return _answered(b"200 x", media, text)

    return answer


def forbidden(_: bytes) -> Iterator[bytes]:
    """A refusal in an instance's own words."""
    return _answered(b"403 x", b"application/json", b'{"errors": {"error": ["no"]}}')


def _answered(status: bytes, media: bytes, text: bytes) -> Iterator[bytes]:
    length = str(len(text)).encode()
    facts = b"Content-Type: " + media + b"\r\nContent-Length: " + length + b"\r\nConnection: close"
    yield b"HTTP/1.1 " + status + b"\r\n" + facts + b"\r\n\r\n" + text
