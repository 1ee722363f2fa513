"""Workbooks for samples: the same bytes each time, so that a sample changes only when what it says does."""

import io
import re
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

_MADE = (2026, 1, 15, 0, 0, 0)
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def saved(book: Workbook) -> bytes:
    """A workbook's bytes, without the time of day they were written at."""
    stream = io.BytesIO()
    book.save(stream)
    return rewritten(stream.getvalue(), {})


def rewritten(workbook: bytes, changes: dict[str, str]) -> bytes:
    """A workbook with texts of its first sheet's XML replaced, all parts dated alike."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(workbook)) as before, ZipFile(stream, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "docProps/core.xml":
                content = _MOMENT.sub(b"2026-01-15T00:00:00Z", content)
            for old, new in changes.items() if name.endswith("sheet1.xml") else ():
                content = content.replace(old.encode(), new.encode())
            after.writestr(ZipInfo(name, _MADE), content, ZIP_DEFLATED)
    return stream.getvalue()
