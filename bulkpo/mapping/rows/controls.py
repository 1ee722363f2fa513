"""The file's own figures, held against what the mapping makes of its rows and orders."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from operator import sub

from bulkpo.mapping.language.figures import Control
from bulkpo.mapping.language.spec import ImportMapping, Rule, Slot, Target
from bulkpo.mapping.rows.conditions import ColumnsByTitle
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.rows.doubts import Witness
from bulkpo.mapping.rows.group import stretches_of
from bulkpo.mapping.rows.order_figures import OrderFigures, RowFigures, StatedFigure, agreed
from bulkpo.mapping.rows.records import Records
from bulkpo.mapping.values.arithmetic import CALCULATED_DIGITS, exactly
from bulkpo.mapping.values.cells import number_text
from bulkpo.mapping.values.unreadable import Trouble
from bulkpo.model.document import Value
from bulkpo.schema.tables import Element

LINE = "line_amount"
_NUMBER = Element("", "decimal")


def order_controls(mapping: ImportMapping) -> list[Control]:
    """The controls of whole orders."""
    return [control for control in mapping.controls if control.equals != LINE]


class Controls:
    """Reads the figures one mapping's rows state, and holds those of lines against what they come to."""

    def __init__(self, mapping: ImportMapping, witnesses: Mapping[str, Witness]) -> None:
        self._controls = mapping.controls
        self._readers = [self._reader(control, mapping, witnesses) for control in mapping.controls]

    def _reader(self, control: Control, mapping: ImportMapping, witnesses: Mapping[str, Witness]) -> TargetConverter:
        target = Target(control.column, mapping.columns[control.column], part=control.part)
        return TargetConverter(target, Slot("", _NUMBER, Rule()), mapping, witnesses.get(control.column))

    def read(self, columns: ColumnsByTitle) -> tuple[list[list[Value]], list[tuple[str, Trouble]]]:
        """What the rows state for each control, and the cells that cannot be read."""
        stated, told = [], []
        for control, reader in zip(self._controls, self._readers, strict=True):
            values, troubles = reader.titled(columns)
            for place, value in (
                enumerate(values) if max(map(len, filter(None, values)), default=0) > CALCULATED_DIGITS else ()
            ):
                if value is not None and len(value) > CALCULATED_DIGITS:
                    message = f"a number to calculate with has at most {CALCULATED_DIGITS} digits; correct it"
                    troubles.append((control.column, Trouble(place, "too-large", message)))
                    values[place] = None
            stated.append(values)
            told += troubles
        return stated, told

    def differing(
        self, stated: Sequence[Sequence[Value]], figures: Mapping[str, RowFigures], bad: frozenset[int] | set[int]
    ) -> Iterator[tuple[str, Trouble]]:
        """The cells that state another amount than their line comes to."""
        for control, values in zip(self._controls, stated, strict=True):
            if control.equals != LINE:
                continue
            mine = figures[control.of]
            places = [place for place, value in enumerate(values) if value is not None and mine.lines[place]]
            with exactly():
                numbers = [Decimal(values[place] or 0) for place in places]
                amounts = [mine.amounts[place] for place in places]
                rests = list(map(sub, numbers, amounts))
                if max(map(abs, rests), default=0) <= control.within:
                    continue
                for place, number, rest in zip(places, numbers, rests, strict=True):
                    if rest and abs(rest) > control.within and place not in bad:
                        says = f"the line comes to {number_text(mine.amounts[place])}, but the cell says"
                        yield control.column, _trouble(control, place, f"{says} {number_text(number)}")

    def of_orders(
        self, records: Records, stated: Sequence[Sequence[Value]], figures: Mapping[str, RowFigures], bad: set[int]
    ) -> list[OrderFigures]:
        """What the orders' rows come to and state, a stretch of rows of one order at a time."""
        said = [values for control, values in zip(self._controls, stated, strict=True) if control.equals != LINE]
        if not said:
            return []
        wanted = {control.of for control in self._controls if control.equals != LINE}
        figures = {of: each for of, each in figures.items() if of in wanted}
        found = []
        with exactly():
            for start, end in stretches_of(records.keys):
                key = records.keys[start]
                if key is not None:
                    found.append(
                        OrderFigures(
                            key,
                            {of: sum(each.amounts[start:end], Decimal(0)) for of, each in figures.items()},
                            {of: sum(each.lines[start:end]) for of, each in figures.items()},
                            tuple(_stated(values, records.rows, range(start, end)) for values in said),
                            bool(bad) and not bad.isdisjoint(range(start, end)),
                        )
                    )
        return found


def _stated(values: Sequence[Value], rows: Sequence[int], span: range) -> StatedFigure | None:
    first: StatedFigure | None = None
    said = values[span.start]
    if said is not None and values[span.start : span.stop].count(said) == len(span):
        return StatedFigure(Decimal(said), rows[span.start])
    for place in span:
        value = values[place]
        if value is not None and (first is None or value != values[place - 1]):
            first = agreed(first, StatedFigure(Decimal(value), rows[place]))
    return first


def _trouble(control: Control, place: int, message: str) -> Trouble:
    if control.is_told_only:
        return Trouble(place, "control-differs", f"{message}; told only, as the mapping says", kept="0")
    return Trouble(
        place, "control-differs", f"{message}; correct one of the two, or say within: how far they may differ"
    )
