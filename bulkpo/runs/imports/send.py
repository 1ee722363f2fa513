"""Creating orders, as an errand: each is created at most once.

An order is SENDING on disk before its request leaves, and what came back is noted at once. Whatever does not prove
what happened leaves the order UNKNOWN, for a look-up to settle.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, assert_never

from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused, Unclear
from bulkpo.errors import RunError
from bulkpo.journal.moves import Facts
from bulkpo.journal.records import Entry
from bulkpo.journal.run import RunJournal
from bulkpo.model.document import Document
from bulkpo.payload.encode import Encoder, digest
from bulkpo.runs.delivery.deliver import Standing
from bulkpo.runs.imports.job import Halt, ImportProgress
from bulkpo.runs.imports.lookups import LookUps, facts_of
from bulkpo.runs.planning.same_number import is_same_number
from bulkpo.states import Event, State


class Outgoing(NamedTuple):
    """An order on its way; `payload` is what is sent of it, once it was announced."""

    entry: Entry
    document: Document
    payload: bytes = b""


@dataclass(slots=True)
class Tally:
    """Counts what comes back, tells the progress, and ends the import when too many orders are refused.

    `created` is told of each order that was created; `refused` counts those of the whole run.
    """

    total: int
    halt: Halt
    max_failures: int | None = None
    progress: ImportProgress | None = None
    created: Callable[[Entry, Document], None] | None = None
    refused: int = 0
    _done: int = field(default=0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def count(self, entry: Entry, document: Document | None = None) -> None:
        """Count an order that was sent; its document where it was made."""
        if entry.state is State.PLANNED:
            return
        with self._lock:
            self._done += 1
            if self.progress is not None:
                self.progress(self._done, self.total)
        if entry.state is State.CREATED and self.created is not None and document is not None:
            self.created(entry, document)
        if entry.state is State.REFUSED:
            self.count_refused()

    def count_refused(self) -> None:
        """Count an order that was refused."""
        with self._lock:
            self.refused += 1
        self.is_too_much()

    def is_too_much(self) -> bool:
        """End the import if more orders were refused than may be; true if so."""
        if self.max_failures is None or self.refused <= self.max_failures:
            return False
        self.halt.end(
            f"more were refused than the {self.max_failures} allowed; once the cause is mended in Coupa, "
            "`bulkpo resume --retry-refused` goes on; `bulkpo resume --all` goes on without them"
        )
        return True


class Orders:
    """The errand of creating orders; `ask` sends the payload of one."""

    def __init__(
        self, journal: RunJournal, encode: Encoder, ask: Callable[[bytes], Outcome], look_ups: LookUps, tally: Tally
    ) -> None:
        self._journal = journal
        self._encode = encode
        self._ask = ask
        self._look_ups = look_ups
        self._key = look_ups.shape.key
        self.tally = tally

    def standing(self, it: Outgoing) -> Standing:
        """What is planned can be sent, what is unknown is looked up."""
        if it.entry.state is State.PLANNED:
            return Standing.READY
        return Standing.UNCLEAR if it.entry.state is State.UNKNOWN else Standing.OVER

    def announce(self, it: Outgoing) -> Outgoing:
        """SENDING, with the payload; raises RunError if that is not what was planned, or sent before."""
        payload = it.payload or self._payload(it.entry, it.document)
        made = None if it.entry.digest else digest(payload)
        entry = self._journal.announce(it.entry, Event.SEND, Facts(sent=payload, digest=made))
        self._look_ups.absence.sending(entry)
        return it._replace(entry=entry, payload=payload)

    def ask(self, it: Outgoing) -> Outcome:
        """Create the order."""
        return self._ask(it.payload)

    def note(self, it: Outgoing, outcome: Outcome) -> Outgoing:
        """CREATED, REFUSED, PLANNED as before, or UNKNOWN."""
        event, facts = self._other(it.entry, outcome) or _meant(outcome, in_doubt=it.entry.in_doubt)
        entry = self._journal.record(it.entry, event, facts)
        if entry.state is State.UNKNOWN:
            self._look_ups.absence.doubted(entry)
        if entry.state is State.CREATED:
            self._look_ups.absence.created(entry)
        self.tally.count(entry, it.document)
        return it._replace(entry=entry)

    def look_up(self, it: Outgoing) -> Outgoing:
        """CREATED or DIFFERS if it is there; PLANNED or REFUSED if it is proved not to be; else UNKNOWN as before."""
        (entry,) = self._look_ups.settle([(it.entry, it.document)])
        if entry.state is State.REFUSED:
            self.tally.count_refused()
        return it._replace(entry=entry)

    def _other(self, entry: Entry, outcome: Outcome) -> tuple[Event, Facts] | None:
        """What it means that an answer is about another number; None if it is not."""
        said = outcome.document.get(self._key) if isinstance(outcome, Created) else None
        if not isinstance(outcome, Created) or said is None or is_same_number(said, entry.key):
            return None
        message = f"Coupa answered that it made {self._key} {said} (id {outcome.id}); look at both there"
        return Event.ANSWERED_OTHER, Facts(message=message)

    def _payload(self, entry: Entry, document: Document) -> bytes:
        payload = self._encode(document)
        if entry.digest and digest(payload) != entry.digest:
            raise RunError(
                f"run {entry.run}: {entry.key} would be sent otherwise than it was planned, so it is not "
                "sent; it was planned by another version of bulkpo. Import the file anew"
            )
        return payload


def _meant(outcome: Outcome, *, in_doubt: bool) -> tuple[Event, Facts]:
    """What an answer means for an order; one `in_doubt` may have been made by an earlier try, and refused for that."""
    match outcome:
        case Created():
            return Event.ACCEPTED, facts_of({**outcome.document, "id": outcome.id})
        case Refused():
            message = "; ".join(outcome.messages)
            event = Event.REFUSED_IN_DOUBT if in_doubt else Event.REFUSAL
            return event, Facts(message=message, detail=f"{outcome.status}: {message}")
        case NotMade():
            return Event.NOT_MADE, Facts(message=outcome.reason)
        case Unclear():
            return Event.TAKEN if outcome.was_taken else Event.UNCLEAR, Facts(message=outcome.reason)
        case _:
            assert_never(outcome)
