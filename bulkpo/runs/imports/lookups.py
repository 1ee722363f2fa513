"""Look-ups by key: which orders are already in Coupa, and what became of those whose outcome is unknown."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import RunError
from bulkpo.journal.moves import Facts
from bulkpo.journal.options import OnExisting
from bulkpo.journal.records import Entry
from bulkpo.journal.run import RunJournal
from bulkpo.model.document import Document, Layout
from bulkpo.payload.compare import differences, fields_of
from bulkpo.runs.imports.job import OrderPair
from bulkpo.runs.imports.plan import DocumentShape
from bulkpo.states import Event

_AHEAD = 150
_MOST_DIFFERENCES = 3
_MOST_NAMED = 10

Found = Mapping[str, object]


def facts_of(found: Found) -> Facts:
    """What is kept of an order as Coupa has it, to know it again."""
    return Facts(
        coupa_id=int(str(found["id"])),
        version=_text(found.get("version")),
        updated_at=_text(found.get("updated-at")),
        detail=f"id {found['id']}, status {found.get('status')}, version {found.get('version')}",
    )


class LookUps:
    """Looks up the orders of one run by their keys, and notes what is found."""

    def __init__(self, client: CoupaClient, shape: DocumentShape, journal: RunJournal) -> None:
        self._client = client
        self._shape = shape
        self._journal = journal

    def settle(self, pairs: Sequence[OrderPair], nothing: Event = Event.FOUND_NOTHING) -> list[Entry]:
        """Note for each order whose outcome is unknown what was found; `nothing` is the event if it is not there."""
        found = self._look_up(pairs)
        settled = []
        for entry, document in pairs:
            others = found[entry.key]
            event, facts = nothing, Facts(message=entry.message)
            if others:
                reason = _why_not_ours(self._shape.layout, document, others)
                event = Event.FOUND_OTHER if reason else Event.FOUND_OURS
                facts = _with_message(facts_of(others[0]), reason)
            settled.append(self._journal.record(entry, event, facts))
        return settled

    def free(self, pairs: Iterable[OrderPair], on_existing: OnExisting) -> Iterator[OrderPair]:
        """The orders whose numbers are free, looked up some ahead of those that are being sent.

        Of those that are there already this is noted.
        """
        for batch, found in self._looked_up(pairs):
            for pair in batch:
                if others := found[pair[0].key]:
                    self._note_existing(pair, others, on_existing)
                else:
                    yield pair

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
                f"{len(taken)} of the orders are in {self._client.profile} already: "
                f"{', '.join(taken[:_MOST_NAMED])}{more}; nothing was sent. "
                "Leave them out with --on-existing skip, or see how they differ with --on-existing compare"
            )

    def _note_existing(self, pair: OrderPair, others: Sequence[Found], on_existing: OnExisting) -> None:
        entry, document = pair
        if entry.in_doubt:
            late = self._journal.record(entry, Event.FOUND_LATE, Facts(message=entry.message))
            self.settle([(late, document)])
            return
        if on_existing is OnExisting.FAIL:
            return
        compares = on_existing is OnExisting.COMPARE
        reason = _why_not_ours(self._shape.layout, document, others) if compares else ""
        event = Event.KEY_TAKEN_DIFFERS if reason else Event.KEY_TAKEN
        self._journal.record(entry, event, _with_message(facts_of(others[0]), reason or _was_there(others[0])))

    def _looked_up(self, pairs: Iterable[OrderPair]) -> Iterator[tuple[list[OrderPair], Mapping[str, Sequence[Found]]]]:
        """Orders with what Coupa has under their numbers; while some are worked on, the next are looked up."""
        with ThreadPoolExecutor(1) as ahead:
            looked_up = ((batch, ahead.submit(self._look_up, batch)) for batch in batches(pairs, _AHEAD))
            now = next(looked_up, None)
            while now is not None:
                following = next(looked_up, None)
                yield now[0], now[1].result()
                now = following

    def _look_up(self, pairs: Sequence[OrderPair]) -> Mapping[str, Sequence[Found]]:
        shape = self._shape
        fields = fields_of(shape.layout)
        wanted = fields if shape.key in fields else [shape.key, *fields]
        return self._client.find_by_keys(shape.resource, shape.key, [entry.key for entry, _ in pairs], wanted)


def _why_not_ours(layout: Layout, document: Document, others: Sequence[Found]) -> str:
    """Why what was found is not what was sent; empty if it is."""
    if len(others) > 1:
        ids = ", ".join(str(other.get("id")) for other in others)
        return f"Coupa has {len(others)} orders with this number (ids {ids}); look at them there"
    found = differences(layout, document, others[0])
    if not found:
        return ""
    more = f" and {len(found) - _MOST_DIFFERENCES} more" if found[_MOST_DIFFERENCES:] else ""
    return f"another order has this number: {'; '.join(map(str, found[:_MOST_DIFFERENCES]))}{more}"


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
    return None if value is None else str(value)
