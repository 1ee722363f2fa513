"""After the orders are created: the action a run does on each, once it is known to be there."""

from bulkpo.journal.records import Action, Entry
from bulkpo.runs.imports.actions import Actor, Kind, Looked, changed_since
from bulkpo.runs.imports.job import AfterCreate, Job
from bulkpo.runs.imports.lookups import Found
from bulkpo.states import ActionEvent, Event, State

_ISSUED = "issued"


def act_after_create(job: Job) -> None:
    """Do the run's action on every order it created; one done is not done again."""
    action = job.options.after_create
    if action is AfterCreate.NONE or job.stop.is_set():
        return
    created = [entry.number for entry in job.journal.entries(job.run, [State.CREATED])]
    job.journal.plan_actions(job.run, action, created)
    Actor(job.desk(), job.journal.run(job.run), Kind(action, Event.ACTED, _judge, looks_first=False)).do_all()


def _judge(entry: Entry, action: Action, found: Found | None) -> Looked:
    """What an order says after a lost answer. Issuing sends it to the supplier, and nobody wants that twice."""
    if found is None:
        return ActionEvent.CHANGED, "it is no longer in Coupa"
    if changed_since(entry, found):
        return ActionEvent.FOUND_DONE, ""
    if found.get("status") == _ISSUED and action.action == AfterCreate.ISSUE:
        return ActionEvent.IN_DOUBT, "whether it was sent to the supplier cannot be told; look at it in Coupa"
    return ActionEvent.NOT_DONE, ""
