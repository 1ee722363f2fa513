"""A column of cells becomes a column of values, with the cells that cannot.

A stretch of cells that is proved clean is taken whole (see `bulkpo.mapping.rows.clean`). Every distinct cell of any
other is converted once: spreadsheets repeat their values, and a dictionary look-up costs a fiftieth of a conversion.
"""

from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from itertools import compress
from operator import itemgetter

from bulkpo.mapping.language.spec import ImportMapping, Slot, Target, own_rules
from bulkpo.mapping.rows.attaching import Attacher
from bulkpo.mapping.rows.clean import clean_column, plain_numbers
from bulkpo.mapping.rows.compose import composer_of, with_told
from bulkpo.mapping.rows.conditions import ColumnsByTitle, ConditionTest, all_hold, rows_of_part
from bulkpo.mapping.rows.doubts import Witness
from bulkpo.mapping.rows.odd_date import odd_date
from bulkpo.mapping.rows.odd_text import left_over, may_mean_nothing, odd_text
from bulkpo.mapping.rows.prepare import Preparer
from bulkpo.mapping.values.cells import reader_for
from bulkpo.mapping.values.dates import DateReader
from bulkpo.mapping.values.numbers import NumberReader
from bulkpo.mapping.values.spoiled import spoiled
from bulkpo.mapping.values.unreadable import Trouble, Unreadable
from bulkpo.model.document import Value
from bulkpo.model.matching import EMPTIED
from bulkpo.model.table import Cell
from bulkpo.model.text import UNSEEN, quoted, visible
from bulkpo.schema.rules import NUMBERS, checks_of, first_breach

_MOST_REMEMBERED = 20_000
_FEWEST_PROVED = 16
"""A shorter stretch of cells is converted without asking whether it is clean."""
_FEWEST_VARIED = 4_096
"""From so many clean cells on, a column of which most were new each time is no longer remembered."""
_REMEDIES = {
    "mixed-dates": "correct the column",
    "mixed-numbers": "declare the right ones",
}
_SAMPLE = 64
"""So many cells tell whether most of a stretch repeat each other."""


class _Converted(dict[Cell, "Value | Trouble"]):
    """What each distinct cell of a column became; a cell not met before is converted on look-up."""

    def __init__(self, convert: "Callable[[Cell], Value | Trouble]") -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: Cell) -> "Value | Trouble":
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        result = self._convert(cell)
        self[cell] = result
        return result


