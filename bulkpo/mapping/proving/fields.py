"""The fields of a mapping, each with how the cells that fill it are proved."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from bulkpo.mapping.language.spec import ImportMapping, Slot
from bulkpo.mapping.proving.calculated import CalculatedColumn, calculated_column
from bulkpo.mapping.proving.columns import (
    PLAIN_STEPS,
    FieldColumn,
    NumberColumn,
    OtherColumn,
    TextColumn,
    field_column,
    has_only,
)
from bulkpo.mapping.proving.conditions import AskedColumns, ProvedTest, proved_tests
from bulkpo.mapping.rows.apply import FieldColumns
from bulkpo.mapping.rows.calculate import Calculator
from bulkpo.mapping.rows.convert import TargetConverter

RULED = ("order-lines/type", "transmission-method-override")
"""The elements whose values rules between elements ask for; of all others they ask whether there is one."""
CURRENCY_PATHS = ("currency/code", "order-lines/currency/code")
_COUNTED = ("order-lines/price", "order-lines/quantity")


class ProvedField(NamedTuple):
    """A field, its slot, the place of its column in the table, how its cells are proved, and in which rows they count.

    `converter` is what reads those that are not proved.
    """

    level: int
    position: int
    slot: Slot
    column: int
    way: FieldColumn | CalculatedColumn
    when: Sequence[ProvedTest]
    converter: TargetConverter


def proved_fields(
    mapping: ImportMapping, converters: FieldColumns, columns: AskedColumns
) -> Sequence[ProvedField] | None:
    """How all fields that columns fill are proved; None where one of them is not."""
    fields = []
    for number, level in enumerate(mapping.levels):
        for position, slot in enumerate(level.variants[0]):
            if slot.targets:
                found = _field(mapping, (number, position, slot), converters[number][position], columns)
                if found is None:
                    return None
                fields.append(found)
    return fields if _are_usual(mapping, fields) else None


def _field(
    mapping: ImportMapping,
    at: tuple[int, int, Slot],
    readers: Sequence[TargetConverter | Calculator],
    columns: AskedColumns,
) -> ProvedField | None:
    level, position, slot = at
    reader = readers[0]
    place, when = columns.places[reader.target.column], proved_tests(reader.target.when, columns)
    if len(readers) > 1 or place is None or when is None:
        return None
    if isinstance(reader, Calculator):
        calculated = calculated_column(slot, reader, mapping, columns.places) if level else None
        return None if calculated is None else ProvedField(*at, place, calculated, when, reader.own)
    other, target = OtherColumn(reader, columns.text), replace(reader.target, when=())
    way = field_column(slot, target, mapping, other, is_judged=slot.path in (*RULED, *CURRENCY_PATHS))
    return None if way is None else ProvedField(level, position, slot, place, way, when, reader)


def _are_usual(mapping: ImportMapping, fields: Sequence[ProvedField]) -> bool:
    """Whether the key and the numbers of lines are sent as they stand, and prices and quantities are numbers."""
    counted = (each.way for each in fields if each.slot.path in _COUNTED)
    if not all(isinstance(way, NumberColumn | CalculatedColumn) for way in counted):
        return False
    own = [next((each for each in fields if each.slot.path == path), None) for path in _identifying(mapping)]
    if any(each is None or not has_only(each.slot.targets[0], PLAIN_STEPS) for each in own):
        return False  # lines without numbers can be alike, which is not proved
    return own[0] is not None and isinstance(own[0].way, TextColumn)


def _identifying(mapping: ImportMapping) -> tuple[str, str | None]:
    """The paths of the key and of the number of a line."""
    return str(mapping.key), mapping.kind.line_number
