"""Whole orders proved sound over the bytes of a block of text: no cell of them becomes a text.

What a row or an order is asked here is what `bulkpo.mapping.rows` asks of it. A proof may fail where nothing is wrong,
never hold where something is; rows that are not proved are judged there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from bulkpo.mapping.language.spec import ImportMapping, Requirement
from bulkpo.mapping.proving.cells import LONGEST, Cells
from bulkpo.mapping.proving.columns import (
    NumberColumn,
    OtherColumn,
    ProvedColumn,
    ProvedField,
    TextColumn,
    field_column,
    has_only,
)
from bulkpo.mapping.proving.cut import Cut, Flags, Places, cut, keep_freed_memory
from bulkpo.mapping.proving.judged import TextForm
from bulkpo.mapping.proving.keys import words_of_keys
from bulkpo.mapping.proving.number_form import MOST_BYTES, MOST_DIGITS, NumberForm
from bulkpo.mapping.proving.numbers import read_numbers
from bulkpo.mapping.proving.orders import OrderRows
from bulkpo.mapping.proving.proof import Proof
from bulkpo.mapping.proving.row_kinds import RULED, RowKinds
from bulkpo.mapping.proving.worth import BlockWorth
from bulkpo.mapping.rows.apply import FieldColumns
from bulkpo.mapping.rows.convert import TargetConverter
from bulkpo.mapping.values.cells import FORBIDDEN
from bulkpo.mapping.values.total_words import may_say_total
from bulkpo.model.table import Cell, Chunk
from bulkpo.model.text import UNSEEN
from bulkpo.model.text_block import TextBlock

_ODD = re.compile(f"{FORBIDDEN.pattern}|{UNSEEN.pattern}|[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_GUARDED = re.compile(rb"'[=+\-@\t\r]")
_LONGEST_CELL = 131_072

_KNOWN_SETTINGS = {
    "file", "name", "resource", "source", "key", "layout", "levels", "columns", "ignored", "rest", "also", "optional",
    "instance", "bases", "rules", "marks", "own_marks", "crosswalks", "settings", "silent", "as_named", "after_create",
    "keys_are_exact", "number_lines", "expected",
}  # fmt: skip
"""What a mapping may say and still have blocks proved; of anything else it must say nothing."""
_CURRENCIES = ("currency/code", "order-lines/currency/code")
_LINE_NUMBER = NumberForm(0, 0, MOST_DIGITS, 0)
_COUNTED = ("order-lines/price", "order-lines/quantity")


def block_prover(
    mapping: ImportMapping,
    converters: FieldColumns,
    places: Mapping[str, int | None],
    text: TextForm,
) -> "BlockProver | None":
    """What proves the blocks of a table; None where the mapping asks for more than can be proved of them.

    `converters` are those of each level's fields, `places` those of the mapping's columns in the table.
    """
    if not _can_prove(mapping):
        return None
    judged = {*RULED, *_CURRENCIES}
    fields = []
    for number, level in enumerate(mapping.levels):
        for position, slot in enumerate(level.variants[0]):
            if not slot.targets:
                continue
            place = places[slot.targets[0].column]
            converter = converters[number][position][0]
            if place is None or len(slot.targets) > 1 or not isinstance(converter, TargetConverter):
                return None
            way = field_column(slot, mapping, OtherColumn(converter, text), is_judged=slot.path in judged)
            if way is None:
                return None
            fields.append(ProvedField(number, position, slot, place, way, converter))
    counted = (each.way for each in fields if each.slot.path in _COUNTED)
    key = next((each.way for each in fields if each.slot.path == str(mapping.key)), None)
    if not any(each.slot.path == mapping.kind.line_number for each in fields):
        return None  # lines without numbers can be alike, which is not proved
    if not isinstance(key, TextColumn) or not all(isinstance(way, NumberColumn) for way in counted):
        return None
    return BlockProver(mapping, fields)


def _can_prove(mapping: ImportMapping) -> bool:
    if len(mapping.levels) != 2 or any(len(level.variants) != 1 for level in mapping.levels):
        return False
    if not has_only(mapping, _KNOWN_SETTINGS):
        return False
    if any(rule.unique or rule.exactly_one_of for rule in mapping.rules.values()):
        return False
    slots = [slot for level in mapping.levels for slot in level.variants[0] if not slot.targets]
    return not any(slot.path in (str(mapping.key), mapping.kind.line_number) and slot.constant for slot in slots)


class BlockProver:
    """Proves the blocks of one table; used by several threads at once."""

    def __init__(self, mapping: ImportMapping, fields: Sequence[ProvedField]) -> None:
        self._mapping = mapping
        self.fields = fields
        self._rules = mapping.document_rules
        self._key = next(number for number, each in enumerate(fields) if each.slot.path == str(mapping.key))
        self._number = next(number for number, each in enumerate(fields) if each.slot.path == mapping.kind.line_number)
        self._ways = {(each.column, each.way.limit) for each in fields}
        self._worth = BlockWorth(mapping, fields)
        self._is_guarded = mapping.source.guard is None
        keep_freed_memory()

    def prove(self, block: TextBlock, width: int) -> Proof | None:
        """What is proved of a block of a table so wide; None where it is odd and must be read as text."""
        if self._is_guarded and b"'" in block.data and _GUARDED.search(block.data):
            return None
        found = cut(block)
        if found is None or found.width != width or int((found.ends - found.starts).max()) > _LONGEST_CELL:
            return None
        gathered = {way: Cells(found, *way) for way in self._ways}
        cells = [gathered[each.column, each.way.limit] for each in self.fields]
        keys = Cells(found, self.fields[self._key].column, LONGEST)
        orders = OrderRows.of(keys.differs_from_above())
        begins, firsts = orders.begins, orders.firsts
        proved = [self._proved(each, mine, found, orders) for each, mine in zip(self.fields, cells, strict=True)]
        if not _are_usual(keys.at(firsts), proved[self._key]):
            return None
        number = Cells(found, self.fields[self._number].column, MOST_BYTES)
        is_bad = self._bad_rows(block, found, proved) | _misnumbered(number, proved[self._number], begins)
        is_bad |= self._differing(cells, begins)
        is_bad |= ~RowKinds(self._mapping, self.fields, proved, cells).keep_rules(self._rules, ~is_bad)
        currencies = self._worth.currencies(proved, orders)
        is_bad |= self._worth.is_too_large(proved) | self._worth.odd_rows(proved, currencies)
        bad_orders = np.logical_or.reduceat(is_bad, firsts)
        bad_orders[[0, -1]] = True
        is_sound = ~bad_orders[orders.of_rows]
        left = np.flatnonzero(~is_sound)
        if _may_add_up(left, number, keys):
            return None
        fitted = [int(np.count_nonzero(column.has_value & is_sound)) for column in proved]
        return Proof(
            found.height,
            int(np.count_nonzero(~bad_orders)),
            int(np.count_nonzero(is_sound)),
            self._worth.totals(proved, is_sound & begins, is_sound, currencies),
            _chunk(block, found, left),
            words_of_keys(found.padded, keys.starts[firsts], keys.lengths[firsts]),
            keys.text(0).decode(),
            keys.text(-1).decode(),
            _last_texts(block, found),
            [(each.converter, count) for each, count in zip(self.fields, fitted, strict=True)],
        )

    def _proved(self, field: ProvedField, cells: Cells, cut_: Cut, orders: OrderRows) -> ProvedColumn:
        """What is proved of a field; that of an order holds for all its rows: where one differs, the order is bad."""
        if field.level:
            return field.way.prove(cells, cut_)
        return field.way.prove(cells.at(orders.firsts), cut_).at(orders.of_rows)

    def _bad_rows(self, block: TextBlock, cut_: Cut, proved: Sequence[ProvedColumn]) -> Flags:
        """The rows of which some cell is not proved, or some element is missing."""
        is_bad = np.zeros(cut_.height, np.bool_)
        for column in proved:
            is_bad |= ~column.proved
        if not block.data.isascii() and _ODD.search(block.data.decode(block.encoding)):
            odd = np.flatnonzero(cut_.buffer[: len(block.data)] >= 128)
            is_bad[np.searchsorted(cut_.ends[-1], odd)] = True
        for number, level in enumerate(self._mapping.levels):
            own = [column.has_value for each, column in self._with(proved) if each.level == number]
            if number:
                is_bad |= ~_any_of(own, cut_.height)
            for requirement in level.required:
                is_bad |= ~self._given(number, requirement, proved)
        return is_bad

    def _with(self, proved: Sequence[ProvedColumn]) -> Iterator[tuple[ProvedField, ProvedColumn]]:
        return zip(self.fields, proved, strict=True)

    def _given(self, level: int, requirement: Requirement, proved: Sequence[ProvedColumn]) -> Flags:
        """The rows that have a required element."""
        height = len(proved[0].proved)
        slots = self._mapping.levels[level].variants[0]
        if any(slots[position].constant is not None for position in requirement.positions):
            return np.ones(height, np.bool_)
        given = [
            column.has_value
            for each, column in self._with(proved)
            if each.level == level and each.position in requirement.positions
        ]
        return _any_of(given, height)

    def _differing(self, cells: Sequence[Cells], begins: Flags) -> Flags:
        """The rows that say something else of their order than the row above."""
        differs = np.zeros(len(begins), np.bool_)
        for each, mine in zip(self.fields, cells, strict=True):
            if each.level == 0:
                differs |= mine.differs_from_above()
                if mine.too_long is not None:
                    differs |= mine.too_long
        return differs & ~begins


def _may_add_up(rows: Places, numbers: Cells, keys: Cells) -> bool:
    """Whether some row may add up others: to say so, one has to know the row above it, which may be proved."""
    without = rows[(~numbers.filled | numbers.has_blanks_around)[rows]]
    return may_say_total("\n".join(keys.text(row).decode() for row in without))


def _misnumbered(cells: Cells, proved: ProvedColumn, begins: Flags) -> Flags:
    """The rows whose line number does not come after that of the row above."""
    numbers = proved.numbers or read_numbers(cells, _LINE_NUMBER)
    wrong = ~numbers.proved | ~cells.filled
    wrong[1:] |= (numbers.values[1:] <= numbers.values[:-1]) & ~begins[1:]
    return wrong


def _any_of(flags: Sequence[Flags], height: int) -> Flags:
    together = np.zeros(height, np.bool_)
    for each in flags:
        together |= each
    return together


def _are_usual(keys: Cells, proved: ProvedColumn) -> bool:
    """Whether every row has a key of ASCII characters that is proved, without two blanks in a row."""
    if keys.too_long is not None or not (proved.proved & proved.has_value).all():
        return False
    matrix = keys.matrix
    blanks = matrix == 32
    return not (matrix >= 128).any() and not (blanks[1:] & blanks[:-1]).any()


def _chunk(block: TextBlock, cut_: Cut, rows: Places) -> Chunk:
    """Some rows as text."""
    columns: list[list[Cell]] = []
    for starts, ends in zip(cut_.starts[:, rows].tolist(), cut_.ends[:, rows].tolist(), strict=True):
        cells = (cut_.padded[start:end].decode(block.encoding) for start, end in zip(starts, ends, strict=True))
        columns.append([cell or None for cell in cells])
    return Chunk(rows.tolist(), columns, is_text=True)


def _last_texts(block: TextBlock, cut_: Cut) -> list[str | None]:
    """Each column's last filled cell."""
    texts: list[str | None] = []
    for starts, ends in zip(cut_.starts, cut_.ends, strict=True):
        last = len(ends) - 1
        if ends[last] == starts[last]:
            last -= int((ends > starts)[::-1].argmax())
        cell: bytes = cut_.padded[starts[last] : ends[last]]
        texts.append(cell.decode(block.encoding) or None)
    return texts
