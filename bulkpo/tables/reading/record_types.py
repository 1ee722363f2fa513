"""One table whose rows are of several types, told apart by a column."""

from collections.abc import Iterator, Sequence

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding
from bulkpo.model.table import PART, PART_MARK, Cell, Chunk, Column, Source, place_of
from bulkpo.tables.reading.headings import lettered, titled
from bulkpo.tables.reading.row_reader import is_blank
from bulkpo.where import column_letter

WIDTH = 128
"""The width a table of several record types is read with: rows of a later type may be wider than those before."""


class RecordTypeSource:
    """A table whose rows name their type in their first cell; the first row of each type is its heading.

    Where types have no headings, columns go by letter. A type that no row has gives no columns; a row of no known type
    keeps its cells to itself and is an error, and so is a cell beyond the columns of its type.
    """

    def __init__(self, table: Source, types: Sequence[str], *, is_lettered: bool = False) -> None:
        """`table` is read without headings; raises InputError if no row is of any of these types."""
        self._table = table
        self.types = tuple(types)
        self._headings: dict[str, tuple[int, list[Cell]]] = {}
        self._columns: dict[str, tuple[Column, ...]] = {}
        self._odd: tuple[Finding, ...] = ()
        self._noted: list[Finding] = []
        if is_lettered:
            self._columns = {name: lettered(width)[1:] for name, width in self._widths().items()}
        else:
            self._headings = self._find_headings()
        for name, (row, cells) in self._headings.items():
            columns, odd = titled([cells], row)
            self._columns[name] = columns[1:]
            self._odd += odd
        if not self._columns:
            raise InputError(
                f"{place_of(table, 0, 0)}: no row starts with {' or '.join(types)}; the first cell must name the type"
            )
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
        self._noted = []
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
            self._note_beyond(chunk, [(place, names[place]) for place in places])
            yield Chunk(rows, columns)

    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the table and its types; complete once the chunks have been read."""
        return (*self._table.findings(), *self._odd, *self._noted)

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

    def _widths(self) -> dict[str, int]:
        """How many columns the rows of each type that has any take, two at least."""
        found: dict[str, int] = {}
        for chunk in self._table.chunks():
            for name, width in zip(map(_name, chunk.columns[0]), _filled_widths(chunk), strict=True):
                found[name] = max(width, found.get(name, 2))
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
                self._noted.append(Finding("unknown-record-type", message, row, 1, value=str(part)))

    def _note_beyond(self, chunk: Chunk, rows: Sequence[tuple[int, str]]) -> None:
        """Note cells to the right of the headings of a row's type, which no column has."""
        lasts = {name: 1 + len(columns) for name, columns in self._columns.items()}
        widths = _filled_widths(chunk, min(lasts.values()))
        for place, name in rows:
            last = lasts.get(name, len(chunk.columns))
            if widths[place] > last:
                message = (
                    f"the row has filled cells to the right of the last heading of {name} (column "
                    f"{column_letter(last)}); give the column a heading, or mend the row"
                )
                cell = chunk.columns[widths[place] - 1][place]
                self._noted.append(Finding("extra-cells", message, chunk.rows[place], widths[place], value=str(cell)))


def _filled_widths(chunk: Chunk, least: int = 0) -> list[int]:
    """The number of the last filled cell of each row, or `least` where none stands behind that."""
    widths = [least] * len(chunk.rows)
    for number, column in enumerate(chunk.columns[least:], least + 1):
        if column.count(None) < len(column):
            widths = [width if is_blank([cell]) else number for width, cell in zip(widths, column, strict=True)]
    return widths


def _name(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _filled(cells: list[Cell]) -> list[Cell]:
    while cells and cells[-1] in (None, ""):
        cells.pop()
    return cells
