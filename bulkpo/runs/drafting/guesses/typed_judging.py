"""Rows of several types judged as one table of lines that say what their orders say, and then taken apart again."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.cells.days import DateGuess
from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.columns.candidates import Candidate, candidates_of
from bulkpo.mapping.guessing.judging.engine import JudgedTable, Knowledge, judge
from bulkpo.mapping.guessing.money.decide import Money
from bulkpo.mapping.guessing.orders.rows import KEY, RowsAsOrders
from bulkpo.mapping.guessing.unsettled.unnamed import SharedNumber, stands_once
from bulkpo.model.table import PART_MARK, Column
from bulkpo.runs.drafting.looking.typed_rows import RowsOfType, TypedRows, meanings_of, orders_above
from bulkpo.schema.synonyms import Synonyms

_SHARED = 0.8


def judge_typed(typed: TypedRows, known: Knowledge) -> dict[str, JudgedTable]:
    """Judge the rows of each type, the orders first; what is neither an order nor a line is left open."""
    head, line = typed.types[typed.first], typed.types[typed.line]
    again = _number_again(head, line, known.synonyms) if typed.has_headings else _shared_number(head, line)
    above = _above(head, line, again)
    carried = [_carried(each, _of_part(typed, typed.first, each), above) for each in head.columns]
    own = [
        ColumnCells(_of_part(typed, typed.line, each), each.cells)
        for each in line.columns
        if again is None or each is not again[1]
    ]
    shared = None if again is None or typed.has_headings else SharedNumber(again[0].column.number, is_header=False)
    judged = judge(TableCells((*carried, *own), list(line.places), has_headings=typed.has_headings), known, shared)
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
    if not typed.has_headings:
        parts = {name: _lettered(part, name, typed.types[name]) for name, part in parts.items()}
    others = {name: _other(rows, typed, known) for name, rows in typed.types.items() if name not in parts}
    return {**parts, **others}


def _carried(each: ColumnCells, column: Column, above: Sequence[int | None]) -> ColumnCells:
    """What orders say, beside each of their lines."""
    return ColumnCells(column, [None if place is None else each.cells[place] for place in above])


def _of_part(typed: TypedRows, name: str, each: ColumnCells) -> Column:
    """A column, with its type where it has but a letter, which others have too."""
    return each.column if typed.has_headings else Column(each.column.number, f"{name}{PART_MARK}{each.title}")


def _lettered(part: JudgedTable, name: str, rows: RowsOfType) -> JudgedTable:
    """What was judged of a type, its columns called by their letters again."""
    by_number = {each.column.number: each for each in rows.columns}
    titles = {f"{name}{PART_MARK}{each.title}": each.title for each in rows.columns}
    for each in part.columns:
        each.column = by_number[each.column.column.number]
    return retitled(part, titles)


def retitled(part: JudgedTable, titles: Mapping[str, str]) -> JudgedTable:
    """A judged table that calls its columns otherwise in all it says of them by their titles."""
    return replace(
        part,
        own_dates={titles[title]: dates for title, dates in part.own_dates.items() if title in titles},
        skip_rows={titles[title]: test for title, test in part.skip_rows.items() if title in titles},
        pers={path: titles.get(title, title) for path, title in part.pers.items()},
    )


_Again = tuple[ColumnCells, ColumnCells]
"""The columns with the number of the order, among the orders and among the lines."""


def _number_again(head: RowsOfType, line: RowsOfType, synonyms: Synonyms) -> _Again | None:
    """The columns in which lines say once more which order they are of."""
    keys = next((each for each in head.columns if KEY in meanings_of([each], synonyms)), None)
    wanted = set(keys.keys) - {""} if keys is not None else set()
    for each in line.columns:
        named = keys is not None and (each.title == keys.title or KEY in meanings_of([each], synonyms))
        if keys is not None and named and sum(key in wanted for key in each.keys) >= _SHARED * len(each.keys):
            return keys, each
    return None


def _shared_number(head: RowsOfType, line: RowsOfType) -> _Again | None:
    """The columns of types without headings in which orders are numbered and lines say their number again."""
    found = [
        (one, other)
        for one in head.columns
        if stands_once(one)
        for other in line.columns
        if _are_of(other.keys, set(one.keys))
    ]
    return found[0] if len(found) == 1 else None


def _are_of(keys: Sequence[str], wanted: AbstractSet[str]) -> bool:
    """Whether all numbers of lines are numbers of orders, and most of these have some."""
    theirs = set(keys)
    return theirs <= wanted and len(theirs) >= _SHARED * len(wanted)


def _named(column: ColumnCells) -> ColumnSoFar:
    """The column of the lines that names their order."""
    found = ColumnSoFar(column, ())
    found.settle(KEY, ("its cells are numbers of orders", "the orders have the same"))
    return found


def _above(head: RowsOfType, line: RowsOfType, again: _Again | None) -> list[int | None]:
    """Which order each line is of, by its place: the one whose number it has, else the one above it."""
    above = list(orders_above(head.places, line.places))
    if again is None:
        return above
    by_key = {key: place for place, key in enumerate(again[0].keys)}
    return [by_key.get(key, place) for key, place in zip(again[1].keys, above, strict=True)]


def _share(judged: JudgedTable, columns: Sequence[ColumnSoFar]) -> JudgedTable:
    """One type's share of what was judged together."""
    titles = {each.title for each in columns}
    skipped = {title: test for title, test in judged.skip_rows.items() if title in titles}
    return replace(judged, columns=columns, skip_rows=skipped)


def _other(rows: RowsOfType, typed: TypedRows, known: Knowledge) -> JudgedTable:
    """Rows that are neither orders nor lines: what they may be by their names is left to decide."""
    table = TableCells(rows.columns, list(rows.places), has_headings=typed.has_headings)
    again = None if not typed.has_headings else _number_again(typed.types[typed.first], rows, known.synonyms)
    candidates = candidates_of(table, known.synonyms, known.by_path)
    said = f"only rows of {typed.first} and {typed.line} are guessed"
    if not typed.has_headings and len(rows.places) == 1:
        said = "the one row of its type is about the file, not an order"
    judged = [
        _named(each) if again is not None and each is again[1] else _by_name(each, candidates[each.column.number], said)
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
