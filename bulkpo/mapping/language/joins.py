"""Tables joined by another column than the order's number: `joined_by: {DocEntry: DocEntry}` in the block of lines."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bulkpo.mapping.kinds.kind import Noun
from bulkpo.mapping.language.blocks import Block, ReportProblem
from bulkpo.mapping.language.spec import Slot
from bulkpo.mapping.language.table_join import TableJoin
from bulkpo.yamldoc import Keys

JOINED_BY, UNMATCHED = "joined_by", "unmatched"
NeedColumns = Callable[[Sequence[str], Keys], None]


def parse_joins(blocks: Sequence[Block], needs: NeedColumns, report: ReportProblem) -> dict[str, TableJoin]:
    """The joins of tables by their names, with the columns they need noted and problems reported on the way."""
    found = {}
    for place, block in enumerate(blocks):
        given: Mapping[str, Any] | None = block.data.get(JOINED_BY)
        keys = (*block.keys, JOINED_BY)
        if given is None:
            if UNMATCHED in block.data:
                said = "unmatched is for a table that says joined_by; add that, or remove it"
                report([*block.keys, UNMATCHED], said, on_key=True)
            continue
        if not place:
            said = f"{block.part} is the first table, which the others are joined to; say it in the block of the lines"
            report(keys, said, on_key=True)
            continue
        others = [other if isinstance(other, dict) else {"column": other} for other in given.values()]
        join = TableJoin(
            tuple(map(block.title, given)),
            tuple(blocks[0].title(str(other["column"])) for other in others),
            tuple(other.get("pad", 0) for other in others),
            skips=block.data.get(UNMATCHED) == "skip",
        )
        needs((*join.columns, *join.to), keys)
        found[block.part] = join
    return found


def blocks_with_key(data: Mapping[str, Any], blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks of which a column must fill the key: of tables those that are joined by it, else the first."""
    if "tables" not in data:
        return blocks[:1]
    return [block for block in blocks if not _is_joined(data, block.part)]


def check_keys(data: Mapping[str, Any], key: Slot, noun: Noun, report: ReportProblem) -> None:
    """Report parts whose rows belong to no document, and those that say twice to which."""
    for part in data.get("tables", list(data.get("record_types", ()))[:1]):
        is_filled = any(target.part == part for target in key.targets)
        if is_filled and _is_joined(data, part):
            message = f"{part} is joined by a column of its own, so none of it fills {key.path}; ignore that column"
            report(["tables", part, JOINED_BY], message, on_key=True)
        if not is_filled and not _is_joined(data, part):
            message = f"no column of {part} fills the key {key.path}; its rows would belong to no {noun.one}"
            report(["document", "key"], message)


def _is_joined(data: Mapping[str, Any], part: str) -> bool:
    return JOINED_BY in data.get("tables", {}).get(part, {})
