"""Sending: worker threads that create orders, each at most once.

An order is SENDING on disk before its request leaves, and what came back is noted at once. Whatever does not prove
what happened leaves the order UNKNOWN, for a look-up to settle.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, assert_never

from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused, Unclear
from bulkpo.errors import RunError, ServiceError
from bulkpo.journal.moves import Facts
from bulkpo.journal.records import Entry
from bulkpo.model.document import Document
from bulkpo.payload.encode import Encoder, digest
from bulkpo.runs.imports.job import Job, Pair
from bulkpo.runs.imports.lookups import facts_of, settle
from bulkpo.runs.imports.throttle import Throttle
from bulkpo.runs.imports.workers import Workers
from bulkpo.states import Event, State

_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 15.0
_LOT = 4  # orders a thread announces together: one write to the disk for all; more would hardly save any
_NOT_ITS_TURN = "not sent: the import ended before its turn"


class _Announced(NamedTuple):
    """An order with what is sent of it."""

    entry: Entry
    document: Document
    payload: bytes


class Sender:
    """Sends the orders of one job with a number of threads; `created` is told of each one that was created."""

    def __init__(self, job: Job, total: int, created: Callable[[Entry, Document], None] | None = None) -> None:
        profile = job.client.profile
        self._job = job
        self._created = created
        self._encode = Encoder(job.plan.layout, job.options.format)
        self._tally = _Tally(job, total)
        self._pace = Throttle(profile.workers)
        self._workers = Workers(self._send_lot, lambda: self._pace.allowed, job.stop)
        self._lot = _LOT if profile.rate is None else 1  # a limit leaves time to write each order down by itself

    def send_one_by_one(self, pairs: Iterable[Pair]) -> bool:
        """Send orders one after the other, and end the job at the first that is not created; False if none is there."""
        sent = False
        for pair in pairs:
            if self._job.stop.is_set():
                break
            sent = True
            (announced,) = self._announce([pair])
            after = self._send(announced)
            if after.state is State.UNKNOWN:
                self._job.stop.wait(self._job.options.settle_seconds)
                (after,) = settle(self._job, [(after, pair[1])])
            if after.state is not State.CREATED:
                self._job.end(f"order {after.key}, one of the first sent to try, was not created: {after.message}")
        return sent

    def send_all(self, pairs: Iterable[Pair]) -> bool:
        """Send orders with all threads; False if none is there. Raises what stopped a thread, once all have ended."""
        waiting = iter(pairs)
        lots = self._workers.run(iter(lambda: list(islice(waiting, self._lot)), []))
        self._job.journal.flush()
        return lots > 0

    def _send_lot(self, lot: Sequence[Pair]) -> None:
        """Send some orders one after the other; those whose turn does not come are planned as before."""
        waiting = deque(self._announce(lot))
        try:
            while waiting and not self._job.stop.is_set():
                self._send(waiting.popleft())
        finally:
            for announced in waiting:
                self._job.journal.record(announced.entry, Event.NOT_MADE, Facts(message=_NOT_ITS_TURN))

    def _announce(self, lot: Iterable[Pair]) -> list[_Announced]:
        """Orders ready to leave: that they are being sent is on disk, for all of them at the price of one."""
        ready = [_Announced(entry, document, self._payload(entry, document)) for entry, document in lot]
        return self._noted_as_sending(ready)

    def _payload(self, entry: Entry, document: Document) -> bytes:
        """What is sent of an order; raises RunError if it is not what was planned."""
        payload = self._encode(document)
        if digest(payload) != entry.digest:
            raise RunError(
                f"run {self._job.run}: order {entry.key} would be sent otherwise than it was planned, so it is not "
                "sent; it was planned by another version of bulkpo. Import the file anew"
            )
        return payload

    def _noted_as_sending(self, ready: Sequence[_Announced]) -> list[_Announced]:
        journal = self._job.journal
        noted = [journal.record(it.entry, Event.SEND, Facts(sent=it.payload)) for it in ready]
        journal.wait(noted[-1][1])
        return [it._replace(entry=entry) for it, (entry, _) in zip(ready, noted, strict=True)]

    def _send(self, announced: _Announced) -> Entry:
        """Send one order until something is known of it."""
        job = self._job
        wait = _FIRST_WAIT_SECONDS
        while True:
            outcome = self._create(announced.payload)
            entry = self._note(announced.entry, announced.document, outcome)
            self._tally.count(entry)
            if entry.state is State.CREATED and self._created is not None:
                self._created(entry, announced.document)
            if not isinstance(outcome, NotMade):
                return entry
            if outcome.is_final:
                self._workers.fail(ServiceError(outcome.reason))
                return entry
            self._tally.check_patience(outcome)
            if job.stop.wait(float(outcome.retry_after) if outcome.retry_after is not None else wait):
                return entry
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
            (announced,) = self._noted_as_sending([announced._replace(entry=entry)])

    def _create(self, payload: bytes) -> Outcome:
        started = time.monotonic()
        outcome = self._job.client.create(self._job.plan.resource, payload, self._encode.content_type)
        if isinstance(outcome, Created | Refused):
            self._pace.answered(time.monotonic() - started)
        else:
            self._pace.troubled()
        return outcome

    def _note(self, entry: Entry, document: Document, outcome: Outcome) -> Entry:
        journal = self._job.journal
        match outcome:
            case Created():
                return journal.record(entry, Event.ACCEPTED, facts_of({**outcome.document, "id": outcome.id}))[0]
            case Refused():
                message = "; ".join(outcome.messages)
                facts = Facts(message=message, detail=f"{outcome.status}: {message}")
                if not entry.in_doubt:
                    return journal.record(entry, Event.REFUSAL, facts)[0]
                entry, _ = journal.record(entry, Event.REFUSED_IN_DOUBT, facts)
                return settle(self._job, [(entry, document)], Event.FOUND_NOTHING_REFUSED)[0]
            case NotMade():
                return journal.record(entry, Event.NOT_MADE, Facts(message=outcome.reason))[0]
            case Unclear():
                return journal.record(entry, Event.UNCLEAR, Facts(message=outcome.reason))[0]
            case _:
                assert_never(outcome)


@dataclass(slots=True)
class _Figures:
    done: int = 0
    refused: int = 0
    last_answer: float = 0.0


class _Tally:
    """Counts what comes back, tells the progress, and ends the job when too much goes wrong."""

    def __init__(self, job: Job, total: int) -> None:
        self._job = job
        self._total = total
        self._lock = threading.Lock()
        self._figures = _Figures(last_answer=time.monotonic())

    def count(self, entry: Entry) -> None:
        """Count an order that was sent."""
        if entry.state is State.PLANNED:
            return
        with self._lock:
            figures = self._figures
            figures.done += 1
            figures.last_answer = time.monotonic()
            figures.refused += entry.state is State.REFUSED
            too_many = self._job.options.max_failures is not None and figures.refused > self._job.options.max_failures
            if self._job.progress is not None:
                self._job.progress(figures.done, self._total)
        if too_many:
            self._job.end(
                f"{figures.refused} orders were refused, more than the {self._job.options.max_failures} allowed"
            )

    def check_patience(self, outcome: NotMade) -> None:
        """Raise ServiceError once the instance has taken nothing for too long."""
        with self._lock:
            silent = time.monotonic() - self._figures.last_answer
        if silent > self._job.options.patience_seconds:
            raise ServiceError(
                f"{self._job.client.profile} has taken nothing for {int(silent)} seconds: {outcome.reason}; "
                "what is left stays planned: `bulkpo resume` goes on from here"
            )
