"""Rows of several types without headings: told by a first cell that says few things, over cells of other kinds each."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from bulkpo.mapping.guessing.cells.column import is_number_text, plain_cell, says_nothing
from bulkpo.mapping.guessing.cells.headings import Rows, looks_like_day, may_head
from bulkpo.model.table import Cell
from bulkpo.schema.synonyms import Synonyms

_MOST_TYPES = 12
_LONGEST_NAME = 20
_FEWEST_ROWS = 5
_MOSTLY = 0.8
_FEWEST_UNLIKE = 2
_UNLIKE = 0.4


def type_name(cell: Cell) -> str:
    """What the first cell of a row says, as a mapping names the type."""
    plain = plain_cell(cell)
    return "" if plain is None else str(plain).strip()


@dataclass(frozen=True, slots=True)
class TypesByValues:
    """Which types of rows are orders and lines, and the number of the first row of an order."""

    first: str
    line: str
    first_row: int


def types_by_values(rows: Rows, synonyms: Synonyms) -> TypesByValues | None:
    """The types in the first rows of a file; None where rows are not of several types."""
    by_name: dict[str, list[Sequence[Cell]]] = defaultdict(list)
    names = [type_name(cells[0]) if cells else "" for _, cells in rows]
    for name, (_, cells) in zip(names, rows, strict=True):
        by_name[name].append(cells[1:])
    few = len(by_name) <= min(_MOST_TYPES, len(rows) // 2)
    if len(rows) < _FEWEST_ROWS or not few or not all(0 < len(name) <= _LONGEST_NAME for name in by_name):
        return None
    kinds = {name: _kinds(own) for name, own in by_name.items() if len(own) > 1}
    if len(kinds) < 2 or _are_headings(rows[0][1], synonyms):
        return None
    line = max(kinds, key=lambda name: (list(kinds[name].values()).count("number"), len(by_name[name])))
    above = Counter(one for one, two in pairwise(names) if two == line != one and one in kinds)
    first = above.most_common(1)[0][0] if above else line
    others = [name for name in kinds if name != line]
    if first == line or not _alternate(names, first) or not all(_are_unlike(kinds[it], kinds[line]) for it in others):
        return None
    return TypesByValues(first, line, rows[names.index(first)][0])


def _are_headings(cells: Sequence[Cell], synonyms: Synonyms) -> bool:
    """Whether a row is of headings for all rows below, whatever their type."""
    filled = [cell for cell in map(plain_cell, cells) if not says_nothing(cell)]
    known = sum(bool(synonyms.meanings(str(cell))) for cell in filled if may_head(cell))
    return all(map(may_head, filled)) and known >= _FEWEST_UNLIKE


def _alternate(names: Sequence[str], head: str) -> bool:
    """Whether rows of another type follow on most of one type, or on all of them."""
    follows = [two != head for one, two in pairwise(names) if one == head]
    own = [place for place, name in enumerate(names) if name == head]
    are_together = own[-1] - own[0] + 1 == len(own)
    return are_together or sum(follows) >= _MOSTLY * len(follows)


def _kinds(rows: Sequence[Sequence[Cell]]) -> Mapping[int, str]:
    """Of which kind most cells of each column are; columns that most rows leave blank have none."""
    found = {}
    for place in range(max(map(len, rows), default=0)):
        counts = Counter(_kind(cells[place]) if place < len(cells) else "" for cells in rows)
        kind = counts.most_common(1)[0][0]
        if kind:
            found[place] = kind
    return found


def _kind(cell: Cell) -> str:
    plain = plain_cell(cell)
    if says_nothing(plain):
        return ""
    if isinstance(plain, (datetime, date)):
        return "date"
    if isinstance(plain, Decimal):
        return "number"
    text = str(plain).strip()
    if looks_like_day(text):
        return "date"
    return "number" if is_number_text(text) or text.isdigit() else "text"


def _are_unlike(one: Mapping[int, str], other: Mapping[int, str]) -> bool:
    """Whether rows of two types hold values of other kinds in many of their columns."""
    places = one.keys() | other.keys()
    unlike = sum(one.get(place) != other.get(place) for place in places)
    return unlike >= max(_FEWEST_UNLIKE, _UNLIKE * len(places))
