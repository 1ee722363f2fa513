"""Orders in parts: several tables read as one, and one table whose rows are of several types.

Both give one wide table: a column that says which part a row is of, then the columns of every part, named
`part/title`; a row fills those of its own part.
"""

from collections.abc import Iterator, Mapping

from bulkpo.model.finding import Finding
from bulkpo.model.table import PART, PART_MARK, TABLE_STRIDE, Cell, Chunk, Column, Source


class JoinedSource:
    """Several tables, one after another; their rows are numbered by TABLE_STRIDE."""

    def __init__(self, tables: Mapping[str, Source]) -> None:
        self.tables = tuple(tables.values())
        self._names = tuple(tables)
        self.columns = (
            Column(0, PART),
            *(
                Column(column.number, f"{name}{PART_MARK}{column.title}")
                for name, table in tables.items()
                for column in table.columns
            ),
        )

    @property
    def file(self) -> str:
        """The first table's file."""
        return self.tables[0].file

    @property
    def sheet(self) -> str:
        """The first table's sheet."""
        return self.tables[0].sheet

    def chunks(self) -> Iterator[Chunk]:
        """The rows of every table in turn."""
        before, width = 0, len(self.columns) - 1
        for number, (name, table) in enumerate(zip(self._names, self.tables, strict=True)):
            for chunk in table.chunks():
                empty: list[Cell] = [None] * len(chunk.rows)
                after = width - before - len(table.columns)
                part: list[Cell] = [name] * len(chunk.rows)
                columns = [part, *[empty] * before, *chunk.columns, *[empty] * after]
                yield Chunk([row + number * TABLE_STRIDE for row in chunk.rows], columns)
            before += len(table.columns)

    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the tables."""
        return tuple(
            _moved(finding, number) for number, table in enumerate(self.tables) for finding in table.findings()
        )


def _moved(finding: Finding, table: int) -> Finding:
    if not table:
        return finding
    return Finding(
        finding.code,
        finding.message,
        finding.row + table * TABLE_STRIDE,
        finding.column,
        finding.element,
        finding.value,
        finding.key,
        finding.severity,
    )