class TargetConverter:
    """Turns the cells of one column into values of one element."""

    def __init__(self, target: Target, slot: Slot, mapping: ImportMapping, witness: Witness | None = None) -> None:
        self.target = target
        self.preparer = Preparer(target, mapping)
        self._mapping = mapping
        self._attacher = None if target.attach is None else Attacher(target, target.attach, mapping, self.preparer)
        marks = mapping.marks_of(target.column)
        self._witness = witness or Witness()
        self._is_key = slot.path == str(mapping.key)
        self._is_held_key = self._is_key and not mapping.keys_are_exact
        self._composer = composer_of(target, mapping, is_held=self._is_held_key)
        self._may_be_word = may_mean_nothing(slot)
        self._is_date = slot.element.type in ("datetime", "date")
        self._zone = marks.dates.zone
        self._declared = marks.numbers if slot.element.type in NUMBERS else None
        self._settings = mapping.settings
        scientific = mapping.settings.of(target.column, "scientific")
        dates = DateReader(marks.dates, may_mix=bool(mapping.settings.of(target.column, "mixed_dates")))
        self._read = reader_for(slot.element, NumberReader(marks.numbers), dates, scientific=bool(scientific))
        own = own_rules(slot.rule)
        self._checks = checks_of(slot.element, own)
        self._length = min(filter(None, (slot.element.length, slot.rule.length)), default=None)
        self._is_text = slot.element.type in ("string", "text")
        self._when = [ConditionTest(condition, mapping) for condition in target.when]
        self._clean_cells: dict[Cell, Value] = {}
        self._remembered = 0
        self._is_varied = False
        self._known = _Converted(self.one if self._attacher is None else self._attacher.one)
        is_in_doubt = self._declared is not None and self._witness.doubt.numbers
        self._clean = None if is_in_doubt or target.attach is not None else clean_column(target, slot, own, mapping)
        self._plain = None if self._clean is None else plain_numbers(target, mapping)

    def column(self, columns: ColumnsByTitle) -> tuple[list[Value], list[Trouble]]:
        """The values of a whole column, None where nothing is to be sent, and the cells that are wrong."""
        if self._composer is None:
            return self._wanted(columns[self.target.column], columns)
        composed = self._composer.composed(columns)
        values, troubles = self._wanted([each.cell for each in composed], columns)
        return values, with_told(composed, values, troubles)

    def _wanted(self, cells: Sequence[Cell], columns: ColumnsByTitle) -> tuple[list[Value], list[Trouble]]:
        """The values of cells in the rows in which the column counts."""
        mask = self.mask(columns)
        if mask is None:
            return self._values(cells)
        values, troubles = self._values(list(compress(cells, mask)))
        following, places = iter(values), list(compress(range(len(mask)), mask))
        spread = [next(following) if is_wanted else None for is_wanted in mask]
        return spread, [trouble.at(places[trouble.position]) for trouble in troubles]

    def titled(self, columns: ColumnsByTitle) -> tuple[list[Value], list[tuple[str, Trouble]]]:
        """The values of a whole column, and what is wrong with the titles of the cells' columns."""
        values, troubles = self.column(columns)
        return values, [(self.target.column, trouble) for trouble in troubles]

    def numbers(self, columns: ColumnsByTitle) -> list[Decimal] | None:
        """The numbers of a whole column, to calculate with, where all are plain; `passed` is to be told if so."""
        return None if self._plain is None else self._plain.read(columns[self.target.column])

    def _values(self, cells: Sequence[Cell]) -> tuple[list[Value], list[Trouble]]:
        values, troubles = self._looked_up_or_converted(cells)
        if self._declared is not None:
            self._witness.see_numbers(cells, (values, troubles), self._declared)
        return values, troubles

    def _looked_up_or_converted(self, cells: Sequence[Cell]) -> tuple[list[Value], list[Trouble]]:
        if self._is_varied:
            return self._alike_or_converted(cells)
        try:
            return _looked_up(self._clean_cells, cells), []
        except KeyError:
            values, troubles = self._alike_or_converted(cells)
        if not troubles and len(self._clean_cells) < _MOST_REMEMBERED:
            self._remember(cells, values)
        return values, troubles

    def _remember(self, cells: Sequence[Cell], values: Sequence[Value]) -> None:
        """Keep what clean cells became, but for columns whose cells hardly come back."""
        self._clean_cells.update(zip(cells, values, strict=True))
        self._remembered += len(cells)
        if self._remembered >= _FEWEST_VARIED and 2 * len(self._clean_cells) > self._remembered:
            self._is_varied = True
            self._clean_cells.clear()

    def _alike_or_converted(self, cells: Sequence[Cell]) -> tuple[list[Value], list[Trouble]]:
        """What cells become; where they repeat each other, as an order's do, and are clean, each of them once."""
        if self._clean is None or 2 * len(set(cells[:_SAMPLE])) > _SAMPLE or len(cells) < _SAMPLE:
            return self._converted(cells)
        distinct = list(dict.fromkeys(cells))
        proved = self._clean.values(distinct)
        if proved is None or proved.gaps:
            return self._converted(cells)
        return _looked_up(dict(zip(distinct, proved.values, strict=True)), cells), []

    def _converted(self, cells: Sequence[Cell], start: int = 0) -> tuple[list[Value], list[Trouble]]:
        """What cells become: those proved clean taken whole, by halves where only some are, the others one by one.

        `start` is the position of the first.
        """
        if self._clean is None or len(cells) < _FEWEST_PROVED:
            return _parted(list(map(self._known.__getitem__, cells)), start)
        proved = self._clean.values(cells)
        if proved is None:
            middle = len(cells) // 2
            values, troubles = self._converted(cells[:middle], start)
            more, others = self._converted(cells[middle:], start + middle)
            return values + more, troubles + others
        values, troubles = proved.values, []
        for gap in proved.gaps:
            result = self._known[cells[gap]]
            if isinstance(result, Trouble):
                troubles.append(result.at(start + gap))
            values[gap] = result.kept if isinstance(result, Trouble) else result
        return values, troubles

    def passed(self, count: int) -> None:
        """Take note of so many values that were read elsewhere as this column would."""
        if self._declared is not None:
            self._witness.pass_numbers(count)

    def one(self, cell: Cell) -> Value | Trouble:
        """The value of one cell, or what is wrong with it."""
        if self.target.value is not None:
            return self.target.value
        try:
            bare = self._bare(cell)
            if self.target.clear and isinstance(bare, str) and bare.strip() == self.target.clear:
                return EMPTIED
            prepared = self.preparer.prepared(bare)
            if self._is_date:
                self._witness.see_date(prepared)
            value = self._read(prepared)
        except Unreadable as error:
            return Trouble(0, error.code, error.message)
        if value is None:
            value = self.target.default
        if value is None:
            return EMPTIED if self.target.clear == "" else None
        notice = self._doubt(prepared, value) or self._spoiled(cell, prepared, value)
        notice = notice or self._notice(cell, value) or self._left_over(cell, prepared, value)
        if notice is not None and notice.kept is None:
            return notice
        breach = first_breach(value if notice is None else notice.kept or "", self._checks)
        return (notice or value) if breach is None else Trouble(0, breach.code, breach.message)

    def _notice(self, cell: Cell, value: str) -> Trouble | None:
        """What is worth knowing about a value that is sent all the same."""
        if self.target.shorten and self._length is not None and len(value) > self._length:
            message = f"cut from {len(value)} to {self._length} characters, as the mapping says"
            return Trouble(0, "shortened", message, kept=value[: self._length].rstrip())
        around = self.target.prefix, self.target.suffix
        if self._is_text and (odd := odd_text(value, *around, is_held=self._is_held_key)) is not None:
            return odd
        if isinstance(cell, str) and not self._is_key and not cell.isascii() and UNSEEN.search(cell):
            message = f"{quoted(cell.strip())} has characters that cannot be seen; it is sent without them"
            return Trouble(0, "unseen-characters", message, kept=value)
        if self._is_date and (far := odd_date(cell, value, self._zone)) is not None:
            return far
        if self._is_text and isinstance(cell, date | time) and value != self.target.default:
            message = f"the cell is a date and is sent as {value!r}; format the column as text if that is not meant"
            return Trouble(0, "date-as-text", message, kept=value)
        return None

    def _bare(self, cell: Cell) -> Cell:
        """The cell without characters that cannot be seen; in a key they stay, and hold its order back."""
        if not isinstance(cell, str) or cell.isascii():
            return cell
        bare = visible(cell)
        return cell if self._is_key and bare else bare

    def _doubt(self, cell: Cell, value: str) -> Trouble | None:
        """What is wrong with a cell of a column that betrays itself; a notice if the mapping lets it be."""
        dates, numbers = self._witness.doubt
        if dates and self._is_date and isinstance(cell, date):
            code = "mixed-dates"
            message = (
                f"the spreadsheet has probably misread {cell:%Y-%m-%d}: no date of the column has a day above 12, "
                f"but text such as {quoted(dates)} has"
            )
            return self._told(code, message, value)
        if numbers and self._declared is not None and isinstance(cell, str):
            code = "mixed-numbers"
            message = (
                f"{quoted(cell.strip())} fits the declared marks by chance: most of the column, such as "
                f"{quoted(numbers)}, is written with others"
            )
            return self._told(code, message, value)
        return None

    def _spoiled(self, cell: Cell, prepared: Cell, value: str) -> Trouble | None:
        """What is wrong with text that a program has spoiled; the cell is asked unless a part or another is taken."""
        target = self.target
        text = prepared if target.crosswalk or target.split or target.extract else cell
        if not self._is_text or not isinstance(text, str) or (message := spoiled(text.strip())) is None:
            return None
        return self._told("spoiled-text", message, value)

    def _left_over(self, cell: Cell, prepared: Cell, value: str) -> Trouble | None:
        """What a program has left over in text; what a crosswalk makes of it is meant."""
        if not self._is_text or self.target.crosswalk or not isinstance(prepared, str):
            return None
        texts = [text.strip() for text in (prepared, cell) if isinstance(text, str)]
        return left_over(texts, value, may_be_word=self._may_be_word, is_held=self._is_held_key)

    def _told(self, code: str, message: str, value: str) -> Trouble:
        setting = code.replace("-", "_")
        if self._settings.of(self.target.column, setting):
            return Trouble(0, code, f"{message}; sent as it reads, as the mapping says", value)
        remedy = f"; {_REMEDIES[code]}" if code in _REMEDIES else ""
        return Trouble(0, code, f"{message}{remedy}, or say {setting}: as_read")

    def mask(self, columns: ColumnsByTitle) -> list[bool] | None:
        """Row by row, whether the column counts; None where it does in every row."""
        return all_hold(self._when, columns, rows_of_part(columns, self.target.part))


def _looked_up(known: dict[Cell, Value], cells: Sequence[Cell]) -> list[Value]:
    """The values of cells; raises KeyError if one is not known. An item getter takes a third of the time of a loop."""
    if len(cells) < 2:
        return [known[cell] for cell in cells]
    return list(itemgetter(*cells)(known))


def _parted(results: Sequence[Value | Trouble], start: int) -> tuple[list[Value], list[Trouble]]:
    """The values among what cells became, and the troubles with their positions; `start` is that of the first."""
    if Trouble not in set(map(type, results)):
        return results, []  # type: ignore[return-value]  # the line above has proved there is no Trouble
    values: list[Value] = []
    troubles = []
    for position, result in enumerate(results, start):
        if isinstance(result, Trouble):
            troubles.append(result.at(position))
            values.append(result.kept)
        else:
            values.append(result)
    return values, troubles
