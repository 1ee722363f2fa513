"""What is to be sent of an edited workbook: held against what is there now, then as a file and a mapping to import."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import InputError, RunError, UsageError
from bulkpo.model.profile import Profile
from bulkpo.runs.editing.edited import AddedRow, CellChange, Edited, EditFault, RowKey
from bulkpo.runs.editing.export import edit_fields, rows_of_documents, texts_of
from bulkpo.runs.editing.layout import DOCUMENT_KEY, ID, LINE, LINE_KEY, EditColumn, EditLayout
from bulkpo.tables.writing.atomic import replacing

_MOST_NAMED = 5
_EMPTIED = "⌀ emptied by an edit ⌀"


@dataclass(frozen=True, slots=True)
class Clash:
    """A changed cell whose element somebody else has changed since the export."""

    change: CellChange
    theirs: str | None

    def said(self, layout: EditLayout) -> str:
        """In words: was, yours, theirs."""
        change, title = self.change, layout.columns[self.change.place].title
        theirs = "it is gone" if self.theirs is None else f"theirs {_said(self.theirs)}"
        return f"{change.cell} {title}: was {_said(change.old)}, yours {_said(change.new)}, {theirs}"


def _said(text: str) -> str:
    return repr(text) if text else "(empty)"


@dataclass(frozen=True, slots=True)
class EditStanding:
    """The changes that can be made, those that are so already, and those that clash; `names` are the documents' own.

    `to_add` are the added rows that are not there yet, `newer` the documents to change that have another version now
    than was exported, and no cell that clashes.
    """

    to_make: tuple[CellChange, ...]
    already: tuple[CellChange, ...]
    clashes: tuple[Clash, ...]
    names: Mapping[int, str]
    to_add: tuple[AddedRow, ...] = ()
    newer: tuple[int, ...] = ()

    @property
    def new_documents(self) -> int:
        """How many documents the added rows make."""
        return len({row.key for row in self.to_add if row.id is None})

    @property
    def new_lines(self) -> int:
        """How many lines the added rows make in documents that are there."""
        return sum(row.id is not None for row in self.to_add)


def refuse_elsewhere(workbook: Path, layout: EditLayout, profile: Profile) -> None:
    """Raise UsageError for a workbook of another instance: its ids mean other documents here."""
    if layout.instance != str(profile) and not layout.instance.endswith(f"({profile.url})"):
        raise UsageError(
            f"{workbook}: it was exported from {layout.instance}, and this would change {profile}, where the same ids "
            "mean other documents; give the profile it came from with --to, or export it anew from there"
        )


def hold_edits(edited: Edited, client: CoupaClient) -> EditStanding:
    """Read the changed documents as they are now, and hold the changes against them.

    An added row whose document or line is there by now, though it was not exported, is a fault.
    """
    changes, layout = edited.sound(), edited.layout
    concerned = [*(change.key[0] for change in changes), *(row.id for row in edited.added if row.id is not None)]
    ids = [str(id_) for id_ in dict.fromkeys(concerned)]
    now: dict[RowKey, list[str]] = {}
    names: dict[int, str] = {}
    versions: dict[int, str] = {}
    fields = edit_fields(layout)
    for _, documents in client.answers_by_keys(layout.resource, "id", ids, fields) if ids else ():
        for document in documents:
            names[int(document["id"])] = str(document.get("po-number") or f"id {document['id']}")
            versions[int(document["id"])] = str(document.get("version") or "")
        now |= {(row.id, row.line): texts_of(layout, row.cells) for row in rows_of_documents(layout, documents)}
    to_make, already, clashes = [], [], []
    for change in changes:
        texts = now.get(change.key)
        theirs = None if texts is None else texts[change.place]
        if theirs == change.new:
            already.append(change)
        elif theirs == change.old:
            to_make.append(change)
        else:
            clashes.append(Clash(change, theirs))
    to_add = tuple(_to_add(edited, client, now))
    touched = {it.key[0] for it in to_make} | {row.id for row in to_add if row.id is not None}
    newer = edited.newer(versions, touched - {clash.change.key[0] for clash in clashes})
    return EditStanding(tuple(to_make), tuple(already), tuple(clashes), names, to_add, newer)


def refuse_moved(workbook: Path, shown: EditStanding, now: EditStanding) -> None:
    """Raise RunError where a changed cell does not stand any more as it was shown."""
    moved = sorted({it.cell for it in shown.to_make} ^ {it.cell for it in now.to_make})
    moved += [
        clash.change.cell for clash in now.clashes if clash not in shown.clashes and clash.change.cell not in moved
    ]
    if moved:
        raise RunError(
            f"{workbook}: somebody changed in Coupa what {', '.join(moved[:_MOST_NAMED])} is to change, just now; "
            "nothing was sent. Run it again: it shows what is there"
        )


def _to_add(edited: Edited, client: CoupaClient, now: Mapping[RowKey, Sequence[str]]) -> Iterator[AddedRow]:
    """The added rows of sound documents that are not there; those that are there are faults."""
    layout = edited.layout
    new = list(dict.fromkeys(row.key for row in edited.added if row.id is None))
    taken: set[tuple[str, str]] = set()
    for _, documents in client.answers_by_keys(layout.resource, DOCUMENT_KEY, new, ["id", DOCUMENT_KEY]) if new else ():
        taken |= {(str(document.get(DOCUMENT_KEY)), "") for document in documents}
    if layout.line_place is not None:
        taken |= {(str(id_), texts[layout.line_place]) for (id_, _), texts in now.items()}
    for row in edited.added:
        if row.id in edited.faulty:
            continue
        if row.id is None and (row.key, "") in taken:
            said = f"order {row.key!r} is in Coupa and was not exported with the others; export it too, to change it"
            edited.faults.append(EditFault(f"{row.where}: {said}", None))
        elif row.id is not None and (str(row.id), row.line) in taken:
            said = f"line {row.line} of order {row.key!r} is in Coupa by now; export anew, to change it"
            edited.faults.append(EditFault(f"{row.where}: {said}", None))
        else:
            yield row


@dataclass(frozen=True, slots=True)
class Sendings:
    """What one import sends of an edited workbook: changes of documents that are there with new lines, or new ones."""

    changes: Sequence[CellChange]
    added: Sequence[AddedRow] = ()

    @property
    def are_new(self) -> bool:
        """Whether these are documents to be made."""
        return any(row.id is None for row in self.added)


def write_import(edited: Edited, sendings: Sendings, workbook: Path, folder: Path) -> tuple[Path, Path]:
    """Write what is to change as a table with a mapping, under a name of their own; gives the mapping and the table.

    They stay, so that an update that was interrupted can be gone on with. What is there is told by its ids, unless
    something is added: then everything is told by its numbers, as what is new has no ids yet.
    """
    by_ids = not sendings.added
    rows = [(_identity(edited, key, by_ids=by_ids), cells) for key, cells in _rows(edited, sendings.changes).items()]
    rows += [([row.key, row.line], _sent_of_added(edited, row)) for row in _by_document(sendings.added)]
    places = sorted({place for _, cells in rows for place in cells})
    columns = [edited.layout.columns[place] for place in places]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    identity = [ID, *([LINE] if edited.layout.rows else [])]
    writer.writerow([*identity, *(column.title for column in columns)])
    for names, cells in rows:
        writer.writerow([*names[: len(identity)], *(cells.get(place, "") for place in places)])
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
    return paths


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
        cells[place] = _sent(edited, change)
    return cells


def _rows(edited: Edited, changes: Iterable[CellChange]) -> dict[RowKey, dict[int, str]]:
    """The cells to send by row; the other elements of a reference that changes go with it."""
    rows: dict[RowKey, dict[int, str]] = {}
    for change in changes:
        cells = rows.setdefault(change.key, {})
        cells[change.place] = _sent(edited, change)
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


def _sent(edited: Edited, change: CellChange) -> str:
    """A cell's new text in Coupa's form."""
    if change.new == "":
        return _EMPTIED
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
    targets: dict[str, object] = {ID: key}
    if layout.rows:
        targets[LINE] = f"{layout.rows}/{line}"
    match: dict[str, str] = {"match": line} if by_ids else {"match": line, "new": "add"}
    targets |= {column.title: {"to": column.path, "clear": _EMPTIED} for column in columns}
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
