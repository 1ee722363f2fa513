"""The stages of an import and their order: plan, look up, deliver, settle, act, read back, tell.

An order goes one way through them: from the plan, over the look-up of its number, into the errand that delivers it;
where its outcome is unclear it is settled by a look-up, and what was created is acted on, read back and told of.
"""

import threading
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from bulkpo.errors import BulkpoError, RunError, StoppedError
from bulkpo.journal.options import AfterCreate, OnExisting
from bulkpo.journal.records import RunStatus
from bulkpo.journal.run import RunJournal
from bulkpo.model.matching import Mode
from bulkpo.model.totals import ControlTotals
from bulkpo.payload.encode import Encoder
from bulkpo.runs.delivery.deliver import Deliverer, Manner
from bulkpo.runs.imports.absence import Absence
from bulkpo.runs.imports.actions import MOST_UNCLEAR, Deeds, after_create
from bulkpo.runs.imports.attach_line import MOST_UNCLEAR_ATTACHMENTS, attach_all, attaches_still, has_left
from bulkpo.runs.imports.history import MOST_UNCLEAR_RECORDS, Told, plan_history, write_history
from bulkpo.runs.imports.job import Halt, Job, OrderPair, left_of_limit, walk
from bulkpo.runs.imports.lookups import LookUps
from bulkpo.runs.imports.planned import planned_entries, take_up, work_out
from bulkpo.runs.imports.send import Orders, Outgoing, Tally
from bulkpo.runs.imports.totals import ReadBack, added_up
from bulkpo.runs.imports.update_line import UpdateLine
from bulkpo.runs.planning.attachments import planned_attachments
from bulkpo.states import UNDER_WAY, ActionState, State

_MOST_ROUNDS = 10
_MOST_UNCLEAR_CANARY = 2
_LONGEST_PAUSE_SECONDS = 60.0
_OPEN = (State.PLANNED, State.SENDING, State.UPDATING, State.UNKNOWN)


