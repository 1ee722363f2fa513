"""Tables that stand side by side on a sheet, told apart by blank columns: that of the orders, and what is beside it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bulkpo.mapping.guessing.cells.column import ColumnCells, plain_cell, says_nothing
from bulkpo.mapping.guessing.cells.table import TableCells
from bulkpo.mapping.guessing.orders.rows import KEY
from bulkpo.model.table import Cell
from bulkpo.schema.synonyms import Synonyms
from bulkpo.tables.reading.column_range import ColumnRange
from bulkpo.where import column_letter

_FEWEST_COLUMNS, _FEWEST_ROWS = 2, 2
_ALIKE = 0.8
_FILLED = 0.9
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The columns of the orders, and what is told of those beside them."""

    area: ColumnRange
    notes: tuple[str, ...]


def orders_beside(table: TableCells, synonyms: Synonyms) -> SideBySide | None:
    """The part of a table that is the orders', where other tables stand beside it; None where it is one table."""
    blocks = list(_blocks(table))
    keyed = [block for block in blocks if any(_means_key(each, synonyms) for each in block)]
    if len(blocks) < 2 or not keyed:
        return None
    orders = max(keyed, key=lambda block: len(_known(block, synonyms)))
    same = [block for block in blocks if block is not orders and _are_alike(block, orders)]
    lists = [block for block in blocks if block is not orders and block not in same and _is_apart(block, orders)]
    if not same and not lists:
        return None
    beside = same + lists
    mine = [block for block in blocks if block not in beside]
    area = ColumnRange(mine[0][0].column.number, mine[-1][-1].column.number)
    if any(area.first < block[0].column.number < area.last for block in beside):
        return None
    return SideBySide(area, (*(_said_same(block, area) for block in same), *(_said_list(block) for block in lists)))


def beyond_headings(last: int, rows: Iterable[Sequence[Cell]], numbers: Sequence[int]) -> SideBySide | None:
    """The part of a table up to its last heading, in column `last`, if a list stands further right; None if none does.

    `rows` are the first, `numbers` those of their columns.
    """
    cells = [
        (place, number)
        for place, row in enumerate(rows)
        for number, cell in zip(numbers, row, strict=False)
        if number > last and not says_nothing(plain_cell(cell))
    ]
    columns = sorted({number for _, number in cells})
    if not columns or columns[0] == last + 1 or len({place for place, _ in cells}) < _FEWEST_ROWS:
        return None
    said = (
        f"not read: what stands beside the orders in columns {ColumnRange(columns[0], columns[-1])}: a list of its own"
    )
    return SideBySide(ColumnRange(min(numbers), last), (said,))


def _blocks(table: TableCells) -> Iterator[list[ColumnCells]]:
    """Columns that stand together, two at least: parted by blank ones, or where all headings begin again."""
    for is_blank, columns in groupby(table.columns, _is_blank):
        together = list(columns)
        again = [place for place, each in enumerate(together) if each.title == f"{together[0].title}#2"]
        parts = [together[: again[0]], together[again[0] :]] if table.is_doubled and again else [together]
        yield from (part for part in parts if not is_blank and len(part) >= _FEWEST_COLUMNS)


def _is_blank(each: ColumnCells) -> bool:
    return not each.filled and each.title == column_letter(each.column.number)


def _means_key(each: ColumnCells, synonyms: Synonyms) -> bool:
    return any(meaning.target == KEY for meaning in synonyms.meanings(_bare(each)))


def _known(block: Sequence[ColumnCells], synonyms: Synonyms) -> set[str]:
    return {meaning.target for each in block for meaning in synonyms.meanings(_bare(each))[:1]}


def _bare(each: ColumnCells) -> str:
    """A heading without what tells it from the same one before."""
    title, mark, number = each.title.rpartition("#")
    return title if mark and number.isdecimal() else each.title


def _are_alike(block: Sequence[ColumnCells], orders: Sequence[ColumnCells]) -> bool:
    """Whether a block has the headings of the orders again."""
    own, theirs = {_bare(each) for each in block}, {_bare(each) for each in orders}
    return len(own & theirs) >= max(_FEWEST_COLUMNS, _ALIKE * max(len(own), len(theirs)))


def _is_apart(block: Sequence[ColumnCells], orders: Sequence[ColumnCells]) -> bool:
    """Whether a block is filled without gaps over other rows than the orders: a list of its own."""
    own, theirs = _filled(block), _filled(orders)
    if not own or not theirs or len(own) < _FILLED * (own[-1] - own[0] + 1):
        return False
    together = len(set(own) & set(theirs))
    return together < _FILLED * max(len(own), len(theirs))


def _filled(block: Sequence[ColumnCells]) -> list[int]:
    """The places of rows in which a block has anything."""
    return sorted({place for each in block for place, key in enumerate(each.keys) if key})


def _range(block: Sequence[ColumnCells]) -> ColumnRange:
    return ColumnRange(block[0].column.number, block[-1].column.number)


def _said_same(block: Sequence[ColumnCells], area: ColumnRange) -> str:
    return (
        f"two tables of one shape stand side by side: this mapping reads {area}, and the orders in {_range(block)} are "
        "not read by it; to load them, too, write a second mapping that says `extends:` this one and "
        f'`source: {{area: "{_range(block)}"}}`'
    )


def _said_list(block: Sequence[ColumnCells]) -> str:
    titles = [_bare(each) for each in block if each.title != column_letter(each.column.number)]
    named = f" ({', '.join(titles[:_MOST_NAMED])})" if titles else ""
    return f"not read: what stands beside the orders in columns {_range(block)}{named}: a list of its own"
