"""CSV and JSON lines: one table a file.

CSV is written as Excel opens it with a double click: UTF-8 with a byte order mark, CRLF at the end of a record, dates
as `2026-01-31` and `2026-01-31 10:15:20`, numbers with a decimal point. By Coupa's conventions there is no byte order
mark, and every field stands in quotes. Moments in JSON lines keep their offset from UTC, if they have one. Half a
surrogate pair, which is no character, is a question mark in CSV and an escape in JSON.

Text that Excel would take for a formula (`=`, `+`, `-`, `@`, a tab or a carriage return comes first) gets an apostrophe
in front, which reading takes off again; numbers do not, and nothing does by Coupa's conventions or with `guard: off`.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Literal

from bulkpo.errors import OutputError
from bulkpo.model.table import Cell
from bulkpo.tables.writing.columns import ColumnKind, Csv, FileOptions, SinkColumn

_FORMULA = re.compile(r"(?!-[0-9]+(?:\.[0-9]+)?\Z)'*[=+\-@\t\r]")


class CsvBook:
    """A CSV file, ready for its one table."""

    notices = ()

    def __init__(self, name: str, file: IO[bytes], delimiter: str, options: FileOptions) -> None:
        self._only_one = OnlyOne(name)
        self._file = file
        self._delimiter = delimiter
        self._is_coupas = options.csv is Csv.COUPA
        self._is_guarded = options.is_guarded and not self._is_coupas

    @contextmanager
    def sheet(self, name: str, columns: Sequence[SinkColumn]) -> Iterator["_CsvSheet"]:
        """Begin the table; `name` has no place in a CSV file."""
        self._only_one.take(name)
        encoding = "utf-8" if self._is_coupas else "utf-8-sig"
        text = io.TextIOWrapper(self._file, encoding, errors="replace", newline="")
        try:
            quoting: Literal[0, 1] = csv.QUOTE_ALL if self._is_coupas else csv.QUOTE_MINIMAL
            writer = csv.writer(text, delimiter=self._delimiter, quoting=quoting)
            titles = [column.title for column in columns]
            writer.writerow(map(_guarded, titles) if self._is_guarded else titles)
            yield _CsvSheet(writer.writerows, columns, is_guarded=self._is_guarded)
        finally:
            text.detach()


class _CsvSheet:
    def __init__(
        self, write_all: Callable[[Iterable[list[str]]], None], columns: Sequence[SinkColumn], *, is_guarded: bool
    ) -> None:
        self._write_all = write_all
        self._is_guarded = is_guarded
        self._texts = [_date_text if column.kind is ColumnKind.DATE else _as_text for column in columns]

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows."""
        check_widths(rows, len(self._texts))
        if self._is_guarded:
            rows = [[_guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
        self._write_all([text(cell) for text, cell in zip(self._texts, row, strict=True)] for row in rows)


class JsonLinesBook:
    """A file with one JSON object a row."""

    notices = ()

    def __init__(self, name: str, file: IO[bytes]) -> None:
        self._only_one = OnlyOne(name)
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
        self._values = [_date_json if column.kind is ColumnKind.DATE else _as_json for column in columns]

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows; numbers keep every digit."""
        check_widths(rows, len(self._keys))
        for row in rows:
            cells = zip(self._keys, self._values, row, strict=True)
            members = ",".join([key + value(cell) for key, value, cell in cells])
            self._file.write(f"{{{members}}}\n".encode("utf-8", "backslashreplace"))


class OnlyOne:
    """Sees to it that a file without sheets gets one table."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._taken = ""

    @property
    def is_taken(self) -> bool:
        """Whether the table was begun."""
        return bool(self._taken)

    def take(self, sheet: str) -> None:
        """Begin the table; raises OutputError for a second one."""
        if self._taken:
            raise OutputError(
                f"{self._file}: the file holds one table and {self._taken!r} is in it; write .xlsx to add {sheet!r}"
            )
        self._taken = sheet or "the first"


def check_widths(rows: Sequence[Sequence[Cell]], width: int) -> None:
    """Rows must fit the columns; raises ValueError, since it is the program that is wrong."""
    if any(len(row) != width for row in rows):
        raise ValueError("a row has more or fewer cells than there are columns")


def _guarded(text: str) -> str:
    """Text with an apostrophe in front where a spreadsheet would take it for a formula; one more where it has some."""
    return f"'{text}" if _FORMULA.match(text) else text


def _without_midnight(cell: Cell) -> Cell:
    return cell.date() if isinstance(cell, datetime) and cell.time() == time() else cell


def _date_text(cell: Cell) -> str:
    return _as_text(_without_midnight(cell))


def _date_json(cell: Cell) -> str:
    return _as_json(_without_midnight(cell))


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
