"""What was changed in an edited workbook: cell by cell, against what was exported, whatever became of rows and columns.

Rows are known by the ids in their hidden columns and columns by their titles, so that they may be moved. What cannot be
taken is a fault: it names the cell, and keeps its document from being changed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bulkpo.errors import InputError
from bulkpo.model.table import Cell, Source, place_of, stored
from bulkpo.runs.editing.export import digest_of_kept
from bulkpo.runs.editing.layout import HIDDEN_SHEET, ID, LINE, VERSION, EditLayout, edit_text
from bulkpo.schema.tables import ElementTables
from bulkpo.tables.source import SourceOptions, open_source
from bulkpo.tables.workbooks.names import sheet_names
from bulkpo.where import cell_name

_HEADINGS_WITHIN = 20
_ANEW = "export it anew with --editable"
RowKey = tuple[int, int | None]
"""The ids of a row's document and member."""


@dataclass(frozen=True, slots=True)
class ExportedTexts:
    """A row as it was exported: its texts by column, and the offsets of its moments."""

    texts: tuple[str, ...]
    offsets: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that was changed: where it is, whose it is, and from what to what; an empty text is an emptied cell."""

    row: int
    column: int
    key: RowKey
    place: int
    old: str
    new: str

    @property
    def cell(self) -> str:
        """The cell's name in the sheet."""
        return cell_name(self.row, self.column)


class EditFault(NamedTuple):
    """Something in the workbook that cannot be taken, in words with its place; `id` is the document it is about."""

    said: str
    id: int | None


