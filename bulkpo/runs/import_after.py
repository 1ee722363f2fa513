"""After the orders are created: the action a run does on each, once it is known to be there."""

from bulkpo.journal.records import Action, Entry
from bulkpo.runs.import_actions import Actor, Kind, Looked, changed_since
from bulkpo.runs.import_job import AfterCreate, Job
from bulkpo.runs.reconcile import Found
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


def _judge(entry: Entry, _: Action, found: Found | None) -> Looked:
    """After a lost answer. An order that changed in any way is taken as issued: issuing sends it to the supplier."""
    if found is None:
        return ActionEvent.CHANGED, "it is no longer in Coupa"
    if found.get("status") == _ISSUED or changed_since(entry, found):
        return ActionEvent.FOUND_DONE, ""
    return ActionEvent.NOT_DONE, ""
