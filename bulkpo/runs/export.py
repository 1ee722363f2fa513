"""An export: documents that meet a query, as rows of a file that appears whole or not at all."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.failures import Tree
from bulkpo.coupa.reader import DocumentReader, Listing, Progress
from bulkpo.mapping.export_spec import ExportMapping
from bulkpo.mapping.flatten import Flattener
from bulkpo.runs.export_about import Facts, about_rows, has_sheets
from bulkpo.runs.export_checkpoint import Checkpoint
from bulkpo.runs.export_totals import Totals
from bulkpo.tables.sink import BookSink, Kind, SinkColumn, open_book

KINDS = {
    "integer": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "float": Kind.DECIMAL,
    "datetime": Kind.DATETIME,
    "date": Kind.DATE,
    "boolean": Kind.BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How to go about an export: where checkpoints are kept, the time, whether to begin afresh, whom to tell."""

    folder: Path
    now: datetime
    progress: Progress
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export came to. `notices` is what people should know of how it was read."""

    documents: int
    rows: int
    requests: int
    seconds: Decimal
    file: Path
    notices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The keys of the machine-readable answer."""
        return {
            "documents": self.documents,
            "rows": self.rows,
            "requests": self.requests,
            "seconds": float(self.seconds),
            "file": str(self.file),
        }


def export(mapping: ExportMapping, client: CoupaClient, path: Path, options: ExportOptions) -> ExportResult:
    """Read what a mapping asks for and write the file.

    Raises ServiceError and OutputError; what was at `path` then stays, and what was read is gone on with next time.
    """
    started, already = time.monotonic(), client.requests
    listing = Listing(mapping.resource.name, mapping.queries, mapping.fields())
    checkpoint = Checkpoint(options.folder, listing, client.profile, options.now)
    if options.fresh:
        checkpoint.discard()
    with closing(checkpoint):
        reader = DocumentReader(client, listing, checkpoint)
        with open_book(path) as book:
            written = _write(mapping, reader.batches(options.progress), book)
            notices = _notices(checkpoint, reader)
            if mapping.about and has_sheets(path):
                facts = Facts(str(client.profile), options.now, written.documents, written.rows, notices)
                with book.sheet("About", [SinkColumn("About"), SinkColumn("")]) as sheet:
                    sheet.write(about_rows(mapping, facts))
        checkpoint.discard()
    seconds = Decimal(time.monotonic() - started).quantize(Decimal("0.001"))
    return ExportResult(written.documents, written.rows, client.requests - already, seconds, path, notices)


@dataclass(slots=True)
class _Written:
    documents: int = 0
    rows: int = 0


def _write(mapping: ExportMapping, batches: Iterator[list[Tree]], book: BookSink) -> _Written:
    flattener = Flattener(mapping.columns, mapping.rows, mapping.zone)
    totals = Totals(mapping.columns, mapping.totals)
    columns = [SinkColumn(column.title, KINDS.get(column.type, Kind.TEXT)) for column in mapping.columns]
    written = _Written()
    with book.sheet(mapping.sheet, columns) as sheet:
        for documents in batches:
            rows = flattener.rows(documents)
            sheet.write(rows)
            totals.add(rows)
            written.documents += len(documents)
            written.rows += len(rows)
        sheet.write(totals.rows())
    return written


def _notices(checkpoint: Checkpoint, reader: DocumentReader) -> tuple[str, ...]:
    if checkpoint.begun is None:
        return tuple(reader.notices)
    gone_on = f"gone on with the export begun {checkpoint.begun:%Y-%m-%d %H:%M}; --fresh reads everything anew"
    return (gone_on, *reader.notices)
