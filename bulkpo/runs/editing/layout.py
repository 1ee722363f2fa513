"""What an editable workbook knows: its columns with paths and types, which can be edited, and the cells' plain texts.

Paths and formats only: no file, profile, credential or crosswalk is ever taken from a workbook.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bulkpo.errors import InputError
from bulkpo.mapping.language.export import ExportMapping
from bulkpo.mapping.language.export_columns import ExportColumn
from bulkpo.model.path import ElementPath
from bulkpo.model.table import Cell, CellError, Doubtful, stored
from bulkpo.model.text import visible
from bulkpo.schema.tables import ElementTables, UnknownElement

ID, LINE, VERSION = "Coupa id", "Coupa line id", "Coupa version"
HIDDEN_SHEET = "bulkpo exported"
EDIT_FORMAT = 1
_NAMES = ("name", "code", "number", "login", "location-code", "item-number")
"""The elements by which a reference is given."""
DOCUMENT_KEY, LINE_KEY = "po-number", "line-num"
_KEYS = ("id", DOCUMENT_KEY, LINE_KEY)
_LONGEST_NUMBER = Decimal(10) ** 15
"""From here on a spreadsheet has changed the digits that were typed."""
_NUMBERS = ("decimal", "float", "integer")
_CALCULATE = "type its value, or open the file in Excel, let it calculate, save it and run again"
_DOUBTS = {
    "formula-without-value": f"it holds a formula without a stored value; {_CALCULATE}",
    "formula-not-calculated": f"it holds a formula that is still to be worked out; {_CALCULATE}",
    "merged-cells": "it is one of several merged cells; unmerge them and fill in every cell",
}
"""What is to be done about a cell in doubt here: an edited workbook has no mapping in which to declare anything."""


@dataclass(frozen=True, slots=True)
class EditColumn:
    """A column: its title, the path to its element, its type, and whether it can be edited.

    `values` are those the element takes, if they are few; `length` is the longest text, 0 where there is no limit.
    """

    title: str
    path: str
    type: str
    is_editable: bool
    as_date: bool = False
    values: tuple[str, ...] = ()
    length: int = 0


@dataclass(frozen=True, slots=True)
class EditLayout:
    """What a workbook was exported as: from which resource, with which rows and columns, in which zone and instance.

    `required` are the elements Coupa wants of every new document and row.
    """

    name: str
    resource: str
    rows: str
    sheet: str
    zone: str
    instance: str
    columns: tuple[EditColumn, ...]
    required: tuple[str, ...] = ()

    @property
    def key_place(self) -> int | None:
        """The place of the column with the number of the document, if it is one of them."""
        return self._place(DOCUMENT_KEY)

    @property
    def line_place(self) -> int | None:
        """The place of the column with the number of the line, if it is one of them."""
        return self._place(f"{self.rows}/{LINE_KEY}") if self.rows else None

    def is_of_line(self, place: int) -> bool:
        """Whether a column is about lines, and not about documents."""
        return bool(self.rows) and self.columns[place].path.startswith(f"{self.rows}/")

    def _place(self, path: str) -> int | None:
        return next((place for place, column in enumerate(self.columns) if column.path == path), None)

    def as_json(self) -> dict[str, Any]:
        """For the hidden sheet."""
        columns = [[it.title, it.path, it.type, it.is_editable, it.as_date] for it in self.columns]
        facts = {name: getattr(self, name) for name in ("name", "resource", "rows", "sheet", "zone", "instance")}
        return {"bulkpo": EDIT_FORMAT, **facts, "columns": columns}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], tables: ElementTables) -> "EditLayout":
        """What `as_json` gave; raises InputError where it names what Coupa does not have, or lets no one change."""
        try:
            resource = tables.resource(str(data["resource"]))
            facts = {name: str(data[name]) for name in ("name", "rows", "sheet", "zone", "instance")}
            columns = tuple(
                _column(tables, resource.object, facts["rows"], ExportColumn(*_exported(it))) for it in data["columns"]
            )
        except (LookupError, TypeError, ValueError, UnknownElement) as error:
            raise InputError(f"its hidden sheet says what cannot be: {error}; export it anew") from None
        required = _required(tables, resource.object, facts["rows"])
        return cls(resource=resource.name, columns=columns, required=required, **facts)

    def exported(self) -> list[ExportColumn]:
        """The columns as an export has them."""
        return [ExportColumn(it.title, _path(it.path), it.type, as_date=it.as_date) for it in self.columns]


def _required(tables: ElementTables, object_name: str, rows: str) -> tuple[str, ...]:
    header = tables.object(object_name).elements
    found = [name for name, element in header.items() if element.required and name != rows]
    if rows:
        inner = tables.object(tables.element(object_name, ElementPath.parse(rows)).type).elements
        found += [f"{rows}/{name}" for name, element in inner.items() if element.required]
    return tuple(found)


def _exported(column: Sequence[Any]) -> tuple[str, ElementPath | None, str, str, bool]:
    title, path, kind, _, as_date = column
    return str(title), _path(str(path)), str(kind), "", bool(as_date)


def _path(text: str) -> ElementPath | None:
    return ElementPath.parse(text) if text else None


def layout_of(mapping: ExportMapping, tables: ElementTables, instance: str) -> EditLayout:
    """The layout of an export that is to be edited; raises InputError for one whose rows cannot be told apart."""
    if len(mapping.rows) > 1:
        raise InputError(
            f"{mapping.file}: rows of {'/'.join(mapping.rows)} cannot be edited; say rows: {mapping.rows[0]}"
        )
    rows = "/".join(mapping.rows)
    named = _apart([column.title for column in mapping.columns])
    columns = tuple(
        replace(_column(tables, mapping.resource.object, rows, column), title=title)
        for column, title in zip(mapping.columns, named, strict=True)
    )
    zone = str(mapping.zone) if mapping.zone else ""
    return EditLayout(mapping.name, mapping.resource.name, rows, mapping.sheet, zone, instance, columns)


def _apart(titles: Sequence[str]) -> list[str]:
    """Titles of which none is that of a hidden column: one that is gets a number, as headings that stand twice do."""
    taken, named = {ID, LINE, VERSION, *titles}, list[str]()
    for title in titles:
        number = 2
        while title in (ID, LINE, VERSION) and f"{title}#{number}" in taken:
            number += 1
        named.append(f"{title}#{number}" if title in (ID, LINE, VERSION) else title)
    return named


def _column(tables: ElementTables, object_name: str, rows: str, column: ExportColumn) -> EditColumn:
    if column.path is None:
        return EditColumn(column.title, "", column.type, is_editable=False)
    element = tables.element(object_name, column.path)
    inner = column.path.steps[1:] if rows and column.path.names[0] == rows else column.path.steps
    names = [step.name for step in inner]
    outer = column.path.steps[: len(column.path.steps) - len(inner) + 1]
    first = element if names[0] == "custom-fields" else tables.element(object_name, ElementPath(outer))
    is_plain = all(step.index is None for step in column.path.steps) and not (first.many and len(inner) > 1)
    is_named = len(names) == 1 or names[0] == "custom-fields" or names[-1] in _NAMES
    is_editable = is_plain and is_named and not first.read_only and names[-1] != "id"
    is_editable = is_editable and not (len(names) == 1 and names[0] in _KEYS) and column.type == element.type
    return EditColumn(
        column.title,
        str(column.path),
        column.type,
        is_editable,
        column.as_date,
        tuple(element.values or ()),
        element.length or 0,
    )


def edit_text(cell: Cell, kind: str) -> str:
    """A cell as plain text, the same whatever program saved it; raises ValueError where it does not fit the type."""
    if isinstance(cell, CellError | Doubtful):
        said = _DOUBTS.get(cell.code, cell.message) if isinstance(cell, Doubtful) else f"it holds {cell}"
        raise ValueError(said)  # noqa: TRY004 - of a cell
    value = stored(cell)
    if value is None or value == "":
        return ""
    if kind in _NUMBERS:
        return _number(value)
    if kind in ("datetime", "date"):
        return _moment(value, kind)
    return _truth(value) if kind == "boolean" else _words(value)


def _words(value: Cell) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        if abs(value) >= _LONGEST_NUMBER:
            raise ValueError(
                f"it holds the number {value:f}, and a spreadsheet keeps 15 digits of one; type it as text"
            )
        return format(value.normalize() + 0, "f")
    if isinstance(value, datetime | date):
        raise ValueError(f"it holds the date {value:%Y-%m-%d}, and takes text")  # noqa: TRY004 - what a cell holds
    return visible(str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _number(value: object) -> str:
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
        if isinstance(value, bool) or not number.is_finite():
            raise InvalidOperation  # noqa: TRY301 - as of what is no number at all
    except InvalidOperation:
        raise ValueError(f"it holds {str(value)!r}, which is no number") from None
    return format(number.normalize() + 0, "f")


def _moment(value: object, kind: str) -> str:
    try:
        if isinstance(value, datetime):
            moment = value.replace(tzinfo=None)
        elif isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a wall clock, as the sheet shows it
        else:
            moment = datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
    except ValueError:
        raise ValueError(f"it holds {str(value)!r}, which is no date; write a date, as the other rows do") from None
    return moment.date().isoformat() if kind == "date" else moment.isoformat(timespec="seconds")


def _truth(value: object) -> str:
    said = str(value).strip().casefold()
    if said not in ("true", "false"):
        raise ValueError(f"it holds {str(value)!r}; write TRUE or FALSE")
    return said
