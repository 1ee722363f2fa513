"""Evidence of a run: a pack an auditor can keep, and whether one holds."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bulkpo.errors import InputError, MappingError
from bulkpo.workspace.history import known_run
from bulkpo.workspace.inputs import open_kept, plan_of
from bulkpo.workspace.opening import HERE, Workspace
from bulkpo.workspace.session import Session

if TYPE_CHECKING:
    from bulkpo.journal.records import Run, RunInput
    from bulkpo.runs.evidence.make import Pack
    from bulkpo.runs.evidence.verify import Verified
    from bulkpo.runs.planning.batch import Plan


def pack_evidence(
    run: int | None, path: Path | None = None, session: Session | None = None, workspace: Workspace = HERE
) -> "Pack":
    """Write the evidence of a run, or of the last one, to a file that must not be there yet; nothing is asked of Coupa.

    Without a name it is `run-7.evidence.zip` in the folder. Raises OutputError and RunError.
    """
    from bulkpo.journal.run import RunJournal
    from bulkpo.journal.sqlite import FILE
    from bulkpo.runs.evidence.case import case_of
    from bulkpo.runs.evidence.make import make_pack

    session = session or Session()
    with workspace.journal(session.command) as journal:
        known = known_run(journal, run)
        plan, no_plan = _plan_of(known, journal.inputs(known.id), workspace)
        case = case_of(RunJournal(journal, known.id), plan, no_plan, workspace.secrets())
        return make_pack(case, path or Path(f"run-{known.id}.evidence.zip"), workspace.data / FILE)


def verify_evidence(path: Path, sha256: str = "") -> "Verified":
    """Hold a pack against itself, and against the digest that was kept of it; needs no folder of bulkpo's.

    Raises InputError where it cannot be read at all.
    """
    from bulkpo.runs.evidence.verify import verify_pack

    return verify_pack(path, sha256)


def _plan_of(run: "Run", inputs: "Sequence[RunInput]", workspace: Workspace) -> "tuple[Plan | None, str]":
    """What a run was planned from, opened again; None, and why, where that cannot be had as it was."""
    from bulkpo.runs.imports.run import held_again

    if run.options.task:
        return None, "a run that does something with orders has a list, and no rows that become orders"
    try:
        zone = workspace.profile(run.profile).time_zone
    except MappingError:
        zone = None
    try:
        plan = plan_of(open_kept(run, inputs, zone, Session()))
        same = (plan.file_digest, plan.mapping_digest) == (run.input_digest, run.mapping_digest)
    except (InputError, MappingError) as error:
        return None, f"the input cannot be read again by its mapping: {error}"
    if not same:
        return None, "the input, the mapping or what it draws on is no longer what the run read"
    return held_again(run, inputs, plan), ""
