"""Export mappings: what to ask for, and which elements become columns.

A mapping is read once, from a file or from the words of a command line; all its errors are told at once.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bulkpo.errors import MappingError
from bulkpo.mapping.language.export_columns import AttachmentFolder, ColumnReader, ExportColumn, row_levels
from bulkpo.mapping.language.export_shape import RowShape, row_shape
from bulkpo.query.clauses import Clause, Problem, QueryContext, check_clause, passed_on, yaml_clauses
from bulkpo.query.conditions import Conditions, queries
from bulkpo.schema.instance import parse_instance
from bulkpo.schema.shape import shape_problems
from bulkpo.schema.tables import ElementTables, Resource, UnknownElement, nearest
from bulkpo.yamldoc import Keys, YamlDocument, parse_yaml

PURCHASE_ORDERS = "purchase_orders"
CHANGED = "updated-at"
EXCEL = "excel"


@dataclass(frozen=True, slots=True)
class ExportMapping:
    """An export: the resource, the queries that together ask for its documents, and the columns of the file.

    `settings` are sent with every query, such as the name of a filter. `rows` are the collections, from the document
    inwards, whose members are the rows; empty for a row a document. `zone` is the one dates are shown in; None leaves
    them as the instance shows them. `since` is the date element that tells what is new to the next export, `csv` the
    conventions of a CSV file. `output_name` is what the file is called where nothing else is said, `attachments`
    where attached files go.
    """

    file: str
    name: str
    resource: Resource
    clauses: tuple[Clause, ...]
    settings: Conditions
    queries: tuple[Conditions, ...]
    rows: tuple[str, ...]
    columns: tuple[ExportColumn, ...]
    sheet: str
    zone: ZoneInfo | None = None
    description: str = ""
    totals: tuple[str, ...] = ()
    about: bool = True
    since: str = ""
    mark_exported: bool = False
    csv: str = EXCEL
    is_guarded: bool = True
    shape: RowShape = field(default_factory=RowShape)
    output_name: str = ""
    attachments: AttachmentFolder | None = None

    @property
    def written(self) -> tuple[ExportColumn, ...]:
        """The columns of the file, which are fewer than those read where rows are added up."""
        return self.shape.columns(self.columns)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What is asked for, as Coupa writes it."""
        return (*map(str, self.clauses), *(f"{name}={value}" for name, value in self.settings))

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why some conditions may find nothing."""
        return tuple(doubt for clause in self.clauses for doubt in clause.doubts)

    def fields(self) -> list[object]:
        """What rows and columns need, nested as Coupa's `fields` wants it; the ids of documents and rows always."""
        tree: dict[str, Any] = {"id": {}}
        level = tree
        for collection in self.rows:
            level = level.setdefault(collection, {"id": {}})
        tree |= {name: {} for name in (self.since, CHANGED if self.mark_exported else "") if name}
        for column in self.columns:
            for names in column.needs:
                node = tree
                for name in names:
                    node = node.setdefault(name, {})
        return _nested(tree)


@dataclass(frozen=True, slots=True)
class ExportContext:
    """What a mapping is read against.

    `read_schema` gives the text of a file below `schemas/`; `parameters` are those of `--set`; `now` is the time.
    `zone` is the profile's, for a mapping that declares none; without either, queries are in the zone of `now`.
    `any_value` takes values that look like slips as they are; `read_instance` gives the text of an instance file by its
    path from the mapping.
    """

    tables: ElementTables
    read_schema: Callable[[str], str]
    parameters: Mapping[str, str]
    now: datetime
    zone: ZoneInfo | None = None
    any_value: bool = False
    read_instance: Callable[[str], str] | None = None


def load_export(text: str, file: str, context: ExportContext) -> ExportMapping:
    """Parse an export mapping; raises MappingError with every problem, each with file, line and column."""
    document = parse_yaml(text, file)
    problems = shape_problems(document, json.loads(context.read_schema("export-mapping.schema.json")))
    if problems:
        raise MappingError(problems)
    return _Loader(file, document.data, lambda keys: _place(document, keys), context).load()


def export_of(data: Mapping[str, Any], context: ExportContext) -> ExportMapping:
    """An export put together from a command line; raises MappingError naming the options that are wrong.

    `data` has the shape of a mapping file, with `where` and `columns` as lists of texts.
    """

    def said(keys: Keys) -> str:
        if len(keys) > 1:
            return f"--{keys[0]} {data[str(keys[0])][keys[1]]!r}"
        return f"--{keys[0]} {data.get(str(keys[0]), '')!r}" if keys and keys[0] != "resource" else "RESOURCE"

    return _Loader("the command line", data, said, context).load()


def _place(document: YamlDocument, keys: Keys) -> str:
    return str(document.key_place(keys) if keys and isinstance(keys[-1], str) else document.place(keys))


