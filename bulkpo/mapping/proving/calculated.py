"""A column of calculated numbers proved over bytes: every number read, and every result a value of its element."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from bulkpo.mapping.language.spec import ImportMapping, Slot
from bulkpo.mapping.proving.cells import Cells
from bulkpo.mapping.proving.columns import (
    ANY_NUMBER,
    NumberColumn,
    Passed,
    ProvedColumn,
    is_within,
    number_column,
    number_form,
)
from bulkpo.mapping.proving.cut import Cut, Flags
from bulkpo.mapping.proving.fractions import Fractions, whole_number, with_fewest_decimals
from bulkpo.mapping.proving.number_form import MOST_BYTES, MOST_DECIMALS, MOST_DIGITS, NumberCells, NumberForm
from bulkpo.mapping.rows.calculate import Calculator
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.values.arithmetic import Operation


class _Step(NamedTuple):
    """A step, and what its operand is: the place of a column, how its cells are proved and who reads them else."""

    step: Operation
    constant: tuple[int, int] | None = None
    place: int = 0
    way: NumberColumn | None = None
    reader: TargetConverter | None = None
    empty: tuple[int, int] | None = None
    zero: tuple[int, int] | None = None


class CalculatedColumn:
    """Numbers that a mapping calculates with; the results are as `bulkpo.mapping.rows.calculate` has them."""

    limit: int | None = MOST_BYTES

    def __init__(
        self, own: NumberColumn, steps: Sequence[_Step], slot: Slot, form: NumberForm, calculator: Calculator
    ) -> None:
        """`form` is that of the element's numbers."""
        self._own = own
        self._steps = steps
        self._rule = slot.rule
        self._decimals = min(form.scale, MOST_DECIMALS)
        self._most = 10 ** min(form.digits + self._decimals, MOST_DIGITS)
        self._calculator = calculator

    def prove(self, cells: Cells, cut: Cut) -> ProvedColumn:
        """What is proved of the results."""
        own = self._own.prove(cells, cut)
        if own.numbers is None:
            return own
        fractions, proved = Fractions(own.numbers), own.proved
        passed = []
        for each in self._steps:
            operand = None
            if each.constant is not None:
                operand = _constant(each.constant, cut.height)
            elif each.way is not None and each.reader is not None:
                read = each.way.prove(Cells(cut, each.place, each.way.limit, cells.wanted), cut)
                proved = proved & read.proved
                passed.append(Passed(each.reader.passed, read.has_value))
                operand, is_given = _settled(each, read)
                proved = proved & (is_given | ~own.has_value)
            fractions.step(each.step, operand)
        whole = np.where(own.has_value, fractions.results(self._decimals), 0)
        results = NumberCells(*with_fewest_decimals(whole, self._decimals), proved)
        fits = fractions.fits & (np.abs(whole) < self._most) & is_within(results, self._rule)
        if fractions.rounded.any():
            rounded = fractions.rounded & own.has_value & proved & fits
            passed.append(Passed(self._calculator.passed_rounded, rounded))
            fits[np.flatnonzero(rounded)[:1]] = False  # the first of a file is shown
        return ProvedColumn(proved & (fits | ~own.has_value), own.has_value, numbers=results, passed=passed)


def calculated_column(
    slot: Slot, calculator: Calculator, mapping: ImportMapping, places: Mapping[str, int | None]
) -> CalculatedColumn | None:
    """How the results of a calculation are proved; None where they are not."""
    target = calculator.target
    own = number_column(ANY_NUMBER, replace(target, steps=(), when=()), mapping)
    readers = iter(calculator.readers)
    steps = []
    for step in target.steps:
        found = _step(
            step, next(readers) if step.operand is not None and step.operand.column else None, mapping, places
        )
        if found is None:
            return None
        steps.append(found)
    form = number_form(slot, None)
    is_plain = slot.rule.length is None and slot.rule.allowed is None and slot.rule.pattern is None
    if own is None or form is None or not is_plain:
        return None
    return CalculatedColumn(own, steps, slot, form, calculator)


def _step(
    step: Operation, reader: TargetConverter | None, mapping: ImportMapping, places: Mapping[str, int | None]
) -> _Step | None:
    operand = step.operand
    if operand is None:
        return _Step(step)
    if reader is None:
        constant = whole_number(operand.constant or Decimal(0))
        return None if constant is None else _Step(step, constant)
    place, way = places[operand.column], number_column(ANY_NUMBER, replace(reader.target, when=()), mapping)
    instead = [None if each is None else whole_number(each) for each in (operand.empty, operand.zero)]
    return None if place is None or way is None else _Step(step, None, place, way, reader, *instead)


def _settled(step: _Step, read: ProvedColumn) -> tuple[NumberCells, Flags]:
    """An operand's numbers with what its empty cells and zeros stand for, and where they stand for something."""
    numbers = read.numbers
    if numbers is None:
        raise TypeError("an operand is read as a number")
    is_given = read.has_value
    if step.empty is not None and not is_given.all():
        numbers = numbers.instead(~is_given, step.empty)
        is_given = np.ones_like(is_given)
    if step.step.kind == "divide_by":
        is_zero = (numbers.values == 0) & read.has_value
        if step.zero is not None:
            numbers = numbers.instead(is_zero, step.zero)
        else:
            is_given = is_given & ~is_zero
    return numbers, is_given


def _constant(constant: tuple[int, int], height: int) -> NumberCells:
    value, decimals = constant
    flags = np.ones(height, np.bool_)
    return NumberCells(np.full(height, value, np.int64), np.full(height, decimals, np.int64), flags)
