"""The result of a run, beside its input: every row with its outcome, the control totals, and the failed orders.

`NAME.result.xlsx` has every row of the input with status, Coupa id and message; `NAME.failed.xlsx` (or `.csv`, as the
input is) has all rows of the orders that were not created, in the input's own layout, ready to be corrected and
imported again. Where orders come in several files, a folder `NAME.failed` holds them by their own names.
"""

import os
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress, count
from pathlib import Path
from typing import Any

from bulkpo.errors import BulkpoError, InputError, JournalError, OutputError
from bulkpo.journal.records import RunInput, RunSummary
from bulkpo.journal.run import RunJournal, result_notes
from bulkpo.memory import reason_of
from bulkpo.model.totals import ControlTotals
from bulkpo.runs.checking.mapped import digest_of
from bulkpo.runs.imports.attachment_sheet import write_attachments
from bulkpo.runs.imports.fates import FAILED, Ties, fate_columns, fates
from bulkpo.runs.imports.result_facts import ResultFacts, write_facts
from bulkpo.runs.imports.summary import write_outcome_sheet, write_sign_off
from bulkpo.runs.planning.batch import Plan
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.runs.reports.failed import FailedOptions, FailedRows, failed_ending, write_failed
from bulkpo.states import State
from bulkpo.tables.faults import writing
from bulkpo.tables.sink import open_book
from bulkpo.tables.spool import RowSpool
from bulkpo.tables.workbooks.read_back import ties_read_back
from bulkpo.tables.writing.atomic import identity_of
from bulkpo.tables.writing.columns import FileOptions, SinkColumn
from bulkpo.tables.writing.places import free_place, refuse_taken

_ROWS = "Rows"
_MOST_ROWS = 1_048_575


@dataclass(frozen=True, slots=True)
class ResultFiles:
    """The files that were written of an input; `failed` is None where no order failed, both where there are none.

    `trouble` is what kept them from being written; `counts` are the input's orders by state.
    """

    input: str = ""
    result: Path | None = None
    failed: Path | None = None
    trouble: BulkpoError | None = None
    counts: Mapping[State, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            **{str(state): count for state, count in self.counts.items()},
            "result": str(self.result) if self.result else None,
            "failed_file": str(self.failed) if self.failed else None,
        }


def write_results(plan: Plan, journal: RunJournal, totals: ControlTotals | None) -> tuple[ResultFiles, ...]:
    """Write the result of each input beside it, and its failed orders if there are any.

    Never raises: what the run created is in Coupa, and is told whatever becomes of the files.
    """
    try:
        inputs = journal.inputs()
        is_alone = isinstance(plan, FilePlan)
        counts = [journal.counts()] if is_alone else _counts(journal, inputs)
        refused = {entry.key: entry.message for entry in journal.entries(FAILED)}
        return tuple(
            _write(each, ResultFacts(journal, totals, refused, notes, counted, is_alone))
            for each, notes, counted in zip(plan.files(), result_notes(journal, inputs), counts, strict=True)
        )
    except (InputError, JournalError) as error:
        return (ResultFiles(trouble=error),)


def _counts(journal: RunJournal, inputs: Sequence[RunInput]) -> list[Mapping[State, int]]:
    """How many orders of each input are in each state."""
    before = [each.before for each in inputs]
    counts = [dict.fromkeys(State, 0) for _ in inputs]
    for entry in journal.entries():
        counts[bisect_left(before, entry.number) - 1][entry.state] += 1
    return list[Mapping[State, int]](counts)


def _write(plan: FilePlan, facts: ResultFacts) -> ResultFiles:
    report = ResultFiles(str(plan.file), counts=facts.counts)
    try:
        found = FailedRows(plan.mapped, plan.checked.failed_keys | facts.refused.keys())
        report = replace(report, result=_write_result(plan, facts, found))
        if facts.journal.run.options.edited:  # what failed is to be corrected in the workbook
            return report
        return replace(report, failed=_write_failed(plan, facts, found))
    except (InputError, JournalError, OutputError) as error:
        return replace(report, trouble=error)
    except Exception as error:  # noqa: BLE001 - no fault of the report may hide what was created
        run = facts.journal.id
        what = f"{plan.file}: the report on run {run} could not be written: {reason_of(error)}"
        return replace(report, trouble=OutputError(f"{what}; `bulkpo resume {run}` writes it anew"))


