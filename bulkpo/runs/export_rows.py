"""The documents of an export as rows of a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bulkpo.coupa.failures import Tree
from bulkpo.mapping.export_columns import ExportColumn
from bulkpo.mapping.export_spec import ExportMapping
from bulkpo.mapping.flatten import Flattener
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


@dataclass(slots=True)
class Written:
    """How much is in the file so far."""

    documents: int = 0
    rows: int = 0


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
    with target.book.sheet(mapping.sheet, columns) as sheet:
        for documents in batches:
            rows = flattener.rows(documents)
            sheet.write(rows)
            totals.add(rows)
            written.documents += len(documents)
            written.rows += len(rows)
        sheet.write(totals.rows())


def _kind(column: ExportColumn, *, as_date: bool) -> Kind:
    return Kind.DATE if as_date else _KINDS.get(column.type, Kind.TEXT)
