"""Older and other workbooks (.xls, .xlsb, .ods), read whole by calamine.

It leaves out error cells and number formats. For .xls and .ods they are read beside it; for .xlsb, and .xls older
than Excel 97, it is said once.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain, islice, repeat
from pathlib import Path

import python_calamine as calamine

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import MOST_COLUMNS, Cell, CellError, Doubtful
from bulkpo.tables.reading.oddities import Notes
from bulkpo.tables.reading.row_reader import Row, SheetEntry, is_blank
from bulkpo.tables.reading.sheet_settings import Area, Surroundings
from bulkpo.tables.workbooks.bounded import prove_bounded
from bulkpo.tables.workbooks.cell_values import exact_number, is_noisy, shown_number
from bulkpo.tables.workbooks.number_formats import NumberFormat
from bulkpo.tables.workbooks.shown_numbers import as_shown
from bulkpo.tables.workbooks.workbook import choose_sheet, sheet_findings

Position = tuple[int, int]


@dataclass(slots=True)
class Overlay:
    """What a sheet has beyond values: errors, formats, text as it is shown, formulas in doubt, merges, hidden rows.

    `shown` is the text beside a number, `last` the last row and the last column that have a cell.
    """

    errors: dict[Position, str] = field(default_factory=dict)
    formats: dict[Position, NumberFormat] = field(default_factory=dict)
    texts: dict[Position, str] = field(default_factory=dict)
    shown: dict[Position, str] = field(default_factory=dict)
    doubts: dict[Position, Doubtful] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merges: list[Area] = field(default_factory=list)
    last: Position = (0, 0)

    def reach(self, row: int, column: int) -> None:
        """Take note of a cell: the sheet reaches so far."""
        self.last = max(self.last[0], row), max(self.last[1], column)

    def over(self, cell: Cell, position: Position) -> Cell:
        """The cell as the sheet shows it."""
        if position in self.errors:
            return CellError(self.errors[position])
        if position in self.texts:
            return self.texts[position] or None
        if isinstance(cell, Decimal):
            if position in self.formats:
                cell = self.formats[position].of(cell)
            elif position in self.shown:
                cell = as_shown(cell, self.shown[position])
        elif isinstance(cell, str) and position in self.formats:
            cell = self.formats[position].of_texts(cell)
        return replace(self.doubts[position], value=cell) if position in self.doubts else cell


_MOST_CELLS = 50_000_000
_UNSEEN = (
    "in this kind of file zeros that only a number format shows (00042) and error cells (#N/A) cannot be seen: they "
    "arrive as 42 and as blanks; save it as .xlsx if it may have any"
)

_Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


class LegacyReader:
    """Reads one sheet of a workbook."""

    def __init__(self, path: Path, sheet: str | None, overlays: Mapping[str, Overlay]) -> None:
        """`overlays` are what is known of the sheets beyond what calamine tells, by name."""
        self.file = path.name
        for name, overlay in overlays.items():
            if overlay.last[0] * overlay.last[1] > _MOST_CELLS:
                raise InputError(
                    f"{self.file}, sheet {name}: its cells reach to row {overlay.last[0]:,} and column "
                    f"{overlay.last[1]:,}, more than can be held; save it as .xlsx"
                )
        prove_bounded(path)
        try:
            book = calamine.load_workbook(path)
            entries = [
                SheetEntry(meta.name, meta.visible == calamine.SheetVisibleEnum.Visible)
                for meta in book.sheets_metadata
                if meta.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            entry = choose_sheet(self.file, entries, sheet)
            sheets = {known.name: book.get_sheet_by_name(known.name) for known in entries}
        except calamine.PasswordError:
            raise InputError(f"{self.file}: the workbook is protected by a password; remove it in Excel") from None
        except InputError:
            raise
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
                raise
            raise InputError(
                f"{self.file}: the workbook is damaged ({error}); open it in Excel and save it as .xlsx"
            ) from None
        self.sheet = entry.name
        self._sheet = sheets[entry.name]
        self._bound()
        self._filled = filled = [other for other in entries if sheets[other.name].start is not None]
        self._overlay = overlays.get(self.sheet)
        self.findings = sheet_findings(entry, sheet, filled)
        if self._overlay is None:
            self.findings += (Finding("formats-unseen", _UNSEEN, severity=Severity.NOTICE),)

    def _bound(self) -> None:
        """Raise InputError for a sheet whose cells reach further than can be held."""
        if self._sheet.total_width > MOST_COLUMNS:
            raise InputError(
                f"{self.file}, sheet {self.sheet}: its cells reach to column {self._sheet.total_width:,}, beyond the "
                f"{MOST_COLUMNS:,} a sheet can have: the workbook is damaged; open it in Excel and save it as .xlsx"
            )
        if self._sheet.total_height * self._sheet.total_width > _MOST_CELLS:
            raise InputError(f"{self.file}, sheet {self.sheet}: more than {_MOST_CELLS:,} cells; save it as .xlsx")

    def filled_sheets(self) -> tuple[SheetEntry, ...]:
        """The sheets that hold any value."""
        return tuple(self._filled)

    @property
    def surroundings(self) -> Surroundings:
        """Merged cells, where the format tells them."""
        ranges = self._sheet.merged_cell_ranges or []
        areas = [Area(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges]
        beside = self._overlay.merges if self._overlay is not None else []
        return Surroundings(merges=(*areas, *beside))

    def rows(self, notes: Notes) -> Iterator[Row]:
        """All rows from the top; calamine's own stream would leave out empty columns on the left."""
        overlay = self._overlay or Overlay()
        beyond: dict[int, int] = {}
        for row, column in overlay.doubts:
            beyond[row] = max(column, beyond.get(row, 0))
        marked = {row for row, _ in chain(overlay.errors, overlay.texts, overlay.doubts)}
        values = self._sheet.to_python(skip_empty_area=False)
        last = max(len(values), max(beyond, default=0))
        for number, row_values in enumerate(islice(chain(values, repeat([])), last), 1):
            if number not in marked and row_values.count("") == len(row_values):
                yield number, []
                continue
            cells = [overlay.over(cell, (number, column)) for column, cell in self._cells(row_values, number, notes)]
            further = range(len(cells) + 1, beyond.get(number, 0) + 1)
            cells += [overlay.over(None, (number, column)) for column in further]
            if number in overlay.hidden_rows and not is_blank(cells):
                notes.tally("hidden-rows", number)
            yield number, cells

    def _cells(self, values: list[_Value], number: int, notes: Notes) -> Iterator[tuple[int, Cell]]:
        """A row's cells with the numbers of their columns; raises InputError for a number that is none."""
        try:
            for column, value in enumerate(values, 1):
                if isinstance(value, float) and is_noisy(repr(value)):
                    notes.tally("float-noise", number, column)
                yield column, _cell(value)
        except ValueError as error:
            raise InputError(
                f"{self.file}, sheet {self.sheet}: the file is damaged in row {number}: {error}; open it in Excel and "
                "save it again"
            ) from None


def _cell(value: _Value) -> Cell:
    if value == "":
        return None
    if isinstance(value, str | bool | dt.datetime | dt.time):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if isinstance(value, dt.timedelta):
        return exact_number(repr(value / dt.timedelta(days=1)))
    return shown_number(repr(value))
