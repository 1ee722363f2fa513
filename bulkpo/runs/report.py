"""What a run came to, beside its input: every row with its fate, the control totals, and the failed orders whole.

`NAME.result.xlsx` has every row of the input with status, Coupa id and message; `NAME.failed.xlsx` has all rows of
the orders that were not created, in the input's own layout, ready to be corrected and imported again.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from pathlib import Path

from bulkpo.journal.records import Entry
from bulkpo.model.table import Cell
from bulkpo.model.totals import CurrencyTotal
from bulkpo.runs.import_job import Job
from bulkpo.runs.import_totals import ControlTotals
from bulkpo.runs.plan import SourceRow
from bulkpo.states import State
from bulkpo.tables.sink import BookSink, Kind, SinkColumn, open_book

_CHUNK = 512
_REMEMBERED = 10_000
_FAILED = frozenset({State.REFUSED, State.DIFFERS})
_OUTCOME_COLUMNS = (
    SinkColumn("Order"),
    SinkColumn("Status"),
    SinkColumn("Coupa id", Kind.INTEGER),
    SinkColumn("Message"),
    SinkColumn("Row", Kind.INTEGER),
    SinkColumn("Fingerprint"),
)
_TOTAL_COLUMNS = (
    SinkColumn("Currency"),
    SinkColumn("Figure"),
    SinkColumn("Source", Kind.DECIMAL),
    SinkColumn("Sent", Kind.DECIMAL),
    SinkColumn("Read back", Kind.DECIMAL),
    SinkColumn("Difference", Kind.DECIMAL),
    SinkColumn("Says"),
)
_SAID = {
    State.PLANNED: "not sent yet",
    State.SENDING: "unknown",
    State.CREATED: "created",
    State.REFUSED: "refused",
    State.UNKNOWN: "unknown",
    State.EXISTING: "existing",
    State.DIFFERS: "differs",
    State.UNDONE: "undone",
}
_NOT_SENT, _LEFT_OUT = "not sent", "left out"


@dataclass(frozen=True, slots=True)
class Report:
    """The files that were written; `failed` is None where no order failed."""

    result: Path
    failed: Path | None


def write_report(job: Job, totals: ControlTotals | None) -> Report:
    """Write the result beside the input, and the failed orders if there are any."""
    file = job.plan.file
    result = file.with_name(f"{file.stem}.result.xlsx")
    failed_rows = 0
    with open_book(result) as book:
        _summary(book, job, totals)
        columns = [*map(SinkColumn, job.plan.columns), *_OUTCOME_COLUMNS]
        with book.sheet("Rows", columns) as sheet:
            for fates in _chunks(_fates(job)):
                sheet.write([fate.cells() for fate in fates])
                failed_rows += sum(fate.is_failed for fate in fates)
        with book.sheet("Failed", columns) as sheet:
            for fates in _chunks(_fates(job)) if failed_rows else ():
                sheet.write([fate.cells() for fate in fates if fate.is_failed])
    return Report(result, _write_failed(job) if failed_rows else None)


def fingerprint(row: SourceRow) -> str:
    """What ties a row of the result to its row of the input: a digest of its number and its cells."""
    text = "\x1f".join([str(row.row), *[f"{type(cell).__name__} {cell}" for cell in row.cells]])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Fate:
    """A row and what became of it."""

    row: SourceRow
    entry: Entry | None

    @property
    def is_failed(self) -> bool:
        if self.entry is None:
            return not self.row.is_left_out
        return self.entry.state in _FAILED

    def cells(self) -> Sequence[Cell]:
        row, entry = self.row, self.entry
        said = "; ".join(row.messages)
        number: Decimal | None = None
        if entry is None:
            status = _LEFT_OUT if row.is_left_out else _NOT_SENT
            said = said or ("another row of this order has an error" if row.key else "")
        else:
            status = _SAID[entry.state]
            said = "; ".join(filter(None, (said, entry.message)))
            number = None if entry.coupa_id is None else Decimal(entry.coupa_id)
        return [*row.cells, row.key, status, number, said, Decimal(row.row), fingerprint(row)]


def _fates(job: Job) -> Iterator[_Fate]:
    @lru_cache(maxsize=_REMEMBERED)
    def entry_of(key: str) -> Entry | None:
        return job.journal.entry(job.run, key)

    for row in job.plan.source_rows():
        yield _Fate(row, entry_of(row.key) if row.key else None)


def _write_failed(job: Job) -> Path:
    file = job.plan.file
    path = file.with_name(f"{file.stem}.failed.xlsx")
    with (
        open_book(path) as book,
        book.sheet(job.plan.sheet or "Rows", list(map(SinkColumn, job.plan.columns))) as sheet,
    ):
        for fates in _chunks(_fates(job)):
            sheet.write([fate.row.cells for fate in fates if fate.is_failed])
    return path


def _summary(book: BookSink, job: Job, totals: ControlTotals | None) -> None:
    run = job.journal.run(job.run)
    counts = job.journal.counts(job.run)
    facts: list[tuple[str, Cell]] = [
        ("Run", Decimal(run.id)),
        ("Instance", f"{run.profile} ({run.url})"),
        ("Mapping", run.mapping),
        ("Mapping's fingerprint", run.mapping_digest),
        ("Input", run.input_file),
        ("Input's fingerprint", run.input_digest),
        ("Started", run.started),
        *[(f"Orders {said}", Decimal(counts[state])) for state, said in _SAID.items() if counts[state]],
    ]
    with book.sheet("Summary", _TOTAL_COLUMNS) as sheet:
        for source, sent, back in totals.by_currency() if totals else ():
            sheet.write([_compared(name, get, (source, sent, back)) for name, get in _FIGURES])
    with book.sheet("Run", [SinkColumn("Fact"), SinkColumn("Value")]) as sheet:
        sheet.write(facts)


_FIGURES: tuple[tuple[str, Callable[[CurrencyTotal], Decimal]], ...] = (
    ("Orders", lambda total: Decimal(total.documents)),
    ("Lines", lambda total: Decimal(total.lines)),
    ("Amount", lambda total: total.amount),
)


def _compared(
    name: str, get: Callable[[CurrencyTotal], Decimal], ways: tuple[CurrencyTotal, CurrencyTotal, CurrencyTotal]
) -> list[Cell]:
    source, sent, back = map(get, ways)
    if sent != back:
        says = "Coupa has something else than was sent"
    else:
        says = "agree" if source == sent else "not all was sent"
    return [ways[0].currency or "(none)", name, source, sent, back, back - sent, says]


def _chunks(fates: Iterator[_Fate]) -> Iterator[list[_Fate]]:
    while chunk := list(islice(fates, _CHUNK)):
        yield chunk
