"""A file nobody has mapped yet whose rows are of several types: orders and their lines told apart by the first cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bulkpo.mapping.guessing.cells.column import ColumnCells, plain_cell, says_nothing
from bulkpo.mapping.guessing.cells.headings import Rows, may_head
from bulkpo.mapping.guessing.orders.rows import KEY
from bulkpo.model.table import PART_MARK, Cell, Column
from bulkpo.runs.drafting.looking.types_by_values import TypesByValues, type_name, types_by_values
from bulkpo.schema.synonyms import Synonyms
from bulkpo.tables.reading.record_types import WIDTH, RecordTypeSource
from bulkpo.tables.source import SourceOptions, open_source

_MOST_TYPES = 12
_FEWEST_ROWS = 4
_MOST_ABOVE, _MOST_IN_TITLES, _FEWEST_CELLS = 12, 3, 2
_SHARED = 0.8
_OF_LINES = frozenset(("order-lines/quantity", "order-lines/price", "order-lines/description", "LINE_AMOUNT"))


@dataclass(frozen=True, slots=True)
class RowsOfType:
    """The rows of one type: their places in the file and their columns."""

    places: Sequence[int]
    columns: tuple[ColumnCells, ...]


@dataclass(frozen=True, slots=True)
class TypedRows:
    """The rows of a file by their types; `first` is that of the orders, `line` that of their lines.

    `first_row` is the first that is of a type; `has_headings` where each type begins with a row of them. `headings` are
    those of one row above all types, by the letters of their columns.
    """

    types: Mapping[str, RowsOfType]
    first: str
    line: str
    first_row: int = 1
    has_headings: bool = True
    headings: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> dict[str, object]:
        """Where the rows are, as a mapping says it."""
        headings: dict[str, object] = {} if self.has_headings else {"header_row": "none"}
        return headings | ({"first_row": self.first_row} if self.first_row > 1 else {})

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is told of the types, and of rows that are neither orders nor lines."""
        said = f"rows are of several types: orders are {self.first}, lines {self.line}"
        others = [name for name, each in self.types.items() if name not in (self.first, self.line) and each.places]
        if not others:
            return (said,)
        count = sum(len(self.types[name].places) for name in others)
        rows = "1 row is" if count == 1 else f"{count:,} rows are"
        return said, f"{rows} neither ({', '.join(others)}) and not guessed: look at what becomes of them"


def typed_rows(path: Path, options: SourceOptions, rows: Rows, synonyms: Synonyms) -> TypedRows | None:
    """The rows of a file by their types; None where they are not of several.

    Each type has headings of its own, or none has. What stands above the first row of a type are titles.
    """
    beginnings = [place for place in _beginnings(rows) if len(rows) - place >= _FEWEST_ROWS]
    whole = replace(options, header_row=None, width=WIDTH)
    for place in beginnings:
        if _may_be_typed(rows[place:], synonyms):
            below = replace(whole, first_row=rows[place][0])
            names = _types(path, below, synonyms)
            found = _of_names(path, below, names, synonyms) if len(names) > 1 else None
            if found is not None:
                return found
    types = next(filter(None, (types_by_values(rows[place:], synonyms) for place in beginnings)), None)
    return None if types is None else without_headings(path, whole, types)


def _beginnings(rows: Rows) -> Iterator[int]:
    """The places where typed rows may begin: the first row, or one below rows that have a cell or two each."""
    for place, (_, cells) in enumerate(rows[:_MOST_ABOVE]):
        filled = sum(not says_nothing(plain_cell(cell)) for cell in cells)
        if filled >= _FEWEST_CELLS:
            yield place
        if filled > _MOST_IN_TITLES:
            return


def _of_names(path: Path, options: SourceOptions, names: Sequence[str], synonyms: Synonyms) -> TypedRows | None:
    """The rows of types with headings, by their names; None where none is of orders, or none of lines."""
    found = _by_type(RecordTypeSource(open_source(path, replace(options, types=tuple(names))), names))
    filled = [name for name, each in found.items() if each.places]
    first = next((name for name in filled if KEY in meanings_of(found[name].columns, synonyms)), "")
    lines = {name: len(_OF_LINES & meanings_of(found[name].columns, synonyms)) for name in filled if name != first}
    line = max(lines, key=lambda name: lines[name], default="")
    return TypedRows(found, first, line, options.first_row) if first and line and lines[line] else None


