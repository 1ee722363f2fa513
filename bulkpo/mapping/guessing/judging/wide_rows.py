"""Orders with their lines side by side in one row: `Item 1`, `Qty 1`, `Price 1`, `Item 2` and so on.

Such a table is judged as if each of its lines had a row of its own, and what is found holds for each of them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bulkpo.mapping.guessing.cells.column import ColumnCells
from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.judging.engine import JudgedTable
from bulkpo.mapping.guessing.money.decide import PRICE, QUANTITY, Money
from bulkpo.mapping.guessing.orders.rows import KEY
from bulkpo.model.table import Cell, Column
from bulkpo.schema.synonyms import Synonyms

_NUMBER = re.compile(r"(?<![\w])(?:\d{1,2})(?![\w])|(?<=[^\W\d])\d{1,2}(?=$|[\s_.:/-])|(?<=_)\d{1,2}(?=_|$)")
_FEWEST_LINES, _FEWEST_KINDS = 2, 2
_LINE = "order-lines/"
_FIGURES = (PRICE, QUANTITY)


@dataclass(frozen=True, slots=True)
class WideRows:
    """The columns that belong to lines: of each kind, by its name without a number, one for each line's number."""

    kinds: Mapping[str, Mapping[int, ColumnCells]]
    count: int

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of all columns that belong to lines."""
        return frozenset(each.column.number for kind in self.kinds.values() for each in kind.values())


def wide_rows(table: TableCells, synonyms: Synonyms) -> WideRows | None:
    """The lines side by side, if there are any: several columns of each kind, a price or a quantity among them."""
    titles = {each.title for each in table.columns}
    kinds: dict[str, dict[int, ColumnCells]] = {}
    for each in table.columns:
        found = (each.title, 1) if f"{each.title}#2" in titles else numbered(each.title)
        if found is not None:
            kinds.setdefault(found[0], {}).setdefault(found[1], each)
    most = max((len(kind) for kind in kinds.values()), default=0)
    if most < _FEWEST_LINES:
        return None
    lines = {name: kind for name, kind in kinds.items() if sorted(kind) == list(range(1, most + 1))}
    meant = {meaning.target for name in lines for meaning in synonyms.meanings(name)[:1]}
    mine = {each.column.number for kind in lines.values() for each in kind.values()}
    beside = {
        meaning.target
        for each in table.columns
        if each.column.number not in mine
        for meaning in synonyms.meanings(each.title)[:1]
    }
    is_plain = meant.isdisjoint(_FIGURES) or not beside.isdisjoint(_FIGURES) or KEY in meant
    if len(lines) < _FEWEST_KINDS or is_plain:
        return None
    return WideRows(lines, most)


def numbered(title: str) -> tuple[str, int] | None:
    """A heading without the number in it, and that number: `Qty 2`, `Item2_Qty`, `Line 2: Qty`, `Qty (2)`, `Qty#2`."""
    found = _NUMBER.findall(title)
    if len(found) != 1:
        return None
    before, _, after = title.partition(found[0])
    name = re.sub(r"\(\s*\)|\[\s*\]|#", " ", f"{before} {after}")
    words = [word for word in re.split(r"[\s_:.-]+", name) if word]
    if len(words) > 1 and words[0].casefold() in _OF_A_LINE and before.strip():
        words = words[1:] if after.strip(" _:.-)]") else words
    return " ".join(words), int(found[0])


_OF_A_LINE = frozenset(
    ("line", "item", "pos", "position", "zeile", "ligne", "linea", "línea", "riga", "linha", "regel")
)


def judge_wide(table: TableCells, wide: WideRows, judge: Callable[[TableCells], JudgedTable]) -> JudgedTable:
    """Judge a table line by line, and say of each column which line it is of."""
    filled = [
        (row, line)
        for row in range(len(table.rows))
        for line in range(1, wide.count + 1)
        if _is_filled(wide, row, line)
    ]
    own = [each for each in table.columns if each.column.number not in wide.numbers]
    columns = [ColumnCells(each.column, [each.cells[row] for row, _ in filled]) for each in own]
    columns += [
        ColumnCells(Column(kind[1].column.number, name), [kind[line].cells[row] for row, line in filled])
        for name, kind in wide.kinds.items()
    ]
    judged = judge(TableCells(tuple(columns), [table.rows[row] for row, _ in filled]))
    by_number = {each.column.column.number: each for each in judged.columns}
    has_per = judged.money.per is not None
    pers = {} if judged.money.per is None else _pers(judged.money.per, wide)
    said = [_told(each, by_number, wide, has_per=has_per) for each in table.columns]
    titles = {each.title for each in own}
    return replace(
        judged,
        table=table,
        columns=said,
        money=Money(),
        by_amount=None,
        own_dates={},
        skip_rows={title: test for title, test in judged.skip_rows.items() if title in titles},
        reasons=(f"up to {wide.count} lines stand side by side in a row", *judged.reasons),
        pers=pers,
    )


def _pers(per: ColumnSoFar, wide: WideRows) -> dict[str, str]:
    """The column that says how many the price of each line is for: one of its own, or one for all lines of the row."""
    number = per.column.column.number
    own = next((kind for kind in wide.kinds.values() if kind[1].column.number == number), {})
    return {_of_line(PRICE, line): own.get(line, per.column).title for line in range(1, wide.count + 1)}


def _is_filled(wide: WideRows, row: int, line: int) -> bool:
    cells: list[Cell] = [kind[line].cells[row] for kind in wide.kinds.values()]
    return any(cell is not None and str(cell).strip() for cell in cells)


def _told(each: ColumnCells, by_number: Mapping[int, ColumnSoFar], wide: WideRows, *, has_per: bool) -> ColumnSoFar:
    """What one column of the table is, by what was found of all of its kind."""
    place = next(
        ((kind[1], line) for kind in wide.kinds.values() for line, column in kind.items() if column is each), None
    )
    if place is None:
        return replace(by_number[each.column.number], column=each)
    first, line = place
    found = by_number[first.column.number]
    if not found.target[:1].islower():
        return replace(found, column=each, same_as="")
    if not found.target.startswith(_LINE):
        reasons = ("it stands with lines, but is of whole orders",)
        return replace(found, column=each, target="", rivals=(), reasons=reasons, same_as="")
    told = replace(found, column=each, target=_of_line(found.target, line), same_as="")
    told.rivals = tuple(_of_line(path, line) for path in found.rivals if path.startswith(_LINE))
    if has_per and found.target == PRICE:
        told.open_between([told.target], "a column beside it says how many it is for")
    return told


def _of_line(path: str, line: int) -> str:
    return path.replace(_LINE, f"order-lines[{line}]/", 1)
