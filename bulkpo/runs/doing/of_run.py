"""The orders of an earlier run, as a list: those it created, or did something with."""

from bulkpo.errors import UsageError
from bulkpo.journal.journal import Journal
from bulkpo.journal.records import Run
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.runs.doing.wanted import BY_ID, Wanted
from bulkpo.states import ActionState, State


def of_run(journal: Journal, run: Run) -> Wanted:
    """The ids of a run's orders; raises UsageError where it has none, or is not about orders."""
    if not kind_of(run.resource).tasks:
        raise UsageError(
            f"run {run.id} is about {kind_of(run.resource).noun.many}, with which none of this can be done"
        )
    entries = list(journal.entries(run.id, [State.CREATED, State.EXISTING]))
    if run.options.task:
        last = kind_of(run.resource).tasks[run.options.task][-1]
        done = {action.number for action in journal.actions(run.id, last, [ActionState.DONE])}
        ids = [str(entry.coupa_id) for entry in entries if entry.number in done]
    else:
        ids = [str(entry.coupa_id) for entry in entries if entry.state is State.CREATED]
    if not ids:
        raise UsageError(f"run {run.id} has no orders in {run.profile} to do anything with; `bulkpo show {run.id}`")
    return Wanted(BY_ID, tuple(dict.fromkeys(ids)))
