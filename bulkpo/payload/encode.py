"""How a document's payload is made, and known again by its digest."""

import hashlib
from collections.abc import Callable
from enum import StrEnum
from typing import assert_never

from bulkpo.model.document import Document, Layout
from bulkpo.payload.json import JSON_TYPE, JsonEncoder
from bulkpo.payload.xml import XML_TYPE, XmlEncoder


class BodyFormat(StrEnum):
    """The form in which orders are sent."""

    XML = "xml"
    JSON = "json"


class Encoder:
    """Makes payloads in the run's format, and their digests."""

    def __init__(self, layout: Layout, form: BodyFormat) -> None:
        match form:
            case BodyFormat.XML:
                self._encode: Callable[[Document], bytes] = XmlEncoder(layout)
                self.content_type = XML_TYPE
            case BodyFormat.JSON:
                self._encode = JsonEncoder(layout)
                self.content_type = JSON_TYPE
            case _:
                assert_never(form)

    def __call__(self, document: Document) -> bytes:
        """The payload of a document."""
        return self._encode(document)

    def digest(self, document: Document) -> str:
        """The digest of a document's payload."""
        return digest(self._encode(document))


def media_type(form: BodyFormat) -> str:
    """The media type of bodies of a form."""
    return XML_TYPE if form is BodyFormat.XML else JSON_TYPE


def digest(payload: bytes) -> str:
    """What a payload is known again by."""
    return hashlib.sha256(payload).hexdigest()
