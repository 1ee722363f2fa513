"""The arithmetic of a column's block: `divide_by: Per`, `round: {digits: 6, how: half_up}`, or several `steps`."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from bulkpo.mapping.language.blocks import Block, ReportProblem
from bulkpo.mapping.language.operands import OperandData, parse_operand
from bulkpo.mapping.language.spec import Slot, Target
from bulkpo.mapping.values.arithmetic import CALCULATED_DIGITS, Operation, Rounding
from bulkpo.schema.rules import NUMBERS
from bulkpo.yamldoc import Keys

ORDER = ("multiply_by", "divide_by", "add", "subtract", "negate", "round")
"""The order of steps that stand beside each other in a block, however they are written there."""


def parse_steps(data: Mapping[str, Any], block: Block, keys: Keys, report: ReportProblem) -> tuple[Operation, ...]:
    """The steps of a column's block, in the order they are taken."""
    beside = [name for name in ORDER if name in data]
    listed = data.get("steps")
    if listed is None:
        return tuple(_steps([({name: data[name]}, (*keys, name)) for name in beside], block, report))
    if beside:
        report((*keys, beside[0]), f"steps says what is calculated; put {beside[0]} there", on_key=True)
    return tuple(_steps([(each, (*keys, "steps", number)) for number, each in enumerate(listed)], block, report))


def steps_problem(slot: Slot, target: Target) -> str:
    """What is wrong with the arithmetic of a target, seen with the element it fills; empty where nothing is."""
    if not target.steps:
        return ""
    named = f"{target.column}, to {slot.path}"
    if slot.element.type not in NUMBERS:
        return f"{named}: only numbers are calculated, and this is a {slot.element.type}; remove the arithmetic"
    for name in ("value", "join", "shorten"):
        if getattr(target, name):
            return f"{named}: {name} and arithmetic do not go together; remove one of the two"
    last = target.steps[-1].rounding
    scale = 0 if slot.element.type == "integer" else slot.element.scale
    if last is not None and scale is not None and last.digits > scale:
        return f"{named}: at most {scale} decimals fit, so round to {scale} digits"
    return ""


def _steps(entries: list[tuple[Mapping[str, Any], Keys]], block: Block, report: ReportProblem) -> Iterator[Operation]:
    for entry, keys in entries:
        for kind, data in entry.items():
            if kind == "round":
                yield Operation(kind, rounding=Rounding(data["digits"], data.get("how", "half_up")))
            elif kind != "negate":
                yield Operation(kind, parse_operand(data, block))
                _check_operand(kind, data, keys, report)
            elif data:
                yield Operation(kind)


def _check_operand(kind: str, data: OperandData, keys: Keys, report: ReportProblem) -> None:
    numbers = [data.get(name) for name in ("empty", "zero")] if isinstance(data, Mapping) else [data]
    for number in numbers:
        if isinstance(number, int | Decimal) and kind == "divide_by" and number == 0:
            report(keys, "nothing can be divided by 0; write another number")
        if isinstance(number, int | Decimal) and len(str(number)) > CALCULATED_DIGITS:
            report(keys, f"a number to calculate with has at most {CALCULATED_DIGITS} digits")