def without_headings(path: Path, options: SourceOptions, types: TypesByValues) -> TypedRows | None:
    """The rows of types without headings, the orders' first; None where some row begins with anything else."""
    options = replace(options, first_row=types.first_row)
    names = _all_types(path, options)
    if not names:
        return None
    ordered = tuple(dict.fromkeys((types.first, types.line, *names)))
    source = RecordTypeSource(open_source(path, replace(options, types=ordered)), ordered, is_lettered=True)
    return TypedRows(_by_type(source), types.first, types.line, types.first_row, has_headings=False)


def _may_be_typed(rows: Rows, synonyms: Synonyms) -> bool:
    """Whether the first rows begin with few different texts, and each of these first with headings."""
    firsts: dict[str, Sequence[Cell]] = {}
    for _, cells in rows:
        firsts.setdefault(_name(cells), cells)
    few = len(firsts) <= min(_MOST_TYPES, len(rows) - 2)
    return few and all(name and _heads(cells, synonyms) for name, cells in firsts.items())


def _types(path: Path, options: SourceOptions, synonyms: Synonyms) -> tuple[str, ...]:
    """The types of all rows in their order; none where some row begins with anything else."""
    firsts: dict[str, list[Cell]] = {}
    for chunk in open_source(path, options).chunks():
        for place, cell in enumerate(chunk.columns[0]):
            name = _name([cell])
            if name not in firsts:
                firsts[name] = [column[place] for column in chunk.columns]
                if len(firsts) > _MOST_TYPES or not name or not _heads(firsts[name], synonyms):
                    return ()
    return tuple(firsts)


def _all_types(path: Path, options: SourceOptions) -> tuple[str, ...]:
    """What the first cells of all rows say, in their order; none where that is nothing somewhere, or many things."""
    found: dict[str, None] = {}
    for chunk in open_source(path, options).chunks():
        found |= dict.fromkeys(map(type_name, chunk.columns[0]))
        if "" in found or len(found) > _MOST_TYPES:
            return ()
    return tuple(found)


def _name(cells: Sequence[Cell]) -> str:
    cell = plain_cell(cells[0]) if cells else None
    return cell.strip() if isinstance(cell, str) else ""


def _heads(cells: Sequence[Cell], synonyms: Synonyms) -> bool:
    """Whether a row of a type has its headings: texts, of which one at least is known."""
    filled = [cell for cell in map(plain_cell, cells[1:]) if not says_nothing(cell)]
    return bool(filled) and all(map(may_head, filled)) and any(synonyms.meanings(str(cell)) for cell in filled)


def _by_type(source: RecordTypeSource) -> dict[str, RowsOfType]:
    places: dict[str, list[int]] = {name: [] for name in source.types}
    cells: dict[int, list[Cell]] = {position: [] for position in range(1, len(source.columns))}
    owners = [column.title.partition(PART_MARK)[0] for column in source.columns]
    before = 0
    for chunk in source.chunks():
        mine = {name: [place for place, part in enumerate(chunk.columns[0]) if part == name] for name in source.types}
        for name, own in mine.items():
            places[name].extend(before + place for place in own)
        for position, column in cells.items():
            column.extend(chunk.columns[position][place] for place in mine[owners[position]])
        before += len(chunk.rows)
    return {
        name: RowsOfType(
            places[name],
            tuple(
                ColumnCells(Column(position, source.columns[position].title.partition(PART_MARK)[2]), column)
                for position, column in cells.items()
                if owners[position] == name
            ),
        )
        for name in source.types
    }


def orders_above(heads: Sequence[int], lines: Sequence[int]) -> Iterator[int | None]:
    """Which order stands above each line, as one of these; both by their places in the file."""
    last = -1
    for place in lines:
        while last + 1 < len(heads) and heads[last + 1] < place:
            last += 1
        yield last if last >= 0 else None


def meanings_of(columns: Sequence[ColumnCells], synonyms: Synonyms) -> frozenset[str]:
    """What the headings of columns mean."""
    return frozenset(meaning.target for each in columns for meaning in synonyms.meanings(each.title)[:1])