class _Loader:
    """One reading of one mapping. `place` says where a part of the data stands, in the user's words."""

    def __init__(
        self, file: str, data: Mapping[str, Any], place: Callable[[Keys], str], context: ExportContext
    ) -> None:
        self._file = file
        self._data = data
        self._place = place
        self._context = context
        self._problems: list[str] = []

    def load(self) -> ExportMapping:
        self._context = replace(self._context, tables=self._tables())
        zone, resource = self._zone(), self._resource()
        if resource is None:
            raise MappingError(self._problems)
        clauses, settings = self._clauses(resource, zone)
        asked = tuple((*conditions, *settings) for conditions in self._queries(clauses))
        tables = self._context.tables
        rows, problem = row_levels(tables, resource.object, self._data.get("rows", ""))
        self._report("" if problem is None else problem, ("rows",))
        columns = self._columns(resource, rows, zone)
        output = self._data.get("output", {})
        shape = row_shape(self._data, columns, self._report)
        totals = self._totals(output.get("totals", []), shape.columns(columns) if not self._problems else columns)
        since = self._since(resource, clauses)
        marks = self._marks(resource)
        if self._problems:
            raise MappingError(self._problems)
        return ExportMapping(
            file=self._file,
            name=str(self._data["name"]),
            resource=resource,
            clauses=clauses,
            settings=settings,
            queries=asked,
            rows=rows,
            columns=columns,
            sheet=str(output.get("sheet", self._data["name"])),
            zone=zone,
            description=str(self._data.get("description", "")),
            totals=totals,
            about=output.get("about", True),
            since=since,
            mark_exported=marks,
            csv=str(output.get("csv", EXCEL)),
            is_guarded=output.get("guard") != "off",
            shape=shape,
            output_name=str(output.get("file", "")),
            attachments=AttachmentFolder(**self._data.get("attachments", {})),
        )

    def _columns(self, resource: Resource, rows: tuple[str, ...], zone: ZoneInfo | None) -> tuple[ExportColumn, ...]:
        now = self._context.now
        reader = ColumnReader(self._context.tables, resource, rows, now.astimezone(zone) if zone else now)
        columns = reader.read(self._data["columns"])
        for keys, message in reader.problems:
            self._report(message, keys)
        return columns

    def _since(self, resource: Resource, clauses: Sequence[Clause]) -> str:
        name = str(self._data.get("since", ""))
        elements = self._context.tables.object(resource.object).elements
        if name and name not in elements:
            self._report(f"{resource.object} has no element {name!r}{nearest(name, elements)}", ("since",))
        elif name and elements[name].type != "datetime":
            self._report(f"{name!r} is {elements[name].type}; write a datetime, such as {CHANGED}", ("since",))
        elif any(clause.name == f"{name}[gt_or_eq]" for clause in clauses):
            self._report(f"since asks for {name}[gt_or_eq] itself; write gt in the condition", ("since",))
        return name

    def _marks(self, resource: Resource) -> bool:
        wanted = bool(self._data.get("mark_exported", False))
        elements = self._context.tables.object(resource.object).elements
        if wanted and ("PUT" not in resource.methods or not {"exported", CHANGED} <= elements.keys()):
            self._report(f"{resource.name} cannot be marked as exported; remove this", ("mark_exported",))
        elif wanted and "since" in self._data:
            self._report("since and mark_exported both tell what is new; keep one of them", ("mark_exported",))
        return wanted

    def _totals(self, titles: Sequence[str], columns: Sequence[ExportColumn]) -> tuple[str, ...]:
        by_title = {column.title: column for column in columns}
        for number, title in enumerate(titles):
            keys = ("output", "totals", number)
            if title not in by_title:
                self._report(f"there is no column {title!r}{nearest(title, by_title)}", keys)
            elif by_title[title].type not in ("decimal", "integer", "float"):
                self._report(f"{title!r} is {by_title[title].type}, which cannot be added up", keys)
        return tuple(titles)

    def _tables(self) -> ElementTables:
        """The element tables, as the instance of the mapping has them; raises MappingError with its problems."""
        name, read, tables = self._data.get("instance"), self._context.read_instance, self._context.tables
        if name is None or read is None:
            return tables
        schema = json.loads(self._context.read_schema("instance.schema.json"))
        return parse_instance(read(str(name)), str(name), schema, tables)

    def _zone(self) -> ZoneInfo | None:
        name = self._data.get("time_zone")
        if name is None:
            return self._context.zone
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self._report(f"{name!r} is not a time zone; write one as in America/New_York", ("time_zone",))
            return None

    def _resource(self) -> Resource | None:
        name = str(self._data.get("resource", PURCHASE_ORDERS))
        try:
            resource = self._context.tables.resource(name)
        except UnknownElement as error:
            self._report(str(error), ("resource",))
            return None
        if "GET" not in resource.methods:
            self._report(f"Coupa does not let {name} be read", ("resource",))
        return resource

    def _clauses(self, resource: Resource, zone: ZoneInfo | None) -> tuple[tuple[Clause, ...], Conditions]:
        now = self._context.now.astimezone(zone) if zone else self._context.now
        given = self._context.parameters
        context = QueryContext(self._context.tables, resource.object, given, now, self._context.any_value)
        clauses: list[Clause] = []
        settings: dict[str, str] = {}
        for raw in yaml_clauses(self._data.get("where"), ("where",)):
            try:
                setting = passed_on(raw, given)
            except ValueError as error:
                self._report(str(error), raw.keys)
                continue
            if setting is not None:
                settings[setting[0]] = setting[1]
                continue
            checked = check_clause(raw, context)
            if isinstance(checked, Clause):
                clauses.append(checked)
            else:
                self._report_all(checked)
        return tuple(clauses), tuple(settings.items())

    def _queries(self, clauses: Sequence[Clause]) -> tuple[Conditions, ...]:
        try:
            return queries(clauses)
        except ValueError as error:
            self._report(str(error), ("where",))
            return ()

    def _report_all(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self._report(problem.message, problem.keys)

    def _report(self, message: str, keys: Keys) -> None:
        if message:
            self._problems.append(f"{self._place(keys)}: {message}")


def _nested(tree: Mapping[str, Any]) -> list[object]:
    return [name if not below else {name: _nested(below)} for name, below in tree.items()]
