"""Spreadsheets and text files as tables: opened by what they hold first, by their extension second."""

from dataclasses import dataclass
from pathlib import Path

from bulkpo.errors import InputError
from bulkpo.model.table import Source
from bulkpo.tables.delimited import DelimitedReader
from bulkpo.tables.faults import reading
from bulkpo.tables.frame import TableSource


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How a file is to be read; what is left out is found out.

    `header_row` counts from 1 (for text files: the line); None means there are no headings and titles are the
    columns' letters. With `header_rows` of two or more their texts are joined.
    """

    sheet: str | None = None
    header_row: int | None = 1
    header_rows: int = 1
    encoding: str | None = None
    delimiter: str | None = None


def open_source(path: Path, options: SourceOptions = SourceOptions()) -> Source:
    """Open a table; raises InputError saying what is wrong with the file and what to do."""
    heading = None if options.header_row is None else (options.header_row, options.header_rows)
    with reading(path):
        with path.open("rb") as file:
            start = file.read(4096)
        if not start:
            raise InputError(f"{path.name}: the file is empty")
        if start.startswith(b"PK"):
            from bulkpo.tables.xlsx import XlsxReader

            workbook = XlsxReader(path, options.sheet)
            return TableSource(workbook, heading, workbook.findings)
        text = DelimitedReader(path, options.encoding, options.delimiter)
        return TableSource(text, heading, text.findings)
