"""What became of each row of the input."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from bulkpo.journal.records import Entry
from bulkpo.model.table import Cell
from bulkpo.runs.import_job import Job
from bulkpo.runs.plan import SourceRow
from bulkpo.states import State
from bulkpo.tables.sink import Kind, SinkColumn

_CHUNK = 512
_NOT_SENT, _LEFT_OUT = "not sent", "left out"

FAILED = frozenset({State.REFUSED, State.DIFFERS})
"""The states of orders to be put right and imported again."""

SAID = {
    State.CREATED: "created",
    State.EXISTING: "existing",
    State.REFUSED: "refused",
    State.DIFFERS: "differs",
    State.UNKNOWN: "unknown",
    State.SENDING: "unknown",
    State.PLANNED: "not sent yet",
    State.UNDONE: "undone",
}
"""The states of an order in the user's words."""

FATE_COLUMNS = (
    SinkColumn("Order"),
    SinkColumn("Status"),
    SinkColumn("Coupa id", Kind.INTEGER),
    SinkColumn("Message"),
    SinkColumn("Row", Kind.INTEGER),
    SinkColumn("Fingerprint"),
)
"""The columns that stand beside those of the input."""


@dataclass(frozen=True, slots=True)
class Fate:
    """A row and what became of it; `entry` is None where its order is none of the run's, or it has no order."""

    row: SourceRow
    entry: Entry | None

    @property
    def is_failed(self) -> bool:
        """True if the row belongs to something that is to be put right and imported again."""
        if self.entry is None:
            return not self.row.is_left_out
        return self.entry.state in FAILED

    def cells(self) -> Sequence[Cell]:
        """The row's cells and those of FATE_COLUMNS."""
        row, entry = self.row, self.entry
        said = [*row.messages]
        number = None
        if entry is None:
            status = _LEFT_OUT if row.is_left_out else _NOT_SENT
            if not said:
                said = ["another row of this order has an error"] if row.key else []
        else:
            status = SAID[entry.state]
            said += [entry.message] if entry.message else []
            number = None if entry.coupa_id is None else Decimal(entry.coupa_id)
        return [*row.cells, row.key, status, number, "; ".join(said), Decimal(row.row), fingerprint(row)]


def fingerprint(row: SourceRow) -> str:
    """What ties a row of the result to its row of the input: a digest of its number and its cells."""
    text = "\x1f".join([str(row.row), *[f"{type(cell).__name__} {cell}" for cell in row.cells]])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def fates(job: Job) -> Iterator[list[Fate]]:
    """Every row of the input with its fate, in the file's order, some hundred at a time."""
    rows = job.plan.source_rows()
    while chunk := list(islice(rows, _CHUNK)):
        entries = job.journal.entries_of(job.run, {row.key for row in chunk if row.key})
        yield [Fate(row, entries.get(row.key)) for row in chunk]
