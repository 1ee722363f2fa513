"""From the text of an `import/1` file to an ImportMapping, or to all its errors at once."""

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bulkpo.errors import InputError, MappingError
from bulkpo.mapping.dates import DateOptions
from bulkpo.mapping.import_columns import ColumnParser, Columns, parse_condition, parse_pattern, plain_text
from bulkpo.mapping.import_levels import Filling, LevelBuilder, Spot, find_spot
from bulkpo.mapping.import_spec import ImportMapping, Rule, SlotLevel, SourceSpec
from bulkpo.mapping.import_values import ValueSettler
from bulkpo.mapping.numbers import NumberMarks
from bulkpo.model.path import ElementPath
from bulkpo.schema.shape import shape_problems
from bulkpo.schema.tables import ElementTables, Resource, UnknownElement
from bulkpo.where import Place
from bulkpo.yamldoc import YamlDocument, parse_yaml

ReadSchema = Callable[[str], str]
ReadCrosswalk = Callable[[str], Mapping[str, str]]

LINE_NUMBER = "order-lines/line-num"


def load_import(
    text: str, file: str, tables: ElementTables, *, read_schema: ReadSchema, read_crosswalk: ReadCrosswalk
) -> ImportMapping:
    """Parse an import mapping; raises MappingError with every problem, each with file, line and column.

    `read_schema` gives the text of a file below `schemas/`; `read_crosswalk` the entries of a crosswalk file named in
    the mapping, raising InputError if it cannot be read.
    """
    document = parse_yaml(text, file)
    schema = json.loads(read_schema("import-mapping.schema.json"))
    problems = shape_problems(document, schema)
    if problems:
        raise MappingError(problems)
    return _Loader(document, tables, read_crosswalk).load()


