"""Which row of an edited workbook is which: the exported ones by their hidden ids, and those that were added.

A copied row has the hidden ids of the row it was copied from. The one that still shows that row's own keys is the
exported one, the others were added. A row that shows other keys than its ids say was moved in part, and is a fault.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bulkpo.runs.editing.edited import EditFault, ExportedTexts, RowKey
from bulkpo.runs.editing.layout import EditLayout


class ShownRow(NamedTuple):
    """A row of the sheet: its number, where it is, its hidden ids if it has any, and the texts of its key columns.

    `keys` are by the column's place in the layout; a column that is gone is left out.
    """

    number: int
    where: str
    hidden: RowKey | None
    keys: Mapping[int, str]


class ToldRows(NamedTuple):
    """The numbers of exported rows with whose they are, those of added rows, and what cannot be told."""

    exported: Mapping[int, RowKey]
    added: Sequence[int]
    faults: Sequence[EditFault]


def tell_rows(layout: EditLayout, kept: Mapping[RowKey, ExportedTexts], rows: Iterable[ShownRow]) -> ToldRows:
    """Tell exported rows from added ones."""
    exported: dict[int, RowKey] = {}
    added: list[int] = []
    faults: list[EditFault] = []
    by_ids: dict[RowKey, list[ShownRow]] = {}
    for row in rows:
        if row.hidden is None:
            added.append(row.number)
        elif row.hidden not in kept:
            faults.append(
                EditFault(f"{row.where}: its hidden ids were changed; undo that, or export anew", row.hidden[0])
            )
        else:
            by_ids.setdefault(row.hidden, []).append(row)
    for ids, same in by_ids.items():
        texts = kept[ids].texts
        own = [row for row in same if all(text == texts[place] for place, text in row.keys.items())]
        others = [row.number for row in same if row not in own]
        if own:
            exported[own[0].number] = ids
            added += others
            faults += [_twice(row, own[0], ids) for row in own[1:]]
        else:
            faults += [EditFault(_moved(layout, row, texts), ids[0]) for row in same]
    return ToldRows(exported, sorted(added), faults)


def _twice(row: ShownRow, first: ShownRow, ids: RowKey) -> EditFault:
    return EditFault(f"{row.where}: the same as row {first.number} by its hidden ids; keep one of them", ids[0])


def _moved(layout: EditLayout, row: ShownRow, texts: Sequence[str]) -> str:
    shown, was = (
        ", ".join(f"{layout.columns[place].title} {of[place]!r}" for place in sorted(row.keys))
        for of in (row.keys, texts)
    )
    return (
        f"{row.where}: it shows {shown}, and its hidden ids are those of {was}: cells were moved or sorted without the "
        "rest of their row, or a key was overwritten; undo that, and sort whole rows only"
    )
