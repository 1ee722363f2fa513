"""Every finding of a check as a file people can open."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from bulkpo.model.finding import Finding
from bulkpo.model.table import Source, place_of
from bulkpo.tables.sink import Kind, SinkColumn, open_book

COLUMNS = (
    SinkColumn("Severity"),
    SinkColumn("Place"),
    SinkColumn("Row", Kind.INTEGER),
    SinkColumn("Column"),
    SinkColumn("Order"),
    SinkColumn("Element"),
    SinkColumn("Found"),
    SinkColumn("What to do"),
    SinkColumn("Code"),
)


def write_findings(path: Path, findings: Sequence[Finding], source: Source) -> None:
    """Write findings, one a row; the extension chooses the form. Raises OutputError."""
    titles = {column.number: column.title for column in source.columns}
    with open_book(path) as book, book.sheet("Findings", COLUMNS) as sheet:
        sheet.write(
            [
                (
                    finding.severity.value,
                    place_of(source, finding.row, finding.column),
                    Decimal(finding.row) if finding.row else None,
                    titles.get(finding.column),
                    finding.key or None,
                    finding.element or None,
                    finding.value or None,
                    finding.message,
                    finding.code,
                )
                for finding in findings
            ]
        )
