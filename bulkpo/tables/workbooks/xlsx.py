"""Excel workbooks (.xlsx, .xlsm), read row by row: dates, leading zeros and errors as Excel shows them."""

from collections.abc import Iterator
from functools import cached_property

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding
from bulkpo.model.table import Cell, Chunk
from bulkpo.tables.faults import reading
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row, SheetEntry
from bulkpo.tables.reading.sheet_settings import Surroundings
from bulkpo.tables.reading.table import rows_of
from bulkpo.tables.workbooks.cells import CellKinds
from bulkpo.tables.workbooks.number_formats import NumberFormat, style_formats
from bulkpo.tables.workbooks.outside_rows import look_around
from bulkpo.tables.workbooks.package import Package
from bulkpo.tables.workbooks.repeated_texts import bounded
from bulkpo.tables.workbooks.row_pattern import UnexpectedShapeError
from bulkpo.tables.workbooks.shared_texts import read_texts
from bulkpo.tables.workbooks.sheet_rows import SheetRows, byte_blocks
from bulkpo.tables.workbooks.workbook import choose_sheet, read_workbook, sheet_findings

_LARGEST_TEXTS = 2 << 30


class XlsxReader:
    """Reads one sheet of a workbook."""

    def __init__(self, package: Package, sheet: str | None = None) -> None:
        self.file = package.path.name
        self._path = package.path
        self._package = package
        self._workbook = read_workbook(self._package)
        self._surroundings: Surroundings | None = None
        self._entry = choose_sheet(self.file, self._workbook.sheets, sheet)
        self.sheet = self._entry.name
        filled = [entry for entry in self._workbook.sheets if entry is not self._entry and self._has_rows(entry.part)]
        self.findings: tuple[Finding, ...] = sheet_findings(self._entry, sheet, filled)

    def filled_sheets(self) -> tuple[SheetEntry, ...]:
        """The sheets that hold any value."""
        return tuple(entry for entry in self._workbook.sheets if self._has_rows(entry.part))

    @property
    def surroundings(self) -> Surroundings:
        """What the sheet says about itself outside its rows; seen in passing where all rows have been read."""
        if self._surroundings is None:
            with reading(self._path), self._package.stream(self._entry.part) as part:
                self._surroundings = look_around(byte_blocks(part))
        return self._surroundings

    def rows(self, notes: Notes) -> Iterator[Row]:
        """All rows the file has, from the top."""
        for piece in self.pieces(notes):
            if isinstance(piece, Chunk):
                yield from rows_of(piece)
            else:
                yield piece

    def pieces(self, notes: Notes) -> Iterator[Chunk | Row]:
        """All rows, many at a time where they are alike."""
        return bounded(self._pieces(notes), self._texts, f"{self.file}, sheet {self.sheet}")

    def _pieces(self, notes: Notes) -> Iterator[Chunk | Row]:
        kinds = CellKinds(self._formats, self._texts, date1904=self._workbook.date1904)
        sheet = SheetRows(kinds, notes, uncalculated=self._workbook.uncalculated)
        done = 0
        with reading(self._path):
            try:
                try:
                    with self._package.stream(self._entry.part) as part:
                        for piece in sheet.quick(part):
                            yield piece
                            done = sheet.last
                        self._surroundings = sheet.surroundings
                except UnexpectedShapeError:
                    with self._package.stream(self._entry.part) as part:
                        yield from sheet.careful(part, done)
            except ValueError as error:
                raise InputError(
                    f"{self.file}, sheet {self.sheet}: the file is damaged after row {sheet.last}: {error}; "
                    f"open it in Excel and save it again"
                ) from None

    @cached_property
    def _formats(self) -> list[NumberFormat]:
        styles = self._workbook.styles
        return style_formats(self._package.xml(styles)) if styles in self._package else []

    @cached_property
    def _texts(self) -> list[Cell]:
        part = self._workbook.strings
        if part not in self._package:
            return []
        with reading(self._path):
            return read_texts(lambda: self._package.stream(part, _LARGEST_TEXTS))

    def _has_rows(self, part: str) -> bool:
        """Whether a sheet holds any value, judged by its first megabyte."""
        if part not in self._package:
            return False
        with self._package.stream(part) as stream:
            start = stream.read(1 << 20)
        return b"<v" in start or b":v>" in start or b"<is" in start
