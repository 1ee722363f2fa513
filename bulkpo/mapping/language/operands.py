"""What a mapping calculates with: constants, and columns of the row."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bulkpo.mapping.language.blocks import Block
from bulkpo.mapping.values.arithmetic import Operand

OperandData = str | int | Decimal | Mapping[str, Any]


def parse_operand(data: OperandData, block: Block) -> Operand:
    """A number as a constant, text as a heading, or a block that also says what an empty cell or a zero stands for."""
    if isinstance(data, str):
        return Operand(column=block.title(data))
    if isinstance(data, Mapping):
        empty, zero = (None if data.get(name) is None else Decimal(data[name]) for name in ("empty", "zero"))
        return Operand(column=block.title(data["column"]), empty=empty, zero=zero)
    return Operand(Decimal(data))
