"""A table with the names of its file and its sheet as columns, which a mapping can send like any other."""

from collections.abc import Iterator, Sequence

from bulkpo.model.finding import Finding
from bulkpo.model.table import Chunk, Column, Source

FILE_NAME, SHEET_NAME = "{file_name}", "{sheet_name}"
NAMES = (FILE_NAME, SHEET_NAME)
"""The titles of these columns, as mappings write them."""


class NamedSource:
    """A table and, behind its own columns, those that are asked for; they stand in no cell, so their number is 0."""

    def __init__(self, table: Source, asked: Sequence[str]) -> None:
        """`asked` are some of NAMES."""
        self.table = table
        known = {FILE_NAME: table.file, SHEET_NAME: table.sheet}
        self._values = [known[title] or None for title in asked]
        self.columns = (*table.columns, *(Column(0, title) for title in asked))

    @property
    def file(self) -> str:
        """The file's name."""
        return self.table.file

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self.table.sheet

    def chunks(self) -> Iterator[Chunk]:
        """The rows of the table, each with the names."""
        for chunk in self.table.chunks():
            named = [[value] * len(chunk.rows) for value in self._values]
            yield Chunk(chunk.rows, [*chunk.columns, *named], chunk.is_text)

    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the table."""
        return self.table.findings()


def bare(source: Source) -> Source:
    """The table as the file has it."""
    return source.table if isinstance(source, NamedSource) else source
