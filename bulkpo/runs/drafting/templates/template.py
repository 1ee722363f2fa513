"""A template: a workbook to fill in, made from a mapping, that knows which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bulkpo.errors import OutputError
from bulkpo.mapping.language.spec import ImportMapping
from bulkpo.model.own import OWN_PREFIX
from bulkpo.runs.checking.stamps import STAMP_SHEET, Stamp, filled_by
from bulkpo.runs.drafting.choices import InstanceChoices
from bulkpo.runs.drafting.templates.template_layout import TemplateColumn, TemplateSheet
from bulkpo.schema.tables import Element
from bulkpo.tables.writing.columns import ColumnKind
from bulkpo.tables.writing.places import free_place
from bulkpo.tables.writing.template_book import (
    FillBook,
    FillColumn,
    FillList,
    FillSheet,
    name_of_list,
    write_template_book,
)

WORDS_SHEET, LISTS_SHEET = f"{OWN_PREFIX}how to", f"{OWN_PREFIX}lists"
_HEADINGS = ("Heading", "Must be filled", "What it means", "What it takes", "For example", "Choose from")
_KINDS = {
    "integer": ColumnKind.INTEGER,
    "decimal": ColumnKind.DECIMAL,
    "float": ColumnKind.DECIMAL,
    "datetime": ColumnKind.DATETIME,
    "date": ColumnKind.DATE,
    "boolean": ColumnKind.BOOLEAN,
}
_MOST_IN_NOTE = 15


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What a template tells of itself: the day, the program's version, and whose lists it has."""

    made: date
    version: str
    instance: str


def stamp_of(mapping: ImportMapping, digest: str, sheets: Sequence[TemplateSheet], zone: str = "") -> Stamp:
    """The stamp of a mapping's template; without a digest, of one that is made without a mapping."""
    columns = tuple(filled_by(mapping).items())
    return Stamp(mapping.name, mapping.resource.name, digest, sheets[0].name, zone, columns)


@dataclass(frozen=True, slots=True)
class PlacedTemplate:
    """A template that was written, and how long each of its lists is."""

    file: Path
    lists: dict[str, int]


def place_template(
    path: Path,
    of: tuple[ImportMapping, Stamp],
    parts: tuple[Sequence[TemplateSheet], InstanceChoices],
    facts: TemplateFacts,
) -> PlacedTemplate:
    """Write a template; what is there stays, since somebody may have filled it in. Raises OutputError."""
    if path.suffix.lower() != ".xlsx":
        raise OutputError(f"{path}: a template is a workbook; name it .xlsx")
    (mapping, stamp), (sheets, choices) = of, parts
    lists = _Lists(choices)
    filled = tuple(
        FillSheet(it.name, it.header_row, it.header_rows, tuple(lists.column(each) for each in it.columns))
        for it in sheets
    )
    lines = tuple(_lines(mapping, stamp, sheets, facts))
    table = (_HEADINGS, *(lists.row(each) for it in sheets for each in it.columns))
    book = FillBook(filled, tuple(lists.found), lines, table, (LISTS_SHEET, WORDS_SHEET, STAMP_SHEET), stamp.text())
    place = free_place(path, ())
    write_template_book(place, book)
    return PlacedTemplate(place, {it.title: len(it.values) for it in lists.found})


def _lines(
    mapping: ImportMapping, stamp: Stamp, sheets: Sequence[TemplateSheet], facts: TemplateFacts
) -> Iterator[str]:
    """How to go about it, in few words: nobody reads many."""
    noun, names = mapping.kind.noun, " and ".join(f"“{it.name}”" for it in sheets)
    key = next((it.title for sheet in sheets for it in sheet.columns if str(mapping.key) in it.paths), str(mapping.key))
    yield f"How to fill in these {noun.many}"
    below = mapping.layout.below
    if below is None:
        yield f"Fill in the sheet {names}, a row for each {noun.one}."
    else:
        line = mapping.kind.lines(mapping.layout).one
        yield f"Fill in the sheet {names}, a row for each {line}. Rows with one “{key}” are one {noun.one}."
    yield "Dark headings must be filled in. Point at any heading to see what it takes. Do not rename headings."
    yield "Paste values only (Paste Special, Values), so that formats and drop-downs stay. Every cell is checked."
    yield "Then let bulkpo check it: bulkpo check FILE.xlsx. This sheet and the examples in it are never loaded."
    of = f"mapping {stamp.name}, state {stamp.digest}" if stamp.is_of_mapping else f"the usual columns of {noun.many}"
    lists = f" The lists are what {facts.instance} had on that day." if facts.instance else ""
    yield f"Made on {facts.made.isoformat()} by bulkpo {facts.version} from {of}.{lists}"


class _Lists:
    """The lists of a template, each once, and the columns that choose from them."""

    def __init__(self, choices: InstanceChoices) -> None:
        self.found: list[FillList] = []
        self._labels = choices.labels
        self._left = choices.left
        self._by_values: dict[tuple[str, ...], FillList] = {}

    def column(self, column: TemplateColumn) -> FillColumn:
        """A column, with the list it chooses from."""
        element = column.element
        return FillColumn(
            title=column.title,
            kind=_KINDS.get(element.type, ColumnKind.TEXT),
            note=self._note(column),
            is_required=column.is_required,
            list=self._list(column),
            is_closed=column.is_closed,
            length=element.length or 0,
            most=_most(element),
        )

    def row(self, column: TemplateColumn) -> tuple[str, ...]:
        """What the sheet of words says of a column."""
        must = "yes" if column.is_required else ""
        return (
            column.title,
            must,
            column.meaning,
            column.takes,
            column.example,
            self._list(column) or self._reason(column),
        )

    def _list(self, column: TemplateColumn) -> str:
        if not column.values:
            return ""
        known = self._by_values.get(column.values)
        if known is None:
            name = name_of_list(column.title, [it.name for it in self.found])
            labels: Mapping[str, str] = next((self._labels[it] for it in column.paths if it in self._labels), {})
            known = FillList(name, column.title, [(value, labels.get(value, "")) for value in column.values])
            self._by_values[column.values] = known
            self.found.append(known)
        return known.name

    def _reason(self, column: TemplateColumn) -> str:
        return next((f"no list: {self._left[path]}" for path in column.paths if path in self._left), "")

    def _note(self, column: TemplateColumn) -> str:
        shown = ", ".join(column.values[:_MOST_IN_NOTE])
        more = f" and {len(column.values) - _MOST_IN_NOTE:,} more" if len(column.values) > _MOST_IN_NOTE else ""
        told = (
            "Must be filled in." if column.is_required else "May be left empty.",
            column.meaning,
            column.takes,
            f"For example: {column.example}" if column.example else "",
            f"One of: {shown}{more}" if column.values else "",
        )
        return "\n".join(each for each in told if each)


def _most(element: Element) -> int:
    """The number that no value of an element reaches; 0 where nothing is known."""
    if element.precision is None:
        return 0
    digits = element.precision - (element.scale or 0)
    return 10**digits if 0 < digits <= 15 else 0
