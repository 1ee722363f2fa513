"""What undoing a run came to as a file: each order it had made or changed, and what became of that."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from bulkpo.journal.records import Action, Entry, Run
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.model.table import Cell
from bulkpo.payload.rebase import reverse
from bulkpo.runs.imports.kept_changes import read_change
from bulkpo.runs.imports.restore import RESTORE
from bulkpo.runs.imports.update_words import told_change
from bulkpo.runs.own_files import OwnFiles
from bulkpo.runs.reports.run_sheet import facts_of_run, write_run_sheet
from bulkpo.states import ActionState
from bulkpo.tables.sink import open_book
from bulkpo.tables.writing.columns import ColumnKind, FileOptions, SinkColumn

CANCEL = "cancel"
_ROWS = 500


def undone_place(run: Run) -> Path:
    """Where it is written what undoing a run came to, before any such file is there.

    Of a run of several inputs that is in the folder they have in common.
    """
    file = Path(run.input_file)
    if file.is_dir():
        file /= f"run-{run.id}"
    return (file.parent if run.options.out is None else Path(run.options.out)) / f"{file.stem}.undone.xlsx"


def write_undone(journal: RunJournal, own: OwnFiles, kind: DocumentKind) -> Path:
    """Write what became of each order, beside the run's results; only this run's own file is replaced."""
    run = journal.run
    writer = f"undo of run {run.id}"
    path = own.place(undone_place(run), writer)
    columns = (
        SinkColumn(kind.noun.title),
        SinkColumn("Coupa id", ColumnKind.INTEGER),
        SinkColumn("Outcome"),
        SinkColumn("Message"),
        SinkColumn("Row", ColumnKind.INTEGER),
    )
    options = FileOptions(placing=lambda written: own.note(path, writer, written), like=Path(run.input_file))
    with open_book(path, options) as book:
        with book.sheet("Undone", columns) as sheet:
            rows = list(_rows(journal))
            for start in range(0, len(rows), _ROWS):
                sheet.write(rows[start : start + _ROWS])
        about = [("What was undone", f"{run.kind} of {run.input_file}"), ("Mapping", run.mapping)]
        write_run_sheet(book, facts_of_run(run, journal.journal.stints(run.id), about))
    return path


def _rows(journal: RunJournal) -> Iterator[Sequence[Cell]]:
    """A row for each order that was to be cancelled or put back, in the file's order."""
    actions = {it.number: it for name in (CANCEL, RESTORE) for it in journal.actions(name)}
    for entry in journal.entries():
        if (action := actions.get(entry.number)) is not None:
            outcome, message = _said(journal, entry, action)
            number = None if entry.coupa_id is None else Decimal(entry.coupa_id)
            yield entry.key, number, outcome, message, Decimal(entry.row)


def _said(journal: RunJournal, entry: Entry, action: Action) -> tuple[str, str]:
    """What became of one order, and why or how."""
    match action.state:
        case ActionState.DONE if action.action == RESTORE:
            change = told_change(reverse(read_change(journal, entry)))
            return "put back", "; ".join(filter(None, [change, entry.message]))
        case ActionState.DONE:
            return "cancelled", entry.message
        case ActionState.LEFT:
            return "left", action.message
        case ActionState.WAITING:
            return "not yet", action.message
        case _:
            return "unknown", action.message
