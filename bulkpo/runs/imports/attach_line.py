"""The stage of an import that attaches: sent, settled, and the orders' versions noted anew."""

from collections.abc import Iterator, Sequence

from bulkpo.attachment_states import AttachmentState
from bulkpo.journal.records import Entry
from bulkpo.journal.run import ATTACHABLE, RunJournal
from bulkpo.runs.delivery.deliver import Deliverer, Manner
from bulkpo.runs.imports.absence import Absence
from bulkpo.runs.imports.attachment_owners import Owners
from bulkpo.runs.imports.attachments import OPEN_ATTACHMENTS, Attachments
from bulkpo.runs.imports.job import Halt, Job
from bulkpo.runs.imports.lookups import facts_of
from bulkpo.runs.planning.same_number import Found
from bulkpo.states import Event

_LONGEST_PAUSE_SECONDS = 60.0
_VERSIONS = ["id", "status", "version", "updated-at"]
MOST_UNCLEAR_ATTACHMENTS = 3
_MOST_TRIES = 10


def attach_all(job: Job, journal: RunJournal, halt: Halt, manner: Manner) -> None:
    """Attach what a run has planned to the orders that are there."""
    _AttachLine(job, journal, halt, manner).bring()


class _AttachLine:
    """Attaches what a run has planned to the orders that are there."""

    def __init__(self, job: Job, journal: RunJournal, halt: Halt, manner: Manner) -> None:
        profile = job.client.profile
        self._job = job
        self._journal = journal
        self._halt = halt
        self._manner = manner
        self._is_told = self._was_sent = False
        absence = Absence(float(profile.settle_for), float(profile.timeout))
        owners = Owners(job.client, job.plan.resource, job.plan.kind, job.plan.layout)
        self._errand = Attachments(job.client, journal, owners, job.plan.mapping.shelves, absence)

    def bring(self) -> None:
        """Attach all there is, until each is there, or left with a reason, or its outcome cannot be known yet."""
        tries, pause, is_last = 0, self._job.options.settle_seconds, False
        try:
            while not self._halt.is_set and self._has_open():
                tries += self._pass()
                left = [self._errand.seconds_left(it) for it in self._errand.open()]
                if not left or is_last:
                    break
                if tries == _MOST_TRIES:
                    self._halt.end(f"some attachments could not be sent in {tries} tries; `bulkpo resume` tries again")
                    break
                is_last = max(left) == 0 and not self._was_sent
                self._outwait(min(pause, max(left)), left)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        finally:
            self._journal.flush()
        if not self._halt.is_interruption:
            self._seal()

    def _pass(self) -> bool:
        """Look up what is unclear and send what is ready; true if anything was sent."""
        before = self._errand.sends
        Deliverer(self._errand, self._job.client.profile, self._manner).deliver_all(self._errand.open())
        self._journal.flush()
        self._was_sent = self._errand.sends > before
        return self._was_sent

    def _outwait(self, seconds: float, left: Sequence[float]) -> None:
        """Wait before looking once more for what may have been attached; time proves that it cannot come."""
        if max(left) and not self._is_told and self._job.waits is not None:
            self._job.waits(f"{len(left):,} attachment{'' if len(left) == 1 else 's'}", max(left))
        self._is_told = True
        self._halt.event.wait(seconds)

    def _has_open(self) -> bool:
        return next(self._errand.open(), None) is not None

    def _seal(self) -> None:
        """Note the versions of orders that something was attached to, so that undo knows them as this run left them.

        An order that a process had left half-done may have been changed by others since: it is noted anew only if its
        version is the one this run knows.
        """
        entries = {str(entry.coupa_id): entry for entry in self._unsealed()}
        for _, documents in self._job.client.answers_by_keys(self._job.plan.resource, "id", list(entries), _VERSIONS):
            for found in documents:
                entry = entries.pop(str(found.get("id")), None)
                if entry is not None and self._is_ours(entry, found):
                    self._journal.record(entry, Event.ATTACHED, facts_of(found))
        self._journal.flush()

    def _is_ours(self, entry: Entry, found: Found) -> bool:
        version = found.get("version")
        return entry.number in self._errand.touched or (None if version is None else str(version)) == entry.version

    def _unsealed(self) -> Iterator[Entry]:
        """The orders that something was attached to since they were last noted."""
        last: dict[int, str] = {}
        for each in self._journal.attachments([AttachmentState.ATTACHED]):
            last[each.planned.number] = max(each.changed, last.get(each.planned.number, ""))
        for entry in self._journal.entries(ATTACHABLE) if last else ():
            if entry.changed <= last.get(entry.number, ""):
                yield entry


def attaches_still(journal: RunJournal) -> bool:
    """Whether anything is still to be attached to orders that are there."""
    counts = journal.count_attachments()
    return any(counts[state] for state in OPEN_ATTACHMENTS)


def has_left(journal: RunJournal) -> bool:
    """Whether anything could not be attached to orders that are there."""
    return journal.count_attachments()[AttachmentState.LEFT] > 0
