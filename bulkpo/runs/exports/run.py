"""An export: documents that meet a query, as rows of a file that appears whole or not at all."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.reader import DocumentReader, Listing, ReadProgress
from bulkpo.journal.notebook import Notebook
from bulkpo.mapping.language.export import ExportMapping
from bulkpo.model.by import NOBODY, By
from bulkpo.model.tree import Tree
from bulkpo.runs.exports.attached import Fetcher
from bulkpo.runs.exports.checkpoint import Checkpoint, notebook_of, question_of
from bulkpo.runs.exports.marks import mark_all, plan_marks
from bulkpo.runs.exports.placed import Placed
from bulkpo.runs.exports.sheets import ExportFacts, SheetOf, Written, about_rows, has_sheets, write_rows
from bulkpo.runs.exports.since import Since
from bulkpo.runs.own_files import OwnFiles
from bulkpo.tables.sink import open_book
from bulkpo.tables.writing.columns import Csv, FileOptions, SinkColumn


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How to go about an export: where checkpoints are kept, the time, whom to tell, whether afresh, and by whom."""

    folder: Path
    now: datetime
    progress: ReadProgress
    fresh: bool = False
    by: By = NOBODY


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The result of an export.

    `notices` is what people should know about how it was read; `lacks` is true where attached files are not there.
    """

    documents: int
    rows: int
    requests: int
    seconds: Decimal
    file: Path
    notices: tuple[str, ...] = ()
    lacks: bool = False

    @property
    def exit_code(self) -> int:
        """1 where attached files could not be fetched, so that something is missing beside the file."""
        return int(self.lacks)

    def as_json(self) -> dict[str, Any]:
        """The keys of the machine-readable answer."""
        return {
            "documents": self.documents,
            "rows": self.rows,
            "requests": self.requests,
            "seconds": float(self.seconds),
            "file": str(self.file),
        }


@contextmanager
def exporting(
    mapping: ExportMapping, client: CoupaClient, path: Path, options: ExportOptions
) -> Iterator[ExportResult]:
    """Read what a mapping asks for and write the file. What was delivered counts once the block has ended well.

    A file at `path` that this export did not write, or that was changed since, stays: the next free name is taken.

    Raises ServiceError and OutputError; what was at `path` then stays, and what was read is gone on with next time.
    Where the block is left otherwise, by a kill say, the same export asks for nothing new: the file stands.
    """
    with closing(notebook_of(options.folder, mapping, client.profile, options.now)) as notebook:
        yield _Export(mapping, client, options, notebook).run(path)
        notebook.acknowledge()


def export(mapping: ExportMapping, client: CoupaClient, path: Path, options: ExportOptions) -> ExportResult:
    """Read what a mapping asks for and write the file, as `exporting` does; what was delivered counts at once."""
    with exporting(mapping, client, path, options) as result:
        return result


class _Export:
    """One export on its way."""

    def __init__(self, mapping: ExportMapping, client: CoupaClient, options: ExportOptions, notebook: Notebook) -> None:
        self._mapping = mapping
        self._client = client
        self._options = options
        self._notebook = notebook
        self._started = time.monotonic()
        self._requests = client.requests
        self._written = Written()
        self._lacks = False
        self._own = OwnFiles(options.folder)
        self._writer = f"export {mapping.name} of {client.profile.name}"

    def run(self, path: Path) -> ExportResult:
        if self._options.fresh and not self._mapping.mark_exported:
            self._notebook.begin_anew()
        if (placed := self._standing()) is not None:
            return self._finish(placed)
        path = self._own.place(path, self._writer)
        since = Since(self._notebook, self._mapping.since) if self._mapping.since else None
        reader, kept = self._reader(since)
        notices = self._write(reader, kept, since, path)
        if self._mapping.mark_exported:
            self._notebook.place()
        self._notebook.forget_windows()
        if self._mapping.mark_exported:
            notices += self._mark()
        return self._result(path, notices)

    def _standing(self) -> Placed | None:
        """The file of an export before this one that was put in place, but did not end."""
        if (noted := self._notebook.placed) is None:
            self._notebook.withdraw()
            return None
        facts, is_placed = noted
        placed = Placed(**facts)
        if placed.stands or (is_placed and self._mapping.mark_exported):
            return placed
        self._notebook.withdraw()
        return None

    def _finish(self, placed: Placed) -> ExportResult:
        """Mark what an earlier export wrote; what is new is for the next one, and must not take its file's place."""
        self._written = Written(placed.documents, placed.rows)
        self._notebook.forget_windows()
        stands = (
            f"{placed.file} is in place from the export before, which did not end; nothing new was asked for: give the "
            "command again for what is new"
        )
        marked = self._mark() if self._mapping.mark_exported else ()
        return self._result(Path(placed.file), (stands, *marked))

    def _mark(self) -> tuple[str, ...]:
        return mark_all(self._notebook, self._mapping.resource.name, self._client, self._tick)

    def _reader(self, since: Since | None) -> tuple[DocumentReader, Checkpoint]:
        """What reads the documents, from where an interrupted export left off or anew."""
        mapping, client, now = self._mapping, self._client, self._options.now
        more = since.conditions if since is not None else ()
        queries = tuple((*conditions, *more) for conditions in mapping.queries)
        listing = Listing(mapping.resource.name, queries, mapping.fields())
        kept = Checkpoint(self._notebook, question_of(listing, client.profile), now)
        if self._options.fresh or kept.begun is None:
            if since is None:
                kept.begin()
            else:
                fields = ["id", mapping.since]
                kept.begin(newest=since.newest(lambda asked: client.page(listing.resource, asked, fields), now))
        if since is not None:
            since.begin(kept.facts["newest"])
        return DocumentReader(client, listing, kept), kept

    def _write(self, reader: DocumentReader, kept: Checkpoint, since: Since | None, path: Path) -> tuple[str, ...]:
        mapping, written = self._mapping, self._written

        def placing(file: os.stat_result) -> None:
            self._own.note(path, self._writer, file)
            placed = Placed.about(path, file, written.documents, written.rows)
            if since is not None:
                since.placing(placed)
            elif mapping.mark_exported:
                self._notebook.placing(asdict(placed))

        options = FileOptions(Csv(mapping.csv), mapping.is_guarded, str(mapping.zone or "UTC"), placing)
        with open_book(path, options) as book:
            fetcher = Fetcher(mapping, self._client, path)
            write_rows(mapping, self._batches(reader, since, fetcher), SheetOf(book, path), written)
            notices = (*self._notices(kept, reader, since), *fetcher.told.notices(fetcher.folder), *book.notices)
            self._lacks = bool(fetcher.told.failed)
            if mapping.about and has_sheets(path):
                by = self._options.by
                facts = ExportFacts(
                    str(self._client.profile), self._options.now, written.documents, written.rows, notices, by
                )
                with book.sheet("About", [SinkColumn("About"), SinkColumn("")]) as sheet:
                    sheet.write(about_rows(mapping, facts))
        return notices

    def _batches(self, reader: DocumentReader, since: Since | None, fetcher: Fetcher) -> Iterator[Sequence[Tree]]:
        for batch in reader.batches(self._options.progress):
            documents = batch if since is None else since.new(batch)
            fetcher.fetch(documents)
            if self._mapping.mark_exported:
                whole = [document for document in documents if str(document["id"]) not in fetcher.lacking]
                plan_marks(self._notebook, whole)
            yield documents

    def _notices(self, kept: Checkpoint, reader: DocumentReader, since: Since | None) -> tuple[str, ...]:
        notices = []
        if kept.begun is not None:
            begun = f"{kept.begun:%Y-%m-%d %H:%M}"
            notices.append(f"resumed the export begun {begun}; --fresh reads everything anew")
        of_since = () if since is None else since.notices()
        return (*self._mapping.doubts, *notices, *of_since, *self._written.notices(self._mapping.zone), *reader.notices)

    def _tick(self, count: int) -> None:
        self._options.progress(count, None)

    def _result(self, path: Path, notices: tuple[str, ...]) -> ExportResult:
        seconds = Decimal(time.monotonic() - self._started).quantize(Decimal("0.001"))
        requests = self._client.requests - self._requests
        return ExportResult(self._written.documents, self._written.rows, requests, seconds, path, notices, self._lacks)
