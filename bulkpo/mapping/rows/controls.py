"""The file's own figures, held against what the mapping makes of its rows and orders."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import sub

from bulkpo.mapping.language.figures import Control
from bulkpo.mapping.language.spec import ImportMapping, Rule, Slot, Target
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.rows.doubts import Witness
from bulkpo.mapping.rows.group import stretches_of
from bulkpo.mapping.rows.order_columns import OrderColumns
from bulkpo.mapping.rows.order_figures import RowFigures
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.values.arithmetic import CALCULATED_DIGITS, decimals, exactly, longest
from bulkpo.mapping.values.cells import number_text
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value
from bulkpo.schema.tables import Element

LINE = "line_amount"
_NUMBER = Element("", "decimal")


def order_controls(mapping: ImportMapping) -> list[Control]:
    """The controls of whole orders."""
    return [control for control in mapping.controls if control.equals != LINE]


@dataclass(slots=True)
class StatedColumn:
    """What reads the figures of one control, and how many it has read."""

    reader: TargetConverter
    count: int = 0

    def passed(self, count: int) -> None:
        """Take note of so many figures that were read elsewhere."""
        self.reader.passed(count)
        self.count += count


class Controls:
    """Reads the figures one mapping's rows state, and holds those of lines against what they come to."""

    def __init__(self, mapping: ImportMapping, witnesses: Mapping[str, Witness]) -> None:
        self._controls = mapping.controls
        self.columns = [StatedColumn(self._reader(control, mapping, witnesses)) for control in mapping.controls]

    def _reader(self, control: Control, mapping: ImportMapping, witnesses: Mapping[str, Witness]) -> TargetConverter:
        target = Target(control.column, mapping.columns[control.column], part=control.part)
        return TargetConverter(target, Slot("", _NUMBER, Rule()), mapping, witnesses.get(control.column))

    def read(self, columns: ColumnsByTitle) -> tuple[list[list[Decimal | None]], list[tuple[str, Trouble]]]:
        """What the rows state for each control, and the cells that cannot be read."""
        stated: list[list[Decimal | None]] = []
        told: list[tuple[str, Trouble]] = []
        for control, column in zip(self._controls, self.columns, strict=True):
            numbers = column.reader.numbers(columns)
            if numbers is not None:
                column.passed(len(numbers))
                stated.append([*numbers])
                continue
            values, troubles = column.reader.titled(columns)
            for place, value in enumerate(values) if longest(values) > CALCULATED_DIGITS else ():
                if value is not None and len(value) > CALCULATED_DIGITS:
                    message = f"a number to calculate with has at most {CALCULATED_DIGITS} digits; correct it"
                    troubles.append((control.column, Trouble(place, "too-large", message)))
                    values[place] = None
            stated.append(_numbers(values))
            column.count += len(values) - values.count(None)
            told += troubles
        return stated, told

    def differing(
        self,
        stated: Sequence[Sequence[Decimal | None]],
        figures: Mapping[str, RowFigures],
        bad: frozenset[int] | set[int],
    ) -> Iterator[tuple[str, Trouble]]:
        """The cells that state another amount than their line comes to."""
        for control, values in zip(self._controls, stated, strict=True):
            if control.equals != LINE:
                continue
            mine = figures[control.of]
            places: Sequence[int] = range(len(values))
            said, amounts = values, mine.amounts
            if not all(values) or 0 in mine.lines:
                places = [place for place, value in enumerate(values) if value is not None and mine.lines[place]]
                said, amounts = [values[place] for place in places], [mine.amounts[place] for place in places]
            with exactly():
                rests = list(map(sub, said, amounts))
                if not any(rests) or (max(rests) <= control.within and -min(rests) <= control.within):
                    continue
                for place, amount, rest in zip(places, amounts, rests, strict=True):
                    if abs(rest) > control.within and place not in bad:
                        says = f"the line comes to {number_text(amount)}, but the cell says"
                        yield control.column, _trouble(control, place, f"{says} {number_text(amount + rest)}")

    def of_orders(
        self,
        records: Records,
        stated: Sequence[Sequence[Decimal | None]],
        figures: Mapping[str, RowFigures],
        bad: set[int],
    ) -> OrderColumns | None:
        """What the orders' rows come to and state; None where nothing is stated of orders."""
        said = [pair for pair in zip(self._controls, stated, strict=True) if pair[0].equals != LINE]
        if not said:
            return None
        wanted = {control.of for control, _ in said}
        return OrderColumns(
            records.rows,
            records.keys,
            list(stretches_of(records.keys)),
            {of: each for of, each in figures.items() if of in wanted},
            said,
            bad,
        )


def _numbers(values: Sequence[Value]) -> list[Decimal | None]:
    if None not in values:
        return [*decimals(values)]  # type: ignore[arg-type]  # no None here
    given = iter(decimals([value for value in values if value is not None]))
    return [None if value is None else next(given) for value in values]


def _trouble(control: Control, place: int, message: str) -> Trouble:
    if control.is_told_only:
        return Trouble(place, "control-differs", f"{message}; told only, as the mapping says", kept="0")
    return Trouble(
        place, "control-differs", f"{message}; correct one of the two, or say within: how far they may differ"
    )
