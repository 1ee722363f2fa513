"""Excel workbooks, streamed: any number of rows in constant memory.

Sheets are written as text straight into the archive; styles and the list of sheets, which come to be known on the
way, are written last.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from io import BytesIO
from types import TracebackType
from typing import IO, Self

from bulkpo.errors import OutputError
from bulkpo.model.table import MOST_COLUMNS, Cell
from bulkpo.tables.writing import xlsx_parts
from bulkpo.tables.writing.columns import SinkColumn
from bulkpo.tables.writing.xlsx_cells import CellTexts, Styles, row_texts, shortened
from bulkpo.tables.writing.xlsx_links import SheetLinks
from bulkpo.tables.writing.xlsx_text import begin_part, put_part
from bulkpo.where import column_letter

MOST_ROWS = 1_048_576
_BATCH = 512
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NARROWEST, _WIDEST = 8, 60


class XlsxBook:
    """A workbook being written."""

    def __init__(self, name: str, file: IO[bytes], *, shortens: bool = False) -> None:
        """With `shortens`, texts that no cell can hold are cut; without, they are refused."""
        self._name = name
        self.shortens = shortens
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._part: IO[bytes] = BytesIO()
        self._sheets: list[str] = []
        self.filters: list[str] = []
        self.notices: list[str] = []
        self.styles = Styles()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._close()

    @contextmanager
    def sheet(self, name: str, columns: Sequence[SinkColumn]) -> Iterator["_XlsxSheets"]:
        """Begin a sheet; its name is made one that Excel takes, and unique."""
        if not 0 < len(columns) <= MOST_COLUMNS:
            raise OutputError(
                f"{self._name}, sheet {name}: {len(columns):,} columns; a sheet has 1 to {MOST_COLUMNS:,}"
            )
        if self.shortens:
            columns = [replace(column, title=shortened(column.title)) for column in columns]
        sheets = _XlsxSheets(self, name, columns)
        yield sheets
        sheets.finish()

    def _finish(self) -> None:
        if not self._sheets:
            with self.sheet("Sheet1", [SinkColumn("")]):
                pass
        for part, text in xlsx_parts.book_parts(self._sheets, self.filters, self.styles.codes).items():
            put_part(self._archive, part, text)
        self._archive.close()

    def _close(self) -> None:
        """Let go of the file; after a failure what is left half done goes away with it, so its errors mean nothing."""
        for handle in (self._part, self._archive):
            with suppress(OSError, ValueError):
                handle.close()

    def begin_part(self, name: str) -> tuple[str, IO[bytes]]:
        """Open the part of the next sheet; gives the name it has in the workbook."""
        taken = {known.casefold() for known in self._sheets}
        unique = _unique(_clean(name), taken)
        self._sheets.append(unique)
        self._part = begin_part(self._archive, f"xl/worksheets/sheet{len(self._sheets)}.xml")
        return unique, self._part

    def relate(self, relations: str) -> None:
        """Say where the links of the sheet that has ended lead, where there are any."""
        if relations:
            put_part(self._archive, f"xl/worksheets/_rels/sheet{len(self._sheets)}.xml.rels", relations)

    def where(self, sheet: str, row: str, column: int) -> str:
        """A cell of the workbook, for messages."""
        return f"{self._name}, sheet {sheet}, cell {column_letter(column)}{row}"


class _XlsxSheets:
    """A table in a workbook; where it has more rows than a sheet holds, it goes on in the next."""

    def __init__(self, book: XlsxBook, name: str, columns: Sequence[SinkColumn]) -> None:
        self._book = book
        self._name = name
        self._columns = columns
        self._pending: list[Sequence[Cell]] = []
        self._sheet: _XlsxSheet | None = None

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows."""
        self._pending.extend(rows)
        if len(self._pending) >= _BATCH:
            for start in range(0, len(self._pending), _BATCH):
                self._flush(self._pending[start : start + _BATCH])
            self._pending.clear()

    def finish(self) -> None:
        """Write what is left and end the sheet."""
        if self._pending or self._sheet is None:
            self._flush(self._pending)
        if self._sheet is not None:
            self._sheet.finish()

    def _flush(self, rows: Sequence[Sequence[Cell]]) -> None:
        while True:
            if self._sheet is None:
                self._sheet = _XlsxSheet(self._book, self._name, self._columns, rows)
            room = MOST_ROWS - self._sheet.rows
            self._sheet.write(rows[:room])
            rows = rows[room:]
            if not rows:
                return
            self._sheet.finish()
            self._sheet = None


class _XlsxSheet:
    """One sheet's part."""

    def __init__(
        self, book: XlsxBook, name: str, columns: Sequence[SinkColumn], first: Sequence[Sequence[Cell]]
    ) -> None:
        """`first` are the rows that decide how wide the columns are."""
        self._sheet, self._part = book.begin_part(name)
        self._columns = columns
        self._texts = [
            CellTexts(column, number, book.styles, shortens=book.shortens) for number, column in enumerate(columns, 1)
        ]
        self._book = book
        self.rows = 1
        self._links = SheetLinks(columns)
        cells = list(zip(*first, strict=True)) or [()] * len(columns)
        widths = [
            min(max(_NARROWEST, len(column.title) + 4, texts.widest(values) + 2), _WIDEST)
            for column, texts, values in zip(columns, self._texts, cells, strict=True)
        ]
        self._part.write(xlsx_parts.sheet_start(widths, columns).encode())

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        if not rows:
            return
        numbers = list(map(str, range(self.rows + 1, self.rows + len(rows) + 1)))
        columns = list(zip(*rows, strict=True))
        if len(columns) != len(self._texts):
            raise ValueError("a row has more or fewer cells than there are columns")
        text = row_texts(
            numbers,
            [texts.render(numbers, values, self._refuse) for texts, values in zip(self._texts, columns, strict=True)],
        )
        self._part.write(text.encode())
        self._links.add(numbers, columns)
        self.rows += len(rows)

    def finish(self) -> None:
        self._part.write(xlsx_parts.sheet_end(self._columns, self.rows, self._links.element).encode())
        self._part.close()
        self._book.relate(self._links.relations)
        if self._links.notice:
            self._book.notices.append(f"sheet {self._sheet}: {self._links.notice}")
        self._book.filters.append(xlsx_parts.filter_area(len(self._columns), self.rows))

    def _refuse(self, row: str, column: int, reason: str) -> OutputError:
        return OutputError(f"{self._book.where(self._sheet, row, column)}: {reason}")


def _clean(name: str) -> str:
    return _NOT_IN_NAMES.sub("_", name).strip().strip("'")[:_LONGEST_NAME].strip() or "Sheet"


def _unique(name: str, taken: set[str]) -> str:
    if name.casefold() == "history":  # Excel keeps this name for itself
        name += "_"
    candidate, number = name, 2
    while candidate.casefold() in taken:
        suffix = f" ({number})"
        candidate = name[: _LONGEST_NAME - len(suffix)].rstrip() + suffix
        number += 1
    return candidate
