"""A file nobody has mapped yet whose rows are of several types: orders and their lines told apart by the first cell.

It is judged as one table of lines that say what their orders say, and then taken apart again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bulkpo.mapping.guessing.assign import ColumnSoFar
from bulkpo.mapping.guessing.candidates import Candidate, candidates_of
from bulkpo.mapping.guessing.cells import ColumnCells, plain_cell, says_nothing
from bulkpo.mapping.guessing.days import DateGuess
from bulkpo.mapping.guessing.engine import JudgedTable, Knowledge, judge
from bulkpo.mapping.guessing.headings import Rows, may_head
from bulkpo.mapping.guessing.money import Money
from bulkpo.mapping.guessing.orders import KEY, RowsAsOrders
from bulkpo.mapping.guessing.table import TableCells
from bulkpo.model.table import PART_MARK, Cell, Column
from bulkpo.schema.synonyms import Synonyms
from bulkpo.tables.reading.record_types import WIDTH, RecordTypeSource
from bulkpo.tables.source import SourceOptions, open_source

_MOST_TYPES = 12
_FEWEST_ROWS = 4
_SHARED = 0.8
_OF_LINES = frozenset(("order-lines/quantity", "order-lines/price", "order-lines/description", "LINE_AMOUNT"))


@dataclass(frozen=True, slots=True)
class RowsOfType:
    """The rows of one type: their places in the file and their columns."""

    places: Sequence[int]
    columns: tuple[ColumnCells, ...]


@dataclass(frozen=True, slots=True)
class TypedRows:
    """The rows of a file by their types; `first` is that of the orders, `line` that of their lines."""

    types: Mapping[str, RowsOfType]
    first: str
    line: str


def typed_rows(path: Path, options: SourceOptions, rows: Rows, synonyms: Synonyms) -> TypedRows | None:
    """The rows of a file by their types; None where they are not of several, each with headings of its own."""
    if len(rows) < _FEWEST_ROWS or not _may_be_typed(rows, synonyms):
        return None
    whole = replace(options, header_row=None, width=WIDTH)
    names = _types(path, whole, synonyms)
    if len(names) < 2:
        return None
    found = _by_type(RecordTypeSource(open_source(path, replace(whole, types=names)), names))
    filled = [name for name, each in found.items() if each.places]
    first = next((name for name in filled if KEY in _meanings(found[name].columns, synonyms)), "")
    lines = {name: len(_OF_LINES & _meanings(found[name].columns, synonyms)) for name in filled if name != first}
    line = max(lines, key=lambda name: lines[name], default="")
    return TypedRows(found, first, line) if first and line and lines[line] else None


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


def _meanings(columns: Sequence[ColumnCells], synonyms: Synonyms) -> frozenset[str]:
    return frozenset(meaning.target for each in columns for meaning in synonyms.meanings(each.title)[:1])


def judge_typed(typed: TypedRows, known: Knowledge) -> dict[str, JudgedTable]:
    """Judge the rows of each type, the orders first; what is neither an order nor a line is left open."""
    head, line = typed.types[typed.first], typed.types[typed.line]
    again = _number_again(head, line, known.synonyms)
    above = _above(head, line, again)
    carried = [
        ColumnCells(each.column, [None if place is None else each.cells[place] for place in above])
        for each in head.columns
    ]
    own = [each for each in line.columns if again is None or each is not again[1]]
    judged = judge(TableCells((*carried, *own), list(line.places)), known)
    numbers = {each.column.number for each in head.columns}
    heads = [each for each in judged.columns if each.column.column.number in numbers]
    lines = [each for each in judged.columns if each.column.column.number not in numbers]
    if again is not None:
        lines.insert(line.columns.index(again[1]), _named(again[1]))
    parts = {
        typed.first: replace(_share(judged, heads), money=Money(), by_amount=None, pers={}),
        typed.line: replace(
            _share(judged, lines), reasons=(), table=TableCells((*carried, *line.columns), line.places)
        ),
    }
    others = {name: _other(rows, typed, known) for name, rows in typed.types.items() if name not in parts}
    return {**parts, **others}


_Again = tuple[ColumnCells, ColumnCells]
"""The columns with the number of the order, among the orders and among the lines."""


def _number_again(head: RowsOfType, line: RowsOfType, synonyms: Synonyms) -> _Again | None:
    """The columns in which lines say once more which order they are of."""
    keys = next((each for each in head.columns if KEY in _meanings([each], synonyms)), None)
    wanted = set(keys.keys) - {""} if keys is not None else set()
    for each in line.columns:
        named = keys is not None and (each.title == keys.title or KEY in _meanings([each], synonyms))
        if keys is not None and named and sum(key in wanted for key in each.keys) >= _SHARED * len(each.keys):
            return keys, each
    return None


def _named(column: ColumnCells) -> ColumnSoFar:
    """The column of the lines that names their order."""
    found = ColumnSoFar(column, ())
    found.settle(KEY, ("its cells are numbers of orders", "the orders have the same"))
    return found


def _above(head: RowsOfType, line: RowsOfType, again: _Again | None) -> list[int | None]:
    """Which order each line is of, by its place: the one whose number it has, else the one above it."""
    above = list(_last_before(head.places, line.places))
    if again is None:
        return above
    by_key = {key: place for place, key in enumerate(again[0].keys)}
    return [by_key.get(key, place) for key, place in zip(again[1].keys, above, strict=True)]


def _last_before(heads: Sequence[int], lines: Sequence[int]) -> Iterator[int | None]:
    last = -1
    for place in lines:
        while last + 1 < len(heads) and heads[last + 1] < place:
            last += 1
        yield last if last >= 0 else None


def _share(judged: JudgedTable, columns: Sequence[ColumnSoFar]) -> JudgedTable:
    """One type's share of what was judged together."""
    titles = {each.title for each in columns}
    skipped = {title: test for title, test in judged.skip_rows.items() if title in titles}
    return replace(judged, columns=columns, skip_rows=skipped)


def _other(rows: RowsOfType, typed: TypedRows, known: Knowledge) -> JudgedTable:
    """Rows that are neither orders nor lines: what they may be by their names is left to decide."""
    table = TableCells(rows.columns, list(rows.places))
    again = _number_again(typed.types[typed.first], rows, known.synonyms)
    candidates = candidates_of(table, known.synonyms, known.by_path)
    judged = [
        _named(each)
        if again is not None and each is again[1]
        else _by_name(each, candidates[each.column.number], f"only rows of {typed.first} and {typed.line} are guessed")
        for each in rows.columns
    ]
    return JudgedTable(table, judged, RowsAsOrders(), Money(), DateGuess())


def _by_name(column: ColumnCells, candidates: Sequence[Candidate], reason: str) -> ColumnSoFar:
    """A column left open between the elements its name may mean; the number of the order is not one of them."""
    found = ColumnSoFar(column, tuple(candidates), reasons=(reason,))
    paths = [each.target for each in candidates if not each.is_role and each.target != KEY]
    if paths and column.filled:
        found.target = paths[0]
        found.open_between(paths, reason)
    return found
