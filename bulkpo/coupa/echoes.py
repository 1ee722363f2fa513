"""Secrets that an answer echoes, taken out before anything is read of it."""

import re
from collections.abc import Sequence
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

from urllib3 import HTTPHeaderDict

_FEWEST_SECRET = 16  # characters; Coupa's own have 64, and a shorter one may be a word of the data
_CREDENTIAL = rb"(?i:((?:bearer|authorization|client_secret)\W{1,12}))%b(?!\w)"
"""Where a shorter one is a secret all the same: in a request's own head or form, as an answer echoes it."""
_TAKEN_OUT = b"[secret]"


def headers_without(headers: HTTPHeaderDict, secrets: Sequence[str]) -> HTTPHeaderDict:
    """The head of an answer, without the secrets it echoes."""
    found = HTTPHeaderDict()
    for name, value in headers.items():
        found.add(name, body_without(value.encode("utf-8", "replace"), secrets).decode("utf-8", "replace"))
    return found


def body_without(text: bytes, secrets: Sequence[str]) -> bytes:
    """What an answer says, without the secrets it echoes."""
    for secret in filter(None, secrets):
        for form in {secret, quote_plus(secret), escape(secret)}:
            told = form.encode()
            if told not in text:
                continue
            if len(secret) >= _FEWEST_SECRET:
                text = text.replace(told, _TAKEN_OUT)
            else:
                text = re.sub(_CREDENTIAL % re.escape(told), rb"\1" + _TAKEN_OUT, text)
    return text