class ImportLine:
    """An import as a line of stages: plan, look up, deliver, settle, act, read back, tell.

    Each stage is given what it uses; only the line knows them all. `halt` ends it early; `sign_off` is
    what became of the whole file, once that is known.
    """

    def __init__(self, job: Job, journal: RunJournal) -> None:
        self._job = job
        self._journal = journal
        self.halt = Halt(job.stop)
        self.sign_off = journal.run.summary.sign_off
        profile = job.client.profile
        self._absence = Absence(float(profile.settle_for), float(profile.timeout))
        self._update_notices: tuple[str, ...] = ()
        self._look_ups = LookUps(job.client, job.plan.shape, journal, self._absence)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What people should know of what the answers to look-ups could not prove, and of what others changed."""
        return self._look_ups.doubts + self._update_notices

    @property
    def limit(self) -> int | None:
        """How many orders the run is to send; None for all."""
        return self._job.options.limit

    def work(self) -> tuple[BulkpoError | None, ControlTotals | None]:
        """Work on the run; what stops it is told beside the totals, so that a report is written all the same."""
        journal, run = self._journal, self._journal.run
        retries = self._job.options.retry_refused and (journal.counts()[State.REFUSED] or has_left(journal))
        if run.status is RunStatus.DONE and not retries:
            return None, run.summary.totals
        try:
            if run.status is RunStatus.PLANNING:
                work_out(self._job, journal)
                journal.plan(planned_entries(self._job, journal), planned_attachments(self._job.plan))
            elif run.status is RunStatus.DONE:
                journal.set_status(RunStatus.OPEN)  # until the refused orders are sent again
            take_up(journal, retry_refused=self._job.options.retry_refused)
            totals = self._bring()
        except StoppedError:
            return None, None
        except BulkpoError as error:
            return error, None
        if totals is not None:
            self._close(totals)
        return None, totals

    def _bring(self) -> ControlTotals | None:
        """Bring every order to its end and add up; None if somebody asked to stop."""
        read_back = ReadBack(self._job.client, self._job.plan.shape, self._journal.read_back)
        try:
            if self._job.plan.mode is not Mode.CREATE:
                updates = UpdateLine(self._job, self._journal, self.halt, self._manner(most_unclear=1))
                self._look_ups.held |= updates.bring()
                self._update_notices, read_back.resent = updates.notices, updates.resent
                read_back.reread = updates.reread
            if self._job.plan.mode is Mode.UPDATE:
                attach_all(self._job, self._journal, self.halt, self._manner(MOST_UNCLEAR_ATTACHMENTS))
                self._say_held()
                if not self.halt.is_interruption:
                    self._added_up(read_back)  # what became of the file is signed off; nothing was made, so no totals
                return None if self.halt.is_interruption else ControlTotals((), (), ())
            self._send_and_settle(read_back)
            self._look_again()
            attach_all(self._job, self._journal, self.halt, self._manner(MOST_UNCLEAR_ATTACHMENTS))
            self._act()
        finally:
            read_back.finish(self.halt)
        return None if self.halt.is_interruption else self._totals(read_back)

    def _totals(self, read_back: ReadBack) -> ControlTotals:
        """The control totals, once the orders that turn out to be there more than once are told."""
        totals = self._added_up(read_back)
        if read_back.doubled:
            self._look_again_at([State.CREATED], read_back.doubled)
            totals = self._added_up(read_back)
        return totals

    def _added_up(self, read_back: ReadBack) -> ControlTotals:
        totals, self.sign_off = added_up(self._job.plan, self._journal, read_back)
        return totals

    def _close(self, totals: ControlTotals) -> None:
        """Keep what the run came to; it is done once nothing of it is open."""
        journal = self._journal
        journal.remember(totals=totals, sign_off=self.sign_off)
        counts, actions = journal.counts(), journal.count_actions(self._job.options.after_create)
        is_acting = any(actions[it] for it in (ActionState.WAITING, *UNDER_WAY)) or attaches_still(journal)
        if not (is_open := any(counts[it] for it in _OPEN) or is_acting):
            plan_history(journal, self._job.client.profile.integration)
        journal.set_status(RunStatus.OPEN if is_open else RunStatus.DONE)

    def _send_and_settle(self, read_back: ReadBack) -> None:
        """Send what is planned, settle what is unknown, and send again what is proved not to be there."""
        self._settle()
        for number in range(_MOST_ROUNDS):
            if self.halt.is_set or not (self._send(read_back, again=number > 0) or self._outwait()):
                self._say_held()
                return
            self._settle()
        many = self._job.plan.kind.noun.many
        self.halt.end(f"some {many} could not be sent in {_MOST_ROUNDS} tries; `bulkpo resume` tries again")

    def _say_held(self) -> None:
        """End the import where another run is sending some of its orders too."""
        if (held := self._look_ups.held) and not self.halt.is_set:
            key, other = min(held.items())
            more = f" and {len(held) - 1:,} more" if held.keys() - {key} else ""
            self.halt.end(
                f"{key}{more} of this run is being sent by run {other} as well, so it was not sent; once that one is "
                f"done (`bulkpo resume {other}`), `bulkpo resume {self._journal.id}` goes on"
            )

    def _settle(self) -> None:
        """Give orders whose outcome is unknown a little time to appear, then look them up."""
        if self._journal.counts()[State.UNKNOWN]:
            self.halt.event.wait(self._job.options.settle_seconds)
            if not self.halt.is_interruption:
                self._look_ups.settle(self._to_make([State.UNKNOWN]))
                self._journal.flush()

    def _outwait(self) -> bool:
        """Look orders whose outcome is unknown up until time has proved them absent; True if any is to be sent."""
        pause = self._job.options.settle_seconds
        is_last = is_told = False
        while not (is_last or self.halt.is_set):
            unknown = self._journal.entries([State.UNKNOWN])
            left = [self._absence.seconds_left(entry) for entry in unknown if entry.coupa_id is None]
            if not left:
                break
            is_last = max(left) == 0
            if not (is_told or is_last) and self._job.waits is not None:
                self._job.waits(self._job.plan.kind.noun.counted(len(left)), max(left))
            is_told = True
            self.halt.event.wait(min(pause, max(left)))
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            if not self.halt.is_set:
                self._look_ups.settle(self._to_make([State.UNKNOWN]))
        return next(self._journal.entries([State.PLANNED], are_tried=True), None) is not None

    def _look_again(self) -> None:
        """Look once more at what was sent after a doubt, which may have come late, and at what was refused."""
        states = (State.CREATED, State.REFUSED)
        entries = (it for it in self._journal.entries(states) if it.state is State.CREATED or it.coupa_id is None)
        wanted = {it.number for it in entries if it.in_doubt or it.state is State.REFUSED}
        if wanted and not self.halt.is_interruption:
            self._look_again_at(states, wanted)

    def _look_again_at(self, states: Iterable[State], numbers: Container[int]) -> None:
        """Look once more at the orders in these states that have these numbers in the run."""
        wanted = (entry for entry in self._journal.entries(states) if entry.number in numbers)
        self._look_ups.look_again(walk(self._job.plan, self._journal, wanted))
        self._journal.flush()

    def _send(self, read_back: ReadBack, *, again: bool) -> bool:
        """Send what is planned; False if there is nothing. `again` sends only what was tried before."""
        options, orders = self._job.options, self._orders(read_back)
        if again:
            return self._deliver_all(orders, self._to_make([State.PLANNED], are_tried=True))
        if orders.tally.is_too_much():
            return False
        pairs = islice(self._free(), left_of_limit(self._job, self._journal))
        canaries = max(0, options.canary - self._journal.counts()[State.CREATED])
        has_canaries = self._try_out(orders, islice(pairs, canaries))
        return self._deliver_all(orders, pairs) or has_canaries

    def _free(self) -> Iterator[OrderPair]:
        """The orders still to be sent whose numbers are free, and which no other run is sending."""
        on_existing = self._job.options.on_existing
        if on_existing is OnExisting.FAIL:
            try:
                self._look_ups.refuse_existing(self._to_make([State.PLANNED]), self.halt.event)
            except RunError:
                self._give_up()
                raise
            return self._look_ups.unheld(self._to_make([State.PLANNED]))
        return self._look_ups.free(self._to_make([State.PLANNED]), on_existing)

    def _to_make(self, states: Iterable[State], *, are_tried: bool = False) -> Iterator[OrderPair]:
        """The orders in these states that are to be made; those that are there already are changed elsewhere."""
        is_create = self._job.plan.mode is Mode.CREATE
        entries = self._journal.entries(states, are_tried=are_tried)
        to_make = (entry for entry in entries if is_create or entry.coupa_id is None)
        return walk(self._job.plan, self._journal, to_make)

    def _give_up(self) -> None:
        """End a run that may not begin: nothing of it was sent, so there is nothing to resume."""
        if next(self._journal.entries(are_tried=True), None) is None:
            self._journal.set_status(RunStatus.ABANDONED)

    def _orders(self, read_back: ReadBack) -> Orders:
        """The errand of creating this run's orders."""
        job, client, resource = self._job, self._job.client, self._job.plan.resource
        encode = Encoder(job.plan.layout, job.options.format)
        # What an action changes after an order was created is read back after it.
        created = read_back.created if job.options.after_create is AfterCreate.NONE else None
        total = self._journal.counts()[State.PLANNED]
        refused = self._journal.counts()[State.REFUSED]
        tally = Tally(total, self.halt, job.options.max_failures, job.progress, created, refused)
        key = job.plan.key_element
        ask = lambda payload: client.create(resource, payload, encode.content_type, key)  # noqa: E731 - bound to this run
        return Orders(self._journal, encode, ask, self._look_ups, tally)

    def _try_out(self, orders: Orders, pairs: Iterable[OrderPair]) -> bool:
        """Send the first orders one by one, and end the import at the first that is not created; False if none."""
        deliverer = Deliverer(orders, self._job.client.profile, self._manner(_MOST_UNCLEAR_CANARY))
        has_canaries, one = False, self._job.plan.kind.noun.one
        for entry, document in pairs:
            if self.halt.is_set:
                break
            has_canaries = True
            after = deliverer.deliver(Outgoing(entry, document)).entry
            if after.state is not State.CREATED:
                self.halt.end(
                    f"{one} {after.key}, one of those sent first as a trial, was not created: {after.message}"
                )
        return has_canaries

    def _deliver_all(self, orders: Orders, pairs: Iterable[OrderPair]) -> bool:
        """Send orders with all threads, and leave those whose outcome is unclear to be settled together."""
        deliverer = Deliverer(orders, self._job.client.profile, self._manner(most_unclear=1))
        count = deliverer.deliver_all(Outgoing(entry, document) for entry, document in pairs)
        self._journal.flush()
        return count > 0

    def _act(self) -> None:
        """Do the run's action on every order it created; one done is not done again."""
        job, journal, action = self._job, self._journal, self._job.options.after_create
        if action is AfterCreate.NONE or self.halt.is_set:
            return
        journal.plan_actions(action, [entry.number for entry in journal.entries([State.CREATED])])
        deeds = Deeds(job.client, job.plan.resource, journal, after_create(action))
        Deliverer(deeds, job.client.profile, self._manner(MOST_UNCLEAR)).deliver_all(deeds.open())
        journal.flush()

    def tell(self, *, is_success: bool) -> tuple[str, ...]:
        """Tell the integration history, where the profile asks for it; gives notices."""
        job, integration = self._job, self._job.client.profile.integration
        if integration is None or self.halt.is_interruption:
            return ()
        # An import that was ended early for a reason is told all the same, so the event that ended it does not count.
        manner = self._manner(MOST_UNCLEAR_RECORDS)
        manner = replace(manner, stop=threading.Event()) if self.halt.reason else manner
        told = Told(integration, job.plan.file_of, job.plan.checked.documents, job.options.format)
        return write_history(job, self._journal, told, manner, is_success=is_success)

    def _manner(self, most_unclear: int) -> Manner:
        options = self._job.options
        advice = f"`bulkpo resume {self._journal.id}` goes on from here"
        return Manner(options.settle_seconds, options.patience_seconds, most_unclear, advice, self.halt.event)
