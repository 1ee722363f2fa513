"""What a template has: the columns of a mapping, each with what it takes, what it means and what to choose from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bulkpo.errors import InputError
from bulkpo.mapping.language.conditions import Condition
from bulkpo.mapping.language.spec import ImportMapping, Slot, SourceSpec, Target
from bulkpo.model.matching import Mode
from bulkpo.model.path import ElementPath
from bulkpo.model.table import PART_MARK
from bulkpo.schema.catalogue import ListedPath, fillable_paths
from bulkpo.schema.meanings import Meanings, facts
from bulkpo.schema.tables import Element, ElementTables
from bulkpo.tables.reading.named import NAMES

_ACCOUNT, _ALLOCATIONS = "order-lines/account", "order-lines/account-allocations"
_FIGURE = Element("", "decimal")
_RECKONED = "Not sent: the mapping reckons other columns with it."
_IN_CONDITIONS = "Not sent: conditions of the mapping read it."
_JOINS = "Not sent: by it lines find what they are of; write the same in both sheets."
_HELD_AGAINST = "Not sent: what the lines come to is held against it."
_TEXT = Element("", "text")


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column to fill in. `paths` are the elements it fills, `element` says what a cell takes.

    `values` are what may stand in it, if they are few or an instance tells; `is_closed` where nothing else may. A
    column with `remark` is read in a way that cannot be checked cell by cell: the remark says so.
    """

    title: str
    paths: tuple[str, ...]
    element: Element
    is_required: bool = False
    values: tuple[str, ...] = ()
    is_closed: bool = False
    meaning: str = ""
    example: str = ""
    remark: str = ""

    @property
    def takes(self) -> str:
        """What a cell takes, in words."""
        return f"{facts(self.element)} {self.remark}".strip()


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    """A sheet to fill in: its name, the row with its headings and how many rows these take, and its columns."""

    name: str
    header_row: int
    header_rows: int
    columns: tuple[TemplateColumn, ...]


def template_sheets(
    mapping: ImportMapping, tables: ElementTables, meanings: Meanings, values: Mapping[str, Sequence[str]]
) -> tuple[TemplateSheet, ...]:
    """The sheets of a mapping's template; raises InputError for a mapping that reads no such workbook."""
    _refuse_unreadable(mapping)
    columns = _Columns(mapping, tables, meanings, values)
    sources = mapping.tables or {"": mapping.source}
    return tuple(
        TemplateSheet(_sheet(part, spec, mapping), spec.header_row or 1, spec.header_rows, tuple(columns.of(part)))
        for part, spec in sources.items()
    )


def asked_paths(mapping: ImportMapping, tables: ElementTables) -> list[ListedPath]:
    """The paths that columns fill with what stands in them, of which an instance may have a list."""
    listed = {it.path: it for it in fillable_paths(tables, mapping.resource.object, ids=True)}
    slots = (slot for level in mapping.levels for variant in level.variants for slot in variant)
    filled = dict.fromkeys(_plain(slot.path) for slot in slots if any(map(_is_plain, slot.targets)))
    return [listed[path] for path in filled if path in listed]


def _refuse_unreadable(mapping: ImportMapping) -> None:
    file = mapping.file
    if mapping.record_types:
        raise InputError(f"{file}: its rows are of several types, each with headings of its own; no template has such")
    for part, spec in (mapping.tables or {"": mapping.source}).items():
        where = f"{file}, {part}" if part else file
        if spec.header_row is None or spec.widths:
            raise InputError(f"{where}: it reads columns by their places, not by headings, which a template needs")
        if spec.area is not None and spec.area[0] > 1:
            raise InputError(
                f"{where}: it reads a table that stands beside another (area), and a template has but one; leave "
                "`area` out of a copy of the mapping, and have a template of that"
            )
        if spec.file is not None:
            raise InputError(f"{where}: it reads {spec.file} beside the file; a template is one workbook")


def _sheet(part: str, spec: SourceSpec, mapping: ImportMapping) -> str:
    """The name of the sheet that a mapping reads; of a pattern, one that fits."""
    said = spec.sheet or next(iter(spec.sheets), "")
    plain = "".join(each for each in said if each not in "*?[]").strip()
    return (plain or part or mapping.kind.noun.titles)[:31]


