"""Where an answer can begin and end: what each block of orders holds at the least and at the most.

A block is the orders of a range of ids. When no index helps, orders are walked by id; many that were made or changed
at one time stand together, so that whole blocks before the first answer, and after the last, need no look.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bulkpo.sandbox.queries.query import Condition

COLUMNS = {
    "po-number": "po_number",
    "status": "status",
    "exported": "exported",
    "created-at": "created_at",
    "updated-at": "updated_at",
    "version": "version",
}
_TEXT = frozenset({"contains", "starts_with", "ends_with"})


@dataclass(frozen=True, slots=True)
class Block:
    """What is known of a block: its first and last id, the bounds of every column, all its po-numbers as one text."""

    first: int
    last: int
    bounds: dict[str, tuple[Any, Any]]
    po_numbers: str


_Test = Callable[[Block], bool]


def read_block(row: Sequence[Any]) -> Block | None:
    """A row of the statement `block`; None if the block has no orders."""
    first, last, po_numbers, *bounds = row
    if first is None:
        return None
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return Block(first, last, dict(zip(COLUMNS, pairs, strict=True)), po_numbers or "")


def span(conditions: Iterable[Condition], blocks: Iterable[Block]) -> tuple[int, int]:
    """The ids between which all answers are; the first is greater than the last if there can be none."""
    tests = [test for condition in conditions if (test := _test(condition)) is not None]
    possible = [block for block in blocks if all(test(block) for test in tests)]
    return (possible[0].first, possible[-1].last) if possible else (1, 0)


def _test(condition: Condition) -> _Test | None:
    """True of a block that may hold an order which passes the condition."""
    name, operator, operand = condition.element.name, condition.operator, condition.operand
    if name == "po-number" and operator in _TEXT:
        return lambda block: operand in block.po_numbers
    if name not in COLUMNS or operator not in _WITHIN:
        return None
    within = _WITHIN[operator]

    def test(block: Block) -> bool:
        least, most = block.bounds[name]
        return least is not None and within(least, most, operand)

    return test


_WITHIN: dict[str, Callable[[Any, Any, Any], bool]] = {
    "": lambda least, most, operand: least <= operand <= most,
    "gt": lambda _, most, operand: most > operand,
    "gt_or_eq": lambda _, most, operand: most >= operand,
    "lt": lambda least, _, operand: least < operand,
    "lt_or_eq": lambda least, _, operand: least <= operand,
    "in": lambda least, most, operands: any(least <= operand <= most for operand in operands),
}
