"""What a cell wants attached: names of files that are there and fit, addresses, notes.

A name is looked for on a *shelf*: the folder or ZIP file that the mapping names. What stands on it is asked through
`Shelf`, which touches files, so that nothing here does.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import BinaryIO, NamedTuple, Protocol

from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.attached import MOST_FILE_BYTES, MOST_FILE_NAME, MOST_NOTE_BYTES, AttachWay, FileWish
from bulkpo.model.text import quoted

_DOCUMENTS = (
    "pdf",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "xlsm",
    "ppt",
    "pptx",
    "odt",
    "ods",
    "odp",
    "rtf",
    "txt",
    "csv",
    "xml",
)
_IMAGES = ("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "heic", "dwg", "dxf", "vsd", "vsdx")
FILE_TYPES = frozenset((*_DOCUMENTS, *_IMAGES, "json", "eml", "msg", "zip"))
"""The endings of files that are attached unless a mapping names others. Coupa documents no list: an instance has its
own, and refuses what is not on it. Programs and web pages are left out on purpose."""

_MOST_URL = 255
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""Characters no name may hold: those that end a line or a header, and those that turn the direction of writing."""
_DRIVE = re.compile(r"[A-Za-z]:")
_URL = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


class OnShelf(NamedTuple):
    """A file that is there: its path on the shelf as it is written there, and its size."""

    path: str
    size: int


class Unfit(NamedTuple):
    """Why a name gives nothing to attach: the code of a finding, and its words."""

    code: str
    message: str


class Shelf(Protocol):
    """Where files stand: a folder, or a ZIP file."""

    def find(self, name: str) -> OnShelf | Unfit:
        """The file of a name with `/` between folders; never one outside, nor one that is no ordinary file."""

    @property
    def unfit(self) -> Mapping[str, Unfit]:
        """The names that were asked for and gave none."""

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        """The file at a path that `find` gave; raises OSError, also where it no longer is an ordinary file within."""


class AttachSpec(NamedTuple):
    """How a column's cells name what to attach.

    `folder` is the shelf, "" for addresses and notes; `several` parts the names in one cell, "" where a cell has one;
    `types` are the endings allowed, in small letters. With `leaves_out`, what does not fit is told and left out.
    """

    way: AttachWay
    folder: str = ""
    several: str = ""
    intent: str = "Internal"
    types: frozenset[str] = FILE_TYPES
    leaves_out: bool = False


def wishes(text: str, spec: AttachSpec, shelf: Shelf | None) -> Iterator[FileWish | Unfit]:
    """What a cell's text asks for, each name by itself."""
    parts = text.split(spec.several) if spec.several else [text]
    for part in filter(None, (each.strip() for each in parts)):
        try:
            yield FileWish(spec.way, spec.folder, _content(part, spec, shelf), spec.intent)
        except Unreadable as error:
            yield Unfit(error.code, error.message)


def _content(part: str, spec: AttachSpec, shelf: Shelf | None) -> str:
    match spec.way:
        case AttachWay.URL:
            if not _URL.fullmatch(part) or len(part) > _MOST_URL:
                raise Unreadable(
                    "attachment-url",
                    f"{quoted(part)} is no address of at most {_MOST_URL} characters that begins with https:// or "
                    "http://; write it in full",
                )
            return part
        case AttachWay.TEXT:
            if (size := len(part.encode("utf-8", "surrogatepass"))) > MOST_NOTE_BYTES:
                raise Unreadable(
                    "attachment-too-large",
                    f"the note has {size:,} bytes, and at most {MOST_NOTE_BYTES:,} can be attached; put it into a file",
                )
            return part
    if shelf is None:
        raise LookupError(spec.folder)
    return _file(_safe(part), spec, shelf)


def _safe(name: str) -> str:
    """The name of a file with `/` between folders; raises Unreadable for what leads out of it, or is no name."""
    found = _UNFIT.search(name)
    if found:
        raise Unreadable(
            "attachment-name",
            f"{quoted(name)} holds the character U+{ord(found[0]):04X}, which no file's name may hold; rename the file",
        )
    path = name.replace("\\", "/")
    steps = path.split("/")
    if path.startswith("/") or _DRIVE.match(path) or ".." in steps:
        raise Unreadable(
            "attachment-name",
            f"{quoted(name)} leads out of the folder that the mapping names; write the name as it stands within it",
        )
    kept = [step for step in steps if step not in ("", ".")]
    if not kept or path.endswith("/"):
        raise Unreadable("attachment-name", f"{quoted(name)} names no file; write the file's name")
    if len(kept[-1]) > MOST_FILE_NAME:
        raise Unreadable(
            "attachment-name",
            f"the name has {len(kept[-1]):,} characters, and Coupa takes {MOST_FILE_NAME}; rename the file",
        )
    return "/".join(kept)


def _file(name: str, spec: AttachSpec, shelf: Shelf) -> str:
    found = shelf.find(name)
    if isinstance(found, Unfit):
        raise Unreadable(found.code, found.message)
    ending = found.path.rpartition("/")[2].rpartition(".")
    if not ending[0] or ending[2].lower() not in spec.types:
        raise Unreadable(
            "attachment-type",
            f"{quoted(name)} is of a type that is not attached; if your instance takes it, list it in the mapping: "
            f"types: [{ending[2].lower() if ending[0] else 'pdf'}]",
        )
    if not found.size:
        raise Unreadable("attachment-empty", f"{quoted(name)} is empty; save the file again")
    if found.size > MOST_FILE_BYTES:
        raise Unreadable(
            "attachment-too-large",
            f"{quoted(name)} has {found.size:,} bytes, and at most {MOST_FILE_BYTES:,} (8 MB) can be attached; make it "
            "smaller or part it",
        )
    return found.path
