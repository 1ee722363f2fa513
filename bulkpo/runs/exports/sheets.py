"""The documents of an export as rows of a file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from bulkpo import __version__
from bulkpo.mapping.flatten import Flattener
from bulkpo.mapping.language.export import ExportMapping
from bulkpo.mapping.language.export_columns import ExportColumn
from bulkpo.model.by import NOBODY, By
from bulkpo.model.table import Cell
from bulkpo.model.tree import Tree
from bulkpo.runs.exports.arranged import Arrangement, Calculated
from bulkpo.runs.reports.run_sheet import facts_of_work
from bulkpo.tables.writing.columns import BookSink, ColumnKind, SinkColumn
from bulkpo.tables.writing.formats import format_of

_KINDS = {
    "integer": ColumnKind.INTEGER,
    "decimal": ColumnKind.DECIMAL,
    "float": ColumnKind.DECIMAL,
    "datetime": ColumnKind.DATETIME,
    "date": ColumnKind.DATE,
    "boolean": ColumnKind.BOOLEAN,
}


_MIDNIGHT = time()


@dataclass(slots=True)
class Written:
    """How much is in the file so far. `timed` counts, by title, the cells of date columns that have a time of day."""

    documents: int = 0
    rows: int = 0
    timed: Counter[str] = field(default_factory=Counter)

    def add(self, documents: Sequence[Tree], rows: Sequence[Sequence[Cell]], dates: Mapping[int, str]) -> None:
        """Count some documents and their rows; `dates` are the titles of date columns, by their place."""
        self.documents += len(documents)
        self.rows += len(rows)
        for place, title in dates.items():
            cells = [row[place] for row in rows]
            self.timed[title] += sum(isinstance(cell, datetime) and cell.time() != _MIDNIGHT for cell in cells)

    def notices(self, zone: ZoneInfo | None) -> tuple[str, ...]:
        """What people should know of dates that are none in the zone they are shown in."""
        where = str(zone) if zone else "the zone the instance shows"
        return tuple(
            f"{title}: {count:,} of {self.rows:,} are no midnight in {where} and have their time beside them; "
            "say which they are meant in: time_zone in the export mapping or the profile, or --time-zone"
            for title, count in self.timed.items()
            if count
        )


@dataclass(frozen=True, slots=True)
class SheetOf:
    """A file to fill, and its name, which says whom it is for."""

    book: BookSink
    path: Path

    @property
    def is_for_programs(self) -> bool:
        """Whether columns keep one type throughout, with nothing put in or left out for people's sake."""
        form = format_of(self.path)
        return form is not None and form.is_typed


def write_rows(mapping: ExportMapping, batches: Iterator[Sequence[Tree]], target: SheetOf, written: Written) -> None:
    """Write the documents, with the totals below that the mapping asks for; `written` counts along."""
    flattener = Flattener(mapping.columns, mapping.rows, mapping.zone)
    calculated, arranged = Calculated(mapping.columns), Arrangement(mapping.columns, mapping.shape)
    totals = ColumnSums(mapping.written, () if target.is_for_programs else mapping.totals)
    columns = [
        SinkColumn(
            column.title,
            _kind(column, as_date=column.as_date and not target.is_for_programs),
            links=column.fetches,
        )
        for column in mapping.written
    ]
    dates = {place: column.title for place, column in enumerate(columns) if column.kind is ColumnKind.DATE}
    with target.book.sheet(mapping.sheet, columns) as sheet:

        def put(rows: Sequence[Sequence[Cell]], documents: Sequence[Tree] = ()) -> None:
            sheet.write(rows)
            totals.add(rows)
            written.add(documents, rows, dates)

        for documents in batches:
            put(arranged.take(calculated.rows(flattener.rows(documents))), documents)
            if arranged.is_full:
                break
        for rows in arranged.rest():
            put(rows)
        sheet.write(totals.rows())


def _kind(column: ExportColumn, *, as_date: bool) -> ColumnKind:
    return ColumnKind.DATE if as_date else _KINDS.get(column.type, ColumnKind.TEXT)


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """What is known once an export is read."""

    instance: str
    now: datetime
    documents: int
    rows: int
    notices: Sequence[str]
    by: By = NOBODY


def has_sheets(path: Path) -> bool:
    """Whether a file of this name can hold a second sheet."""
    form = format_of(path)
    return form is not None and form.has_sheets


def about_rows(mapping: ExportMapping, facts: ExportFacts) -> list[tuple[Cell, Cell]]:
    """The sheet's rows: a name and a value each."""
    said: list[tuple[Cell, Cell]] = [("Export", mapping.name)]
    if mapping.description:
        said.append(("Description", mapping.description))
    said += [("Instance", facts.instance), ("Resource", mapping.resource.name)]
    conditions = list(mapping.conditions) or ["all"]
    said += [("Where" if number == 0 else None, condition) for number, condition in enumerate(conditions)]
    said.append(("A row for each of", "/".join(mapping.rows) or mapping.resource.object))
    zone = f"in {mapping.zone}" if mapping.zone else "as the instance shows them, in its own zone"
    said += [
        ("Dates", zone),
        ("Read", f"{facts.now:%Y-%m-%d %H:%M} {facts.now.tzname()}"),
        ("Documents", f"{facts.documents:,}"),
        ("Rows", f"{facts.rows:,}"),
    ]
    said += [("Note", notice) for notice in facts.notices]
    said.append(("Written by", f"bulkpo {__version__}"))
    return [*said, *(fact for fact in facts_of_work(facts.by) if fact[0] not in ("Instance", "bulkpo"))]


class ColumnSums:
    """Adds up the columns asked for, exactly, per currency of the row."""

    def __init__(self, columns: Sequence[ExportColumn], titles: Sequence[str]) -> None:
        self._width = len(columns)
        self._summed = [number for number, column in enumerate(columns) if column.title in titles]
        self._currency = _currency_column(columns)
        self._label = next((number for number in range(self._width) if number not in self._summed), None)
        self._sums: dict[str, list[Decimal]] = {}

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Count some rows."""
        if not self._summed:
            return
        for row in rows:
            currency = "" if self._currency is None else str(row[self._currency] or "")
            sums = self._sums.setdefault(currency, [Decimal(0)] * len(self._summed))
            for position, number in enumerate(self._summed):
                if isinstance(cell := row[number], Decimal):
                    sums[position] += cell

    def rows(self) -> list[list[Cell]]:
        """The rows of totals, by currency; none where none were asked for."""
        return [self._row(currency, sums) for currency, sums in sorted(self._sums.items())]

    def _row(self, currency: str, sums: Sequence[Decimal]) -> list[Cell]:
        row: list[Cell] = [None] * self._width
        if self._label is not None:
            row[self._label] = "Total"
        if self._currency is not None:
            row[self._currency] = currency or None
        for number, amount in zip(self._summed, sums, strict=True):
            row[number] = amount
        return row


def _currency_column(columns: Sequence[ExportColumn]) -> int | None:
    """The column that tells a row's currency: the innermost one."""
    found = [
        (len(column.path.names), -number)
        for number, column in enumerate(columns)
        if column.path is not None and column.path.names[-2:] == ("currency", "code")
    ]
    return -max(found)[1] if found else None
