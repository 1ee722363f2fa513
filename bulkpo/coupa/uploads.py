"""What is attached, as the form it is sent in: `multipart/form-data`, and whole only if it is what was checked.

The names of the fields are those of Coupa's own example for `POST /api/purchase_orders/:id/attachments`:
`attachment[file]`, `attachment[type]`, `attachment[intent]`. A file's name stands there in UTF-8 as browsers write it,
with a quotation mark and the ends of lines as %22, %0D and %0A (RFC 7578, section 4.2, which forbids `filename*`; HTML,
"multipart form data"), so that no name can end its header and begin another. A per cent sign is %25, since Rack, by
which Rails reads forms, takes such pairs of digits back (`Rack::Multipart::Parser`, `get_filename`).
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import BinaryIO

_PIECE = 1 << 16
_ENDINGS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "csv": "text/csv",
    "xml": "text/xml",
    "zip": "application/zip",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "eml": "message/rfc822",
}


class Withheld(Exception):  # noqa: N818 - not an error of the instance: the end of a request was kept back
    """What was being sent is not what it should be: its end is not sent, so that nothing can come of it."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file to send: its name, how it is opened, and the size and SHA-256 it must have."""

    name: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    size: int
    digest: str

    @property
    def media(self) -> str:
        """Its media type by its ending, which is the same on every machine."""
        return _ENDINGS.get(self.name.rpartition(".")[2].lower(), "application/octet-stream")


@dataclass(slots=True)
class UploadForm:
    """A form with its fields and, where there is one, its file. `spoilt` says why it was withheld, once it was."""

    fields: Mapping[str, str]
    content: SentFile | None = None
    spoilt: str = ""
    boundary: str = field(default_factory=lambda: f"bulkpo-{secrets.token_hex(24)}")

    @property
    def media(self) -> str:
        """The media type with the boundary."""
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def length(self) -> int:
        """How many bytes the whole form has."""
        return len(self._head()) + (self.content.size if self.content else 0) + len(self._end())

    def pieces(self) -> Iterator[bytes]:
        """The form's bytes. Raises Withheld before the last of them where the file is not what it should be."""
        yield self._head()
        if self.content is not None:
            yield from self._file(self.content)
        yield self._end()

    def _file(self, content: SentFile) -> Iterator[bytes]:
        digest, left = hashlib.sha256(), content.size
        try:
            with content.open() as file:
                while left and (piece := file.read(min(_PIECE, left))):
                    left -= len(piece)
                    digest.update(piece)
                    yield piece
                is_longer = bool(file.read(1))
        except OSError as error:
            self.spoilt = f"{content.name} can no longer be read: {error.strerror or error}"
            raise Withheld from None
        if left or is_longer or digest.hexdigest() != content.digest:
            self.spoilt = f"{content.name} changed since it was checked"
            raise Withheld

    def _head(self) -> bytes:
        parts = []
        for name, value in self.fields.items():
            parts.append(
                f'--{self.boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
            )
        if self.content is not None:
            parts.append(
                f"--{self.boundary}\r\n"
                f'Content-Disposition: form-data; name="attachment[file]"; filename="{_quoted(self.content.name)}"\r\n'
                f"Content-Type: {self.content.media}\r\n\r\n"
            )
        return "".join(parts).encode()

    def _end(self) -> bytes:
        return ("" if self.content is None else "\r\n").encode() + f"--{self.boundary}--\r\n".encode()


def _quoted(text: str) -> str:
    """Text within quotation marks of a form's header, as browsers write it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
