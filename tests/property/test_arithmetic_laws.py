"""The laws of arithmetic: what a mapping calculates is what fractions give, and rounding is that of the true result."""

from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import example, given
from hypothesis import strategies as st

from bulkpo.mapping.values.arithmetic import Operand, Operation, Rounding, calculate

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15)
KINDS = st.sampled_from(["multiply_by", "divide_by", "add", "subtract", "negate", "round"])
HOWS = st.sampled_from(["half_up", "half_even", "down", "up"])


@st.composite
def steps(draw: st.DrawFn) -> list[Operation]:
    made = []
    for kind in draw(st.lists(KINDS, min_size=1, max_size=6)):
        if kind == "round":
            made.append(Operation(kind, rounding=Rounding(draw(st.integers(0, 8)), draw(HOWS))))
        elif kind == "negate":
            made.append(Operation(kind))
        else:
            made.append(Operation(kind, Operand(draw(NUMBERS.filter(bool)))))
    return made


def rounded(number: Fraction, rounding: Rounding) -> Fraction:
    """By the definitions: the two neighbours, and which of them."""
    unit = Fraction(1, 10**rounding.digits)
    low = abs(number) // unit
    rest = abs(number) / unit - low
    match rounding.how:
        case "half_up":
            up = rest >= Fraction(1, 2)
        case "half_even":
            up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and floor(low) % 2 == 1)
        case "down":
            up = False
        case _:
            up = rest > 0
    return (low + up) * unit * (-1 if number < 0 else 1)


def one_by_one(number: Decimal, taken: list[Operation]) -> Fraction:
    result = Fraction(number)
    for step in taken:
        if step.rounding is not None:
            result = rounded(result, step.rounding)
        elif step.operand is None:
            result = -result
        else:
            operand = Fraction(step.operand.constant or 0)
            match step.kind:
                case "multiply_by":
                    result *= operand
                case "divide_by":
                    result /= operand
                case "add":
                    result += operand
                case _:
                    result -= operand
    return result


@given(st.lists(NUMBERS, min_size=1, max_size=5), steps())
@example(
    [Decimal("0.5")],
    [Operation("divide_by", Operand(Decimal(100))), Operation("round", rounding=Rounding(2, "half_even"))],
)
@example([Decimal(10)], [Operation("divide_by", Operand(Decimal(3))), Operation("multiply_by", Operand(Decimal(3)))])
def test_results_are_those_of_fractions_and_only_endless_ones_are_not_exact(
    numbers: list[Decimal], taken: list[Operation]
) -> None:
    found = calculate(taken, numbers, [])
    for place, number in enumerate(numbers):
        exact = one_by_one(number, taken)
        if place in found.endless:
            denominator = exact.denominator
            for prime in (2, 5):
                while denominator % prime == 0:
                    denominator //= prime
            assert denominator > 1
        else:
            assert Fraction(found.numbers[place]) == exact


@given(st.lists(NUMBERS, min_size=2, max_size=6), steps(), NUMBERS.filter(bool))
def test_a_column_as_operand_gives_what_its_numbers_give_as_constants(
    numbers: list[Decimal], taken: list[Operation], divisor: Decimal
) -> None:
    by_column = calculate([Operation("divide_by", Operand(column="Per")), *taken], numbers, [[divisor] * len(numbers)])
    assert by_column == calculate([Operation("divide_by", Operand(divisor)), *taken], numbers, [])
