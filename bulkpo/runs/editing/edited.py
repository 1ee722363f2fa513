"""What was read of an edited workbook: changed cells, added rows, and what cannot be taken, each with its place."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bulkpo.runs.editing.layout import EditLayout
from bulkpo.where import cell_name

RowKey = tuple[int, int | None]
"""The ids of a row's document and member."""


@dataclass(frozen=True, slots=True)
class ExportedTexts:
    """A row as it was exported: its texts by column, the offsets of its moments, and its document's version."""

    texts: tuple[str, ...]
    offsets: Mapping[int, str]
    version: str = ""


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


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A row that was added: where it is, the number of its document and its line's, and its other texts by column.

    `id` is the exported document to which it adds a line; None for one of a new document.
    """

    row: int
    where: str
    key: str
    line: str
    texts: Mapping[int, str]
    id: int | None = None


class EditFault(NamedTuple):
    """Something in the workbook that cannot be taken, in words with its place; `id` is the document it is about."""

    said: str
    id: int | None


@dataclass(slots=True)
class Edited:
    """What an edited workbook holds; `sheet` is its sheet, `columns` where the exported ones stand in it."""

    layout: EditLayout
    kept: dict[RowKey, ExportedTexts]
    changes: list[CellChange] = field(default_factory=list)
    faults: list[EditFault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    added: list[AddedRow] = field(default_factory=list)
    sheet: str = ""
    columns: dict[int, int] = field(default_factory=dict)

    @property
    def faulty(self) -> set[int]:
        """The documents that are kept from being changed."""
        return {fault.id for fault in self.faults if fault.id is not None}

    def newer(self, versions: Mapping[int, str], among: Container[int]) -> tuple[int, ...]:
        """Which of these documents have another version now than they were exported with."""
        exported = {id_: texts.version for (id_, _), texts in self.kept.items()}
        return tuple(
            id_ for id_, now in versions.items() if id_ in among and now and exported.get(id_) not in ("", None, now)
        )

    def sound(self) -> list[CellChange]:
        """The changes of documents without faults."""
        return [change for change in self.changes if change.key[0] not in self.faulty]
