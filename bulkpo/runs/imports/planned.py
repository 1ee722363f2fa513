"""What a run is to do with each order, as it is written down before anything is sent; and taking a run over."""

from collections.abc import Iterator

from bulkpo.attachment_states import AttachmentEvent, AttachmentState
from bulkpo.errors import RunError
from bulkpo.journal.moves import Facts
from bulkpo.journal.records import PlannedEntry, RunStatus
from bulkpo.journal.run import RunJournal
from bulkpo.model.held import Held
from bulkpo.model.matching import Mode
from bulkpo.payload.change_body import change_text
from bulkpo.payload.encode import Encoder, digest
from bulkpo.runs.imports.job import Job
from bulkpo.runs.planning.batch import of_one_file
from bulkpo.runs.planning.changes import plan_changes
from bulkpo.states import Event, State


def work_out(job: Job, journal: RunJournal) -> None:
    """Work out what is to change, where a run that was to say so ended before it was written down.

    Raises RunError for one that brings back the edits of a workbook: what these are based on is not known any more.
    """
    if job.plan.mode is Mode.CREATE or job.changes is not None:
        return
    if workbook := journal.run.options.edited:
        journal.set_status(RunStatus.ABANDONED)
        raise RunError(
            f"run {journal.id} ended before it was written down what it changes, so nothing was sent; "
            f"`bulkpo update {workbook}` brings back what was edited"
        )
    job.changes = plan_changes(plan := of_one_file(job.plan), job.client)
    if job.changes.held != Held():
        plan.hold_more(job.changes.held)
        journal.remember(held=plan.held)


def planned_entries(job: Job, journal: RunJournal) -> Iterator[PlannedEntry]:
    """What the run is to do, order by order.

    Where a limit lets few orders go and nobody has approved them all, none is made before it is sent: its digest is
    kept then.
    """
    plan = job.plan
    if job.options.limit is not None and job.changes is None and journal.run.summary.approved_plan is None:
        yield from (PlannedEntry(number, it.key, it.row, digest="") for number, it in plan.numbered_starts())
        return
    encoder = Encoder(plan.layout, job.options.format)
    for number, document in plan.numbered():
        planned = None if job.changes is None else job.changes.planned[document.key]
        entry = PlannedEntry(number, document.key, document.row, encoder.digest(document))
        if planned is not None and planned.change is not None:
            text = change_text(planned.change)
            known = planned.change.id, planned.version, planned.updated_at
            entry = PlannedEntry(number, document.key, document.row, digest(text.encode()), *known, text)
        yield entry


def take_up(journal: RunJournal, *, retry_refused: bool) -> None:
    """Take over from a process that ended: what it was sending may or may not be in Coupa."""
    for entry in journal.entries([State.SENDING, State.UPDATING]):
        journal.record(entry, Event.FOUND_SENDING)
    if retry_refused:
        for entry in journal.entries([State.REFUSED]):
            journal.record(entry, Event.RETRY)
        for each in list(journal.attachments([AttachmentState.LEFT])):
            journal.record_attachment(each, AttachmentEvent.RETRY, Facts(message="tried once more"))
    journal.flush()
