"""Figures of a mapping beside its elements: what is still open of lines, and the controls they are held against."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bulkpo.mapping.language.blocks import Block, ReportProblem
from bulkpo.mapping.language.conditions import NeedsColumn
from bulkpo.mapping.language.operands import parse_operand
from bulkpo.mapping.values.arithmetic import Operand

BASES = {"not_received": "received", "not_invoiced": "invoiced"}
"""The bases of an open balance, each with the column that says what is done."""

BALANCED = ("order-lines/quantity", "order-lines/price")
"""The elements of which a balance can be open: of quantity lines, and of amount lines."""


_FIGURE = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,20})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is open of lines: what a column says is ordered, less what another says is done.

    `over` says what lines are of which more is done than ordered (`finished`), `not_positive` what becomes of lines of
    which nothing is ordered (`skip`, `send`), `returned` what a number below zero of done ones means (`add`, `ignore`);
    where nothing is said, such lines are errors.
    """

    ordered: str
    done: Operand
    basis: str
    over: str = ""
    not_positive: str = ""
    returned: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A column that says what a line or an order comes to: `line_amount`, `order_amount` or `line_count`.

    `of` is what is counted where the mapping has a balance: `ordered` or `open`. `is_told_only` where a difference is a
    notice.
    """

    column: str
    equals: str
    within: Decimal = Decimal(0)
    of: str = "open"
    is_told_only: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a whole file must come to; None where nothing is said. Amounts are by currency."""

    orders: int | None = None
    lines: int | None = None
    amount: Mapping[str, Decimal] = field(default_factory=dict)

    def with_more(self, other: "Expected") -> "Expected":
        """What is expected here, and what another says instead."""
        return Expected(
            self.orders if other.orders is None else other.orders,
            self.lines if other.lines is None else other.lines,
            {**self.amount, **other.amount},
        )


@dataclass(frozen=True, slots=True)
class TotalsFigures:
    """Which columns of totals rows that are left out are held against what the rows above come to.

    Where no column of `amounts` is named, those of the controls are, or that of the price. `is_told_only` where a
    difference is a notice.
    """

    amounts: tuple[str, ...] = ()
    quantity: str = ""
    within: Decimal = Decimal(0)
    is_told_only: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that are named."""
        return (*self.amounts, self.quantity) if self.quantity else self.amounts


class FiguresParser:
    """Parses what blocks say of figures, and notes the columns it needs."""

    def __init__(self, report: ReportProblem, needs: NeedsColumn) -> None:
        self._report = report
        self._needs = needs

    def balances(self, block: Block) -> Iterator[Balance]:
        """The open balances of a block."""
        data = block.data.get("open", ())
        listed = data if isinstance(data, list) else [data] if data else []
        for number, each in enumerate(listed):
            keys = (*block.keys, "open", number) if isinstance(data, list) else (*block.keys, "open")
            done = BASES[each["basis"]]
            if done not in each:
                self._report((*keys, "basis"), f"{each['basis']} needs the column that says what is {done}; add {done}")
                continue
            ordered = block.title(each["ordered"])
            self._needs(ordered, (*keys, "ordered"))
            for name in BASES.values():
                if name in each:
                    self._needs(parse_operand(each[name], block).column, (*keys, name))
            policies = {name: each.get(name, "") for name in ("over", "not_positive", "returned")}
            yield Balance(ordered, parse_operand(each[done], block), each["basis"], **policies, part=block.part)

    def controls(self, block: Block, *, has_balance: bool) -> Iterator[Control]:
        """The controls of a block."""
        for number, data in enumerate(block.data.get("controls", ())):
            keys = (*block.keys, "controls", number)
            if has_balance and "of" not in data:
                message = "the mapping has a balance; say what the column counts: of: ordered, or of: open"
                self._report(keys, message)
            if not has_balance and data.get("of") == "ordered":
                self._report(
                    (*keys, "of"), "the mapping has no balance (open:), so all that is ordered is sent; remove it"
                )
            column = block.title(data["column"])
            self._needs(column, (*keys, "column"))
            yield Control(
                column,
                data["equals"],
                Decimal(data.get("within", 0)),
                data.get("of", "open"),
                data.get("differs") == "notice",
                block.part,
            )


def parse_totals_rows(data: object, blocks: Sequence[Block]) -> tuple[str | None, TotalsFigures | None]:
    """What becomes of totals rows, and how the figures of those left out are held; None where they are not."""
    said: Mapping[str, Any] = data if isinstance(data, dict) else {"do": data}
    if said["do"] != "skip" or said.get("differs") == "ignore":
        return said["do"], None
    amounts = said.get("amount", [])
    listed = [amounts] if isinstance(amounts, str) else amounts
    amounts, (quantity, *_) = ([_title(name, blocks) for name in each] for each in (listed, [said.get("quantity", "")]))
    return "skip", TotalsFigures(
        tuple(amounts), quantity, Decimal(said.get("within", 0)), said.get("differs") == "notice"
    )


def _title(name: str, blocks: Sequence[Block]) -> str:
    """A column's title; where there are several blocks, it names its own, as `lines/Amount`."""
    return blocks[0].title(name) if name and len(blocks) == 1 else " ".join(name.split())


def parse_expected(data: Mapping[str, Any]) -> Expected:
    """What a mapping expects of a whole file."""
    amount = {str(currency): Decimal(figure) for currency, figure in data.get("amount", {}).items()}
    return Expected(data.get("orders"), data.get("lines"), amount)


def expected_from(said: Mapping[str, str]) -> Expected:
    """What a person expects of a file, as `orders`, `lines` and `amount.USD`; raises ValueError."""
    orders: int | None = None
    lines: int | None = None
    amount = {}
    for name, text in said.items():
        if not _FIGURE.fullmatch(text):
            raise ValueError(f"{name}={text} is no figure; write it like orders=579 or amount.USD=63946325.54")
        kind, _, currency = name.partition(".")
        if kind == "amount" and currency:
            amount[currency] = Decimal(text)
        elif name == "orders" and text.isdecimal():
            orders = int(text)
        elif name == "lines" and text.isdecimal():
            lines = int(text)
        else:
            raise ValueError(
                f"{name}={text} is nothing to expect; write orders=579, lines=2724 or amount.USD=63946325.54"
            )
    return Expected(orders, lines, amount)


def balance_problem(balance: Balance, targets: Mapping[str, Sequence[tuple[str, bool]]]) -> str:
    """What is wrong with a balance; `targets` has, by column, the elements it fills and whether that is calculated."""
    filled = [(path, is_calculated) for path, is_calculated in targets.get(balance.ordered, ()) if _is_balanced(path)]
    if not filled:
        return f"{balance.ordered} fills neither {' nor '.join(BALANCED)}; of what else is a balance open?"
    if any(is_calculated for _, is_calculated in filled):
        return f"{balance.ordered} is calculated with; a balance is that of the cells, so remove the arithmetic"
    return ""


def _is_balanced(path: str) -> bool:
    return plain_path(path) in BALANCED


def plain_path(path: str) -> str:
    """A path without the number of a member of a wide row: `order-lines[2]/price` is `order-lines/price`."""
    return "/".join(step.partition("[")[0] for step in path.split("/"))
