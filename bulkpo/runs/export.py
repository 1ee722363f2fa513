"""An export: documents that meet a query, as rows of a file that appears whole or not at all."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from bulkpo.coupa.client import PAGE, CoupaClient
from bulkpo.coupa.failures import Tree
from bulkpo.mapping.export_spec import ExportMapping
from bulkpo.mapping.flatten import Flattener
from bulkpo.tables.sink import Kind, SinkColumn, open_book

Progress = Callable[[int, int | None], None]
"""Told how many documents were read, and of how many if that is known."""

KINDS = {
    "integer": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "float": Kind.DECIMAL,
    "datetime": Kind.DATETIME,
    "date": Kind.DATE,
    "boolean": Kind.BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export came to."""

    documents: int
    rows: int
    requests: int
    seconds: Decimal
    file: Path

    def as_json(self) -> dict[str, Any]:
        """The keys of the machine-readable answer."""
        return {
            "documents": self.documents,
            "rows": self.rows,
            "requests": self.requests,
            "seconds": float(self.seconds),
            "file": str(self.file),
        }


def export(mapping: ExportMapping, client: CoupaClient, path: Path, progress: Progress) -> ExportResult:
    """Read what a mapping asks for and write the file. Raises ServiceError and OutputError; then no file is left."""
    started = time.monotonic()
    already = client.requests
    flattener = Flattener(mapping.columns, mapping.rows, mapping.zone)
    columns = [SinkColumn(column.title, KINDS.get(column.type, Kind.TEXT)) for column in mapping.columns]
    documents = rows = 0
    with open_book(path) as book, book.sheet(mapping.sheet, columns) as sheet:
        for page in _pages(mapping, client):
            cells = flattener.rows(page)
            sheet.write(cells)
            documents += len(page)
            rows += len(cells)
            progress(documents, None)
    seconds = Decimal(time.monotonic() - started).quantize(Decimal("0.001"))
    return ExportResult(documents, rows, client.requests - already, seconds, path)


def _pages(mapping: ExportMapping, client: CoupaClient) -> Iterator[list[Tree]]:
    """The documents, each once, some at a time."""
    seen: set[int] = set()
    page: list[Tree] = []
    for conditions in mapping.queries:
        for document in client.find(mapping.resource.name, conditions, mapping.fields()):
            if document["id"] not in seen:
                seen.add(document["id"])
                page.append(document)
            if len(page) == PAGE:
                yield page
                page = []
    yield page
