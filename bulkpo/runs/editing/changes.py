"""What was edited in a workbook, held against what is there now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import RunError, UsageError
from bulkpo.model.profile import Profile
from bulkpo.runs.editing.edited import AddedRow, CellChange, Edited, EditFault, RowKey
from bulkpo.runs.editing.export import edit_fields, rows_of_documents, texts_of
from bulkpo.runs.editing.layout import DOCUMENT_KEY, EditLayout

_MOST_NAMED = 5


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
