"""Whole orders proved sound over the bytes of a block of text: no cell of them becomes a text.

What a row or an order is asked here is what `bulkpo.mapping.rows` asks of it. A proof may fail where nothing is wrong,
never hold where something is; rows that are not proved are judged there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from bulkpo.mapping.language.spec import ImportMapping, Requirement
from bulkpo.mapping.proving.assertions import ProvedAssertions, proved_assertions
from bulkpo.mapping.proving.balances import proved_balances
from bulkpo.mapping.proving.block_figures import BlockFigures, ProvedFigures, TellLater
from bulkpo.mapping.proving.cells import LONGEST, Cells
from bulkpo.mapping.proving.columns import Passed, ProvedColumn, has_only
from bulkpo.mapping.proving.conditions import AskedColumns, all_asked
from bulkpo.mapping.proving.cut import Cut, Flags, Places, cut, keep_freed_memory
from bulkpo.mapping.proving.fields import ProvedField, proved_fields
from bulkpo.mapping.proving.figures import proved_controls
from bulkpo.mapping.proving.judged import TextForm
from bulkpo.mapping.proving.kept import Kept, KeptRows, kept_rows
from bulkpo.mapping.proving.keys import words_of_keys
from bulkpo.mapping.proving.left import chunk_of, texts_at
from bulkpo.mapping.proving.number_form import MOST_BYTES, MOST_DIGITS, NumberForm
from bulkpo.mapping.proving.numbers import read_numbers
from bulkpo.mapping.proving.orders import OrderRows
from bulkpo.mapping.proving.proof import Proof, ProvedOrders
from bulkpo.mapping.proving.row_kinds import RowKinds
from bulkpo.mapping.proving.totals import proved_totals
from bulkpo.mapping.proving.whole_block import is_most, last_texts, may_add_up, rows_with_odd_text
from bulkpo.mapping.proving.worth import block_worth
from bulkpo.mapping.rows.apply import Applier
from bulkpo.mapping.rows.settle_figures import FigureSettler
from bulkpo.model.text_block import TextBlock

_GUARDED = re.compile(rb"'[=+\-@\t\r]")
_LONGEST_CELL = 131_072

_KNOWN_SETTINGS = {
    "file", "name", "resource", "source", "key", "layout", "levels", "columns", "ignored", "rest", "also", "optional",
    "instance", "bases", "rules", "marks", "own_marks", "crosswalks", "settings", "silent", "as_named", "after_create",
    "keys_are_exact", "number_lines", "expected", "skip_rows", "fill_down", "assertions", "refused", "controls",
    "balances", "totals_rows", "totals_figures",
}  # fmt: skip
"""What a mapping may say and still have blocks proved; of anything else it must say nothing."""
_LINE_NUMBER = NumberForm(0, 0, MOST_DIGITS, 0)


class _Asked(NamedTuple):
    """What is asked of a table: rows to be skipped, what cells must be like, what rows come to, and orders' names."""

    kept: KeptRows
    assertions: ProvedAssertions
    figures: ProvedFigures
    settler: FigureSettler | None
    names_orders: bool


