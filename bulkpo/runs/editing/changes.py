"""What is to be sent of an edited workbook: held against what is there now, then as a file and a mapping to import."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import InputError, RunError, UsageError
from bulkpo.model.profile import Profile
from bulkpo.runs.editing.export import edit_fields, rows_of_documents, texts_of
from bulkpo.runs.editing.layout import ID, LINE, EditColumn, EditLayout
from bulkpo.runs.editing.read import CellChange, Edited, RowKey

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
    """The changes that can be made, those that are so already, and those that clash; `names` are the documents' own."""

    to_make: tuple[CellChange, ...]
    already: tuple[CellChange, ...]
    clashes: tuple[Clash, ...]
    names: Mapping[int, str]


def refuse_elsewhere(workbook: Path, layout: EditLayout, profile: Profile) -> None:
    """Raise UsageError for a workbook of another instance: its ids mean other documents here."""
    if layout.instance != str(profile) and not layout.instance.endswith(f"({profile.url})"):
        raise UsageError(
            f"{workbook}: it was exported from {layout.instance}, and this would change {profile}, where the same ids "
            "mean other documents; give the profile it came from with --to, or export it anew from there"
        )


def hold_edits(edited: Edited, client: CoupaClient) -> EditStanding:
    """Read the changed documents as they are now, and hold the changes against them."""
    changes, layout = edited.sound(), edited.layout
    ids = [str(id_) for id_ in dict.fromkeys(change.key[0] for change in changes)]
    now: dict[RowKey, list[str]] = {}
    names: dict[int, str] = {}
    fields = edit_fields(layout)
    for _, documents in client.answers_by_keys(layout.resource, "id", ids, fields) if ids else ():
        for document in documents:
            names[int(document["id"])] = str(document.get("po-number") or f"id {document['id']}")
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
    return EditStanding(tuple(to_make), tuple(already), tuple(clashes), names)


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


def write_import(edited: Edited, changes: Iterable[CellChange], workbook: Path, folder: Path) -> tuple[Path, Path]:
    """Write what is to change as a table with a mapping, under a name of their own; gives the mapping and the table.

    They stay, so that an update that was interrupted can be gone on with.
    """
    rows = _rows(edited, changes)
    places = sorted({place for cells in rows.values() for place in cells})
    columns = [edited.layout.columns[place] for place in places]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    identity = [ID, *([LINE] if edited.layout.rows else [])]
    writer.writerow([*identity, *(column.title for column in columns)])
    for (id_, line), cells in rows.items():
        writer.writerow(
            [id_, *([line or ""] if edited.layout.rows else []), *(cells.get(place, "") for place in places)]
        )
    mapping = json.dumps(_mapping(edited.layout, columns), ensure_ascii=False, indent=1)
    digest = hashlib.sha256(f"{mapping}\n{text.getvalue()}".encode()).hexdigest()[:16]
    place = folder / "edits" / digest
    place.mkdir(parents=True, exist_ok=True)
    paths = place / "mapping.yaml", place / f"{workbook.stem}.csv"
    for path, content in zip(paths, (mapping, text.getvalue()), strict=True):
        path.write_text(content, encoding="utf-8", newline="")
    return paths


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
    offset = edited.kept[change.key].offsets.get(change.place) or _other_offset(edited, change)
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


def _mapping(layout: EditLayout, columns: Sequence[EditColumn]) -> dict[str, object]:
    targets: dict[str, object] = {ID: "id"}
    if layout.rows:
        targets[LINE] = f"{layout.rows}/id"
    targets |= {column.title: {"to": column.path, "clear": _EMPTIED} for column in columns}
    return {
        "bulkpo": "import/1",
        "name": layout.name,
        "mode": "update",
        "resource": layout.resource,
        "source": {"encoding": "utf-8", "delimiter": ",", "guard": "off", "quotes": "as_read"},
        "document": {"key": "id"},
        **({"members": {layout.rows: {"match": "id"}}} if layout.rows else {}),
        "numbers": {"decimal": "."},
        "dates": {"time_zone": layout.zone or "UTC"},
        "totals_rows": "keep",
        "scientific": "as_read",
        "columns": targets,
    }
