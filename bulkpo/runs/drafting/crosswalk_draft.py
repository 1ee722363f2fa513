"""A crosswalk drafted: the values a file has, what an instance has that they may be, and a column to confirm it in.

What is confirmed stands in the column `Coupa value`, which the mapping reads; a value without one stays an error.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path

from bulkpo.errors import UsageError
from bulkpo.mapping.language.crosswalks import NO_RESULT
from bulkpo.mapping.language.spec import ImportMapping, Slot, Target
from bulkpo.mapping.rows.conditions import ConditionTest, all_hold
from bulkpo.mapping.rows.prepare import Preparer
from bulkpo.mapping.values.cells import text_of
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.path import ElementPath
from bulkpo.model.table import Cell
from bulkpo.runs.checking.mapped import MappedFile
from bulkpo.runs.drafting.nearest import NearestValues
from bulkpo.tables.writing.crosswalk_rows import CrosswalkRow
from bulkpo.tables.writing.places import free_place

KEY, RESULT = "Value in the file", "Coupa value"


@dataclass(frozen=True, slots=True)
class CrosswalkUse:
    """The columns of a mapping that are looked up in a crosswalk, or are to be, and the element they fill."""

    name: str
    path: str
    slot: Slot
    targets: tuple[Target, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class DraftedCrosswalk:
    """A draft: its file, how many values it has, and how many are known, proposed and neither.

    `lines` are what the mapping says to read it.
    """

    file: Path
    values: int
    known: int
    proposed: int
    lines: tuple[str, ...]


def crosswalk_use(mapping: ImportMapping, name: str) -> CrosswalkUse:
    """What is meant by a name: a crosswalk, a column, an element path, or the object an element is of, as `uom`."""
    uses: dict[str, tuple[Slot, list[Target]]] = {}
    is_new = name not in mapping.crosswalks
    for slot in (slot for level in mapping.levels for variant in level.variants for slot in variant):
        for target in slot.targets:
            if target.crosswalk == name if not is_new else _is_meant(slot, target, name):
                uses.setdefault(str(_plain(slot.path)), (slot, []))[1].append(target)
    if len(uses) != 1:
        raise UsageError(_unclear(mapping, name, list(uses)))
    path, (slot, targets) = next(iter(uses.items()))
    if any(target.template is not None or target.join for target in targets):
        raise UsageError(f"{mapping.file}: {path} is looked up by several columns; write that crosswalk by hand")
    return CrosswalkUse(name if not is_new else _name(path), path, slot, tuple(targets), is_new)


def values_of(files: Sequence[MappedFile], use: CrosswalkUse) -> Counter[str]:
    """The texts that are looked up, each with how many rows have it; rows that the mapping leaves out have none."""
    found: Counter[str] = Counter()
    for file in files:
        numbers = file.applier().numbers
        places = {column.number: place for place, column in enumerate(file.source.columns)}
        read = [_Lookup(target, file.mapping) for target in use.targets if target.column in numbers]
        for chunk in file.source.chunks():
            columns = {title: chunk.columns[places[number]] for title, number in numbers.items() if number in places}
            for lookup in read:
                found.update(lookup.texts(columns))
    return found


class _Lookup:
    """What one target looks up."""

    def __init__(self, target: Target, mapping: ImportMapping) -> None:
        bare = replace(target, crosswalk=None, pad=0, prefix="", suffix="", default=None, value=None)
        self._column = target.column
        self._preparer = Preparer(bare, mapping)
        conditions = ((), ()) if mapping.parts else (mapping.skip_rows, target.when)
        self._skips, self._when = ([ConditionTest(test, mapping) for test in tests] for tests in conditions)

    def texts(self, columns: Mapping[str, Sequence[Cell]]) -> Counter[str]:
        """The texts of a chunk's rows that are looked up."""
        cells = columns[self._column]
        kept = all_hold(self._when, columns, None) or [True] * len(cells)
        for skip in self._skips:
            kept = [stays and not leaves for stays, leaves in zip(kept, skip.holds(columns), strict=True)]
        found: Counter[str] = Counter()
        for cell, count in Counter(compress(cells, kept)).items():
            if text := self._text(cell):
                found[text] += count
        return found

    def _text(self, cell: Cell) -> str:
        try:
            return text_of(self._preparer.prepared(cell))
        except Unreadable:  # what the check tells of
            return ""


def save_crosswalk_draft(
    path: Path, mapping: ImportMapping, use: CrosswalkUse, found: Counter[str], values: Mapping[str, str]
) -> DraftedCrosswalk:
    """Write a draft as a workbook to confirm; what is there stays. Raises OutputError."""
    from bulkpo.tables.writing.crosswalk_book import write_crosswalk_book  # half of what `guess` takes to begin

    known = {} if use.is_new else mapping.crosswalks[use.name]
    rows = list(_rows(found, known, NearestValues(values)))
    place = free_place(path, ())
    write_crosswalk_book(place, (KEY, RESULT), rows, list(values.items()))
    done = sum(bool(row.result) for row in rows)
    proposed = sum(bool(row.proposed and not row.result) for row in rows)
    return DraftedCrosswalk(place, len(rows), done, proposed, tuple(_lines(place, use)))


def _rows(found: Counter[str], known: Mapping[str, str | None], nearest: NearestValues) -> Iterator[CrosswalkRow]:
    """The values of the file, the commonest first, then the entries the file does not use."""
    for text, count in sorted(found.items(), key=lambda each: (-each[1], each[0])):
        entry = known.get(text)
        if entry and entry != NO_RESULT:
            yield CrosswalkRow(text, entry, "", "as the crosswalk has it", count)
            continue
        proposal = nearest.of(text)
        yield CrosswalkRow(text, proposal.value if proposal.is_same else "", proposal.value, proposal.why, count)
    for text, entry in known.items():
        if text and text not in found and entry and entry != NO_RESULT:
            yield CrosswalkRow(text, entry, "", "as the crosswalk has it; this file has no such value", 0)


def _lines(file: Path, use: CrosswalkUse) -> Iterator[str]:
    yield f'crosswalks: {{{use.name}: {{file: "{file.name}", from: {KEY}, to: {RESULT}}}}}'
    if use.is_new:
        column = use.targets[0].column
        yield f'columns: {{"{column}": {{to: {use.path}, crosswalk: {use.name}}}}}'


def _is_meant(slot: Slot, target: Target, name: str) -> bool:
    path = _plain(slot.path)
    return name in (target.column, str(path), *path.names[-2:-1])


def _unclear(mapping: ImportMapping, name: str, paths: Sequence[str]) -> str:
    if paths:
        return f"{name!r} may be any of {', '.join(paths)}; name the element, or the column"
    known = ", ".join(mapping.crosswalks) or "none"
    return f"{mapping.file}: there is no crosswalk, column or element {name!r} in it; its crosswalks are: {known}"


def _name(path: str) -> str:
    names = path.split("/")
    return names[-2] if len(names) > 1 else names[-1]


def _plain(path: str) -> ElementPath:
    return ElementPath.parse("/".join(ElementPath.parse(path).names))
