"""What a command is given to read: one file, or several in one run; opened by a mapping and checked."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bulkpo.errors import UsageError
from bulkpo.workspace.opening import HERE, Workspace, element_tables
from bulkpo.workspace.requests import CheckRequest, ImportRequest, PreviewRequest
from bulkpo.workspace.results import CheckedBatch, CheckedFile, CheckedInput
from bulkpo.workspace.session import Session, Work

if TYPE_CHECKING:
    from bulkpo.journal.records import Run, RunInput
    from bulkpo.mapping.language.spec import ImportMapping
    from bulkpo.runs.checking.mapped import Input
    from bulkpo.runs.gather import LeftOut
    from bulkpo.runs.planning.batch import Plan

ReadingRequest = CheckRequest | PreviewRequest | ImportRequest


def open_given(request: ReadingRequest, time_zone: str | None, session: Session, workspace: Workspace) -> CheckedInput:
    """Open what a request names by its mapping, and check it."""
    from bulkpo.runs.checking.mapped import expecting, read_mapping
    from bulkpo.runs.gather import gather
    from bulkpo.runs.own_files import OwnFiles

    mapping = read_mapping(request.mapping, element_tables(), time_zone)
    try:
        mapping = expecting(mapping, getattr(request, "expect", {}))
    except ValueError as error:
        raise UsageError(f"--expect: {error}") from None
    given = gather(request.files, OwnFiles(workspace.data), mapping.source.sheets)
    if len(given.inputs) == 1 and not given.inputs[0].sheet:
        tables = tuple(request.tables.items())
        file = open_one(mapping, request.mapping, (given.inputs[0].path, tables), session)
        session.watch.left_out([(each.path, each.reason) for each in given.left_out])
        return file
    if request.tables:
        raise UsageError("--table names the second file of one input; give one")
    return open_several(mapping, request.mapping, given.inputs, session, given.left_out)


def open_kept(run: "Run", inputs: "Sequence[RunInput]", time_zone: str | None, session: Session) -> CheckedInput:
    """Open what a run is planned from, and check it."""
    from bulkpo.runs.checking.mapped import Input, expecting, read_mapping
    from bulkpo.shelves import as_they_were

    path = Path(run.mapping_file)
    mapping = expecting(read_mapping(path, element_tables(), time_zone), dict(run.options.expect))
    mapping = replace(mapping, shelves=as_they_were(mapping.shelves, run.summary.unfit_files))
    if not inputs:
        tables = tuple((name, Path(file)) for name, file in run.options.tables)
        return open_one(mapping, path, (Path(run.input_file), tables), session)
    return open_several(mapping, path, [Input(Path(each.file), each.sheet) for each in inputs], session)


def refuse_unexpected(files: Sequence[Path], file: CheckedInput) -> None:
    """Raise UsageError if the files do not come to what is expected of them."""
    if file.checked.is_unexpected:
        raise UsageError(
            f"{', '.join(map(str, files))} does not come to what is expected of it: nothing was sent; correct "
            "the file, or what is expected"
        )


def open_one(
    mapping: "ImportMapping", mapping_path: Path, given: tuple[Path, tuple[tuple[str, Path], ...]], session: Session
) -> CheckedFile:
    """Open one file, with other files for some of its tables, and check it."""
    from bulkpo.runs.checking.check import check as check_rows
    from bulkpo.runs.checking.mapped import Input, open_input

    path, tables = given
    mapped = open_input(mapping, mapping_path, Input(path, tables=tables))
    checked = check_rows(mapped, lambda rows: session.watch.counted(Work.ROWS, rows, None))
    file = CheckedFile(mapped, checked)
    session.watch.checked(file)
    return file


def open_several(
    mapping: "ImportMapping",
    mapping_path: Path,
    inputs: "Sequence[Input]",
    session: Session,
    left_out: "Sequence[LeftOut]" = (),
) -> CheckedBatch:
    """Open several files one after another, check each, and hold them against each other."""
    from bulkpo.runs.planning.batching import plan_batch

    plan = plan_batch(mapping, mapping_path, inputs, lambda rows: session.watch.counted(Work.ROWS, rows, None))
    batch = CheckedBatch(plan)
    for each in plan.files():
        session.watch.checked(CheckedFile(each.mapped, each.checked, is_one_of_several=True))
    session.watch.checked_together(batch)
    session.watch.left_out([(each.path, each.reason) for each in left_out])
    return batch


def plan_of(file: CheckedInput) -> "Plan":
    """What was checked, as the plan of an import."""
    if isinstance(file, CheckedBatch):
        return file.plan
    from bulkpo.runs.planning.plan import FilePlan

    return FilePlan(file.mapped, file.checked)


def checked_of(plan: "Plan") -> CheckedInput:
    """What was checked of a plan."""
    from bulkpo.runs.planning.plan import FilePlan

    return CheckedFile(plan.mapped, plan.checked) if isinstance(plan, FilePlan) else CheckedBatch(plan)


def keep_input(stream: IO[bytes], workspace: Workspace = HERE) -> Path:
    """Write what comes on a stream to a file of the work folder that its owner alone may read; that is the input."""
    from bulkpo.runs.standard_input import keep

    return keep(stream, workspace.data)
