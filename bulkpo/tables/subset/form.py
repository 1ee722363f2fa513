"""In which form an input is written anew; known without the libraries that write it."""

from enum import Enum, auto
from pathlib import Path

from bulkpo.tables.faults import reading
from bulkpo.tables.reading.packed import holds_book
from bulkpo.tables.reading.sniff import Content, sniff
from bulkpo.tables.workbooks.package import Package


class Form(Enum):
    """How an input is written anew: line by line, row by row within its package, or from its values."""

    TEXT = auto()
    PACKAGE = auto()
    VALUES = auto()


def form_of(path: Path) -> Form:
    """How this input is written anew."""
    with reading(path):
        content = sniff(path)
        if content is Content.TEXT or content is Content.GZIP:
            return Form.TEXT
        if content is Content.ARCHIVE:
            package = Package(path)
            if not package.is_workbook:
                return Form.VALUES if holds_book(path) else Form.TEXT
            if "xl/workbook.bin" not in package and "content.xml" not in package:
                return Form.PACKAGE
        return Form.VALUES