def _write_result(plan: FilePlan, facts: ResultFacts, found: FailedRows) -> Path:
    """Write the result, and find the rows that failed; raises OutputError."""
    file, journal, notes = plan.file, facts.journal, facts.notes
    known = notes.summary
    wanted = Path(known.result_file) if known.result_file else plan.beside(plan.result_name)
    result = free_place(wanted, known.result_placed)

    def placing(written: os.stat_result) -> None:
        refuse_taken(result, known.result_placed)
        placed = (*known.result_placed[-1:], identity_of(written))
        notes.remember(result_file=str(result), result_placed=placed)

    columns = [*map(SinkColumn, plan.columns), *fate_columns(plan.kind.noun)]
    ties = Ties()
    with open_book(result, FileOptions(placing=placing, like=file, shortens=True)) as book, RowSpool() as failed:
        write_outcome_sheet(book, plan, journal, facts.totals)
        with book.sheet(_ROWS, columns) as sheet:
            for some in fates(plan, journal):
                sheet.write(some.rows)
                ties.add(some)
                failed.add(list(compress(some.rows, some.are_failed)))
                found.look(some.source.rows, some.source.keys, some.source.left_out)
        with book.sheet("Failed", columns) as sheet:
            for rows in failed.batches():
                sheet.write(rows)
        write_sign_off(book, plan.kind, journal.run.summary.sign_off)
        write_attachments(book, plan.kind, journal)
        write_facts(book, facts, plan)
    _verify(plan, result, ties, journal.id)
    return result


def _verify(plan: FilePlan, result: Path, ties: Ties, run: int) -> None:
    """Read the result back: every row must stand beside its own fate, tied to the input, which must be as it was."""
    width = len(plan.columns) + len(fate_columns(plan.kind.noun))
    advice = f"so do not use it. `bulkpo resume {run}` writes it anew"
    try:
        number = ties.broken(ties_read_back(result, _ROWS, width), _MOST_ROWS)
    except InputError as error:  # what that one advises is meant for a file of somebody else's
        raise OutputError(f"{result}: it does not read back as it was written, {advice}") from error
    if number is not None:
        raise OutputError(f"{result}: row {number} of {plan.file.name} is not tied to its result, {advice}")
    if plan.has_changed:
        raise OutputError(
            f"{result}: {plan.file.name} changed while its result was written, {advice} once the file is as it was"
        )


def _write_failed(plan: FilePlan, facts: ResultFacts, found: FailedRows) -> Path | None:
    """Write the failed orders; a file somebody has begun to correct is never written over.

    What is about to be put in place is noted before: a process that is killed right after knows its own file again.
    """
    notes = facts.notes
    known = notes.summary
    before = Path(known.failed_file) if known.failed_file else None
    is_ours = before is not None and _is_ours(plan, before, known)
    if not found.rows:
        if before is not None and is_ours:
            _remove(plan, before)
            notes.remember(failed_file=None, failed_digest=None, failed_placed=())
        return None
    placed: list[str] = []

    def placing(file: os.stat_result) -> None:
        placed.append(identity_of(file))
        notes.remember(failed_file=str(path), failed_placed=tuple(placed))

    path = before if before is not None and is_ours else _free_name(plan)
    with writing(path.parent):
        path.parent.mkdir(exist_ok=True)
    write_failed(path, plan.mapped, plan.checked, facts.refused, FailedOptions(found, placing))
    notes.remember(failed_file=str(path), failed_digest=_digest(_parts(plan, path)), failed_placed=())
    return path


def _is_ours(plan: FilePlan, path: Path, known: RunSummary) -> bool:
    """Whether the failed orders at a path are as this run wrote them, or as it was writing them when it was killed."""
    parts = _parts(plan, path)
    there = [identity_of(part.stat()) for part in parts if part.is_file()]
    return _digest(parts) == known.failed_digest or (bool(there) and set(there) <= set(known.failed_placed))


def _free_name(plan: FilePlan) -> Path:
    """The next name beside the input that is not taken, with the extension that goes with its layout.

    Of several files each keeps its own name, which the mapping knows it by, in the next folder that is not taken.
    """
    file = plan.file
    extension = failed_ending(file)
    is_alone = len(plan.mapped.files) == 1
    numbers = (f".{number}" if number > 1 else "" for number in count(1))
    names = (f"{plan.stem}.failed{number}{extension if is_alone else ''}" for number in numbers)
    free = next(path for name in names if _is_free(path := plan.beside(name)))
    return free if is_alone else free / (file.name if file.suffix.lower() == extension else f"{file.stem}{extension}")


def _is_free(path: Path) -> bool:
    """True if nothing is there, or an empty folder: one that could not be filled."""
    return not path.exists() or (path.is_dir() and not any(path.iterdir()))


def _parts(plan: FilePlan, path: Path) -> list[Path]:
    """The files of failed orders: the one at `path`, and beside it those of the other files orders are read from."""
    return [path, *(path.with_name(each.name) for each in plan.mapped.files if each != plan.file)]


def _remove(plan: FilePlan, path: Path) -> None:
    parts = _parts(plan, path)
    for part in parts:
        part.unlink(missing_ok=True)
    if len(parts) > 1 and not any(path.parent.iterdir()):
        path.parent.rmdir()


def _digest(paths: Sequence[Path]) -> str:
    """The digest of files together; of files that are not all there, none."""
    return " ".join(map(digest_of, paths)) if all(path.is_file() for path in paths) else ""
