"""An export as a workbook to be edited, which knows what was exported."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import OutputError
from bulkpo.mapping.flatten import Flattener
from bulkpo.mapping.language.export import ExportMapping
from bulkpo.model.table import Cell
from bulkpo.model.tree import Tree
from bulkpo.runs.editing.layout import HIDDEN_SHEET, ID, LINE, VERSION, EditColumn, EditLayout, edit_text, layout_of
from bulkpo.runs.own_files import OwnFiles
from bulkpo.schema.tables import ElementTables
from bulkpo.tables.writing.columns import ColumnKind
from bulkpo.tables.writing.editable import EditableColumn, EditableSheet, write_editable

_KINDS = {
    "integer": ColumnKind.INTEGER,
    "decimal": ColumnKind.DECIMAL,
    "float": ColumnKind.DECIMAL,
    "datetime": ColumnKind.DATETIME,
    "date": ColumnKind.DATE,
    "boolean": ColumnKind.BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class EditableExport:
    """What was written: the file, how many documents and rows, and which columns can be edited."""

    file: Path
    documents: int
    rows: int
    editable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """A row of an export: which document and member it is of, its cells, and the offsets of its moments by column."""

    id: int
    line: int | None
    version: str
    cells: tuple[Cell, ...]
    offsets: dict[int, str]


@dataclass(frozen=True, slots=True)
class EditTarget:
    """Where an export to be edited goes, and who is told how far it is."""

    path: Path
    own: OwnFiles
    progress: Callable[[int, int | None], None]


def export_editable(
    mapping: ExportMapping,
    client: CoupaClient,
    tables: ElementTables,
    target: EditTarget,
) -> EditableExport:
    """Read what a mapping asks for and write it to be edited; raises OutputError and ServiceError."""
    path, own = target.path, target.own
    if path.suffix.lower() != ".xlsx":
        raise OutputError(f"{path}: what is to be edited is a workbook; name it .xlsx")
    layout = layout_of(mapping, tables, str(client.profile))
    found: dict[int, Tree] = {}
    for conditions in mapping.queries:
        for document in client.find(mapping.resource.name, conditions, edit_fields(layout)):
            found[int(document["id"])] = document
            target.progress(len(found), None)
    rows = list(rows_of_documents(layout, [found[id_] for id_ in sorted(found)]))
    writer = f"export {mapping.name} of {client.profile.name}, to edit"
    place = own.place(path, writer)
    columns = [*_identifying(layout), *(_column(column) for column in layout.columns)]
    cells: list[Sequence[Cell]] = [[*_identity(layout, row), *row.cells] for row in rows]
    sheet = EditableSheet(layout.sheet, columns, cells, HIDDEN_SHEET, kept_texts(layout, rows))
    write_editable(place, sheet, lambda file: own.note(place, writer, file))
    return EditableExport(place, len(found), len(rows), tuple(it.title for it in layout.columns if it.is_editable))


def edit_fields(layout: EditLayout) -> list[object]:
    """The elements of a layout as Coupa's `fields` wants them, and those that tell documents and rows."""
    tree: dict[str, Any] = {name: {} for name in ("id", "version", "po-number")}
    if layout.rows:
        tree[layout.rows] = {"id": {}}
    for column in layout.exported():
        node = tree
        for name in column.path.names if column.path else ():
            node = node.setdefault(name, {})
    return _nested(tree)


def _nested(tree: Mapping[str, Any]) -> list[object]:
    return [name if not below else {name: _nested(below)} for name, below in tree.items()]


def rows_of_documents(layout: EditLayout, documents: Sequence[Tree]) -> Iterator[ExportedRow]:
    """The rows of documents as they are shown to be edited."""
    zone = ZoneInfo(layout.zone) if layout.zone else None
    columns = layout.exported()
    flattener = Flattener(columns, (layout.rows,) if layout.rows else (), zone)
    for document in documents:
        inner = document.get(layout.rows) if layout.rows else None
        members = [member for member in inner if isinstance(member, dict)] if isinstance(inner, list) else []
        lines: Sequence[int | None] = [int(member["id"]) for member in members] or [None]
        for line, cells in zip(lines, flattener.rows([document]), strict=True):
            offsets = {
                place: cell.strftime("%z")
                for place, cell in enumerate(cells)
                if isinstance(cell, datetime) and cell.tzinfo is not None
            }
            yield ExportedRow(int(document["id"]), line, str(document.get("version") or ""), cells, offsets)


def kept_texts(layout: EditLayout, rows: Sequence[ExportedRow]) -> list[str]:
    """What the hidden sheet holds: what was exported, and every row as it was; the first line has the digest of all."""
    lines = [json.dumps([row.id, row.line, row.version, texts_of(layout, row.cells), row.offsets]) for row in rows]
    facts = layout.as_json()
    return [json.dumps({**facts, "digest": digest_of_kept(facts, lines)}), *lines]


def texts_of(layout: EditLayout, cells: Sequence[Cell]) -> list[str]:
    """The plain texts of a row's cells; what does not fit its type is kept as it is shown."""
    return [_plain(cell, column.type) for cell, column in zip(cells, layout.columns, strict=True)]


def _plain(cell: Cell, kind: str) -> str:
    try:
        return edit_text(cell, kind)
    except ValueError:
        return str(cell)


def digest_of_kept(facts: dict[str, object], lines: Sequence[str]) -> str:
    """The digest of what a hidden sheet holds."""
    text = "\n".join([json.dumps(facts, sort_keys=True), *lines])
    return hashlib.sha256(text.encode()).hexdigest()


def _identifying(layout: EditLayout) -> list[EditableColumn]:
    names = [ID, *([LINE] if layout.rows else []), VERSION]
    return [EditableColumn(name, ColumnKind.TEXT, is_hidden=True) for name in names]


def _identity(layout: EditLayout, row: ExportedRow) -> list[Cell]:
    line = [] if not layout.rows else [None if row.line is None else str(row.line)]
    return [str(row.id), *line, row.version]


def _column(column: EditColumn) -> EditableColumn:
    kind = ColumnKind.DATE if column.as_date else _KINDS.get(column.type, ColumnKind.TEXT)
    return EditableColumn(
        column.title,
        kind,
        column.is_editable,
        values=column.values,
        length=column.length if kind is ColumnKind.TEXT else 0,
    )
