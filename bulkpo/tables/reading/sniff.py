"""What a file is, by its first bytes."""

import re
from enum import Enum, auto
from pathlib import Path

from bulkpo.errors import InputError
from bulkpo.tables.reading.encoding import is_utf16

_START_BYTES = 4096
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_WORKBOOK_EXTENSIONS = {".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods"}
_OTHERS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
    b"{\\rtf": "a text document",
}
_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|table|meta)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(rb"\s*<\?xml\b")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Content(Enum):
    """What a file holds."""

    ARCHIVE = auto()
    OLD_WORKBOOK = auto()
    TEXT = auto()


def sniff(path: Path) -> Content:
    """Tell what a file holds; raises InputError for what is no table, saying what it is."""
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    if not start:
        raise InputError(f"{path.name}: the file is empty")
    if start.startswith(b"PK\x03\x04"):
        return Content.ARCHIVE
    if start.startswith(OLE_MARK):
        return _old_workbook(path)
    for magic, name in _OTHERS.items():
        if start.startswith(magic):
            raise _not_a_table(path, name)
    text = start.removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(text):
        raise _not_a_table(path, "a web page")
    if _XML.match(text):
        raise _not_a_table(path, "an XML document")
    controls = len(_CONTROLS.findall(start))
    if controls > len(start) * 0.1 and not is_utf16(start):
        raise InputError(f"{path.name}: this is neither a workbook nor text, or it is damaged; get a fresh copy")
    if path.suffix.lower() in _WORKBOOK_EXTENSIONS:
        raise InputError(
            f"{path.name}: the extension says workbook but the file holds text; give it the extension .csv, or open "
            f"it in Excel and save it as .xlsx"
        )
    return Content.TEXT


def _old_workbook(path: Path) -> Content:
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise InputError(f"{path.name}: the workbook is protected by a password; remove it in Excel and save it again")
    if not any(name in content for name in _OLD_WORKBOOKS):
        raise _not_a_table(path, "an old Office document without sheets")
    return Content.OLD_WORKBOOK


def _not_a_table(path: Path, what: str) -> InputError:
    return InputError(f"{path.name}: this is {what}, not a table; open it and save it as .xlsx or CSV")
