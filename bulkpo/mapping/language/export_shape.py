"""What an export mapping says of its rows as a whole: which are added up, in what order they stand, and how many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bulkpo.mapping.language.export_columns import ExportColumn
from bulkpo.schema.rules import NUMBERS
from bulkpo.schema.tables import nearest
from bulkpo.yamldoc import Keys

_DESCENDING = "-"


@dataclass(frozen=True, slots=True)
class Ordering:
    """A column that rows are put in order by, and whether the highest comes first."""

    title: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class RowShape:
    """Rows that agree in the columns of `group_by` become one, with their `sums` and, under a title, their `count`.

    `order_by` puts rows in order, `limit` keeps the first so many. Titles are those of the mapping's columns.
    """

    group_by: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    count: str = ""
    order_by: tuple[Ordering, ...] = ()
    limit: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether rows are written as they come."""
        return not (self.group_by or self.order_by or self.limit is not None)

    def columns(self, columns: Sequence[ExportColumn]) -> tuple[ExportColumn, ...]:
        """The columns of the file."""
        if not self.group_by:
            return tuple(columns)
        by_title = {column.title: column for column in columns}
        kept = [by_title[title] for title in (*self.group_by, *self.sums)]
        return (*kept, *([ExportColumn(self.count, None, "integer")] if self.count else []))


class Report(Protocol):
    """Takes a problem and the keys of what is wrong."""

    def __call__(self, message: str, keys: Keys) -> None:
        """Note one problem."""


def row_shape(data: Mapping[str, Any], columns: Sequence[ExportColumn], report: Report) -> RowShape:
    """What a mapping says of its rows."""
    by_title = {column.title: column for column in columns}
    group_by, sums = tuple(data.get("group_by", ())), tuple(data.get("sum", ()))
    ordering = tuple(_ordering(text, by_title) for text in data.get("order_by", ()))
    shape = RowShape(group_by, sums, str(data.get("count", "")), ordering, data.get("limit"))
    problems = _unknown("group_by", group_by, by_title) + _unknown("sum", sums, by_title)
    if not problems:
        written = {column.title: column for column in shape.columns(columns)}
        problems = _unknown("order_by", [each.title for each in ordering], written) + _mixed(shape, by_title)
    for message, keys in problems:
        report(message, keys)
    for name in ("since", "mark_exported"):
        if shape.limit is not None and data.get(name):
            report(f"limit leaves out what {name} would take for delivered; remove one of the two", ("limit",))
    return shape


def _unknown(name: str, titles: Sequence[str], known: Mapping[str, ExportColumn]) -> list[tuple[str, Keys]]:
    return [
        (f"there is no column {title!r}{nearest(title, tuple(known))}", (name, number))
        for number, title in enumerate(titles)
        if title not in known
    ]


def _mixed(shape: RowShape, by_title: Mapping[str, ExportColumn]) -> list[tuple[str, Keys]]:
    """What cannot be added up: what is no number, what is not grouped, and amounts of several currencies."""
    found: list[tuple[str, Keys]] = [
        (f"{title!r} is {by_title[title].type}, which cannot be added up", ("sum", number))
        for number, title in enumerate(shape.sums)
        if by_title[title].type not in NUMBERS
    ]
    if (shape.sums or shape.count) and not shape.group_by:
        keys: Keys = ("sum" if shape.sums else "count",)
        found.append(("say what is added up together: group_by, with the titles of columns", keys))
    elif shape.sums and not any(_is_currency(by_title[title]) for title in shape.group_by):
        message = "amounts of several currencies would be added up; name a column of currency/code in group_by"
        found.append((message, ("sum",)))
    return found


def _ordering(text: str, known: Mapping[str, object]) -> Ordering:
    if text not in known and text.startswith(_DESCENDING):
        return Ordering(text.removeprefix(_DESCENDING).strip(), is_descending=True)
    return Ordering(text)


def _is_currency(column: ExportColumn) -> bool:
    return column.path is not None and column.path.names[-2:] == ("currency", "code")
