"""From the text of an `import/1` file to an ImportMapping, or to all its errors at once."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bulkpo.errors import MappingError
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.mapping.language.attaching import OpenShelf, no_shelf, open_shelves, place_attachments
from bulkpo.mapping.language.blocks import Block, yaml_text
from bulkpo.mapping.language.columns import ColumnParser, MappedColumns, filled_twice
from bulkpo.mapping.language.constants import ValueSettler
from bulkpo.mapping.language.crosswalks import CrosswalkParser, Entries, ReadColumns, no_columns
from bulkpo.mapping.language.extends import ReadText, extended, no_file, without_nothing
from bulkpo.mapping.language.figures import parse_expected, parse_totals_rows
from bulkpo.mapping.language.joins import blocks_with_key, check_keys, parse_joins
from bulkpo.mapping.language.levels import Filling, LevelBuilder, Spot, find_spot, lifted, unknown_elements
from bulkpo.mapping.language.marks import MarksParser, need_zone
from bulkpo.mapping.language.matches import Matches
from bulkpo.mapping.language.options import (
    check_headings,
    check_rules,
    column_blocks,
    parse_as_named,
    parse_rules,
    parse_source,
)
from bulkpo.mapping.language.settings import CellSettings, parse_settings
from bulkpo.mapping.language.spec import ImportMapping, Rule, SlotLevel
from bulkpo.mapping.language.undecided import Undecided, choices, parse_undecided
from bulkpo.mapping.values.dates import DateOptions
from bulkpo.model.document import without_attachments
from bulkpo.model.path import ElementPath
from bulkpo.model.table import PART_MARK
from bulkpo.schema.instance import parse_instance
from bulkpo.schema.shape import shape_problems
from bulkpo.schema.tables import ElementTables, Resource, UnknownElement
from bulkpo.where import Place
from bulkpo.yamldoc import MORE_PROBLEMS, MOST_PROBLEMS, YamlDocument, parse_yaml


@dataclass(frozen=True, slots=True)
class Beside:
    """What a mapping draws on.

    `read_schema` gives the text of a file below `schemas/`; `read_crosswalk` the entries of a crosswalk file of two
    columns, `read_columns` those of named columns, both raising InputError; `read_instance` and `read_base` the text of
    an instance file and of a mapping that is extended, raising MappingError; `open_shelf` opens what holds attachments.
    `time_zone` is that of dates where the mapping declares none: the profile's, if there is one.
    """

    read_schema: Callable[[str], str]
    read_crosswalk: Callable[[str], Entries]
    read_instance: Callable[[str], str]
    time_zone: str | None = None
    read_base: ReadText = no_file
    read_columns: ReadColumns = no_columns
    open_shelf: OpenShelf = no_shelf


def load_import(text: str, file: str, tables: ElementTables, beside: Beside) -> ImportMapping:
    """Parse an import mapping; raises MappingError with every problem, each with file, line and column."""
    found = extended(parse_yaml(text, file), beside.read_base)
    document = found.document
    problems = shape_problems(document, without_nothing(json.loads(beside.read_schema("import-mapping.schema.json"))))
    if problems:
        raise MappingError(problems)
    name = document.data.get("instance")
    if name is not None:
        schema = json.loads(beside.read_schema("instance.schema.json"))
        tables = parse_instance(beside.read_instance(name), name, schema, tables)
    return replace(_Loader(document, tables, beside).load(), bases=found.bases)


class _Loader:
    """One reading of one mapping file."""

    def __init__(self, document: YamlDocument, tables: ElementTables, beside: Beside) -> None:
        self.problems: list[tuple[int, int, str]] = []
        self._document = document
        self._data: Mapping[str, Any] = document.data
        self._own: Mapping[str, Any] = document.data["document"]
        self._tables = tables
        self._beside = beside
        self._kind = kind_of(str(document.data.get("resource", "purchase_orders")))
        self._matches = Matches(document.data, self._report)
        self._undecided = Undecided()

    def load(self) -> ImportMapping:
        resource, beside = self._resource(), self._beside
        crosswalks = CrosswalkParser(beside.read_crosswalk, beside.read_columns, self._report).parse(self._data)
        blocks = column_blocks(self._data, self._report)
        parser = ColumnParser(self._document, crosswalks, self._report)
        columns = parser.parse(blocks)
        shelves = open_shelves(columns.targets, beside.open_shelf, self._note)
        parser.key(self._own, blocks, is_carried="record_types" in self._data)
        self._undecided = parse_undecided(self._data, blocks, self._report)
        parser.stand_in(self._own, self._undecided.columns, blocks_with_key(self._data, blocks))
        joins = parse_joins(blocks, parser.needs_at, self._report) if "tables" in self._data else {}
        fill_down = self._fill_down(blocks)
        parser.needs(fill_down, ("document", "fill_down"))
        totals_rows, totals_figures = parse_totals_rows(self._data.get("totals_rows"), blocks)
        parser.needs_at(totals_figures.named if totals_figures else (), ("totals_rows",))
        check_headings(self._data, blocks, self._report)
        rules = parse_rules(self._data, self._report)
        levels = self._levels(resource, columns, rules) if resource and blocks else ()
        key = self._key(resource, levels)
        marks = MarksParser(self._data, self._beside.read_schema, self._beside.time_zone, self._report)
        own_marks = marks.by_column(blocks)
        need_zone(levels, lambda title: own_marks.get(title, marks.general), self._data, self._report)
        if resource is None or key is None:
            raise self._error()
        levels = self._settled(levels, crosswalks.tables, marks.general.dates)
        found = self._without_settings(resource, key, levels, columns)
        if self.problems:
            raise self._error()
        found = replace(found, shelves=shelves, rules=rules, fill_down=fill_down, crosswalks=crosswalks.tables)
        found = replace(found, joins=joins, totals_rows=totals_rows, totals_figures=totals_figures)
        return replace(found, marks=marks.general, own_marks=own_marks, loose_crosswalks=frozenset(crosswalks.loose))

    def _without_settings(
        self, resource: Resource, key: ElementPath, levels: tuple[SlotLevel, ...], columns: MappedColumns
    ) -> ImportMapping:
        """The mapping as far as resource, levels and columns go."""
        data = self._data
        return ImportMapping(
            file=self._document.file,
            name=str(data["name"]),
            resource=resource,
            source=parse_source(data),
            key=key,
            layout=without_attachments(levels[0].level),
            levels=levels,
            columns=columns.used,
            ignored=columns.ignored,
            rest=columns.rest,
            refused=columns.refused,
            also=columns.also,
            optional=frozenset(columns.optional),
            instance=data.get("instance"),
            tables={name: parse_source(table) for name, table in data.get("tables", {}).items()},
            record_types=tuple(data.get("record_types", ())),
            skip_rows=tuple(columns.skips),
            assertions=tuple(columns.assertions),
            balances=tuple(columns.balances),
            controls=tuple(columns.controls),
            expected=parse_expected(data.get("expected", {})),
            number_lines=bool(self._own.get("number_lines", False)),
            settings=CellSettings(parse_settings(data), columns.settings),
            silent=data.get("silent") == "required",
            as_named=parse_as_named(data, levels, self._report),
            duplicates=data.get("duplicates"),
            keys_are_exact=data.get("keys") == "exact",
            mode=self._matches.mode,
            matches=self._matches.found(levels),
            takes_first_file=self._own.get("in_several_files") == "first",
            after_create=None if data.get("after_create") == "none" else data.get("after_create"),
            undecided=self._undecided,
        )

    def _error(self) -> MappingError:
        more = [f"{self._document.file}: {MORE_PROBLEMS}"] if len(self.problems) == MOST_PROBLEMS else []
        return MappingError([*(message for _, _, message in sorted(self.problems)), *more])

    def _report(self, keys: Sequence[str | int], message: str, *, on_key: bool = False) -> None:
        self._note(self._document.key_place(keys) if on_key else self._document.place(keys), message)

    def _note(self, place: Place, message: str) -> None:
        self.problems.append((place.line, place.column, f"{place}: {message}"))
        if len(self.problems) == MOST_PROBLEMS:
            raise self._error()

    def _resource(self) -> Resource | None:
        try:
            resource = self._tables.resource(str(self._data.get("resource", "purchase_orders")))
        except UnknownElement as unknown:
            self._report(["resource"], str(unknown))
            return None
        self._matches.check(resource)
        return resource

    def _fill_down(self, blocks: Sequence[Block]) -> tuple[str, ...]:
        """The columns to fill down; those of a part are named with it: `lines/Number`."""
        named = self._own.get("fill_down", ())
        if len(blocks) == 1:
            return tuple(map(blocks[0].title, named))
        by_part = {block.part: block for block in blocks}
        parted = ((name, *name.partition(PART_MARK)) for name in named)
        return tuple(by_part[part].title(own) if part in by_part else name for name, part, _, own in parted)

    def _levels(self, resource: Resource, columns: MappedColumns, rules: Mapping[str, Rule]) -> tuple[SlotLevel, ...]:
        placed, known_by = list[tuple[Filling, Spot]](), self._matches.known_by()
        for path, filling in self._fillings(columns).items():
            try:
                placed.append((filling, find_spot(self._tables, resource.object, ElementPath.parse(path), known_by)))
            except UnknownElement as unknown:
                self._note(filling.place, str(unknown))
        removal = self._matches.removal(columns, placed)
        placed += [removal] if removal is not None else []
        place_attachments(self._kind, placed, self._matches.mode, self._note)
        open_to, asked = self._undecided.elements, lifted(rules, self._kind.lifted_with)
        for problem in unknown_elements(self._tables, resource.object, open_to):
            self._report([], f"undecided: {problem}")
        partial = not self._matches.makes
        builder = LevelBuilder(self._tables, resource.object, asked, undecided=open_to, partial=partial)
        blocks = next(name for name in ("columns", "tables", "record_types") if name in self._data)
        levels = builder.build(placed, self._document.key_place([blocks]))
        if not self.problems:
            self.problems += [(10**9, 0, problem) for problem in builder.problems]
        check_rules(rules, levels, self._report)
        return levels

    def _fillings(self, columns: MappedColumns) -> dict[str, Filling]:
        """Every path that is filled, by columns or a constant; filled twice without conditions is a problem."""
        fillings = {
            path: Filling(ElementPath.parse(path), targets[0].place, targets)
            for path, targets in columns.targets.items()
        }
        for place, message in filled_twice(columns):
            self._note(place, message)
        for written, value in self._data.get("constants", {}).items():
            keys = ["constants", written]
            if choices(value):
                continue
            try:
                constant_path = ElementPath.parse(written)
            except ValueError as error:
                self._report(keys, str(error), on_key=True)
                continue
            constant = Filling(constant_path, self._document.key_place(keys), constant=yaml_text(value))
            known = fillings.setdefault(str(constant_path), constant)
            if known is not constant:
                message = (
                    f"{constant_path} is filled by column {known.targets[0].column} too; use its `default` instead"
                )
                self._report(keys, message, on_key=True)
        number = self._kind.line_number
        if self._own.get("number_lines") and number is not None:
            place = self._document.key_place(["document", "number_lines"])
            fillings.setdefault(number, Filling(ElementPath.parse(number), place))
        self._check_kind(fillings)
        return fillings

    def _check_kind(self, fillings: Mapping[str, Filling]) -> None:
        """Report what is asked of documents that their kind cannot do, or that nothing makes it do."""
        many, silencer = self._kind.noun.many, self._kind.silencer
        if self._own.get("number_lines") and self._kind.line_number is None:
            self._report(
                ["document", "number_lines"], f"{many} have no lines that are numbered; remove it", on_key=True
            )
        if self._data.get("after_create", "none") not in ("none", *self._kind.actions):
            self._report(["after_create"], f"{many} are not issued; remove it", on_key=True)
        if "silent" in self._data and silencer is None:
            self._report(["silent"], f"{many} are not sent to anybody; remove it", on_key=True)
        elif "silent" in self._data and self._matches.makes and silencer is not None and silencer[0] not in fillings:
            element, value = silencer
            message = f"nothing fills {element}, so {many} would be sent; add constants: {{{element}: {value}}}"
            self._report(["silent"], message, on_key=True)
        if "silent" in self._data and self._data.get("after_create") in self._kind.sending:
            message = "this sends every order, and the mapping is silent: required; say issue_without_send"
            self._report(["after_create"], message)

    def _key(self, resource: Resource | None, levels: Sequence[SlotLevel]) -> ElementPath | None:
        keys = ["document", "key"]
        try:
            path = ElementPath.parse(str(self._own["key"]))
            if resource is not None:
                self._tables.element(resource.object, path)
        except (ValueError, UnknownElement) as error:
            self._report(keys, str(error))
            return None
        header = levels[0].variants[0] if levels else ()
        slot = next((slot for slot in header if slot.path == str(path) and slot.targets), None)
        if levels and slot is None:
            self._report(keys, f"the key {path} must be filled by a column")
        if slot is not None:
            check_keys(self._data, slot, self._kind.noun, self._report)
        return path

    def _settled(
        self, levels: Sequence[SlotLevel], crosswalks: Mapping[str, Entries], dates: DateOptions
    ) -> tuple[SlotLevel, ...]:
        """The levels with the mapping's own values in Coupa's form; raises MappingError if anything is wrong."""
        if self.problems:
            raise self._error()
        constants = self._data.get("constants", {})
        places = {str(ElementPath.parse(path)): self._document.key_place(["constants", path]) for path in constants}
        settler = ValueSettler(crosswalks, dates)
        settled = settler.settle(levels, places)
        for place, message in settler.problems:
            self._note(place, message)
        if self.problems:
            raise self._error()
        return settled
