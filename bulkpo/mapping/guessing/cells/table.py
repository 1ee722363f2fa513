"""An unknown table, column by column, with its numbers read by the marks found."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from bulkpo.mapping.guessing.cells.column import ColumnCells, is_number_text
from bulkpo.mapping.guessing.cells.marks import WrittenNumbers, marks_of, own_marks, written_numbers
from bulkpo.mapping.values.numbers import NumberMarks, NumberReader
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.table import Cell
from bulkpo.where import column_letter

_PLAIN = NumberMarks(".")
_MOST_ROWS = 5000
_PREFIXES = tuple(
    map(
        re.compile,
        (r"([^\W_]{1,12}_)[^\W_]", r"([A-Z]{2})[A-Z0-9]{4}$", r"([A-Z])[A-Z][a-z]", r"([a-z]{1,4})[A-Z][a-z]"),
    )
)
"""What stands before names of fields: `C7_` of `C7_NUM`, `IB` of `IBSUNO`, `M` of `MOrderQty`, `po` of `poNumber`."""
_FEWEST_DOUBLED = 4
_FEWEST_PREFIXED, _MOSTLY = 5, 0.65


@dataclass(frozen=True)
class TableCells:
    """The columns of one table and the numbers of its rows.

    `headings` are other names of columns, by their numbers: those of each heading row, where there are several. `again`
    are the title and text by which rows are known that repeat the headings; they are left out here.
    """

    columns: tuple[ColumnCells, ...]
    rows: Sequence[int]
    headings: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    again: tuple[str, str] | None = None
    has_headings: bool = True

    @cached_property
    def written(self) -> Mapping[int, WrittenNumbers]:
        """How each column's numbers are written, by its number."""
        return {each.column.number: written_numbers(each) for each in self.columns}

    @cached_property
    def marks(self) -> NumberMarks | None:
        """How most numbers of the table are written; None where none needs marks to be read."""
        return marks_of(self.written.values())[0]

    def marks_of(self, column: ColumnCells) -> NumberMarks | None:
        """How a column's numbers are written."""
        return own_marks(self.written[column.column.number], self.marks) or self.marks

    @property
    def step(self) -> int:
        """How many rows lie between those that tell what columns have to do with each other."""
        return max(1, len(self.rows) // _MOST_ROWS)

    def numbers(self, column: ColumnCells) -> "Sequence[Decimal | None]":
        """The numbers in a column's cells, in every row of so many, None where there is none."""
        number = column.column.number
        if number not in self._read:
            reader = NumberReader(self.marks_of(column) or _PLAIN)
            cells = column.cells[:: self.step]
            by_cell = {cell: _number(cell, reader) for cell in set(cells)}
            self._read[number] = [by_cell[cell] for cell in cells]
        return self._read[number]

    @cached_property
    def _read(self) -> dict[int, Sequence[Decimal | None]]:
        return {}

    @property
    def is_doubled(self) -> bool:
        """Whether nearly all headings stand twice: two tables of one shape, side by side."""
        titles = {each.title for each in self.columns}
        twice = sum(f"{title}#2" in titles for title in titles)
        return twice >= _FEWEST_DOUBLED and twice * 2 >= _MOSTLY * len(titles)

    def by_heading(self, column: ColumnCells) -> tuple[str, ...]:
        """Every name of a column, its title first; none where the title is but the column's letter."""
        if not self.has_headings or column.title == column_letter(column.column.number):
            return ()
        names = (column.title, *self.headings.get(column.column.number, ()))
        bare = column.title[len(self.prefix) :]
        return (bare, *names) if self.prefix and bare and column.title.startswith(self.prefix) else names

    @cached_property
    def prefix(self) -> str:
        """What stands before nearly all headings, as databases name the fields of one table: `C7_`, `IB`, `M`."""
        return common_prefix([each.title for each in self.columns])


def common_prefix(titles: Sequence[str]) -> str:
    """What nearly all titles begin with as fields of one table do; empty where nothing does."""
    for pattern in _PREFIXES:
        found = Counter(match[1] for title in titles if (match := pattern.match(title)))
        prefix, count = found.most_common(1)[0] if found else ("", 0)
        if count >= max(_FEWEST_PREFIXED, _MOSTLY * len(titles)):
            return prefix
    return ""


def _number(cell: Cell, reader: NumberReader) -> Decimal | None:
    if isinstance(cell, Decimal):
        return cell
    if not isinstance(cell, str) or not is_number_text(cell.strip()):
        return None
    try:
        return reader.read(cell.strip())
    except Unreadable:
        return None
