"""Documents into rows: a row a document, or a row for each member of the collection chosen.

Works by column: the cells of one column are picked and converted together, equal ones once. A document without
members still has its row, so that nothing is dropped. Moments keep their zone: what files cannot hold of it, the
writer of the file leaves out.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from bulkpo.mapping.language.export_columns import ExportColumn
from bulkpo.model.path import Step
from bulkpo.model.table import Cell
from bulkpo.model.tree import Tree

JOINED_BY = "; "
_NOTHING: Tree = {}


class Flattener:
    """Makes rows of documents, for the columns of one export."""

    def __init__(self, columns: Sequence[ExportColumn], rows: tuple[str, ...], zone: ZoneInfo | None) -> None:
        self._rows = rows
        self._pickers = [_Picker(column, rows, _converter(column.type, zone)) for column in columns]

    def rows(self, documents: Sequence[Tree]) -> list[tuple[Cell, ...]]:
        """The rows of some documents, in order; each has a cell for every column."""
        levels: list[list[Tree]] = [list(documents)]
        for collection in self._rows:
            members = [
                (number, member)
                for number, parent in enumerate(levels[-1])
                for member in _members(parent.get(collection)) or (_NOTHING,)
            ]
            numbers = [number for number, _ in members]
            levels = [[level[number] for number in numbers] for level in levels]
            levels.append([member for _, member in members])
        return list(zip(*(picker.cells(levels) for picker in self._pickers), strict=True))


class _Picker:
    """One column: the level it stands on, the way from there, and what its values become."""

    def __init__(self, column: ExportColumn, rows: tuple[str, ...], convert: Callable[[Any], Cell]) -> None:
        self._constant = column.constant or None
        self._convert = convert
        steps = column.path.steps if column.path else ()
        level = 0
        while level < len(rows) and len(steps) > 1 and steps[0] == Step(rows[level]):
            steps, level = steps[1:], level + 1
        self._steps = steps
        self._level = level

    def cells(self, levels: Sequence[Sequence[Tree]]) -> list[Cell]:
        trees = levels[self._level]
        if not self._steps:
            return [self._constant] * len(trees)
        if len(self._steps) == 1:
            name = self._steps[0].name
            values = [tree.get(name) for tree in trees]
        else:
            values = [_joined(_values(tree, self._steps)) for tree in trees]
        try:
            known = {value: self._convert(value) for value in set(values)}
        except TypeError:  # lists and trees, where the table promises a plain value: shown as text
            return [self._convert(value) for value in values]
        return [known[value] for value in values]


def _members(node: object) -> Sequence[Tree]:
    if isinstance(node, list):
        return [member for member in node if isinstance(member, dict)]
    return [node] if isinstance(node, dict) else []


def _values(node: object, steps: Sequence[Step]) -> list[Any]:
    """The values at the end of a way; several where it leads through a collection."""
    for position, step in enumerate(steps):
        if isinstance(node, list):
            return [value for member in node for value in _values(member, steps[position:])]
        node = node.get(step.name) if isinstance(node, dict) else None
        if step.index is not None:
            members = _members(node)
            node = members[step.index - 1] if step.index <= len(members) else None
    return node if isinstance(node, list) else [node]


def _joined(values: Sequence[Any]) -> object:
    said = [value for value in values if value is not None]
    if len(said) < 2:
        return said[0] if said else None
    return JOINED_BY.join(_as_text(value) for value in said)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        name = next((value[key] for key in ("name", "code", "number", "id") if value.get(key) is not None), "")
        return _as_text(name)
    return JOINED_BY.join(map(_as_text, value)) if isinstance(value, list) else str(value)


def _converter(kind: str, zone: ZoneInfo | None) -> Callable[[Any], Cell]:
    """What makes a cell of a value of this type; a value of another type becomes text rather than being lost."""

    def moment(value: object) -> Cell:
        at = datetime.fromisoformat(str(value))
        return at.astimezone(zone) if zone and at.tzinfo else at

    converters: dict[str, Callable[[Any], Cell]] = {
        "integer": _number,
        "decimal": _number,
        "float": _number,
        "boolean": lambda value: {"true": True, "false": False}[_as_text(value)],
        "datetime": moment,
        "date": lambda value: date.fromisoformat(str(value)[:10]),
    }
    convert = converters.get(kind, _as_text)

    def cell(value: object) -> Cell:
        if value is None or value == "":
            return None
        try:
            return convert(value)
        except (ValueError, KeyError, InvalidOperation, OverflowError):
            return _as_text(value)

    return cell


def _number(value: object) -> Decimal:
    number = Decimal(str(value).strip())
    if isinstance(value, bool) or not number.is_finite():
        raise ValueError(value)
    return number
