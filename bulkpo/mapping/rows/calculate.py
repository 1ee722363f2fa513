"""A column of cells becomes a column of calculated values, with the cells that cannot be calculated with.

The cells are read like those of any column of numbers, and so are those of each operand's column; what is wrong with an
operand is told of the operand's own cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import repeat

from bulkpo.mapping.language.spec import ImportMapping, Rule, Slot, Target, own_rules
from bulkpo.mapping.rows.clean import ExactNumbers
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.rows.doubts import Witness
from bulkpo.mapping.values.arithmetic import CALCULATED_DIGITS, Operand, calculate, decimals, longest
from bulkpo.mapping.values.cells import number_text, number_texts
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value
from bulkpo.model.finding import Finding, Severity
from bulkpo.schema.rules import checks_of, first_breach

Titled = tuple[str, Trouble]

_WORDS = {"multiply_by": "×", "divide_by": "÷", "add": "+", "subtract": "−"}  # noqa: RUF001 - signs of arithmetic
_UNDONE = {
    "multiply_by": "multiplied by it",
    "divide_by": "divided by it",
    "add": "added to it",
    "subtract": "lessened by it",
}


@dataclass(slots=True)
class _Rounded:
    """How many results rounding changed, and what became of the first."""

    count: int = 0
    first: str = ""


class Calculator:
    """Turns the cells of one column into calculated values of one element."""

    def __init__(self, target: Target, slot: Slot, mapping: ImportMapping, witnesses: Mapping[str, Witness]) -> None:
        self.target = target
        bare = replace(slot.element, type="decimal", precision=None, scale=None, values=())
        number = Slot(slot.path, bare, Rule())
        own = replace(target, steps=(), default=None)
        self._own = TargetConverter(own, number, mapping, witnesses.get(target.column))
        self.preparer = self._own.preparer
        self._operands = [
            (step.kind, step.operand, self._reader(step.operand, number, mapping, witnesses))
            for step in target.steps
            if step.operand is not None and step.operand.column
        ]
        self._is_whole = slot.element.type == "integer"
        self._scale = slot.element.scale
        self._checks = checks_of(slot.element, own_rules(slot.rule))
        self._exact = ExactNumbers(slot, own_rules(slot.rule))
        self._rounded = _Rounded()

    def _reader(
        self, operand: Operand, number: Slot, mapping: ImportMapping, witnesses: Mapping[str, Witness]
    ) -> TargetConverter:
        target = Target(operand.column, self.target.place, part=self.target.part, when=self.target.when)
        return TargetConverter(target, number, mapping, witnesses.get(operand.column))

    @property
    def own(self) -> TargetConverter:
        """What reads the numbers that are calculated with."""
        return self._own

    @property
    def readers(self) -> Sequence[TargetConverter]:
        """What reads the operands that are columns, in the order of the steps."""
        return [reader for _, _, reader in self._operands]

    def passed_rounded(self, count: int) -> None:
        """Take note of so many results that were rounded elsewhere, none of them the first."""
        self._rounded.count += count

    def titled(self, columns: ColumnsByTitle) -> tuple[list[Value], list[Titled]]:
        """The values of a whole column, None where nothing is to be sent, and the cells that are wrong."""
        plain = self._plain(columns)
        if plain is not None:
            sent, wrong = self._results(plain)
            return sent, [(self.target.column, trouble) for trouble in wrong]
        values, told = self._own.titled(columns)
        empty = self._empty(columns, values, told) if self.target.default is not None else []
        bad = {trouble.position for _, trouble in told if trouble.kept is None}
        read = [values]
        for kind, operand, reader in self._operands:
            others, troubles = reader.titled(columns)
            told += troubles
            bad |= {trouble.position for _, trouble in troubles if trouble.kept is None}
            if not all(others) or (kind == "divide_by" and _has_zero(others)):
                others = self._settled(values, list(others), (kind, operand), told, bad)
            read.append(others)
        told += self._too_long(read, bad)
        places = [place for place, value in enumerate(values) if value is not None and place not in bad]
        sent, wrong = self._results([decimals([each[place] or "" for place in places]) for each in read])
        told += [(self.target.column, trouble.at(places[trouble.position])) for trouble in wrong]
        results: list[Value] = [None] * len(values)
        for place, value in zip(places, sent, strict=True):
            results[place] = value
        for place in empty:
            results[place] = self.target.default
        return results, told

    def _plain(self, columns: ColumnsByTitle) -> list[list[Decimal]] | None:
        """The numbers of the column and of its operands', where all can be calculated with as they stand."""
        readers = [self._own, *(reader for _, _, reader in self._operands)]
        read: list[list[Decimal]] = []
        for kind, reader in zip(("", *(kind for kind, _, _ in self._operands)), readers, strict=True):
            numbers = reader.numbers(columns)
            if numbers is None or (kind == "divide_by" and not all(numbers)):
                return None
            read.append(numbers)
        for reader in readers:
            reader.passed(len(read[0]))
        return read

    def _empty(self, columns: ColumnsByTitle, values: Sequence[Value], told: Sequence[Titled]) -> list[int]:
        """The rows whose default is sent."""
        wanted = self._own.mask(columns) or repeat(True)  # noqa: FBT003 - every row
        troubled = {trouble.position for _, trouble in told}
        rows = enumerate(zip(values, wanted, strict=False))
        return [place for place, (value, is_wanted) in rows if is_wanted and value is None and place not in troubled]

    def _settled(
        self, values: Sequence[Value], others: list[Value], how: tuple[str, Operand], told: list[Titled], bad: set[int]
    ) -> list[Value]:
        """An operand's numbers with what its empty cells and zeros stand for; those that stand for nothing are told."""
        kind, operand = how
        for place, other in enumerate(others):
            if values[place] is None or place in bad:
                continue
            if other is None and operand.empty is not None:
                others[place] = format(operand.empty, "f")
            elif other is None:
                message = (
                    f"the cell is empty, and {self.target.column} is to be {_UNDONE[kind]}; fill it "
                    f"in, or say {kind}: {{column: {operand.column}, empty: …}}"
                )
                told.append((operand.column, Trouble(place, "operand-empty", message)))
                bad.add(place)
            elif kind == "divide_by" and not other.strip("-0."):
                if operand.zero is not None:
                    others[place] = format(operand.zero, "f")
                    continue
                message = (
                    f"nothing can be divided by 0; correct it, or say what it stands for: "
                    f"{kind}: {{column: {operand.column}, zero: …}}"
                )
                told.append((operand.column, Trouble(place, "division-by-zero", message)))
                bad.add(place)
        return others

    def _too_long(self, read: Sequence[Sequence[Value]], bad: set[int]) -> list[Titled]:
        """The numbers that are too long to be calculated with."""
        titles = (self.target.column, *(operand.column for _, operand, _ in self._operands))
        found = []
        for title, values in zip(titles, read, strict=True):
            if longest(values) > CALCULATED_DIGITS:
                for place, value in enumerate(values):
                    if value is not None and len(value) > CALCULATED_DIGITS and place not in bad:
                        message = f"a number to calculate with has at most {CALCULATED_DIGITS} digits; correct it"
                        found.append((title, Trouble(place, "too-large", message)))
                        bad.add(place)
        return found

    def _results(self, read: Sequence[Sequence[Decimal]]) -> tuple[list[Value], list[Trouble]]:
        """What is calculated from the numbers of some rows, None where that cannot be sent, and what is wrong."""
        numbers, *operands = read
        found = calculate(self.target.steps, numbers, operands)
        texts = number_texts(found.numbers)
        troubles: dict[int, Trouble] = {}
        for place in found.endless:
            shown = self._shown(numbers, operands, place)
            message = f"{shown} does not end; say to how many digits it is rounded: round: {{digits: {self._digits}}}"
            troubles[place] = Trouble(place, "endless-result", message)
        for place in range(len(texts)) if found.endless else self._exact.unproved(texts):
            trouble = None if place in troubles else self._breach(texts[place], numbers, operands, place)
            if trouble is not None:
                troubles[place] = trouble
        if found.rounded:
            self._note_rounded(found.rounded, texts, self._shown(numbers, operands, found.rounded[0]))
        sent: list[Value] = [*texts]
        for place in troubles:
            sent[place] = None
        return sent, list(troubles.values())

    @property
    def _digits(self) -> int:
        return 6 if self._scale is None else self._scale

    def _breach(
        self, text: str, numbers: Sequence[Decimal], operands: Sequence[Sequence[Decimal]], place: int
    ) -> Trouble | None:
        """What keeps a result from being a value of the element."""
        _, _, fraction = text.partition(".")
        if self._is_whole and fraction:
            message = f"{self._shown(numbers, operands, place)} is {text}, which is not a whole number; say round"
            return Trouble(place, "not-whole", message)
        breach = first_breach(text, self._checks)
        if breach is None:
            return None
        shown = self._shown(numbers, operands, place)
        if breach.code == "too-many-decimals":
            message = (
                f"{shown} is {text}, which has {len(fraction)} decimals, at most {self._digits} fit; say how it is "
                f"rounded: round: {{digits: {self._digits}, how: half_up}}"
            )
            return Trouble(place, breach.code, message)
        return Trouble(place, breach.code, f"{shown} is {text}: {breach.message}")

    def _shown(self, numbers: Sequence[Decimal], operands: Sequence[Sequence[Decimal]], place: int) -> str:
        """The calculation of one row as people write it: `(100 − 10) ÷ 3`."""  # noqa: RUF002
        shown, is_sum, columns = number_text(numbers[place]), False, iter(operands)
        for step in self.target.steps:
            if step.operand is not None:
                constant = step.operand.constant
                number = next(columns)[place] if constant is None else constant
                is_product = step.kind in ("multiply_by", "divide_by")
                shown = f"({shown})" if is_product and is_sum else shown
                shown, is_sum = f"{shown} {_WORDS[step.kind]} {number_text(number)}", not is_product
            elif step.rounding is None:
                shown, is_sum = f"−({shown})", False  # noqa: RUF001
        return shown

    def _note_rounded(self, places: Sequence[int], texts: Sequence[Value], first: str) -> None:
        self._rounded.first = self._rounded.first or f"{first}, sent as {texts[places[0]]}"
        self._rounded.count += len(places)

    def rounding_finding(self) -> Finding | None:
        """A notice of how many results were rounded, once the whole file has been read."""
        rounded, rounding = self._rounded, next((step.rounding for step in self.target.steps if step.rounding), None)
        if not rounded.count or rounding is None:
            return None
        many = f"{rounded.count:,} {'result' if rounded.count == 1 else 'results'}"
        message = f"{self.target.column}: {many} rounded ({rounding}), as the mapping says; the first: {rounded.first}"
        return Finding("results-rounded", message, severity=Severity.NOTICE)


def _has_zero(numbers: Sequence[Value]) -> bool:
    return any(not number.strip("-0.") for number in set(numbers) if number)
