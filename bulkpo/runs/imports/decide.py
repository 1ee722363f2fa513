"""A person decides what became of an order whose outcome no look-up can tell; it is noted as any other event."""

from dataclasses import dataclass
from typing import Any

from bulkpo.coupa.client import CoupaClient
from bulkpo.errors import RunError
from bulkpo.journal.moves import Facts
from bulkpo.journal.records import Entry, RunStatus
from bulkpo.journal.run import RunJournal
from bulkpo.mapping.kinds.known import kind_of
from bulkpo.runs.imports.job import check_instance
from bulkpo.runs.imports.lookups import facts_of
from bulkpo.runs.planning.same_number import is_same_number
from bulkpo.states import Event, State

_BY_HAND = "decided by hand"


@dataclass(frozen=True, slots=True)
class Settled:
    """An order as it stands after the decision, and how many of its run are still unknown."""

    entry: Entry
    unknown: int

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        entry = self.entry
        return {
            "run": entry.run,
            "key": entry.key,
            "state": str(entry.state),
            "coupa_id": entry.coupa_id,
            "unknown": self.unknown,
        }


def undecided(journal: RunJournal, key: str) -> Entry:
    """The order of this key, UNKNOWN; raises RunError if there is none, or if it is known what became of it."""
    run = journal.run
    noun = kind_of(run.resource).noun
    entry = journal.entries_of([key]).get(key)
    if entry is None:
        raise RunError(f"run {run.id} has no {noun.one} {key!r}; `bulkpo show {run.id}` lists those that are unknown")
    if entry.state in (State.SENDING, State.UPDATING):  # a process ended while it was sent
        entry = journal.announce(entry, Event.FOUND_SENDING)
    if entry.state is not State.UNKNOWN:
        raise RunError(
            f"{noun.one} {key} of run {run.id} is {entry.state}, and not unknown: there is nothing to decide; "
            f"`bulkpo show {run.id} --order {key}` shows what happened to it"
        )
    return entry


def perhaps_made(journal: RunJournal, key: str) -> Entry:
    """The order of this key, UNKNOWN, or EXISTING where it was refused and found as it was sent; raises RunError."""
    entry = journal.entries_of([key]).get(key)
    is_there = entry is not None and entry.state is State.EXISTING
    if entry is not None and is_there and any(it.event == Event.FOUND_SAME for it in journal.happenings(entry)):
        return entry
    return undecided(journal, key)


def decide_not_made(journal: RunJournal, key: str) -> Settled:
    """PLANNED, so that it is sent when the run goes on; its number is looked up once more before that."""
    with journal.claim(), journal.stint("settle"):
        entry = undecided(journal, key)
        return _settled(journal, entry, Event.SAID_NOT_MADE, Facts(detail=_BY_HAND))


def decide_created(client: CoupaClient, journal: RunJournal, key: str, coupa_id: int) -> Settled:
    """CREATED under an id, or CHANGED; raises RunError if Coupa has nothing there, or something of another number."""
    with journal.claim(), journal.stint("settle", client.profile):
        run = journal.run
        check_instance(run, client.profile)
        entry = perhaps_made(journal, key)
        found = client.show(run.resource, coupa_id)
        noun = kind_of(run.resource).noun
        if found is None:
            raise RunError(f"{client.profile} has no {noun.one} with the id {coupa_id}; nothing was noted")
        element = run.options.key
        if element and not is_same_number(found.get(element), key):
            raise RunError(
                f"the {noun.one} with the id {coupa_id} in {client.profile} has {element} {found.get(element)}, "
                f"and not {key}; nothing was noted"
            )
        facts = facts_of(found)
        noted = Facts(facts.coupa_id, facts.version, facts.updated_at, detail=f"{_BY_HAND}: {facts.detail}")
        is_change = entry.state is State.UNKNOWN and entry.coupa_id is not None
        if is_change and entry.coupa_id != coupa_id:
            raise RunError(
                f"run {run.id} was changing {key} with the id {entry.coupa_id}, and not {coupa_id}; nothing was noted"
            )
        return _settled(journal, entry, Event.SAID_CHANGED if is_change else Event.SAID_MADE, noted)


def _settled(journal: RunJournal, entry: Entry, event: Event, facts: Facts) -> Settled:
    after = journal.announce(entry, event, facts)
    if journal.run.status is RunStatus.DONE:
        journal.set_status(RunStatus.OPEN)  # until `resume` has done to it what the run does to all it created
    return Settled(after, journal.counts()[State.UNKNOWN])
