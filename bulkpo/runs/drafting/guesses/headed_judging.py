"""Rows of several types judged by the headings of one row above all of them, and called by their letters again."""

from dataclasses import replace

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.judging.engine import JudgedTable, Knowledge
from bulkpo.mapping.guessing.orders.rows import KEY
from bulkpo.model.table import Column
from bulkpo.runs.drafting.guesses.typed_judging import judge_typed, retitled
from bulkpo.runs.drafting.looking.headed_types import said_again
from bulkpo.runs.drafting.looking.typed_rows import RowsOfType, TypedRows, meanings_of
from bulkpo.schema.synonyms import Synonyms


def judge_types(typed: TypedRows, known: Knowledge) -> dict[str, JudgedTable]:
    """Judge the rows of each type, by headings of their own, by those of one row above all, or without any."""
    if not typed.headings:
        return judge_typed(typed, known)
    parts = judge_typed(_named(typed, known.synonyms), known)
    return {name: _lettered(part, typed.types[name], typed) for name, part in parts.items()}


def _named(typed: TypedRows, synonyms: Synonyms) -> TypedRows:
    """The rows with the filled columns of each type called by their headings, but for what lines say again."""
    head, line = typed.types[typed.first], typed.types[typed.line]
    again = {each.title for each in said_again(head, line)}
    types = {}
    for name, rows in typed.types.items():
        filled = [each for each in rows.columns if each.filled]
        titled = [ColumnCells(Column(each.column.number, _heading(each, typed)), each.cells) for each in filled]
        is_line = name == typed.line
        kept = [
            column
            for each, column in zip(filled, titled, strict=True)
            if not is_line or each.title not in again or KEY in meanings_of([column], synonyms)
        ]
        types[name] = replace(rows, columns=tuple(kept))
    return replace(typed, types=types, has_headings=True, headings={})


def _heading(each: ColumnCells, typed: TypedRows) -> str:
    return typed.headings.get(each.title, each.title)


def _lettered(part: JudgedTable, rows: RowsOfType, typed: TypedRows) -> JudgedTable:
    """What was judged of a type, all its columns by their letters: those left out of the judgement, too."""
    judged = {each.column.column.number: each for each in part.columns}
    columns = []
    for column in rows.columns:
        each = judged.get(column.column.number) or ColumnSoFar(column, (), unneeded="stands with the orders")
        each.column = column
        columns.append(each)
    letters = {_heading(each, typed): each.title for each in rows.columns}
    orders = replace(part.orders, parts=tuple(letters.get(title, title) for title in part.orders.parts))
    return replace(retitled(part, letters), columns=columns, orders=orders)