class _Columns:
    """The columns of one mapping."""

    def __init__(
        self, mapping: ImportMapping, tables: ElementTables, meanings: Meanings, values: Mapping[str, Sequence[str]]
    ) -> None:
        self._mapping = mapping
        self._meanings = meanings
        self._values = values
        self._listed = {it.path: it for it in fillable_paths(tables, mapping.resource.object, ids=True)}
        self._uses: dict[str, list[tuple[Slot, Target]]] = {}
        self._required: set[str] = set()
        for level in mapping.levels:
            for variant in level.variants[:1]:
                self._require([variant[at] for it in level.required if len(it.positions) == 1 for at in it.positions])
            for slot in (slot for variant in level.variants for slot in variant):
                for target in slot.targets:
                    for column in target.columns:
                        self._uses.setdefault(column, []).append((slot, target))
        header = mapping.levels[0].variants[0]
        self._require([slot for slot in header if slot.path == str(mapping.key)], is_key=True)
        self._require(self._billed())
        self._wanted = dict(_wanted(mapping))
        self._required |= self._wanted.keys()
        self._figures = {
            **{name: _RECKONED for it in mapping.balances for name in (it.ordered, it.done.column)},
            **{name: _RECKONED for _, target in self._targets() for name in target.operands},
            **{it.column: _HELD_AGAINST for it in mapping.controls},
        }
        self._joining = {column for it in mapping.joins.values() for column in (*it.columns, *it.to)}
        self._required |= self._joining

    def of(self, part: str) -> Iterator[TemplateColumn]:
        """The columns of a table, in the mapping's order: all it reads, those too that it ignores but reckons with."""
        start = f"{part}{PART_MARK}" if part else ""
        for full in self._mapping.columns:
            title = full.removeprefix(start)
            is_left = full in self._mapping.refused or title in NAMES
            if full.startswith(start) and not is_left:
                yield self._column(full, title)

    def _targets(self) -> Iterator[tuple[Slot, Target]]:
        return (use for uses in self._uses.values() for use in uses)

    def _billed(self) -> list[Slot]:
        """What bills lines to accounts, where nothing else does: Coupa refuses new lines that are billed to nothing."""
        slots = [slot for level in self._mapping.levels for slot in level.variants[0]]
        paths = {_plain(slot.path) for slot in slots}
        optional = {path for path, rule in self._mapping.rules.items() if rule.required is False}
        others = any(path.startswith(f"{_ALLOCATIONS}/") for path in paths) or optional & {_ACCOUNT, _ALLOCATIONS}
        is_new = self._mapping.mode is Mode.CREATE
        return [slot for slot in slots if is_new and not others and _plain(slot.path) == f"{_ACCOUNT}/code"]

    def _require(self, slots: Sequence[Slot], *, is_key: bool = False) -> None:
        for slot in slots:
            targets = slot.targets
            if is_key or (len({it.column for it in targets}) == 1 and not any(it.default or it.when for it in targets)):
                self._required |= {column for target in targets for column in target.columns}

    def _column(self, full: str, title: str) -> TemplateColumn:
        uses = self._uses.get(full, [])
        paths = tuple(dict.fromkeys(slot.path for slot, _ in uses))
        is_required = full in self._required
        remark = "On the first row of each document is enough." if full in self._mapping.fill_down else ""
        if not uses:
            element = _FIGURE if full in self._figures else _TEXT
            said = _JOINS if full in self._joining else self._figures.get(full, _IN_CONDITIONS)
            values = self._wanted.get(full, ())
            known = TemplateColumn(title, (), element, is_required, values, bool(values), said, remark=remark)
            return replace(known, example=next(iter(values), ""))
        slot, target = self._main(uses)
        listed = self._listed.get(_plain(slot.path))
        known = TemplateColumn(title, paths, _TEXT, is_required, meaning=self._meaning(listed), remark=remark)
        if target.crosswalk is not None:
            keys = tuple(key for key in self._mapping.crosswalks[target.crosswalk] if key)
            is_closed = target.unknown is None and not target.template
            return replace(known, values=keys, is_closed=is_closed, example=keys[0] if keys else "")
        if not _is_plain(target):
            said = "The mapping takes it apart, or puts it together with others."
            return replace(known, remark=f"{said} {remark}".strip())
        values = slot.element.values or tuple(self._values.get(_plain(slot.path), ()))
        example = self._example(listed, values)
        return replace(known, element=slot.element, values=values, is_closed=bool(slot.element.values), example=example)

    def _main(self, uses: Sequence[tuple[Slot, Target]]) -> tuple[Slot, Target]:
        """The use that says most of what a cell takes: as it is, or by a crosswalk that knows all there may be."""
        return min(uses, key=lambda use: (not _is_plain(use[1]), use[1].crosswalk is None, use[1].unknown is not None))

    def _meaning(self, listed: ListedPath | None) -> str:
        return self._meanings.of(listed.own_trail) if listed is not None else ""

    def _example(self, listed: ListedPath | None, values: Sequence[str]) -> str:
        known = self._meanings.example(listed.trail) if listed is not None else ""
        return known if not values or known in values else values[0]


def _wanted(mapping: ImportMapping) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The columns of which the mapping requires one of some texts in every row, and these."""
    for each in mapping.assertions:
        test = each.test
        is_plain = not (each.refused or each.is_told_only or each.when)
        if is_plain and isinstance(test, Condition) and not test.negated and "" not in test.values:
            yield each.column, tuple(sorted(test.values))


def _plain(path: str) -> str:
    """A path without members' numbers."""
    return "/".join(ElementPath.parse(path).names)


def _is_plain(target: Target) -> bool:
    """Whether a cell's value is the element's, but for arithmetic and what a text gets around it."""
    changed = (target.crosswalk, target.value, target.extract, target.split, target.template)
    return not any(each is not None for each in changed) and not (target.join or target.pad)