class _Loader:
    """One reading of one mapping file."""

    def __init__(self, document: YamlDocument, tables: ElementTables, read_crosswalk: ReadCrosswalk) -> None:
        self.problems: list[tuple[int, int, str]] = []
        self._document = document
        self._data: Mapping[str, Any] = document.data
        self._tables = tables
        self._read_crosswalk = read_crosswalk

    def load(self) -> ImportMapping:
        resource = self._resource()
        crosswalks = self._crosswalks()
        columns = ColumnParser(self._document, crosswalks, self._report).parse()
        rules = self._rules()
        levels = self._levels(resource, columns, rules) if resource else ()
        key = self._key(resource, levels)
        dates = self._dates(levels)
        if self.problems or resource is None or key is None:
            raise MappingError([message for _, _, message in sorted(self.problems)])
        settler = ValueSettler(crosswalks, dates)
        levels = settler.settle(levels, self._constant_places())
        self.problems += [(place.line, place.column, f"{place}: {message}") for place, message in settler.problems]
        if self.problems:
            raise MappingError([message for _, _, message in sorted(self.problems)])
        numbers = self._data.get("numbers")
        own = self._data["document"]
        return ImportMapping(
            file=self._document.file,
            name=str(self._data["name"]),
            resource=resource,
            source=self._source(),
            key=key,
            layout=levels[0].level,
            levels=levels,
            columns=columns.used,
            ignored=columns.ignored,
            skip_rows=tuple(parse_condition(*entry) for entry in self._data.get("skip_rows", {}).items()),
            fill_down=tuple(own.get("fill_down", ())),
            number_lines=bool(own.get("number_lines", False)),
            numbers=_marks(numbers) if numbers else None,
            dates=dates,
            blanks=frozenset(map(plain_text, self._data.get("blanks", ()))),
            crosswalks=crosswalks,
            silent=self._data.get("silent") == "required",
            after_create=None if self._data.get("after_create") == "none" else self._data.get("after_create"),
        )

    def _report(self, keys: Sequence[str | int], message: str, *, on_key: bool = False) -> None:
        place = self._document.key_place(keys) if on_key else self._document.place(keys)
        self.problems.append((place.line, place.column, f"{place}: {message}"))

    def _constant_places(self) -> dict[str, Place]:
        constants = self._data.get("constants", {})
        return {str(ElementPath.parse(path)): self._document.key_place(["constants", path]) for path in constants}

    def _resource(self) -> Resource | None:
        try:
            resource = self._tables.resource(str(self._data.get("resource", "purchase_orders")))
        except UnknownElement as unknown:
            self._report(["resource"], str(unknown))
            return None
        if "POST" not in resource.methods:
            self._report(["resource"], f"{resource.name} can only be read, not created")
        return resource

    def _source(self) -> SourceSpec:
        data = dict(self._data.get("source", {}))
        if data.get("header_row") == "none":
            data["header_row"] = None
        return SourceSpec(**data)

    def _crosswalks(self) -> dict[str, Mapping[str, str]]:
        found: dict[str, Mapping[str, str]] = {}
        for name, entries in self._data.get("crosswalks", {}).items():
            if isinstance(entries, str):
                try:
                    found[name] = self._read_crosswalk(entries)
                except InputError as error:
                    self._report(["crosswalks", name], f"the crosswalk {name} cannot be read: {error}")
                    found[name] = {}
            else:
                found[name] = {str(key): plain_text(value) for key, value in entries.items()}
        return found

    def _rules(self) -> dict[str, Rule]:
        found = {}
        for path, data in self._data.get("rules", {}).items():
            keys = ["rules", path]
            try:
                name = str(ElementPath.parse(path))
            except ValueError as error:
                self._report(keys, str(error), on_key=True)
                continue
            found[name] = Rule(
                required=data.get("required"),
                minimum=_decimal(data.get("min")),
                maximum=_decimal(data.get("max")),
                length=data.get("length"),
                pattern=parse_pattern(data.get("pattern"), [*keys, "pattern"], self._report),
                allowed=frozenset(map(plain_text, data["allowed"])) if "allowed" in data else None,
                unique=data.get("unique", False),
            )
        return found

    def _levels(self, resource: Resource, columns: Columns, rules: Mapping[str, Rule]) -> tuple[SlotLevel, ...]:
        placed: list[tuple[Filling, Spot]] = []
        for path, filling in self._fillings(columns).items():
            try:
                placed.append((filling, find_spot(self._tables, resource.object, ElementPath.parse(path))))
            except UnknownElement as unknown:
                self.problems.append((filling.place.line, filling.place.column, f"{filling.place}: {unknown}"))
        builder = LevelBuilder(self._tables, resource.object, rules)
        levels = builder.build(placed, self._document.key_place(["columns"]))
        if not self.problems:
            self.problems += [(10**9, 0, problem) for problem in builder.problems]
        known = {field.full_path for level in levels for field in level.level.fields}
        for path, rule in rules.items():
            if (
                path not in known
                and not any(name.startswith(f"{path}/") for name in known)
                and rule.required is not False
            ):
                self._report(
                    ["rules", path], f"no column or constant fills {path}, so this rule cannot hold", on_key=True
                )
        return levels

    def _fillings(self, columns: Columns) -> dict[str, Filling]:
        """Every path that is filled, by columns or a constant; filled twice without conditions is a problem."""
        fillings = {
            path: Filling(ElementPath.parse(path), targets[0].place, targets)
            for path, targets in columns.targets.items()
        }
        for path, targets in columns.targets.items():
            unconditional = [target for target in targets if not target.when]
            if len(targets) > 1 and unconditional:
                place = targets[-1].place
                columns_named = " and ".join(dict.fromkeys(target.column for target in targets))
                message = f"{path} is filled by {columns_named}; give each a `when`, or remove one"
                self.problems.append((place.line, place.column, f"{place}: {message}"))
        for written, value in self._data.get("constants", {}).items():
            keys = ["constants", written]
            try:
                constant = Filling(
                    ElementPath.parse(written), self._document.key_place(keys), constant=plain_text(value)
                )
            except ValueError as error:
                self._report(keys, str(error), on_key=True)
                continue
            known = fillings.setdefault(str(constant.path), constant)
            if known is not constant:
                message = (
                    f"{constant.path} is filled by column {known.targets[0].column} too; use its `default` instead"
                )
                self._report(keys, message, on_key=True)
        if self._data["document"].get("number_lines"):
            line_number = ElementPath.parse(LINE_NUMBER)
            fillings.setdefault(
                LINE_NUMBER, Filling(line_number, self._document.key_place(["document", "number_lines"]))
            )
        return fillings

    def _key(self, resource: Resource | None, levels: Sequence[SlotLevel]) -> ElementPath | None:
        keys = ["document", "key"]
        try:
            path = ElementPath.parse(str(self._data["document"]["key"]))
            if resource is not None:
                self._tables.element(resource.object, path)
        except (ValueError, UnknownElement) as error:
            self._report(keys, str(error))
            return None
        header = levels[0].variants[0] if levels else ()
        if levels and not any(slot.path == str(path) and slot.targets for slot in header):
            self._report(keys, f"the key {path} must be filled by a column")
        return path

    def _dates(self, levels: Sequence[SlotLevel]) -> DateOptions:
        data = self._data.get("dates", {})
        name = data.get("time_zone")
        zone = None
        if name is not None:
            try:
                zone = ZoneInfo(name)
            except (KeyError, ValueError, OSError):
                self._report(["dates", "time_zone"], f"{name!r} is not a time zone; write one like America/New_York")
        elif dated := [
            slot.path
            for level in levels
            for slot in level.variants[0]
            if slot.element.type == "datetime" and slot.targets
        ]:
            self._report(
                ["dates"] if "dates" in self._data else ["columns"],
                f"{dated[0]} is a moment; declare the zone it is meant in: dates: {{time_zone: America/New_York}}",
                on_key=True,
            )
        return DateOptions(data.get("order"), zone, data.get("pivot"))


def _marks(data: Mapping[str, Any]) -> NumberMarks:
    return NumberMarks(data["decimal"], data.get("thousands", ""), tuple(data.get("currency", ())))


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)
