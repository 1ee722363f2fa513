"""Which orders something is to be done with: the numbers or ids in a column of a spreadsheet, or in a plain list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bulkpo.errors import InputError, UsageError
from bulkpo.model.table import Cell, CellError, Doubtful, Source, place_of
from bulkpo.runs.planning.worth import PO_NUMBER
from bulkpo.schema.tables import nearest
from bulkpo.tables.source import SourceOptions, open_source

BY_ID = "id"
_NUMBERS = ("ponumber", "purchaseordernumber", "pono", "po", "purchaseorder", "ordernumber", "orderno", "order")
_IDS = ("coupaid", "id", "poid", "orderid")
_HEADINGS_WITHIN = 20  # rows above them may say whose list it is and of when


@dataclass(frozen=True, slots=True)
class ListColumn:
    """Which column of a file has the orders: its title, and the sheet; both found out where they are not said."""

    title: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list holds: values of one element, each once, in the list's order.

    `repeated` values stood there before, `blank` rows have none though they have something else; `oddities` are what is
    odd about the file, such as hidden rows, which count like all others.
    """

    element: str
    values: tuple[str, ...]
    repeated: int = 0
    blank: int = 0
    oddities: tuple[str, ...] = ()


class _Row(NamedTuple):
    number: int
    cells: Sequence[Cell]


def read_wanted(path: Path, column: ListColumn) -> Wanted:
    """The orders a file names, in the column of that title or in the one whose title says so.

    A file of one column without such a title is a list without a heading. Raises InputError for a cell that cannot be
    read, and UsageError where it is not clear which column is meant.
    """
    source = open_source(path, SourceOptions(sheet=column.sheet, header_row=None))
    heading = next((row for row in islice(_rows(source), _HEADINGS_WITHIN) if _places(row, column.title)), None)
    if heading is not None:
        place = _place(source, heading, column.title)
        return _wanted(source, place, _element(str(heading.cells[place])), heading.number)
    if column.title is None and len(source.columns) == 1:
        return _wanted(source, 0, PO_NUMBER, 0)
    raise UsageError(_no_column(source, column.title))


def _rows(source: Source) -> Iterator[_Row]:
    for chunk in source.chunks():
        for row, cells in zip(chunk.rows, zip(*chunk.columns, strict=True), strict=True):
            yield _Row(row, cells)


def _places(row: _Row, title: str | None) -> list[int]:
    """The columns of a row that are called so, or, where nothing is said, by a name for order numbers, or else ids."""
    plain = [_plain(cell) if isinstance(cell, str) else "" for cell in row.cells]
    for name in (*_NUMBERS, *_IDS) if title is None else (_plain(title),):
        if places := [place for place, text in enumerate(plain) if text and text == name]:
            return places
    return []


def _place(source: Source, heading: _Row, title: str | None) -> int:
    places = _places(heading, title)
    exact = [place for place in places if heading.cells[place] == title] or places
    if len(exact) > 1:
        raise UsageError(
            f"{place_of(source, heading.number, 0)}: two columns are called {heading.cells[exact[0]]!r}; rename one"
        )
    return exact[0]


def _no_column(source: Source, title: str | None) -> str:
    first = next(_rows(source), _Row(0, ()))
    titles = tuple(cell for cell in first.cells if isinstance(cell, str))
    listed = f"; its first row has {', '.join(titles)}" if titles else ""
    if title is None:
        return (
            f"{place_of(source, 0, 0)}: no column is called PO Number or id; say which it is by --column TITLE, or the "
            f"sheet by --sheet{listed}"
        )
    return f"{place_of(source, 0, 0)}: no column is called {title!r}{nearest(title, titles) or listed}"


def _element(title: str) -> str:
    return BY_ID if _plain(title) in _IDS else PO_NUMBER


def _plain(title: str) -> str:
    return "".join(letter for letter in title.casefold() if letter.isalnum())


def _wanted(source: Source, place: int, element: str, heading: int) -> Wanted:
    texts = [_text(row.cells[place], source, row.number, place + 1) for row in _rows(source) if row.number > heading]
    values = dict.fromkeys(filter(None, texts))
    if not values:
        raise InputError(f"{place_of(source, heading, place + 1)}: there is nothing below it; the list is empty")
    filled = sum(map(bool, texts))
    return Wanted(element, tuple(values), filled - len(values), len(texts) - filled, _oddities(source))


def _oddities(source: Source) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.message for finding in source.findings()))


def _text(cell: Cell, source: Source, row: int, column: int) -> str:
    if isinstance(cell, CellError | Doubtful):
        what = cell.message if isinstance(cell, Doubtful) else f"holds {cell}"
        raise InputError(f"{place_of(source, row, column)}: {what}; write the order's number there")
    return "" if cell is None else str(cell).strip()
