"""One table of an input: where its headings and rows stand, and which of them stay when some orders go."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bulkpo.mapping.language.spec import SourceSpec
from bulkpo.model.table import TABLE_STRIDE, Source, row_number, table_number
from bulkpo.tables.reading.fixed_width import Width
from bulkpo.tables.reading.record_types import RecordTypeSource
from bulkpo.tables.reading.table import TableSource
from bulkpo.tables.source import SourceOptions, open_source


@dataclass(frozen=True, slots=True)
class Table:
    """One table: which of them it is, from 0, its name in the mapping, and the file it is in.

    `is_typed` where the rows name their type, so that there is a heading for each type among the rows.
    """

    number: int
    name: str
    source: Source
    spec: SourceSpec
    path: Path
    is_typed: bool = False

    @property
    def last_heading(self) -> int:
        """The last row of the headings above the rows, 0 where there are none."""
        return 0 if self.is_typed or not isinstance(self.source, TableSource) else self.source.last_heading

    @property
    def place(self) -> str:
        """The table as a place: its sheet, or its file where that has none."""
        return f"sheet {self.source.sheet}" if self.source.sheet else self.source.file

    def row(self, number: int) -> int:
        """A row of this table as documents and findings number it."""
        return number + self.number * TABLE_STRIDE

    def filled(self) -> Iterator[int]:
        """Every row that holds something, headings too."""
        spec = self.spec
        options = SourceOptions(
            sheet=self.source.sheet or None,
            header_row=None,
            encoding=spec.encoding,
            delimiter=spec.delimiter,
            quotes_as_read=spec.quotes is not None,
            widths=tuple(Width(*each) for each in spec.widths),
            types=self.source.types if isinstance(self.source, RecordTypeSource) else (),
        )
        for chunk in open_source(self.path, options).chunks():
            yield from chunk.rows

    def kept(self, rows: Iterable[int]) -> set[int]:
        """The rows of the table that stay where only some of its orders do: those given, and every heading."""
        mine = {row_number(row) for row in rows if table_number(row) == self.number}
        if not self.is_typed:
            return mine | set(range(1, self.last_heading + 1))
        of_orders = {row for chunk in self.source.chunks() for row in chunk.rows}
        return mine | {row for row in self.filled() if row not in of_orders}
