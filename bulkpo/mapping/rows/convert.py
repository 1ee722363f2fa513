"""A column of cells becomes a column of values, with the cells that cannot.

A stretch of cells that is proved clean is taken whole (see `bulkpo.mapping.rows.clean`). Every distinct cell of any
other is converted once: spreadsheets repeat their values, and a dictionary look-up costs a fiftieth of a conversion.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from itertools import compress
from operator import and_, itemgetter

from bulkpo.mapping.language.spec import ImportMapping, Slot, Split, Target, own_rules
from bulkpo.mapping.rows.clean import clean_column
from bulkpo.mapping.rows.conditions import ColumnsByTitle, ConditionTest, rows_of_part
from bulkpo.mapping.values.cells import SCIENTIFIC, loose_text, reader_for, text_of
from bulkpo.mapping.values.dates import DateReader
from bulkpo.mapping.values.numbers import NumberReader
from bulkpo.mapping.values.unreadable import Trouble, Unreadable
from bulkpo.model.document import Value
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell
from bulkpo.schema.rules import checks_of, first_breach
from bulkpo.schema.tables import nearest

_MOST_REMEMBERED = 20_000
_FEWEST_PROVED = 16
"""A shorter stretch of cells is converted without asking whether it is clean."""


class _Converted(dict[Cell, "Value | Trouble"]):
    """What each distinct cell of a column became; a cell not met before is converted on look-up."""

    def __init__(self, convert: "TargetConverter") -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: Cell) -> "Value | Trouble":
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        result = self._convert.one(cell)
        self[cell] = result
        return result


class TargetConverter:
    """Turns the cells of one column into values of one element."""

    def __init__(self, target: Target, slot: Slot, mapping: ImportMapping) -> None:
        self.target = target
        self._blanks = mapping.blanks
        self._crosswalk = None if target.crosswalk is None else mapping.crosswalks[target.crosswalk]
        self.used_entries: set[str] = set()
        scientific = mapping.settings.of(target.column, "scientific")
        self._read = reader_for(
            slot.element, NumberReader(mapping.numbers), DateReader(mapping.dates), scientific=bool(scientific)
        )
        own = own_rules(slot.rule)
        self._checks = checks_of(slot.element, own)
        self._length = min(filter(None, (slot.element.length, slot.rule.length)), default=None)
        self._is_text = slot.element.type in ("string", "text")
        self._when = [ConditionTest(condition, mapping.blanks) for condition in target.when]
        self._clean_cells: dict[Cell, Value] = {}
        self._known = _Converted(self)
        self._clean = clean_column(target, slot, own, mapping)

    def column(self, columns: ColumnsByTitle) -> tuple[list[Value], list[Trouble]]:
        """The values of a whole column, None where nothing is to be sent, and the cells that are wrong."""
        cells = self._joined(columns) if self.target.join else columns[self.target.column]
        mask = self._mask(columns)
        if mask is None:
            return self._values(cells)
        values, troubles = self._values(list(compress(cells, mask)))
        following, places = iter(values), list(compress(range(len(mask)), mask))
        spread = [next(following) if is_wanted else None for is_wanted in mask]
        return spread, [trouble.at(places[trouble.position]) for trouble in troubles]

    def _values(self, cells: Sequence[Cell]) -> tuple[list[Value], list[Trouble]]:
        try:
            return _looked_up(self._clean_cells, cells), []
        except KeyError:
            values, troubles = self._converted(cells)
        if not troubles and len(self._clean_cells) < _MOST_REMEMBERED:
            self._clean_cells.update(zip(cells, values, strict=True))
        return values, troubles

    def _converted(self, cells: Sequence[Cell]) -> tuple[list[Value], list[Trouble]]:
        """What cells become: those proved clean taken whole, by halves where only some are, the others one by one."""
        if self._clean is None or len(cells) < _FEWEST_PROVED:
            return _parted(list(map(self._known.__getitem__, cells)))
        proved = self._clean.values(cells)
        if proved is None:
            middle = len(cells) // 2
            values, troubles = self._converted(cells[:middle])
            more, others = self._converted(cells[middle:])
            return values + more, troubles + [trouble.at(middle + trouble.position) for trouble in others]
        values, troubles = proved.values, []
        for gap in proved.gaps:
            result = self._known[cells[gap]]
            if isinstance(result, Trouble):
                troubles.append(result.at(gap))
            values[gap] = result.kept if isinstance(result, Trouble) else result
        return values, troubles

    def one(self, cell: Cell) -> Value | Trouble:
        """The value of one cell, or what is wrong with it."""
        if self.target.value is not None:
            return self.target.value
        try:
            value = self._read(self._prepared(cell))
        except Unreadable as error:
            return Trouble(0, error.code, error.message)
        if value is None:
            value = self.target.default
        if value is None:
            return None
        notice = self._notice(cell, value)
        breach = first_breach(value if notice is None else notice.kept or "", self._checks)
        return (notice or value) if breach is None else Trouble(0, breach.code, breach.message)

    def _notice(self, cell: Cell, value: str) -> Trouble | None:
        """What is worth knowing about a value that is sent all the same."""
        if self.target.shorten and self._length is not None and len(value) > self._length:
            message = f"cut from {len(value)} to {self._length} characters, as the mapping says"
            return Trouble(0, "shortened", message, kept=value[: self._length].rstrip())
        if self._is_text and SCIENTIFIC.fullmatch(value):
            message = f"{value!r} looks like a number in scientific notation and is sent as it stands"
            return Trouble(0, "scientific-text", message, kept=value)
        if self._is_text and isinstance(cell, date | time) and value != self.target.default:
            message = f"the cell is a date and is sent as {value!r}; format the column as text if that is not meant"
            return Trouble(0, "date-as-text", message, kept=value)
        return None

    def _prepared(self, cell: Cell) -> Cell:
        """The cell after the mapping's own steps: blanks, split, extract, case, crosswalk, pad."""
        if isinstance(cell, str):
            if not cell or cell.strip() in self._blanks:
                return None
        elif self._blanks and loose_text(cell) in self._blanks:
            return None
        target = self.target
        if not (target.split or target.extract or target.case or target.pad or self._crosswalk is not None):
            return cell
        text = text_of(cell)
        if target.split is not None:
            text = _part_of(text, target.split)
        if not text or text in self._blanks:
            return None
        if target.extract is not None:
            text = _extracted(text, target)
        if target.case is not None:
            text = text.upper() if target.case == "upper" else text.lower()
        if self._crosswalk is not None:
            return self._crossed(text)
        return text.zfill(target.pad)

    def _crossed(self, text: str) -> str | None:
        crosswalk = self._crosswalk or {}
        if text in crosswalk:
            self.used_entries.add(text)
            return crosswalk[text]
        if self.target.default is not None:
            return None
        hint = nearest(text, crosswalk) or "; add it there"
        raise Unreadable("not-in-crosswalk", f"{text!r} is not in the crosswalk {self.target.crosswalk}{hint}")

    def _mask(self, columns: ColumnsByTitle) -> list[bool] | None:
        mask = rows_of_part(columns, self.target.part)
        for test in self._when:
            if mask is not None and not any(mask):
                return mask
            holds = test.holds(columns)
            mask = holds if mask is None else list(map(and_, mask, holds))
        return mask

    def _joined(self, columns: ColumnsByTitle) -> list[Cell]:
        titles = (self.target.column, *self.target.join)
        rows = zip(*(columns[title] for title in titles), strict=True)
        texts = ([text for text in map(loose_text, row) if text and text not in self._blanks] for row in rows)
        return [self.target.separator.join(row) or None for row in texts]


