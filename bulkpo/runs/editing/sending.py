"""What is to be sent of an edited workbook, as a file and a mapping to import."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bulkpo.errors import InputError
from bulkpo.runs.editing.edited import AddedRow, CellChange, Edited, RowKey
from bulkpo.runs.editing.layout import DOCUMENT_KEY, ID, LINE, LINE_KEY, EditColumn, EditLayout
from bulkpo.runs.editing.places import EditPlaces
from bulkpo.tables.writing.atomic import replacing

_ROW = "Workbook row"
EMPTIED_CELL = "⌀ emptied by an edit ⌀"
"""What stands for an emptied cell, in the file that is sent."""


@dataclass(frozen=True, slots=True)
class Sendings:
    """What one import sends of an edited workbook: changes of documents that are there with new lines, or new ones."""

    changes: Sequence[CellChange]
    added: Sequence[AddedRow] = ()

    @property
    def are_new(self) -> bool:
        """Whether these are documents to be made."""
        return any(row.id is None for row in self.added)


@dataclass(frozen=True, slots=True)
class WrittenImport:
    """A mapping and a table that were written, and where what they say stands in the workbook."""

    mapping: Path
    table: Path
    places: EditPlaces


def write_import(edited: Edited, sendings: Sendings, workbook: Path, folder: Path) -> WrittenImport:
    """Write what is to change as a table with a mapping, under a name of their own.

    They stay, so that an update that was interrupted can be gone on with. What is there is told by its ids, unless
    something is added: then everything is told by its numbers, as what is new has no ids yet.
    """
    by_ids = not sendings.added
    at = {change.key: change.row for change in reversed(sendings.changes)}
    rows = [
        (at[key], _identity(edited, key, by_ids=by_ids), cells)
        for key, cells in _rows(edited, sendings.changes).items()
    ]
    rows += [(row.row, [row.key, row.line], _sent_of_added(edited, row)) for row in _by_document(sendings.added)]
    places = sorted({place for _, _, cells in rows for place in cells})
    columns = [edited.layout.columns[place] for place in places]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    identity = [ID, *([LINE] if edited.layout.rows else [])]
    writer.writerow([_ROW, *identity, *(column.title for column in columns)])
    for number, names, cells in rows:
        writer.writerow([number, *names[: len(identity)], *(cells.get(place, "") for place in places)])
    facts = _mapping(edited.layout, columns, by_ids=by_ids)
    if sendings.are_new:
        facts = _to_make(facts, edited.layout, columns)
    mapping = json.dumps(facts, ensure_ascii=False, indent=1)
    digest = hashlib.sha256(f"{mapping}\n{text.getvalue()}".encode()).hexdigest()[:16]
    place = folder / "edits" / digest
    place.mkdir(parents=True, exist_ok=True)
    paths = place / "mapping.yaml", place / f"{workbook.stem}{'-new' if sendings.are_new else ''}.csv"
    for path, content in zip(paths, (mapping, text.getvalue()), strict=True):
        with replacing(path) as file:  # another workbook with the same edits has the same name here
            file.write(content.encode())
    titles = (_ROW, *identity, *(column.title for column in columns))
    known = (None,) * (1 + len(identity))
    shown = EditPlaces(workbook, edited, tuple(number for number, _, _ in rows), (*known, *places), titles)
    return WrittenImport(*paths, shown)


def _identity(edited: Edited, key: RowKey, *, by_ids: bool) -> list[str]:
    """What tells a document and its line: their ids, or the numbers they were exported with."""
    if by_ids:
        return ["" if it is None else str(it) for it in key]
    texts, layout = edited.kept[key].texts, edited.layout
    return ["" if place is None else texts[place] for place in (layout.key_place, layout.line_place)]


def _by_document(added: Sequence[AddedRow]) -> list[AddedRow]:
    """Added rows with those of one document together, in the order of the first of each."""
    firsts: dict[str, int] = {}
    for row in added:
        firsts.setdefault(row.key, row.row)
    return sorted(added, key=lambda row: (firsts[row.key], row.row))


def _sent_of_added(edited: Edited, row: AddedRow) -> dict[int, str]:
    cells = {}
    for place, text in row.texts.items():
        change = CellChange(row.row, 0, (0, None), place, "", text)
        cells[place] = in_coupas_form(edited, change)
    return cells


def _rows(edited: Edited, changes: Iterable[CellChange]) -> dict[RowKey, dict[int, str]]:
    """The cells to send by row; the other elements of a reference that changes go with it."""
    rows: dict[RowKey, dict[int, str]] = {}
    for change in changes:
        cells = rows.setdefault(change.key, {})
        cells[change.place] = in_coupas_form(edited, change)
        for place in _companions(edited.layout, change.place):
            cells.setdefault(place, edited.kept[change.key].texts[place])
    return rows


def _companions(layout: EditLayout, place: int) -> list[int]:
    """The columns with the other elements of the same reference that can be sent."""
    outer = layout.columns[place].path.rpartition("/")[0]
    if not outer or outer == layout.rows or "custom-fields" in outer:
        return []
    return [
        other
        for other, column in enumerate(layout.columns)
        if other != place and column.is_editable and column.path.startswith(f"{outer}/")
    ]


def in_coupas_form(edited: Edited, change: CellChange) -> str:
    """A cell's new text in Coupa's form."""
    if change.new == "":
        return EMPTIED_CELL
    column = edited.layout.columns[change.place]
    if column.type != "datetime":
        return change.new
    moment = datetime.fromisoformat(change.new)
    if edited.layout.zone:
        return moment.replace(tzinfo=ZoneInfo(edited.layout.zone)).isoformat()
    kept = edited.kept.get(change.key)
    offset = (kept.offsets.get(change.place) if kept else "") or _other_offset(edited, change)
    return f"{moment.isoformat()}{offset[:3]}:{offset[3:]}"


def _other_offset(edited: Edited, change: CellChange) -> str:
    """The offset of another moment of the same export, for a cell that had none."""
    for kept in edited.kept.values():
        if offset := next(iter(kept.offsets.values()), ""):
            return offset
    title = edited.layout.columns[change.place].title
    raise InputError(
        f"cell {change.cell}, {title}: nothing says in which zone this date is meant; declare time_zone in the export "
        "mapping and export anew"
    )


def _mapping(layout: EditLayout, columns: Sequence[EditColumn], *, by_ids: bool) -> dict[str, object]:
    key, line = ("id", "id") if by_ids else (DOCUMENT_KEY, LINE_KEY)
    targets: dict[str, object] = {_ROW: {"ignore": "the row in the workbook"}, ID: key}
    if layout.rows:
        targets[LINE] = f"{layout.rows}/{line}"
    match: dict[str, str] = {"match": line} if by_ids else {"match": line, "new": "add"}
    targets |= {column.title: {"to": column.path, "clear": EMPTIED_CELL} for column in columns}
    return {
        "bulkpo": "import/1",
        "name": layout.name,
        "mode": "update",
        "resource": layout.resource,
        "source": {"encoding": "utf-8", "delimiter": ",", "guard": "off", "quotes": "as_read"},
        "document": {"key": key},
        **({"members": {layout.rows: match}} if layout.rows else {}),
        "numbers": {"decimal": "."},
        "dates": {"time_zone": layout.zone or "UTC"},
        "totals_rows": "keep",
        "scientific": "as_read",
        "spoiled_text": "as_read",
        "columns": targets,
    }


def _to_make(facts: Mapping[str, object], layout: EditLayout, columns: Sequence[EditColumn]) -> dict[str, object]:
    """The mapping of documents to be made; what no column has, Coupa itself asks for or not."""
    filled = [DOCUMENT_KEY, f"{layout.rows}/{LINE_KEY}", *(column.path for column in columns)]
    left = [it for it in layout.required if not any(path == it or path.startswith(f"{it}/") for path in filled)]
    plain = [column.title for column in columns]
    targets = facts["columns"]
    assert isinstance(targets, dict)  # noqa: S101 - as it was just made
    made = {title: it["to"] if title in plain else it for title, it in targets.items()}
    kept = {name: value for name, value in facts.items() if name not in ("mode", "members")}
    return {**kept, "rules": {path: {"required": False} for path in left}, "columns": made}
