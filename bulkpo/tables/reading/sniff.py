"""What a file is, by its first bytes."""

import re
from enum import Enum, auto
from pathlib import Path

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding, Severity
from bulkpo.tables.reading.encoding import is_utf16

_START_BYTES = 4096
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_OTHERS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
    b"{\\rtf": "a text document",
}
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<\s*"
    rb"(?:!doctype html|html|head|body|table|thead|tr|meta|style|script|link|center|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(rb"\s*mime-version:", re.IGNORECASE)
_SHEET_XML = re.compile(
    rb"\s*<\?xml\b.*?(?:progid=.Excel\.Sheet|urn:schemas-microsoft-com:office:spreadsheet)", re.DOTALL
)
_XML = re.compile(rb"\s*<\?xml\b")
_JSON = re.compile(rb'\s*(?:\{\s*"[^"\n]*"\s*:|\[\s*\{\s*")')
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Content(Enum):
    """What a file holds."""

    ARCHIVE = auto()
    OLD_WORKBOOK = auto()
    PAGE = auto()
    SHEET_XML = auto()
    GZIP = auto()
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
    if start.startswith(b"\x1f\x8b"):
        return Content.GZIP
    _refuse_stand_in(path.name)
    for magic, name in _OTHERS.items():
        if start.startswith(magic):
            raise _not_a_table(path, name)
    return _written(path, start)


def _refuse_stand_in(name: str) -> None:
    """Raise InputError for what lies beside or in place of a workbook and has its name."""
    lowered = name.lower()
    opened = name[2:] if name.startswith("~$") else name[7:-1] if lowered.startswith(".~lock.") else ""
    if opened:
        raise InputError(f"{name}: this only says that {opened} is open in a program; name {opened} itself")
    if lowered.endswith((".gsheet", ".url", ".webloc", ".lnk")):
        raise InputError(
            f"{name}: this is only a link to a sheet; open it, download it as .xlsx (in Google Sheets: File, Download) "
            "and name that file"
        )


def _written(path: Path, start: bytes) -> Content:
    """What kind of text a file is."""
    text = start.removeprefix(b"\xef\xbb\xbf")
    if is_utf16(start) or start.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = start.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if _SHEET_XML.search(text):
        return Content.SHEET_XML
    if _PAGE.match(text) or _MAIL.match(text):
        return Content.PAGE
    if _XML.match(text):
        raise _not_a_table(path, "an XML document")
    if _JSON.match(text):
        raise _not_a_table(path, "a JSON document")
    controls = len(_CONTROLS.findall(start))
    if controls > len(start) * 0.1 and not is_utf16(start):
        raise InputError(f"{path.name}: this is neither a workbook nor text, or it is damaged; get a fresh copy")
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


_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods")
_SAID = {
    Content.PAGE: ("a web page (HTML)", _WORKBOOKS),
    Content.SHEET_XML: ("a workbook in the XML of Excel 2003", _WORKBOOKS),
    Content.TEXT: ("text", _WORKBOOKS),
    Content.OLD_WORKBOOK: (
        "a workbook of Excel 97 to 2003",
        (".xlsx", ".xlsm", ".xltx", ".xlsb", ".ods", ".csv", ".txt"),
    ),
    Content.ARCHIVE: ("a workbook", (".csv", ".tsv", ".tab", ".txt", ".html", ".htm")),
}


def named_otherwise(path: Path) -> tuple[Finding, ...]:
    """The notice of a file that holds something else than its name says."""
    what, endings = _SAID.get(sniff(path), ("", ()))
    if path.suffix.lower() not in endings:
        return ()
    message = f"the file is named {path.suffix} and is {what}; it is read as what it is"
    return (Finding("named-otherwise", message, severity=Severity.NOTICE),)
