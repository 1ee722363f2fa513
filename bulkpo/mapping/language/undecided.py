"""What a mapping leaves undecided: columns of which several elements may be meant, and constants still to be chosen.

Such a mapping loads, so that all else in it can be checked; nothing is sent by it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bulkpo.mapping.language.blocks import Block, ReportProblem, yaml_text
from bulkpo.model.path import ElementPath

UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Undecided:
    """The columns with the elements each may go to, the elements with the values each may have, and those of settings.

    `settings` are named as they are written, as `dates: {time_zone: ...}`.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def elements(self) -> frozenset[str]:
        """Every element that what is undecided may fill, as `order-lines/price`."""
        return frozenset(path for paths in (*self.columns.values(), tuple(self.constants)) for path in paths)


def choices(entry: object) -> tuple[str, ...]:
    """What a column or a constant may be; nothing where it is decided."""
    found = entry.get(UNDECIDED, ()) if isinstance(entry, dict) else ()
    return tuple(map(yaml_text, found))


def parse_undecided(data: Mapping[str, Any], blocks: Iterable[Block], report: ReportProblem) -> Undecided:
    """All that a mapping leaves undecided; what is no element path is a problem."""
    columns = {}
    for block in blocks:
        for name, entry in block.data.get("columns", {}).items():
            keys = (*block.keys, "columns", name, UNDECIDED)
            paths = [_path(path, (*keys, number), report) for number, path in enumerate(choices(entry))]
            if paths:
                columns[block.title(name)] = tuple(paths)
    constants = data.get("constants", {})
    values = {path: choices(value) for path, value in constants.items()}
    found = {_path(path, ("constants", path), report): each for path, each in values.items() if each}
    dates = {f"dates: {{{name}}}": choices(value) for name, value in data.get("dates", {}).items() if choices(value)}
    return Undecided(columns, found, dates)


def decided_dates(declared: Mapping[str, Any]) -> Mapping[str, Any]:
    """How dates are written as far as that is decided; until it is known where they are meant, in UTC."""
    found = {name: value for name, value in declared.items() if not choices(value)}
    return {"time_zone": "UTC", **found} if choices(declared.get("time_zone")) else found


def _path(text: str, keys: Sequence[str | int], report: ReportProblem) -> str:
    try:
        return str(ElementPath.parse(text))
    except ValueError as error:
        report(keys, str(error))
        return text
