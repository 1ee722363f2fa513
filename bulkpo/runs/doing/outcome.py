"""What became of each order of a list: in words, as a file and as totals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from bulkpo.errors import BulkpoError
from bulkpo.journal.records import Action, Entry
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.model.totals import CurrencyTotal, Totals, total_json
from bulkpo.runs.doing.listing import Task
from bulkpo.runs.imports.job import exit_code_of
from bulkpo.runs.own_files import OwnFiles
from bulkpo.runs.planning.same_number import Found
from bulkpo.runs.planning.worth import stake_of
from bulkpo.runs.reports.run_sheet import facts_of_run, write_run_sheet
from bulkpo.states import ActionState
from bulkpo.tables.sink import open_book
from bulkpo.tables.writing.columns import ColumnKind, FileOptions, SinkColumn

_ROWS = 500


class Became(StrEnum):
    """What became of an order."""

    DONE = "done"
    ALREADY = "already"
    HELD = "held back"
    LEFT = "left"
    UNKNOWN = "unknown"
    WAITING = "waiting"


_OF_STATE = {
    ActionState.WAITING: Became.WAITING,
    ActionState.ACTING: Became.UNKNOWN,
    ActionState.TAKEN: Became.UNKNOWN,
    ActionState.DONE: Became.DONE,
    ActionState.LEFT: Became.LEFT,
    ActionState.HELD: Became.HELD,
}


@dataclass(frozen=True, slots=True)
class Done:
    """An order and what became of it; what Coupa has of it now, where that was read."""

    key: str
    id: int | None
    before: str
    now: str
    supplier: str
    total: CurrencyTotal | None
    became: Became
    message: str


@dataclass(frozen=True, slots=True)
class DoResult:
    """What a run came to. `done` is the word for an order it was done with; `trouble` what kept it from its end."""

    run: int
    task: str
    done: str
    outcomes: tuple[Done, ...]
    result: Path
    interrupted: bool
    trouble: BulkpoError | None
    requests: int
    seconds: float

    def count(self, became: Became) -> int:
        """How many orders this became of."""
        return sum(each.became is became for each in self.outcomes)

    def totals(self, became: Became) -> tuple[CurrencyTotal, ...]:
        """What they are worth, by currency, as far as that was read."""
        return _totals(self.outcomes, became)

    @property
    def is_over(self) -> bool:
        """Whether nothing is open."""
        return not (self.count(Became.WAITING) or self.count(Became.UNKNOWN))

    @property
    def exit_code(self) -> int:
        """0 if all of the list is as it was to be."""
        failed = bool(self.count(Became.HELD) or self.count(Became.LEFT) or self.count(Became.WAITING))
        unknown = self.count(Became.UNKNOWN) > 0
        return exit_code_of(self.trouble, interrupted=self.interrupted, unknown=unknown, failed=failed)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "run": self.run,
            "task": self.task,
            **{became.replace(" ", "_"): self.count(became) for became in Became},
            "totals": {
                became.replace(" ", "_"): [total_json(total) for total in self.totals(became)] for became in Became
            },
            "orders": [_json(each) for each in self.outcomes],
            "result": str(self.result),
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
        }


def outcomes(journal: RunJournal, task: Task, now: Mapping[int, Found]) -> tuple[Done, ...]:
    """What became of a run's orders; `now` is what Coupa has of them, by id."""
    steps = [{action.number: action for action in journal.actions(name)} for name, _ in reversed(task.steps)]
    return tuple(
        _done(entry, next(step[entry.number] for step in steps if entry.number in step), now)
        for entry in journal.entries()
    )


def _done(entry: Entry, action: Action, now: Mapping[int, Found]) -> Done:
    found = now.get(entry.coupa_id or 0)
    became = _OF_STATE[action.state]
    if became is Became.DONE and action.message:
        became = Became.ALREADY
    status, stake = "" if found is None else str(found.get("status") or ""), None if found is None else stake_of(found)
    supplier, total = ("", None) if stake is None else (stake.partner, stake.total)
    return Done(entry.key, entry.coupa_id, entry.message, status, supplier, total, became, action.message)


def write_outcomes(journal: RunJournal, told: Sequence[Done], own: OwnFiles, kind: DocumentKind) -> Path:
    """Write what became of each order; only this run's own file is replaced."""
    run = journal.run
    writer = f"run {run.id}"
    path = own.place(Path(run.options.out or ""), writer)
    columns = (
        SinkColumn(kind.noun.title),
        SinkColumn("Coupa id", ColumnKind.INTEGER),
        SinkColumn("Supplier"),
        SinkColumn("Currency"),
        SinkColumn("Amount", ColumnKind.DECIMAL, 2),
        SinkColumn("Status before"),
        SinkColumn("Status now"),
        SinkColumn("Outcome"),
        SinkColumn("Message"),
    )
    about = [
        ("Action", run.options.task),
        ("List", run.input_file),
        *([("Reason", run.options.reason)] if run.options.reason else ()),
        *([("Comment", run.options.comment)] if run.options.comment else ()),
    ]
    options = FileOptions(placing=lambda file: own.note(path, writer, file), like=Path(run.input_file))
    with open_book(path, options) as book:
        with book.sheet(kind.noun.titles, columns) as sheet:
            for start in range(0, len(told), _ROWS):
                sheet.write([_row(each) for each in told[start : start + _ROWS]])
        summary = (
            SinkColumn("Outcome"),
            SinkColumn("Currency"),
            SinkColumn(kind.noun.titles, ColumnKind.INTEGER),
            SinkColumn("Amount", ColumnKind.DECIMAL, 2),
        )
        with book.sheet("Summary", summary) as sheet:
            sheet.write(list(_summary(told)))
        write_run_sheet(book, facts_of_run(run, journal.journal.stints(run.id), about))
    return path


def _row(each: Done) -> list[str | Decimal | None]:
    total = each.total
    number = None if each.id is None else Decimal(each.id)
    worth = (total.currency, total.amount) if total else (None, None)
    return [each.key, number, each.supplier, *worth, each.before, each.now, each.became, each.message]


def _summary(told: Sequence[Done]) -> Iterator[list[str | Decimal | None]]:
    for became in Became:
        for total in _totals(told, became):
            yield [became, total.currency or "(none)", Decimal(total.documents), total.amount]
        unread = sum(each.became is became and each.total is None for each in told)
        if unread:
            yield [became, "(not read)", Decimal(unread), None]


def _totals(told: Sequence[Done], became: Became) -> tuple[CurrencyTotal, ...]:
    sums = Totals()
    for each in told:
        if each.became is became and each.total is not None:
            sums.add(each.total.currency, each.total.lines, each.total.amount)
    return sums.by_currency()


def _json(each: Done) -> dict[str, Any]:
    total = total_json(each.total) if each.total else {}
    return {
        "key": each.key,
        "id": each.id,
        "status_before": each.before,
        "status": each.now,
        "supplier": each.supplier,
        "currency": total.get("currency"),
        "amount": total.get("amount"),
        "outcome": str(each.became),
        "message": each.message,
    }
