"""Attachments as people upload them: one file and its facts in a form (multipart/form-data)."""

import re
from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote

from bulkpo.sandbox import values
from bulkpo.sandbox.http import Request
from bulkpo.sandbox.refused import RefusedRequest, bad_request

MOST_FILE = 8 * 1024 * 1024
_FORM = "multipart/form-data"
_PERCENT, _ESCAPE = re.compile("%.?.?", re.DOTALL), re.compile("%[0-9a-fA-F]{2}")
_MEDIA = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: its name without folders, its media type, its bytes."""

    name: str
    media: str
    content: bytes


def is_form(request: Request) -> bool:
    """True if the body is a form with files."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM


def read_form(request: Request) -> tuple[dict[str, str], Upload | None]:
    """A form's plain fields, and its file if it has one; raises RefusedRequest.

    Names may be written as in Coupa's examples, `attachment[file]`, or alone, `file`.
    """
    facts: dict[str, str] = {}
    upload: Upload | None = None
    for head, content in _parts(request):
        name = str(head.get_param("name", "", "content-disposition"))
        name = name.removeprefix("attachment[").removesuffix("]") if name.startswith("attachment[") else name
        file_name = head.get_filename()
        if not name:
            raise bad_request("A part of the form has no name")
        if file_name is None:
            facts[name] = _text(name, content)
        elif name != "file" or upload is not None:
            raise bad_request(f"The form must hold one file, named 'file' or 'attachment[file]', not {name!r}")
        else:
            upload = _upload(file_name, head.get_content_type(), content)
    return facts, upload


def _parts(request: Request) -> list[tuple[Message, bytes]]:
    boundary = _head(f"Content-Type: {request.headers['content-type']}").get_boundary()
    if not boundary:
        raise bad_request("The form's Content-Type names no boundary")
    _, *parts = (b"\r\n" + request.body).split(b"\r\n--" + boundary.encode("latin-1", "replace"))
    if not parts or not parts[-1].startswith(b"--"):
        raise bad_request("The form has no end")
    found = []
    for part in parts[:-1]:
        head, blank, content = part.partition(b"\r\n\r\n")
        if not blank:
            raise bad_request("A part of the form has no headers")
        found.append((_head(_text("headers", head).strip()), content))
    return found


def _head(text: str) -> Message:
    head = Message()
    for line in text.split("\r\n"):
        name, _, value = line.partition(":")
        head[name.strip()] = value.strip()
    return head


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise bad_request(f"The form's {name!r} is not UTF-8 text") from None


def _without_escapes(name: str) -> str:
    """A name as Rack gives it to Rails: with all its escapes taken back, or with none where one is no escape."""
    return unquote(name) if all(map(_ESCAPE.fullmatch, _PERCENT.findall(name))) else name


def _upload(path: str, media: str, content: bytes) -> Upload:
    name = _without_escapes(path).replace("\\", "/").rpartition("/")[2]
    try:
        values.parse("string", name)
    except values.Unreadable as error:
        raise bad_request(f"The file's name {error}") from None
    if not name or len(name) > 255:
        raise bad_request("The file's name must have 1 to 255 characters")
    if len(content) > MOST_FILE:
        raise RefusedRequest(413, [f"The file is too large (maximum is {MOST_FILE // 1024 // 1024} MB)"])
    # The type goes into a header when the file is fetched: what is not one is not repeated.
    return Upload(name, media if _MEDIA.fullmatch(media) else "application/octet-stream", content)
