"""CSV and JSON lines: one table a file.

CSV is written as Excel opens it with a double click: UTF-8 with a byte order mark, CRLF at the end of a record, dates
as `2026-01-31` and `2026-01-31 10:15:20`, numbers with a decimal point. Text that starts like a formula (`=`, `+`,
`-`, `@`) is written as it stands: the customary guard, an apostrophe in front, would come back as part of the value
when the file is imported again. Choose .xlsx for files that people open in Excel: there such text is inert.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO

from bulkpo.errors import OutputError
from bulkpo.model.table import Cell
from bulkpo.tables.sheet import SinkColumn


class CsvBook:
    """A CSV file, ready for its one table."""

    def __init__(self, name: str, file: IO[bytes], delimiter: str) -> None:
        self._only_one = _OnlyOne(name)
        self._file = file
        self._delimiter = delimiter

    @contextmanager
    def sheet(self, name: str, columns: Sequence[SinkColumn]) -> Iterator["_CsvSheet"]:
        """Begin the table; `name` has no place in a CSV file."""
        self._only_one.take(name)
        text = io.TextIOWrapper(self._file, "utf-8-sig", newline="")
        try:
            writer = csv.writer(text, delimiter=self._delimiter)
            writer.writerow([column.title for column in columns])
            yield _CsvSheet(writer.writerows, len(columns))
        finally:
            text.detach()


class _CsvSheet:
    def __init__(self, write_all: Callable[[Iterable[list[str]]], None], width: int) -> None:
        self._write_all = write_all
        self._width = width

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows."""
        _check_widths(rows, self._width)
        self._write_all([_as_text(cell) for cell in row] for row in rows)


class JsonLinesBook:
    """A file with one JSON object a row."""

    def __init__(self, name: str, file: IO[bytes]) -> None:
        self._only_one = _OnlyOne(name)
        self._file = file

    @contextmanager
    def sheet(self, name: str, columns: Sequence[SinkColumn]) -> Iterator["_JsonSheet"]:
        """Begin the table; titles become keys."""
        self._only_one.take(name)
        yield _JsonSheet(self._file, columns)


class _JsonSheet:
    def __init__(self, file: IO[bytes], columns: Sequence[SinkColumn]) -> None:
        self._file = file
        self._keys = [f"{_json_text(column.title)}:" for column in columns]

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows; numbers keep every digit."""
        _check_widths(rows, len(self._keys))
        for row in rows:
            members = ",".join(key + _as_json(cell) for key, cell in zip(self._keys, row, strict=True))
            self._file.write(f"{{{members}}}\n".encode())


class _OnlyOne:
    """Sees to it that a file without sheets gets one table."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._taken = ""

    def take(self, sheet: str) -> None:
        if self._taken:
            raise OutputError(
                f"{self._file}: the file holds one table and {self._taken!r} is in it; write .xlsx to add {sheet!r}"
            )
        self._taken = sheet or "the first"


def _check_widths(rows: Sequence[Sequence[Cell]], width: int) -> None:
    if any(len(row) != width for row in rows):
        raise ValueError("a row has more or fewer cells than there are columns")


def _as_text(cell: Cell) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None).isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _as_json(cell: Cell) -> str:
    if cell is None:
        return "null"
    if isinstance(cell, Decimal) and cell.is_finite():
        return format(cell, "f")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return _json_text(cell.isoformat() if isinstance(cell, date | time) else str(cell))


def _json_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
