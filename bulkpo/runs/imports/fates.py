"""What became of each row of the input."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from bulkpo.journal.records import Entry
from bulkpo.journal.run import ATTACHABLE, RunJournal
from bulkpo.mapping.kinds.kind import Noun
from bulkpo.model.table import Cell, row_number
from bulkpo.runs.imports.attachment_sheet import troubles
from bulkpo.runs.planning.plan import FilePlan, SourceRows
from bulkpo.states import State
from bulkpo.tables.workbooks.read_back import RowTies
from bulkpo.tables.writing.columns import ColumnKind, SinkColumn

_NOT_SENT, _LEFT_OUT = "not sent", "left out"
_PRINT_BYTES = 6

FAILED = frozenset({State.REFUSED, State.DIFFERS, State.CONFLICT})
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
    State.UPDATING: "unknown",
    State.CHANGED: "changed",
    State.UNCHANGED: "unchanged",
    State.CONFLICT: "conflict",
}
"""The states of an order in the user's words."""

_COLUMNS = (
    SinkColumn("Status"),
    SinkColumn("Coupa id", ColumnKind.INTEGER),
    SinkColumn("Message"),
    SinkColumn("Row", ColumnKind.INTEGER),
    SinkColumn("Fingerprint"),
)


class Fate(NamedTuple):
    """What became of a row; `is_failed` where it belongs to something that is to be put right and imported again."""

    status: str
    coupa_id: Decimal | None
    message: str
    is_failed: bool


class RowFates(NamedTuple):
    """Some rows of the input with their own cells and those of `fate_columns`, and whether each failed."""

    source: SourceRows
    rows: list[Sequence[Cell]]
    are_failed: list[bool]
    numbers: list[int]
    prints: list[str]


def fate_columns(noun: Noun) -> Sequence[SinkColumn]:
    """The columns that stand beside those of the input; the first has the key of what a row belongs to."""
    return [SinkColumn(noun.title), *_COLUMNS]


def fates(plan: FilePlan, journal: RunJournal) -> Iterator[RowFates]:
    """What became of every row of the input, some hundred at a time, in the file's order."""
    noun, lacking = plan.kind.noun, troubles(journal)
    for some in plan.source_rows():
        entries = journal.entries_of(set(filter(None, some.keys)))
        of_orders = {key: _of_order(entry, lacking.get(entry.number, "")) for key, entry in entries.items()}
        of_rows = [
            fate if fate is not None and row not in some.messages else _of_row(some, row, key, fate, noun)
            for row, key, fate in zip(some.rows, some.keys, map(of_orders.get, some.keys), strict=True)
        ]
        statuses, ids, messages, are_failed = zip(*of_rows, strict=True)
        numbers = list(map(row_number, some.rows))
        prints = fingerprints(numbers, some.columns)
        columns = [*some.columns, some.keys, statuses, ids, messages, list(map(Decimal, numbers)), prints]
        yield RowFates(some, list(zip(*columns, strict=True)), list(are_failed), numbers, prints)


class Ties:
    """What ties each row of a result to its row of the input, kept while it is written and then held against it."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._prints = bytearray()

    def add(self, some: RowFates) -> None:
        """Keep the ties of rows that are being written."""
        self._numbers.extend(some.numbers)
        self._prints += bytes.fromhex("".join(some.prints))

    def broken(self, written: Iterable[RowTies], most: int) -> int | None:
        """The first row of the input, of so many, beside which another is written, or none, or another fate."""
        place, end = 0, min(len(self._numbers), most)
        for numbers, prints in written:
            until = min(place + len(numbers), end)
            own = self._numbers[place:until].tolist(), self._prints_of(place, until)
            theirs = numbers[: until - place], prints[: until - place]
            if own != theirs:
                ties = zip(zip(*own, strict=True), zip(*theirs, strict=True), strict=True)
                return next(mine[0] for mine, other in ties if mine != other)
            place = until
        return self._numbers[place] if place < end else None

    def _prints_of(self, place: int, until: int) -> list[str]:
        """The prints of rows from one place until another."""
        return self._prints[place * _PRINT_BYTES : until * _PRINT_BYTES].hex(" ", _PRINT_BYTES).split()


def fingerprints(numbers: Sequence[int], columns: Sequence[Sequence[Cell]]) -> list[str]:
    """What ties each row of the result to its row of the input: digests of their numbers and their cells."""
    kinds, cells = zip(*map(_typed, columns), strict=True)
    row_text = "\x1f".join(["%s", *(f"{kind}%s" for kind in kinds)])
    texts = [row_text % row for row in zip(numbers, *cells, strict=True)]
    return [sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[: 2 * _PRINT_BYTES] for text in texts]


def _typed(cells: Sequence[Cell]) -> tuple[str, Sequence[object]]:
    """The name of the type that stands before each cell of a column; of several types, before each its own."""
    kinds = set(map(type, cells))
    if len(kinds) == 1:
        return f"{kinds.pop().__name__} ", cells
    return "", [f"{type(cell).__name__} {cell}" for cell in cells]


def _of_order(entry: Entry, lacking: str) -> Fate:
    number = None if entry.coupa_id is None else Decimal(entry.coupa_id)
    lacks = lacking if entry.state in ATTACHABLE else ""
    message = "; ".join(filter(None, (entry.message, lacks)))
    return Fate(SAID[entry.state], number, message, entry.state in FAILED)


def _of_row(some: SourceRows, row: int, key: str, of_order: Fate | None, noun: Noun) -> Fate:
    """What became of a row: of its order, if that is one of the run's, beside what is wrong with the row itself."""
    said = some.messages.get(row, ())
    if of_order is not None:
        return of_order._replace(message="; ".join(filter(None, [*said, of_order.message]))) if said else of_order
    if row in some.left_out:
        return Fate(_LEFT_OUT, None, "; ".join(said), is_failed=False)
    if not said and key:
        said = [f"another row of this {noun.one} has an error"]
    return Fate(_NOT_SENT, None, "; ".join(said), is_failed=True)
