"""Arithmetic as a mapping declares it: exact, a step at a time, for whole columns of numbers.

A number is kept as a fraction of two exact decimals until its last step, so that nothing is lost on the way: 10 divided
by 3 and then multiplied by 3 is 10. Only where a mapping says `round` is anything rounded, and then the true result is.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import (
    ROUND_05UP,
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    localcontext,
)
from itertools import compress, repeat
from operator import add, mul, ne, neg, sub, truediv

ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}
"""Ways of rounding: halves away from zero, halves to the even digit, towards zero, away from zero."""

CALCULATED_DIGITS = 40
"""The digits a result may have after its decimal point, and a number that is calculated with before it."""

_EXACT = Context(prec=2_000, traps=[Inexact, InvalidOperation, Overflow, DivisionByZero])
_DIVIDE = Context(prec=400, rounding=ROUND_05UP, traps=[InvalidOperation, Overflow, DivisionByZero])
"""ROUND_05UP leaves no last digit of 0 or 5 where digits are lost, so that rounding the result again is right."""

_INVERT = Context(prec=CALCULATED_DIGITS, traps=[InvalidOperation, Overflow, DivisionByZero])
_ALIKE = 3
"""From so many numbers a different one on it pays to treat those that are alike together."""
_SAMPLE = 64
"""So many numbers tell whether those of a column are alike."""


def exactly() -> AbstractContextManager[Context]:
    """Calculations within are exact; what would lose a digit raises decimal.Inexact."""
    return localcontext(_EXACT)


@dataclass(frozen=True, slots=True)
class Operand:
    """What to calculate with: a constant, or a column with what an empty cell and a zero of it stand for, if said."""

    constant: Decimal | None = None
    column: str = ""
    empty: Decimal | None = None
    zero: Decimal | None = None

    def __str__(self) -> str:
        return self.column or format(self.constant or Decimal(0), "f")


@dataclass(frozen=True, slots=True)
class Rounding:
    """To how many digits after the decimal point, and how (see ROUNDINGS)."""

    digits: int
    how: str = "half_up"

    def __str__(self) -> str:
        return f"round: {{digits: {self.digits}, how: {self.how}}}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One step: `multiply_by`, `divide_by`, `add` or `subtract` with an operand, `negate`, or `round`."""

    kind: str
    operand: Operand | None = None
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What a column of numbers became.

    `endless` are the places of divisions that do not end, `rounded` those of results that rounding changed.
    """

    numbers: list[Decimal]
    endless: list[int] = field(default_factory=list)
    rounded: list[int] = field(default_factory=list)


def longest(texts: Sequence[str | None]) -> int:
    """The length of the longest of some texts."""
    return max(map(len, texts if all(texts) else filter(None, texts)), default=0)  # type: ignore[arg-type]  # no None


def decimals(texts: Sequence[str]) -> list[Decimal]:
    """The numbers of a column that may hold few different ones; alike texts near each other give one object."""
    if not _are_alike(texts):
        return list(map(Decimal, texts))
    known = {text: Decimal(text) for text in set(texts)}
    return list(map(known.__getitem__, texts))


def calculate(steps: Sequence[Operation], numbers: Sequence[Decimal], operands: Iterable[Sequence[Decimal]]) -> Results:
    """The results of some steps on a column of numbers; `operands` has a column for each operand that is one.

    No number has more than CALCULATED_DIGITS digits before or after its decimal point, and none is divided by zero.
    """
    state = _State(list(numbers))
    columns = iter(operands)
    for step in steps:
        if step.rounding is not None:
            state.round(step.rounding)
        elif step.operand is None:
            state.negate()
        else:
            constant = step.operand.constant
            state.step(step.kind, next(columns) if constant is None else repeat(constant, len(numbers)))
    return state.results()


class _State:
    """A column of fractions on its way through the steps: `tops` over `bottoms`, which are None where all are 1."""

    def __init__(self, numbers: list[Decimal]) -> None:
        self.tops = numbers
        self._bottoms: list[Decimal] | None = None
        self._rounded: set[int] = set()

    def step(self, kind: str, operand: Iterable[Decimal]) -> None:
        """Multiply, divide, add or subtract."""
        with exactly():
            if kind == "multiply_by":
                self.tops = list(map(mul, self.tops, operand))
            elif kind == "divide_by":
                self._bottoms = list(operand) if self._bottoms is None else list(map(mul, self._bottoms, operand))
            else:
                parts = operand if self._bottoms is None else map(mul, operand, self._bottoms)
                self.tops = list(map(add if kind == "add" else sub, self.tops, parts))

    def negate(self) -> None:
        """Turn the signs."""
        with exactly():
            self.tops = list(map(neg, self.tops))

    def round(self, rounding: Rounding) -> None:
        """Round the true results so far."""
        exact, _ = self._quotients()
        unit, how = Decimal(1).scaleb(-rounding.digits), ROUNDINGS[rounding.how]
        with exactly() as context:
            context.traps[Inexact] = False
            context.clear_flags()
            self.tops = [number.quantize(unit, how) for number in exact]
            if context.flags[Inexact]:
                self._rounded.update(compress(range(len(exact)), map(ne, exact, self.tops)))
        self._bottoms = None

    def results(self) -> Results:
        """The numbers, with those that do not end."""
        numbers, endless = self._quotients()
        return Results(numbers, endless, sorted(self._rounded))

    def _quotients(self) -> tuple[list[Decimal], list[int]]:
        if self._bottoms is None:
            return self.tops, []
        if (inverses := _inverses(self._bottoms)) is not None:
            with exactly():
                return list(map(mul, self.tops, map(inverses.__getitem__, self._bottoms))), []
        with localcontext(_DIVIDE) as context:
            context.clear_flags()
            numbers = list(map(truediv, self.tops, self._bottoms))
            are_exact = not context.flags[Inexact]
        if are_exact:
            return numbers, []
        with exactly():
            parts = enumerate(zip(numbers, self._bottoms, self.tops, strict=True))
            return numbers, [place for place, (number, bottom, top) in parts if number * bottom != top]


def _are_alike(column: Sequence[str] | Sequence[Decimal]) -> bool:
    """Whether so many of a column's first numbers are alike that each is better treated once."""
    sample = column[:_SAMPLE]
    return _ALIKE * len(set(sample)) <= len(sample)


def _inverses(divisors: Sequence[Decimal]) -> dict[Decimal, Decimal] | None:
    """What to multiply by instead of dividing, where divisors are few and 1 over each of them ends soon, as with 100.

    That takes a fifth of the time, and the result is the same.
    """
    if not _are_alike(divisors):
        return None
    distinct = set(divisors)
    with localcontext(_INVERT) as context:
        context.clear_flags()
        inverses = {each: Decimal(format(1 / each, "f")) for each in distinct}
        return None if context.flags[Inexact] else inverses
