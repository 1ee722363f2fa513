"""How tables are joined where their rows do not have the order's number."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableJoin:
    """How a table's rows know their orders: its `columns` hold what the columns `to` of the first table hold.

    Both are compared with zeros in front up to so many characters as `pads` says. With `skips`, rows that no order
    answers to are left out; else they are errors.
    """

    columns: tuple[str, ...]
    to: tuple[str, ...]
    pads: tuple[int, ...]
    skips: bool = False
