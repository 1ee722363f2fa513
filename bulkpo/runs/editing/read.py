"""What was changed in an edited workbook: cell by cell, against what was exported, whatever became of rows and columns.

Rows are known by the ids in their hidden columns and columns by their titles, so that they may be moved. What cannot be
taken is a fault: it names the cell, and keeps its document from being changed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bulkpo.errors import InputError
from bulkpo.model.table import Cell, Source, place_of, stored
from bulkpo.runs.editing.adding import add_rows
from bulkpo.runs.editing.edited import CellChange, Edited, EditFault, ExportedTexts, RowKey
from bulkpo.runs.editing.export import digest_of_kept
from bulkpo.runs.editing.layout import HIDDEN_SHEET, ID, LINE, VERSION, EditLayout, edit_text
from bulkpo.runs.editing.moved import refuse_sorted
from bulkpo.runs.editing.rows import ShownRow, tell_rows
from bulkpo.schema.tables import ElementTables
from bulkpo.tables.source import SourceOptions, open_source
from bulkpo.tables.workbooks.names import sheet_names
from bulkpo.where import column_letter

_HEADINGS_WITHIN = 20
_ANEW = "export it anew with --editable"


class EditTerms(NamedTuple):
    """What is taken of an edited workbook: rows that were added, and values that only moved to other rows."""

    is_upsert: bool = False
    takes_moved: bool = False


def read_edited(path: Path, tables: ElementTables, terms: EditTerms) -> Edited:
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
    reading = _Reading(edited, _sheet(path, names, layout))
    try:
        reading.run(terms)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
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
        (id_, line): ExportedTexts(tuple(texts), {int(at): offset for at, offset in offsets.items()}, str(version))
        for id_, line, version, texts, offsets in rows
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
        self._moves: list[CellChange] = []
        self._header: dict[tuple[int, int], CellChange] = {}

    def run(self, terms: EditTerms) -> None:
        """Look at every row below the heading; raises InputError for columns that were sorted by themselves."""
        edited, columns = self._edited, self._columns()
        edited.sheet = self._source.sheet
        edited.columns = {
            place: columns[column.title] + 1
            for place, column in enumerate(edited.layout.columns)
            if column.title in columns
        }
        rows = {
            row.number: row
            for row in _rows(self._source)
            if row.number > self._heading.number and any(cell not in (None, "") for cell in row.cells)
        }
        told = tell_rows(edited.layout, edited.kept, (self._shown(row, columns) for row in rows.values()))
        edited.faults += told.faults
        for number, key in told.exported.items():
            for place, column in enumerate(edited.layout.columns):
                if column.title in columns:
                    self._cell(rows[number], columns[column.title], key, place)
        if not terms.takes_moved:
            refuse_sorted(edited.layout, self._moves)
        self._add([rows[number] for number in told.added], columns, terms)
        left = len(edited.kept) - len(told.exported)
        if left:
            edited.notices.append(f"{left:,} of the rows that were exported are gone; nothing of them is changed")

    def _add(self, rows: Sequence[_Row], columns: Mapping[str, int], terms: EditTerms) -> None:
        """Take the added rows, if that is said."""
        where = [place_of(self._source, row.number, 0) for row in rows]
        if not terms.is_upsert:
            said = "this row was not exported; say --upsert if it is to be added"
            self._edited.faults += [EditFault(f"{place}: {said}", None) for place in where]
            return
        given = (
            (row.number, place, {at: self._text(row, columns, at) for at in range(len(self._edited.layout.columns))})
            for row, place in zip(rows, where, strict=True)
        )
        add_rows(self._edited, given)

    def _text(self, row: _Row, columns: Mapping[str, int], place: int) -> str | ValueError:
        """The text of an added row's cell; what is wrong with it, where it does not fit."""
        column = self._edited.layout.columns[place]
        if column.title not in columns:
            return ""
        try:
            return edit_text(row.cells[columns[column.title]], column.type)
        except ValueError as error:
            return error

    def _shown(self, row: _Row, columns: Mapping[str, int]) -> ShownRow:
        layout, keys = self._edited.layout, dict[int, str]()
        for place in (layout.key_place, layout.line_place):
            if place is not None and layout.columns[place].title in columns:
                text = self._text(row, columns, place)
                keys[place] = text if isinstance(text, str) else str(row.cells[columns[layout.columns[place].title]])
        return ShownRow(row.number, place_of(self._source, row.number, 0), self._key(row, columns), keys)

    def _has_cells(self, place: int) -> bool:
        """Whether anything stands in a column."""
        return any(row.cells[place] not in (None, "") for row in _rows(self._source))

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
            elif not title and self._has_cells(place):
                edited.notices.append(f"column {column_letter(place + 1)} has no title, and is not read")
            places[title] = place
        missing = [title for title in wanted if title not in places]
        if LINE in missing:
            raise InputError(f"{place_of(self._source, 0, 0)}: the hidden column {LINE} is gone; {_ANEW}")
        edited.notices += [f"column {title!r} is gone; nothing of it is changed" for title in sorted(missing)]
        return places

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
        self._moves.append(change)
        if not edited.layout.is_of_line(place):
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