def _looked_up(known: dict[Cell, Value], cells: Sequence[Cell]) -> list[Value]:
    """The values of cells; raises KeyError if one is not known. An item getter takes a third of the time of a loop."""
    if len(cells) < 2:
        return [known[cell] for cell in cells]
    return list(itemgetter(*cells)(known))


def _parted(results: Sequence[Value | Trouble]) -> tuple[list[Value], list[Trouble]]:
    """The values among what cells became, and the troubles with their positions."""
    if Trouble not in set(map(type, results)):
        return results, []  # type: ignore[return-value]  # the line above has proved there is no Trouble
    values: list[Value] = []
    troubles = []
    for position, result in enumerate(results):
        if isinstance(result, Trouble):
            troubles.append(result.at(position))
            values.append(result.kept)
        else:
            values.append(result)
    return values, troubles


class SlotConverter:
    """Fills one field of a level, from its columns or its constant."""

    def __init__(self, slot: Slot, mapping: ImportMapping) -> None:
        self.slot = slot
        self.targets = [TargetConverter(target, slot, mapping) for target in slot.targets]

    def column(self, columns: ColumnsByTitle, count: int) -> tuple[list[Value], list[tuple[str, Trouble]]]:
        """The values of `count` rows, and the troubles with the titles of their columns."""
        if not self.targets:
            return [self.slot.constant] * count, []
        values, troubles = self.targets[0].column(columns)
        named = [(self.targets[0].target.column, trouble) for trouble in troubles]
        for other in self.targets[1:]:
            more, troubles = other.column(columns)
            named += [(other.target.column, trouble) for trouble in troubles]
            for position in compress(range(count), map(_both, values, more)):
                message = f"{self.slot.path} is filled by {self.targets[0].target.column} too; their conditions overlap"
                named.append((other.target.column, Trouble(position, "filled-twice", message)))
            values = [first if first is not None else second for first, second in zip(values, more, strict=True)]
        return values, named


