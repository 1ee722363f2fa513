"""An export: documents that meet a query, as rows of a file that appears whole or not at all."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.reader import DocumentReader, Listing, ReadProgress
from bulkpo.mapping.language.export import ExportMapping
from bulkpo.model.tree import Tree
from bulkpo.runs.exports.checkpoint import Checkpoint
from bulkpo.runs.exports.marks import Ledger
from bulkpo.runs.exports.placed import Placed
from bulkpo.runs.exports.sheets import ExportFacts, SheetOf, Written, about_rows, has_sheets, write_rows
from bulkpo.runs.exports.since import Since
from bulkpo.tables.sink import open_book
from bulkpo.tables.writing.columns import Csv, FileOptions, SinkColumn


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How to go about an export: where checkpoints are kept, the time, whether to begin afresh, whom to tell."""

    folder: Path
    now: datetime
    progress: ReadProgress
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
    return _Export(mapping, client, options).run(path)


class _Export:
    """One export on its way."""

    def __init__(self, mapping: ExportMapping, client: CoupaClient, options: ExportOptions) -> None:
        self._mapping = mapping
        self._client = client
        self._options = options
        self._started = time.monotonic()
        self._requests = client.requests
        self._written = Written()
        self._since = Since(options.folder, mapping, client.profile)
        if options.fresh:
            self._since.forget()

    def run(self, path: Path) -> ExportResult:
        with closing(Ledger(self._options.folder, self._mapping, self._client.profile)) as ledger:
            mapping, more = self._mapping, self._since.conditions
            queries = tuple((*conditions, *more) for conditions in mapping.queries)
            listing = Listing(mapping.resource.name, queries, mapping.fields())
            with closing(Checkpoint(self._options.folder, listing, self._client.profile, self._options.now)) as kept:
                if self._options.fresh or ledger.placed is not None:
                    kept.discard()
                if ledger.placed is not None:
                    return self._finish(ledger, ledger.placed)
                notices = self._write(DocumentReader(self._client, listing, kept), kept, ledger, path)
                ledger.place()
                self._since.place()
                kept.discard()
            notices += ledger.mark(self._client, self._tick)
            return self._result(path, notices)

    def _finish(self, ledger: Ledger, placed: Placed) -> ExportResult:
        """Mark what an earlier export wrote; what is new is for the next one, and must not take its file's place."""
        self._written = Written(placed.documents, placed.rows)
        gone_on = "the export before was in place but not marked to the end; give the command again for what is new"
        notices = (gone_on, *ledger.mark(self._client, self._tick))
        return self._result(Path(placed.file), notices)

    def _write(self, reader: DocumentReader, checkpoint: Checkpoint, ledger: Ledger, path: Path) -> tuple[str, ...]:
        mapping, written = self._mapping, self._written

        def placing(file: os.stat_result) -> None:
            placed = Placed.about(path, file, written.documents, written.rows)
            ledger.placing(placed)
            self._since.placing(placed)

        options = FileOptions(Csv(mapping.csv), str(mapping.zone or "UTC"), placing)
        with open_book(path, options) as book:
            write_rows(mapping, self._batches(reader, ledger), SheetOf(book, path), written)
            notices = self._notices(checkpoint, reader)
            if mapping.about and has_sheets(path):
                facts = ExportFacts(
                    str(self._client.profile), self._options.now, written.documents, written.rows, notices
                )
                with book.sheet("About", [SinkColumn("About"), SinkColumn("")]) as sheet:
                    sheet.write(about_rows(mapping, facts))
        return notices

    def _batches(self, reader: DocumentReader, ledger: Ledger) -> Iterator[Sequence[Tree]]:
        for batch in reader.batches(self._options.progress):
            documents = self._since.new(batch)
            ledger.plan(documents)
            yield documents

    def _notices(self, checkpoint: Checkpoint, reader: DocumentReader) -> tuple[str, ...]:
        notices = []
        if checkpoint.begun is not None:
            begun = f"{checkpoint.begun:%Y-%m-%d %H:%M}"
            notices.append(f"gone on with the export begun {begun}; --fresh reads everything anew")
        if more := self._since.conditions:
            notices.append(f"only what is new: {more[0][0]}={more[0][1]}; --fresh reads everything anew")
        return (*notices, *self._written.notices(self._mapping.zone), *reader.notices)

    def _tick(self, count: int) -> None:
        self._options.progress(count, None)

    def _result(self, path: Path, notices: tuple[str, ...]) -> ExportResult:
        seconds = Decimal(time.monotonic() - self._started).quantize(Decimal("0.001"))
        requests = self._client.requests - self._requests
        return ExportResult(self._written.documents, self._written.rows, requests, seconds, path, notices)
