"""One table whose rows are of several types, told apart by a column."""

from collections.abc import Iterator, Sequence

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding
from bulkpo.model.table import PART, PART_MARK, Cell, Chunk, Column, Source, place_of
from bulkpo.tables.reading.headings import titled

WIDTH = 128
"""The width a table of several record types is read with: rows of a later type may be wider than those before."""


class RecordTypeSource:
    """A table whose rows name their type in their first cell; the first row of each type is its heading.

    A type that no row has gives no columns; a row of no known type keeps its cells to itself and is an error.
    """

    def __init__(self, table: Source, types: Sequence[str]) -> None:
        """`table` is read without headings; raises InputError if no row is of any of these types."""
        self._table = table
        self.types = tuple(types)
        self._headings = self._find_headings()
        if not self._headings:
            raise InputError(
                f"{place_of(table, 0, 0)}: no row starts with {' or '.join(types)}; the first cell must name the type"
            )
        self._strangers: list[Finding] = []
        self._columns: dict[str, tuple[Column, ...]] = {}
        self._odd: tuple[Finding, ...] = ()
        for name, (row, cells) in self._headings.items():
            columns, odd = titled([cells], row)
            self._columns[name] = columns[1:]
            self._odd += odd
        self.columns = (
            Column(1, PART),
            *(
                Column(column.number, f"{name}{PART_MARK}{column.title}")
                for name, columns in self._columns.items()
                for column in columns
            ),
        )

    @property
    def file(self) -> str:
        """The file's name."""
        return self._table.file

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self._table.sheet

    def chunks(self) -> Iterator[Chunk]:
        """The rows of every type, their headings left out."""
        self._strangers = []
        for chunk in self._table.chunks():
            names = [_name(cell) for cell in chunk.columns[0]]
            keep = [not self._is_heading(name, chunk, place) for place, name in enumerate(names)]
            places = [place for place, kept in enumerate(keep) if kept]
            if not places:
                continue
            parts: list[Cell] = [names[place] for place in places]
            rows = [chunk.rows[place] for place in places]
            columns: list[list[Cell]] = [parts]
            for name, known in self._columns.items():
                mine = [place if names[place] == name else None for place in places]
                for column in known:
                    cells = chunk.columns[column.number - 1]
                    columns.append([None if place is None else cells[place] for place in mine])
            self._note_strangers(rows, parts)
            yield Chunk(rows, columns)

    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the table and its types; complete once the chunks have been read."""
        return (*self._table.findings(), *self._odd, *self._strangers)

    def _find_headings(self) -> dict[str, tuple[int, list[Cell]]]:
        """The first row of each type: its number and its cells up to the last filled one."""
        found: dict[str, tuple[int, list[Cell]]] = {}
        for chunk in self._table.chunks():
            for place, cell in enumerate(chunk.columns[0]):
                name = _name(cell)
                if name in self.types and name not in found:
                    cells = _filled([column[place] for column in chunk.columns])
                    found[name] = (chunk.rows[place], cells if len(cells) > 1 else [*cells, None])
            if len(found) == len(self.types):
                break
        return {name: found[name] for name in self.types if name in found}

    def _is_heading(self, name: str, chunk: Chunk, place: int) -> bool:
        known = self._headings.get(name)
        if known is None or chunk.columns[1][place] != known[1][1]:
            return False
        return _filled([column[place] for column in chunk.columns]) == known[1]

    def _note_strangers(self, rows: Sequence[int], parts: Sequence[Cell]) -> None:
        for row, part in zip(rows, parts, strict=True):
            if part not in self.types:
                known = ", ".join(self.types)
                message = f"the row starts with {part!r}, but its first cell must name its type: {known}; correct it"
                self._strangers.append(Finding("unknown-record-type", message, row, 1, value=str(part)))


def _name(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _filled(cells: list[Cell]) -> list[Cell]:
    while cells and cells[-1] in (None, ""):
        cells.pop()
    return cells