def _both(first: Value, second: Value) -> bool:
    return first is not None and second is not None


def _part_of(text: str, split: Split) -> str:
    parts = text.split(split.by)
    if text and len(parts) < split.part:
        many = f"{len(parts)} {'part' if len(parts) == 1 else 'parts'}"
        raise Unreadable("nothing-to-split", f"{text!r} has {many} at {split.by!r}, but part {split.part} is wanted")
    return parts[split.part - 1].strip() if text else ""


def _extracted(text: str, target: Target) -> str:
    pattern = target.extract
    found = pattern.search(text) if pattern is not None else None
    if pattern is None or found is None:
        shown = pattern.pattern if pattern is not None else ""
        raise Unreadable("nothing-to-extract", f"{text!r} has nothing that matches {shown}")
    return (found[1] if pattern.groups else found[0]) or ""


_MOST_NAMED = 20


def crosswalk_findings(
    crosswalks: Mapping[str, Mapping[str, str]], converters: Iterable[TargetConverter]
) -> list[Finding]:
    """Notices about the crosswalks in use, once the whole file has been read."""
    used: dict[str, set[str]] = {}
    for converter in converters:
        if converter.target.crosswalk is not None:
            used.setdefault(converter.target.crosswalk, set()).update(converter.used_entries)
    findings = []
    for name, met in used.items():
        entries = crosswalks[name]
        unused = [legacy for legacy in entries if legacy not in met]
        if unused:
            many = f"{len(unused)} {'entry of it is' if len(unused) == 1 else 'entries of it are'} never used"
            message = f"crosswalk {name}: {many} by this file: {_named(unused)}"
            findings.append(Finding("crosswalk-unused", message, severity=Severity.NOTICE))
        legacy_by_value: dict[str, list[str]] = {}
        for legacy in sorted(met):
            legacy_by_value.setdefault(entries[legacy], []).append(legacy)
        merged = [f"{' and '.join(legacy)} → {value}" for value, legacy in legacy_by_value.items() if len(legacy) > 1]
        if merged:
            message = f"crosswalk {name}: several legacy values become one: {_named(merged)}; see that it is meant so"
            findings.append(Finding("crosswalk-merges", message, severity=Severity.NOTICE))
    return findings


def _named(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
