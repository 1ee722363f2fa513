"""Look-ups by key: which orders are already in Coupa, and what became of those whose outcome is unknown."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.crew import crew
from bulkpo.coupa.queries import Landmark
from bulkpo.errors import RunError, ServiceError
from bulkpo.journal.moves import Facts
from bulkpo.journal.options import OnExisting
from bulkpo.journal.records import Entry
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.model.document import Document
from bulkpo.payload.compare import differences, fields_of
from bulkpo.runs.imports.absence import Absence
from bulkpo.runs.imports.job import OrderPair
from bulkpo.runs.imports.landmark import landmark_of
from bulkpo.runs.planning.plan import DocumentShape
from bulkpo.runs.planning.same_number import Found, by_number
from bulkpo.states import Event, State

_AHEAD = 150
_SETTLED_TOGETHER = 20  # numbers of the usual length that one question holds, and the witness with them
_MOST_DIFFERENCES = 3
_MOST_NAMED = 10
_MOST_FACT = 100


def facts_of(found: Found) -> Facts:
    """What is kept of an order as Coupa has it, to know it again."""
    version, status = _text(found.get("version")), _text(found.get("status"))
    return Facts(
        coupa_id=int(str(found["id"])),
        version=version,
        updated_at=_text(found.get("updated-at")),
        detail=f"id {found['id']}, status {status}, version {version}",
    )


class LookUps:
    """Looks up the orders of one run by their keys, and notes what is found."""

    def __init__(self, client: CoupaClient, shape: DocumentShape, journal: RunJournal, absence: Absence) -> None:
        self._client = client
        self.shape = shape
        self._journal = journal
        self.absence = absence
        self.held: dict[str, int] = {}
        self._same: list[str] = []
        self._lock = threading.Lock()
        self._landmark: Landmark | None = None
        self._is_landmark_known = False

    def settle(self, pairs: Iterable[OrderPair]) -> list[Entry]:
        """Note for orders whose outcome is unknown what was found, or that they are proved not to be there.

        What is neither found nor proved absent stays as it is.
        """
        return [entry for some in batches(pairs, _SETTLED_TOGETHER) for entry in self._settle(some)]

    def _settle(self, pairs: Sequence[OrderPair]) -> Iterator[Entry]:
        """Look up so few orders that one question holds them all, and the witness of their absence."""
        asked_at, witness = self.absence.now(), self.absence.witness
        documents = {entry.key: (entry, document) for entry, document in pairs}
        keys = [*documents, *([witness] if witness is not None and witness not in documents else [])]
        for asked, found in self._ask(keys):
            is_shown = witness is not None and bool(found.get(witness))
            for entry, document in (documents[key] for key in asked if key in documents):
                if others := found[entry.key]:
                    yield self._found(entry, document, others)
                else:
                    yield self._missing(entry, self.absence.proof(entry, asked_at, witness_shown=is_shown))

    def _found(self, entry: Entry, document: Document, others: Sequence[Found]) -> Entry:
        reason = _why_not_ours(self.shape, document, others)
        event = Event.FOUND_OTHER if reason else Event.FOUND_OURS
        return self._journal.record(entry, event, _with_message(facts_of(others[0]), reason))

    def _missing(self, entry: Entry, proof: str) -> Entry:
        """PLANNED again, or REFUSED if it was refused last; as it is without a proof, or if Coupa has taken it.

        DIFFERS if Coupa answered with another number, and ours is proved not to be there.
        """
        if not proof:
            return entry
        trail = _undecided([it.event for it in self._journal.trail(entry)])
        if trail[-1] == Event.ANSWERED_OTHER:
            return self._journal.record(entry, Event.FOUND_OTHER, Facts(message=entry.message, detail=proof))
        if Event.TAKEN in trail or Event.ANSWERED_OTHER in trail:
            return entry
        event = Event.FOUND_NOTHING_REFUSED if trail[-1] == Event.REFUSED_IN_DOUBT else Event.FOUND_NOTHING
        return self._journal.record(entry, event, Facts(message=entry.message, detail=proof))

    def free(self, pairs: Iterable[OrderPair], on_existing: OnExisting) -> Iterator[OrderPair]:
        """The orders whose numbers are free, looked up some ahead of those that are being sent.

        Of those that are there already this is noted. Those that another run is sending stay as they are, and are
        `held`.
        """
        for batch, found in self._looked_up(pairs):
            for pair in batch:
                if others := found[pair[0].key]:
                    self._note_existing(pair, others, on_existing)
            yield from self.unheld(pair for pair in batch if not found[pair[0].key])

    def unheld(self, pairs: Iterable[OrderPair]) -> Iterator[OrderPair]:
        """The orders that no other run is sending; those that one is stay as they are, and are `held`."""
        for batch in batches(pairs, _AHEAD):
            held = self._journal.held_elsewhere([entry.key for entry, _ in batch])
            self.held |= held
            yield from (pair for pair in batch if pair[0].key not in held)

    def refuse_existing(self, pairs: Iterable[OrderPair], stop: threading.Event) -> None:
        """Raise RunError if an order is there already that no earlier attempt may have made."""
        taken: list[str] = []
        for batch, found in self._looked_up(pairs):
            for pair in batch:
                if others := found[pair[0].key]:
                    self._note_existing(pair, others, OnExisting.FAIL)
                    taken += [] if pair[0].in_doubt else [pair[0].key]
            if stop.is_set():
                break
        self._journal.flush()
        if taken:
            more = f" and {len(taken) - _MOST_NAMED} more" if taken[_MOST_NAMED:] else ""
            raise RunError(
                f"{len(taken)} of the {kind_of(self.shape.resource).noun.many} are in {self._client.profile} already: "
                f"{', '.join(taken[:_MOST_NAMED])}{more}; nothing was sent. "
                "Leave them out with --on-existing skip, or see how they differ with --on-existing compare"
            )

    def look_again(self, pairs: Iterable[OrderPair]) -> None:
        """Look once more at orders that may be there twice, and at refused ones that may be there as they were sent."""
        for batch in batches(pairs, _AHEAD):
            found = self._look_up(batch)
            for entry, document in batch:
                others = found[entry.key]
                reason = _why_not_ours(self.shape, document, others) if others else ""
                if entry.state is State.CREATED and len(others) > 1:
                    self._journal.record(entry, Event.FOUND_TWICE, Facts(message=reason))
                elif entry.state is State.REFUSED and others and not reason:
                    message = self._is_same(entry, others[0])
                    self._same.append(entry.key)
                    self._journal.record(entry, Event.FOUND_SAME, _with_message(facts_of(others[0]), message))

    def _note_existing(self, pair: OrderPair, others: Sequence[Found], on_existing: OnExisting) -> None:
        entry, document = pair
        if entry.in_doubt:
            late = self._journal.record(entry, Event.FOUND_LATE, Facts(message=entry.message))
            self._found(late, document, others)
            return
        if on_existing is OnExisting.FAIL:
            return
        compares = on_existing is OnExisting.COMPARE
        reason = _why_not_ours(self.shape, document, others) if compares else ""
        event = Event.KEY_TAKEN_DIFFERS if reason else Event.KEY_TAKEN
        self._journal.record(entry, event, _with_message(facts_of(others[0]), reason or _was_there(others[0])))

    def _looked_up(self, pairs: Iterable[OrderPair]) -> Iterator[tuple[list[OrderPair], Mapping[str, Sequence[Found]]]]:
        """Orders with what Coupa has under their numbers; while some are worked on, the next are looked up."""
        with crew(1) as ahead:
            looked_up = ((batch, ahead.submit(self._look_up, batch)) for batch in batches(pairs, _AHEAD))
            now = next(looked_up, None)
            while now is not None:
                following = next(looked_up, None)
                yield now[0], now[1].result()
                now = following

    def _look_up(self, pairs: Sequence[OrderPair]) -> Mapping[str, Sequence[Found]]:
        return {
            key: others for _, found in self._ask([entry.key for entry, _ in pairs]) for key, others in found.items()
        }

    def _ask(self, keys: Sequence[str]) -> Iterator[tuple[Sequence[str], Mapping[str, Sequence[Found]]]]:
        """What Coupa has under these numbers, question by question; raises ServiceError if it answers others."""
        shape = self.shape
        fields = fields_of(shape.layout)
        wanted = fields if shape.key in fields else [shape.key, *fields]
        landmark = self._known_landmark()
        for asked, documents in self._client.answers_by_keys(shape.resource, shape.key, keys, wanted, landmark):
            found, strays = by_number(asked, documents, shape.key)
            if strays:
                raise ServiceError(
                    f"{self._client.profile} was asked for {shape.resource} whose {shape.key} is "
                    f"{' or '.join(asked[:_MOST_NAMED])} and answered {', '.join(strays[:_MOST_NAMED])}: such an "
                    "answer proves nothing about what is there, so nothing more is sent"
                )
            yield asked, found

    def _is_same(self, entry: Entry, other: Found) -> str:
        """What to say of an order that was refused as taken, where the one that took its number is no other."""
        number = other["id"]
        return (
            f"is in Coupa with the very content that was sent (id {number}), and was not there before: another import "
            "made it meanwhile, or this request arrived twice; if nobody else imports these, `bulkpo settle "
            f"{self._journal.id} --order {entry.key} --created {number}` makes it this run's; Coupa refused it: "
            f"{entry.message}"
        )

    @property
    def doubts(self) -> tuple[str, ...]:
        """What people should know of what the answers could not prove."""
        many, doubts = kind_of(self.shape.resource).noun.many, []
        if self._is_landmark_known and self._landmark is None and not self._client.profile.is_sandbox:
            doubts.append(
                f"{self._client.profile} shows no {many} yet: that the numbers are free rests on its word alone"
            )
        if self._same:
            doubts.append(
                f"{len(self._same):,} of the {many} may be this run's, though Coupa refused them as taken: the result "
                "says how to settle that"
            )
        return tuple(doubts)

    def _known_landmark(self) -> Landmark | None:
        """What is asked for with every question; found once, when the first is asked."""
        with self._lock:
            if not self._is_landmark_known:
                self._landmark = landmark_of(self._client, self.shape, self._journal)
                self._is_landmark_known = True
            return self._landmark


def _undecided(trail: Sequence[str]) -> Sequence[str]:
    """What happened to an order since a person last said that it was not made."""
    since = [number for number, event in enumerate(trail) if event == Event.SAID_NOT_MADE]
    return trail[since[-1] + 1 :] if since else trail


def _why_not_ours(shape: DocumentShape, document: Document, others: Sequence[Found]) -> str:
    """Why what was found is not what was sent; empty if it is."""
    kind = kind_of(shape.resource)
    if len(others) > 1:
        ids = ", ".join(str(other.get("id")) for other in others)
        return f"Coupa has {len(others)} {kind.noun.many} with this {kind.key_word} (ids {ids}); look at them there"
    found = differences(shape.layout, document, others[0])
    if not found:
        return ""
    more = f" and {len(found) - _MOST_DIFFERENCES} more" if found[_MOST_DIFFERENCES:] else ""
    return f"another {kind.noun.one} has this {kind.key_word}: {'; '.join(map(str, found[:_MOST_DIFFERENCES]))}{more}"


def _was_there(other: Found) -> str:
    status = other.get("status")
    return "was in Coupa before this run" + (f", {status}" if status else "")


def _with_message(facts: Facts, message: str) -> Facts:
    return Facts(
        facts.coupa_id,
        facts.version,
        facts.updated_at,
        message,
        f"{message} ({facts.detail})" if message else facts.detail,
    )


def batches(pairs: Iterable[OrderPair], size: int) -> Iterator[list[OrderPair]]:
    """Orders, so many at a time."""
    waiting = iter(pairs)
    while batch := list(islice(waiting, size)):
        yield batch


def _text(value: object) -> str | None:
    return None if value is None else str(value)[:_MOST_FACT]
