"""Look-ups by key: which orders are already in Coupa, and what became of those whose outcome is unknown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from bulkpo.errors import RunError
from bulkpo.journal.moves import Facts
from bulkpo.journal.options import OnExisting
from bulkpo.journal.records import Entry
from bulkpo.payload.compare import differences, fields_of
from bulkpo.runs.imports.job import Job, Pair, walk
from bulkpo.states import Event, State

_BATCH = 1000
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


def settle_unknown(job: Job) -> None:
    """Find out what became of every order whose outcome is unknown."""
    for pairs in _batches(walk(job, [State.UNKNOWN]), _BATCH):
        settle(job, pairs)
    job.journal.flush()


def settle(job: Job, pairs: Sequence[Pair], nothing: Event = Event.FOUND_NOTHING) -> list[Entry]:
    """Look these orders up and note for each what was found; `nothing` is the event if it is not there."""
    found = _look_up(job, pairs)
    settled = []
    for entry, document in pairs:
        others = found[entry.key]
        event, facts = nothing, Facts(message=entry.message)
        if others:
            reason = _why_not_ours(job, (entry, document), others)
            event = Event.FOUND_OTHER if reason else Event.FOUND_OURS
            facts = _with_message(facts_of(others[0]), reason)
        settled.append(job.journal.record(entry, event, facts)[0])
    return settled


def unsent(job: Job) -> Iterator[Pair]:
    """The orders still to be sent whose numbers are free: looked up some ahead of those that are being sent.

    Of orders that are there already this is noted. Raises RunError, before the first order, if there are to be none.
    """
    if job.options.on_existing is OnExisting.FAIL:
        _refuse_existing(job)
        yield from walk(job, [State.PLANNED])
        return
    for pairs, found in _looked_up(job, walk(job, [State.PLANNED])):
        for pair in pairs:
            if others := found[pair[0].key]:
                _note_existing(job, pair, others)
            else:
                yield pair


def _looked_up(job: Job, pairs: Iterable[Pair]) -> Iterator[tuple[list[Pair], Mapping[str, Sequence[Found]]]]:
    """Orders with what Coupa has under their numbers; while some are worked on, the next are looked up."""
    with ThreadPoolExecutor(1) as ahead:
        looked_up = ((batch, ahead.submit(_look_up, job, batch)) for batch in _batches(pairs, _AHEAD))
        now = next(looked_up, None)
        while now is not None:
            following = next(looked_up, None)
            yield now[0], now[1].result()
            now = following


def _refuse_existing(job: Job) -> None:
    """Raise RunError if an order is there already that no earlier attempt may have made."""
    taken: list[str] = []
    for pairs, found in _looked_up(job, walk(job, [State.PLANNED])):
        for pair in pairs:
            if others := found[pair[0].key]:
                _note_existing(job, pair, others)
                taken += [] if pair[0].in_doubt else [pair[0].key]
        if job.stop.is_set():
            break
    job.journal.flush()
    if taken:
        names = ", ".join(taken[:_MOST_NAMED]) + (
            f" and {len(taken) - _MOST_NAMED} more" if taken[_MOST_NAMED:] else ""
        )
        raise RunError(
            f"{len(taken)} of the orders are in {job.client.profile} already: {names}; nothing was sent. "
            "Leave them out with --on-existing skip, or see how they differ with --on-existing compare"
        )


def _note_existing(job: Job, pair: Pair, others: Sequence[Found]) -> None:
    entry, _ = pair
    if entry.in_doubt:
        late, _ = job.journal.record(entry, Event.FOUND_LATE, Facts(message=entry.message))
        settle(job, [(late, pair[1])])
        return
    if job.options.on_existing is OnExisting.FAIL:
        return
    reason = _why_not_ours(job, pair, others) if job.options.on_existing is OnExisting.COMPARE else ""
    event = Event.KEY_TAKEN_DIFFERS if reason else Event.KEY_TAKEN
    job.journal.record(entry, event, _with_message(facts_of(others[0]), reason or _was_there(others[0])))


def _look_up(job: Job, pairs: Sequence[Pair]) -> Mapping[str, Sequence[Found]]:
    key = job.plan.key_element
    fields = fields_of(job.plan.layout)
    wanted = fields if key in fields else [key, *fields]
    return job.client.find_by_keys(job.plan.resource, key, [entry.key for entry, _ in pairs], wanted)


def _why_not_ours(job: Job, pair: Pair, others: Sequence[Found]) -> str:
    """Why what was found is not what was sent; empty if it is."""
    if len(others) > 1:
        ids = ", ".join(str(other.get("id")) for other in others)
        return f"Coupa has {len(others)} orders with this number (ids {ids}); look at them there"
    found = differences(job.plan.layout, pair[1], others[0])
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


def _batches(pairs: Iterable[Pair], size: int) -> Iterator[list[Pair]]:
    waiting = iter(pairs)
    while batch := list(islice(waiting, size)):
        yield batch


def _text(value: object) -> str | None:
    return None if value is None else str(value)
