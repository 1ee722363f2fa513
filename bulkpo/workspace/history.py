"""What was done: runs, and what became of each order."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bulkpo.errors import InputError, MappingError, UsageError
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.workspace.opening import HERE, Workspace, element_tables
from bulkpo.workspace.results import OrderSeen, RunList, RunSeen

if TYPE_CHECKING:
    from bulkpo.journal.journal import Journal
    from bulkpo.journal.records import Run, RunInput
    from bulkpo.mapping.language.spec import ImportMapping
    from bulkpo.runs.checking.mapped import Input
    from bulkpo.runs.imports.abandon import Abandoned
    from bulkpo.states import ActionState


def list_runs(most: int | None = None, workspace: Workspace = HERE) -> RunList:
    """The runs of the folder, the last one first: all, or at most so many."""
    from bulkpo.journal.damage import refuse_lost

    with workspace.journal() as journal:
        runs = journal.runs()
        if not runs:
            refuse_lost(workspace.data, ())
        seen = runs if most is None else runs[:most]
        return RunList(
            tuple(RunSeen(run, journal.counts(run.id), inputs=tuple(journal.inputs(run.id))) for run in seen),
            len(runs) - len(seen),
        )


def show_run(run: int | None = None, workspace: Workspace = HERE) -> RunSeen:
    """What a run came to, or the last one."""
    from bulkpo.runs.imports.reasons import TROUBLED, reasons

    with workspace.journal() as journal:
        known = known_run(journal, run)
        troubled, inputs = tuple(journal.entries(known.id, TROUBLED)), tuple(journal.inputs(known.id))
        return RunSeen(
            known,
            journal.counts(known.id),
            known.summary.totals,
            troubled,
            reasons(troubled),
            _rows(known, inputs, {entry.key for entry in troubled}) if not known.options.task else {},
            _acted(journal, known),
            inputs,
        )


def _acted(journal: "Journal", run: "Run") -> "dict[ActionState, int]":
    """How far a run that does something with orders got with each: with the last action it came to."""
    if not run.options.task:
        return {}
    last: dict[int, ActionState] = {}
    for step in kind_of(run.resource).tasks[run.options.task]:
        last |= {action.number: action.state for action in journal.actions(run.id, step)}
    return dict(Counter(last.values()))


def show_order(key: str, run: int | None = None, workspace: Workspace = HERE) -> OrderSeen:
    """All that happened to one order of a run, or of the last one."""
    from bulkpo.runs.imports.told_events import in_words

    with workspace.journal() as journal:
        known = known_run(journal, run)
        entry, kind = journal.entry(known.id, key), kind_of(known.resource)
        if entry is None:
            noun = kind.noun
            raise UsageError(
                f"run {known.id} has no {noun.one} {key!r}; {noun.a_one} with errors in the file is not part of a run"
            )
        return OrderSeen(kind, entry, tuple(map(in_words, journal.happenings(entry))))


def prune_run(run: int, workspace: Workspace = HERE) -> None:
    """Forget a run that is over, with all it kept; raises UsageError for one that is not."""
    with workspace.journal() as journal:
        if not journal.run(run).status.is_over:
            raise UsageError(
                f"run {run} is not done; `bulkpo resume {run}` first, or what it sent could be lost track of. "
                f"`bulkpo runs --abandon {run}` ends it as it stands"
            )
        journal.prune(run)


def abandon_run(run: int, workspace: Workspace = HERE) -> "Abandoned":
    """End a run that is not done, as it stands; it says what stays unknown. Raises RunError where it is over."""
    from bulkpo.journal.run import RunJournal
    from bulkpo.runs.imports.abandon import abandon

    with workspace.journal() as journal:
        return abandon(RunJournal(journal, run))


def _rows(run: "Run", inputs: "Sequence[RunInput]", keys: set[str]) -> dict[str, list[int]]:
    """The rows of these orders in the run's files; none of a file that is gone or no longer what it was."""
    from bulkpo.runs.checking.mapped import Input, read_mapping

    if not keys:
        return {}
    try:
        mapping = read_mapping(Path(run.mapping_file), element_tables())
    except MappingError:
        return {}
    tables = tuple((name, Path(file)) for name, file in run.options.tables)
    files = [(Input(Path(each.file), each.sheet), each.digest) for each in inputs]
    rows: dict[str, list[int]] = {}
    for given, digest in files or [(Input(Path(run.input_file), tables=tables), run.input_digest)]:
        rows |= _rows_in((mapping, Path(run.mapping_file)), given, digest, keys)
    return rows


def _rows_in(
    mapping: "tuple[ImportMapping, Path]", given: "Input", digest: str, keys: set[str]
) -> dict[str, list[int]]:
    from bulkpo.runs.checking.checked import Checked
    from bulkpo.runs.checking.mapped import open_input, rows_of_keys
    from bulkpo.runs.planning.plan import FilePlan

    try:
        mapped = open_input(*mapping, given)
        return rows_of_keys(mapped, keys) if FilePlan(mapped, Checked()).file_digest == digest else {}
    except (InputError, MappingError):
        return {}


def known_run(journal: "Journal", run: int | None) -> "Run":
    """A run by its number, or the last one; raises RunError or UsageError where there is none."""
    if run is not None:
        return journal.run(run)
    runs = journal.runs()
    if not runs:
        raise UsageError(f"there are no runs in {journal.name}; `bulkpo import` makes one")
    return runs[0]