@dataclass(slots=True)
class Edited:
    """What an edited workbook holds."""

    layout: EditLayout
    kept: dict[RowKey, ExportedTexts]
    changes: list[CellChange] = field(default_factory=list)
    faults: list[EditFault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def faulty(self) -> set[int]:
        """The documents that are kept from being changed."""
        return {fault.id for fault in self.faults if fault.id is not None}

    def sound(self) -> list[CellChange]:
        """The changes of documents without faults."""
        return [change for change in self.changes if change.key[0] not in self.faulty]


def read_edited(path: Path, tables: ElementTables) -> Edited:
    """Read an edited workbook; raises InputError for one that does not know any more what was exported."""
    names = sheet_names(path)
    if HIDDEN_SHEET not in names:
        raise InputError(
            f"{path}: the hidden sheet {HIDDEN_SHEET!r} is gone, or this was never exported to be edited; {_ANEW}"
        )
    try:
        layout, kept = _kept(path, tables)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    edited = Edited(layout, kept)
    _Reading(edited, _sheet(path, names, layout)).run()
    return edited


def _kept(path: Path, tables: ElementTables) -> tuple[EditLayout, dict[RowKey, ExportedTexts]]:
    source = open_source(path, SourceOptions(sheet=HIDDEN_SHEET, header_row=None))
    lines = [
        "".join(str(stored(cell)) for cell in cells if cell is not None)
        for chunk in source.chunks()
        for cells in zip(*chunk.columns, strict=True)
    ]
    try:
        facts = json.loads(lines[0])
        digest = facts.pop("digest")
        rows = [json.loads(line) for line in lines[1:]]
    except (ValueError, LookupError, AttributeError):
        raise InputError(f"its hidden sheet cannot be read any more; {_ANEW}") from None
    if digest != digest_of_kept(facts, lines[1:]):
        raise InputError(f"its hidden sheet was changed, so what was exported is not known; {_ANEW}")
    layout = EditLayout.from_json(facts, tables)
    return layout, {
        (id_, line): ExportedTexts(tuple(texts), {int(at): offset for at, offset in offsets.items()})
        for id_, line, _, texts, offsets in rows
    }


def _sheet(path: Path, names: Sequence[str], layout: EditLayout) -> Source:
    """The sheet with the rows: by its name, or the one that has the hidden columns."""
    for name in sorted((name for name in names if name != HIDDEN_SHEET), key=lambda name: name != layout.sheet):
        source = open_source(path, SourceOptions(sheet=name, header_row=None))
        if _heading(source) is not None:
            return source
    raise InputError(f"{path}: no sheet has the hidden columns {ID} and {VERSION} any more; {_ANEW}")


class _Row(NamedTuple):
    number: int
    cells: Sequence[Cell]


def _rows(source: Source) -> Iterator[_Row]:
    for chunk in source.chunks():
        for row, cells in zip(chunk.rows, zip(*chunk.columns, strict=True), strict=True):
            yield _Row(row, cells)


def _heading(source: Source) -> _Row | None:
    rows = islice(_rows(source), _HEADINGS_WITHIN)
    return next((row for row in rows if {ID, VERSION} <= {str(cell) for cell in row.cells if cell}), None)


class _Reading:
    """One reading of the sheet that was edited."""

    def __init__(self, edited: Edited, source: Source) -> None:
        heading = _heading(source)
        if heading is None:
            raise InputError(f"{place_of(source, 0, 0)}: the headings are gone; {_ANEW}")
        self._edited = edited
        self._source = source
        self._heading = heading
        self._seen: dict[RowKey, int] = {}
        self._header: dict[tuple[int, int], CellChange] = {}

    def run(self) -> None:
        """Look at every row below the heading."""
        columns = self._columns()
        for row in _rows(self._source):
            if row.number > self._heading.number:
                self._row(row, columns)
        left = len(self._edited.kept) - len(self._seen)
        if left:
            self._edited.notices.append(f"{left:,} of the rows that were exported are gone; nothing of them is changed")

    def _columns(self) -> dict[str, int]:
        """The places of the columns by title; what is missing or new is noticed."""
        edited, places = self._edited, dict[str, int]()
        wanted = {ID, VERSION, *([LINE] if edited.layout.rows else []), *(it.title for it in edited.layout.columns)}
        for place, cell in enumerate(self._heading.cells):
            title = "" if cell is None else str(cell)
            if title in places and title in wanted:
                raise InputError(
                    f"{place_of(self._source, self._heading.number, 0)}: two columns are called {title!r}; rename one"
                )
            if title and title not in wanted:
                edited.notices.append(f"column {title!r} was not exported, and is not read")
            places[title] = place
        missing = [title for title in wanted if title not in places]
        if LINE in missing:
            raise InputError(f"{place_of(self._source, 0, 0)}: the hidden column {LINE} is gone; {_ANEW}")
        edited.notices += [f"column {title!r} is gone; nothing of it is changed" for title in sorted(missing)]
        return places

    def _row(self, row: _Row, columns: Mapping[str, int]) -> None:
        edited = self._edited
        where = place_of(self._source, row.number, 0)
        key = self._key(row, columns)
        if key is None:
            edited.faults.append(EditFault(f"{where}: this row was not exported; add it by an import mapping", None))
            return
        kept = edited.kept.get(key)
        if kept is None:
            edited.faults.append(EditFault(f"{where}: its hidden ids were changed; undo that, or export anew", key[0]))
            return
        if key in self._seen:
            other = f"row {self._seen[key]}"
            edited.faults.append(EditFault(f"{where}: the same as {other} by its hidden ids; keep one of them", key[0]))
            return
        self._seen[key] = row.number
        for place, column in enumerate(edited.layout.columns):
            if column.title in columns:
                self._cell(row, columns[column.title], key, place)

    def _cell(self, row: _Row, at: int, key: RowKey, place: int) -> None:
        edited = self._edited
        column, old = edited.layout.columns[place], edited.kept[key].texts[place]
        where = place_of(self._source, row.number, at + 1)
        try:
            new = edit_text(row.cells[at], column.type)
        except ValueError as error:
            edited.faults.append(EditFault(f"{where}: {column.title}: {error}", key[0]))
            return
        if new == old:
            return
        if not column.is_editable:
            said = f"{where}: {column.title} cannot be changed here: it was {old!r} and is {new!r}; put it back"
            edited.faults.append(EditFault(said, key[0]))
            return
        change = CellChange(row.number, at + 1, key, place, old, new)
        if not (edited.layout.rows and column.path.startswith(f"{edited.layout.rows}/")):
            first = self._header.setdefault((key[0], place), change)
            if first is not change:
                if first.new != new:
                    said = (
                        f"{where}: {column.title} is {new!r}, and {first.new!r} in {first.cell}, of the same document"
                    )
                    edited.faults.append(EditFault(f"{said}; write the same in both", key[0]))
                return
        edited.changes.append(change)

    @staticmethod
    def _key(row: _Row, columns: Mapping[str, int]) -> RowKey | None:
        id_ = _whole(row.cells[columns[ID]])
        if id_ is None:
            return None
        return id_, _whole(row.cells[columns[LINE]]) if LINE in columns else None


def _whole(cell: Cell) -> int | None:
    text = "" if cell is None else str(stored(cell)).strip()
    return int(text) if text.isascii() and text.isdigit() else None
