"""What is to be attached to a document or one of its lines: files, addresses, notes.

In the language of mappings attachments are a value like any other, so that conditions, defaults and templates work on
them. That value is text which names each; a document that is whole has them apart, since no payload holds them.
"""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

ATTACHMENT = "attachment"
"""The type of the element that attachments fill."""
MOST_FILE_BYTES = 8 * 1024 * 1024
"""The largest file. Coupa's help pages name 8 MB for attachments by flat file, and none for its API."""
MOST_FILE_NAME = 255
"""The longest name in characters: `file-file-name` is a string(255)."""
MOST_NOTE_BYTES = 65_535
"""The longest note in bytes: `text` is of the type text, which Coupa's database keeps up to this."""


class AttachWay(StrEnum):
    """What an attachment is; Coupa's names of its types are AttachmentFile, AttachmentUrl and AttachmentText."""

    FILE = "file"
    URL = "url"
    TEXT = "text"


class Attached(NamedTuple):
    """One thing to attach: to the document (`member` 0) or to its line of this place (from 1), as `row` says.

    `content` is the address, the note, or the file's path within `folder`, which is a folder or ZIP file as the mapping
    names it. `line` is the line's own number, where it has one.
    """

    row: int
    member: int
    line: str
    way: AttachWay
    folder: str
    content: str
    intent: str

    @property
    def name(self) -> str:
        """What people call it: a file's name without folders, or the text itself."""
        return self.content.rpartition("/")[2] if self.way is AttachWay.FILE else self.content


class FileWish(NamedTuple):
    """What a cell asks to attach, before it is known to which line."""

    way: AttachWay
    folder: str
    content: str
    intent: str


def wishes_text(wishes: Iterable[FileWish]) -> str:
    """Wishes as the value of a cell."""
    return json.dumps([list(wish) for wish in dict.fromkeys(wishes)], ensure_ascii=False)


def wishes_of(value: str) -> list[FileWish]:
    """The wishes that a value holds."""
    return [FileWish(AttachWay(way), folder, content, intent) for way, folder, content, intent in json.loads(value)]


def wishes_together(values: Iterable[str | None]) -> str | None:
    """The wishes of several values as one, each once; None where there are none."""
    wishes = dict.fromkeys(wish for value in values if value for wish in wishes_of(value))
    return wishes_text(wishes) if wishes else None