def block_prover(applier: Applier, text: TextForm, *, names_orders: bool = False) -> "BlockProver | None":
    """What proves the blocks of a table; None where the mapping asks for more than can be proved of them.

    With `names_orders` it says where each sound order begins, and its key.
    """
    mapping = applier.mapping
    if not _can_prove(mapping):
        return None
    columns = AskedColumns(mapping, applier.places, text)
    fields = proved_fields(mapping, applier.columns_by_field, columns)
    if fields is None:
        return None
    key = next(each.column for each in fields if each.slot.path == str(mapping.key))
    kept, assertions = kept_rows(mapping, key, columns), proved_assertions(mapping, columns)
    readers = () if applier.figures is None else applier.figures.stated
    controls = proved_controls(mapping, applier.places, readers)
    balances = proved_balances(mapping, fields, columns, applier.figures)
    worth = block_worth(mapping, fields)
    totals = None if worth is None else proved_totals(mapping, applier.totals_rows, worth)
    if kept is None or assertions is None or controls is None or balances is None or worth is None or totals is None:
        return None
    figures = ProvedFigures(worth, balances, controls, totals)
    return BlockProver(mapping, fields, _Asked(kept, assertions, figures, applier.figures, names_orders))


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

    def __init__(self, mapping: ImportMapping, fields: Sequence[ProvedField], asked: _Asked) -> None:
        self._mapping = mapping
        self.fields = fields
        self._asked = asked
        self._rules = mapping.document_rules
        self._key = next(number for number, each in enumerate(fields) if each.slot.path == str(mapping.key))
        self._number = next(number for number, each in enumerate(fields) if each.slot.path == mapping.kind.line_number)
        self._ways = {(each.column, each.way.limit) for each in fields if not each.when}
        self._is_guarded = mapping.source.guard is None
        keep_freed_memory()

    def prove(self, block: TextBlock, width: int) -> Proof | None:
        """What is proved of a block of a table so wide; None where it is odd and must be read as text."""
        whole = self._cut(block, width)
        kept = None if whole is None else self._asked.kept.of(whole)
        if whole is None or kept is None or not kept.rows.size:
            return None
        found, is_bad = kept.cut, ~kept.is_read | rows_with_odd_text(block, whole)[kept.rows]
        gathered = {way: Cells(found, *way) for way in self._ways}
        cells = [self._cells(each, found, gathered, is_bad) for each in self.fields]
        keys = Cells(found, self.fields[self._key].column, LONGEST)
        orders = OrderRows.of(keys.differs_from_above())
        proved = [self._proved(each, mine, found, orders) for each, mine in zip(self.fields, cells, strict=True)]
        if not _are_usual(keys.at(orders.firsts), proved[self._key]):
            return None
        number = Cells(found, self.fields[self._number].column, MOST_BYTES)
        is_bad |= _misnumbered(number, proved[self._number], orders.begins)
        is_bad |= self._broken_rows(found, cells, proved, orders.begins)
        is_bad |= ~RowKinds(self._mapping, self.fields, proved, cells).keep_rules(self._rules, ~is_bad)
        figures = self._asked.figures.of(found, cells, proved, orders, is_bad)
        bad_orders = _bad_orders(figures.is_bad, orders)
        is_sound = ~bad_orders[orders.of_rows]
        left = np.flatnonzero(~is_sound)
        if is_most(left, kept.rows) or may_add_up(left, number, keys):
            return None
        sound = figures.sound_lines(is_sound)
        return Proof(
            whole.height,
            len(sound.begins),
            sound.lines,
            sound.totals,
            chunk_of(whole, kept.rows[left], block.encoding),
            words_of_keys(found.padded, keys.starts[orders.firsts], keys.lengths[orders.firsts]),
            keys.text(0).decode(),
            keys.text(-1).decode(),
            last_texts(block, whole),
            [*kept.skipped.by_reason, *figures.finished(is_sound, kept.rows)],
            kept.skipped.keys,
            self._told(proved, figures, is_sound),
            self._named(kept, keys, sound.begins),
        )

    def _named(self, kept: Kept, keys: Cells, begins: Places) -> ProvedOrders:
        """The orders that begin with these of the rows that are kept; none where nobody asks."""
        if not self._asked.names_orders:
            return ProvedOrders(begins[:0], ())
        texts = texts_at(kept.cut.buffer, keys.starts[begins], keys.lengths[begins], "ascii")
        return ProvedOrders(kept.rows[begins], texts)

    def _cut(self, block: TextBlock, width: int) -> Cut | None:
        """The cells of a block; None where anything about it is odd."""
        if self._is_guarded and b"'" in block.data and _GUARDED.search(block.data):
            return None
        whole = cut(block)
        if whole is None or whole.width != width or int((whole.ends - whole.starts).max()) > _LONGEST_CELL:
            return None
        return whole

    def _proved(self, field: ProvedField, cells: Cells, cut_: Cut, orders: OrderRows) -> ProvedColumn:
        """What is proved of a field; that of an order holds for all its rows: where one differs, the order is bad."""
        if field.level:
            return field.way.prove(cells, cut_)
        return field.way.prove(cells.at(orders.firsts), cut_).at(orders.of_rows)

    def _cells(
        self, field: ProvedField, found: Cut, gathered: Mapping[tuple[int, int | None], Cells], is_bad: Flags
    ) -> Cells:
        """The cells of a field; rows whose conditions cannot be read are marked as bad."""
        if not field.when:
            return gathered[field.column, field.way.limit]
        asked = all_asked(field.when, found)
        is_bad |= ~asked.is_read
        return Cells(found, field.column, field.way.limit, asked.holds)

    def _told(self, proved: Sequence[ProvedColumn], figures: BlockFigures, is_sound: Flags) -> list[TellLater]:
        """What is to be told of the sound rows to whom would have read them."""
        read = [Passed(each.converter.passed, column.has_value) for each, column in self._with(proved)]
        more = [each for column in proved for each in column.passed]
        passed = (*read, *more, *figures.passed)
        counted = [partial(each.tell, int(np.count_nonzero(each.rows & is_sound))) for each in passed]
        return [*counted, *figures.told(self._asked.settler, is_sound)]

    def _broken_rows(self, cut_: Cut, cells: Sequence[Cells], proved: Sequence[ProvedColumn], begins: Flags) -> Flags:
        """The rows that are not as they must be, or may not be, each by itself or beside the row above."""
        differing = self._differing(cells, begins)
        return differing | self._bad_rows(cut_, proved) | self._asked.assertions.broken(cut_)

    def _bad_rows(self, cut_: Cut, proved: Sequence[ProvedColumn]) -> Flags:
        """The rows of which some cell is not proved, or some element is missing."""
        is_bad = np.zeros(cut_.height, np.bool_)
        for column in proved:
            is_bad |= ~column.proved
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
                if mine.wanted is not None:
                    differs[1:] |= mine.wanted[1:] != mine.wanted[:-1]
        return differs & ~begins


def _bad_orders(is_bad: Flags, orders: OrderRows) -> Flags:
    """The orders of which a row is bad, and the first and last: they may go on in another block."""
    bad: Flags = np.logical_or.reduceat(is_bad, orders.firsts)
    bad[[0, -1]] = True
    return bad


def _misnumbered(cells: Cells, proved: ProvedColumn, begins: Flags) -> Flags:
    """The rows whose line number is below 1, or does not come after that of the row above."""
    numbers = proved.numbers or read_numbers(cells, _LINE_NUMBER)
    wrong = ~numbers.proved | ~cells.filled | (numbers.values < 1)
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
