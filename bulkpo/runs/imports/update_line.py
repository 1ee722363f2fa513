"""The stage of an import that changes documents which are there: settle what is unclear, send, settle, read back."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from bulkpo.journal.records import Entry
from bulkpo.journal.run import RunJournal
from bulkpo.model.signoff import PartnerTotals
from bulkpo.runs.delivery.deliver import Deliverer, Manner
from bulkpo.runs.imports.absence import Absence
from bulkpo.runs.imports.job import Halt, Job, left_of_limit
from bulkpo.runs.imports.send import Tally
from bulkpo.runs.imports.updates import Update, Updates, UpdateTerms
from bulkpo.runs.planning.batch import of_one_file
from bulkpo.states import State

_MOST_TRIES = 12
_MOST_UNCLEAR_CANARY = 2
_LONGEST_PAUSE_SECONDS = 60.0
_MOST_NAMED = 5


class UpdateLine:
    """Changes the documents of a run that are there already; `halt` ends it early."""

    def __init__(self, job: Job, journal: RunJournal, halt: Halt, manner: Manner) -> None:
        options = job.options
        self._job = job
        self._journal = journal
        self._halt = halt
        self._manner = manner
        self._is_told = False
        self._absence = Absence(float(job.client.profile.settle_for), float(job.client.profile.timeout))
        counts = journal.counts()
        self._tally = Tally(
            counts[State.PLANNED], halt, options.max_failures, job.progress, refused=counts[State.REFUSED]
        )
        terms = UpdateTerms(options.format, options.on_conflict, self._tally.count)
        self._updates = Updates(job.client, of_one_file(job.plan), journal, self._absence, terms)

    def bring(self) -> dict[str, int]:
        """Change what is planned, and settle what is unclear, until nothing is left that can be.

        Gives those that another run is changing, by key, with its number; they stay as they are.
        """
        tries, pause, is_last = 0, self._job.options.settle_seconds, False
        self._settle()
        while not (self._halt.is_set or self._tally.is_too_much()):
            if self._send():
                tries, is_last = tries + 1, False
                self._settle()
                if tries == _MOST_TRIES and self._is_tried():
                    many = self._job.plan.kind.noun.many
                    self._halt.end(f"some {many} could not be changed in {tries} tries; `bulkpo resume` tries again")
                continue
            left = self._seconds_left()
            if left is None or is_last:
                break
            is_last = left == 0
            self._outwait(min(pause, left), left)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        if not self._halt.is_interruption:
            self._updates.read_back()
        return self._updates.held

    @property
    def resent(self) -> tuple[int, dict[str, int]]:
        """How many changed ones were read back, and how many of them are sent to suppliers again, by Coupa's word."""
        return self._updates.reread, dict(sorted(self._updates.resent.items()))

    @property
    def reread(self) -> PartnerTotals:
        """What those that were read back came to."""
        return self._updates.read_totals

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should know of the changes that were made."""
        newer, noun = list(self._updates.newer), self._job.plan.kind.noun
        if not newer:
            return ()
        more = f" and {len(newer) - _MOST_NAMED:,} more" if newer[_MOST_NAMED:] else ""
        said = (
            f"{noun.counted(len(newer))} had a newer version in Coupa than the one the changes were planned on, and no "
            f"element that was to change was changed there: {', '.join(newer[:_MOST_NAMED])}{more}"
        )
        return (said,)

    def _send(self) -> bool:
        ready = islice(self._updates.ready(), left_of_limit(self._job, self._journal))
        canaries = max(0, self._job.options.canary - self._journal.counts()[State.CHANGED])
        has_canaries = self._try_out(islice(ready, canaries))
        deliverer = Deliverer(self._updates, self._job.client.profile, self._manner)
        count = deliverer.deliver_all(ready)
        self._journal.flush()
        return count > 0 or has_canaries

    def _try_out(self, first: Iterator[Update]) -> bool:
        """Change the first ones one by one, and end the import at the first that is not changed; False if none."""
        manner = replace(self._manner, most_unclear=_MOST_UNCLEAR_CANARY)
        deliverer = Deliverer(self._updates, self._job.client.profile, manner)
        has_canaries, one = False, self._job.plan.kind.noun.one
        for it in first:
            has_canaries = True
            after = deliverer.deliver(it).entry
            if after.state is not State.CHANGED:
                self._halt.end(
                    f"{one} {after.key}, one of those sent first as a trial, was not changed: {after.message}"
                )
            if self._halt.is_set:
                break
        return has_canaries

    def _settle(self) -> None:
        """Give what is unknown a little time, then read it."""
        if self._unknown():
            self._halt.event.wait(self._job.options.settle_seconds)
            if not self._halt.is_interruption:
                self._updates.settle()

    def _outwait(self, seconds: float, left: float) -> None:
        """Wait before reading once more what makes something and does not show yet; time proves that it cannot come."""
        if left and not self._is_told and self._job.waits is not None:
            self._job.waits(self._job.plan.kind.noun.counted(len(self._unknown())), left)
        self._is_told = True
        self._halt.event.wait(seconds)
        if not self._halt.is_interruption:
            self._updates.settle()

    def _seconds_left(self) -> float | None:
        return max(map(self._absence.seconds_left, self._unknown()), default=None)

    def _is_tried(self) -> bool:
        """Whether anything that was sent has not come to its end."""
        planned = (entry for entry in self._journal.entries([State.PLANNED]) if entry.coupa_id is not None)
        return bool(self._unknown()) or any(entry.attempts for entry in planned)

    def _unknown(self) -> list[Entry]:
        return [entry for entry in self._journal.entries([State.UNKNOWN]) if entry.coupa_id is not None]
