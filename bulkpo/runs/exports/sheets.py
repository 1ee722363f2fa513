"""The documents of an export as rows of a file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from bulkpo.coupa.outcomes import Tree
from bulkpo.mapping.flatten import Flattener
from bulkpo.mapping.language.export import ExportMapping
from bulkpo.mapping.language.export_columns import ExportColumn
from bulkpo.model.table import Cell
from bulkpo.runs.export_totals import Totals
from bulkpo.tables.sink import BookSink, Kind, SinkColumn

_KINDS = {
    "integer": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "float": Kind.DECIMAL,
    "datetime": Kind.DATETIME,
    "date": Kind.DATE,
    "boolean": Kind.BOOLEAN,
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
            "declare the time_zone they are meant in"
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
        return self.path.suffix.lower() == ".parquet"


def write_rows(mapping: ExportMapping, batches: Iterator[Sequence[Tree]], target: SheetOf, written: Written) -> None:
    """Write the documents, with the totals below that the mapping asks for; `written` counts along."""
    flattener = Flattener(mapping.columns, mapping.rows, mapping.zone)
    totals = Totals(mapping.columns, () if target.is_for_programs else mapping.totals)
    columns = [
        SinkColumn(column.title, _kind(column, as_date=column.as_date and not target.is_for_programs))
        for column in mapping.columns
    ]
    dates = {place: column.title for place, column in enumerate(columns) if column.kind is Kind.DATE}
    with target.book.sheet(mapping.sheet, columns) as sheet:
        for documents in batches:
            rows = flattener.rows(documents)
            sheet.write(rows)
            totals.add(rows)
            written.add(documents, rows, dates)
        sheet.write(totals.rows())


def _kind(column: ExportColumn, *, as_date: bool) -> Kind:
    return Kind.DATE if as_date else _KINDS.get(column.type, Kind.TEXT)
