"""Changing documents that are there, as an errand: each change is made once, on what was read right before it.

A document is UPDATING on disk, with its old values, before the request leaves. What the answer does not say the
document itself does: it has the new values, the old ones, or something else.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, assert_never

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.crew import crew
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused, Unclear
from bulkpo.journal.moves import Facts
from bulkpo.journal.options import OnConflict
from bulkpo.journal.records import CHANGE_PLANNED, Entry
from bulkpo.journal.run import RunJournal
from bulkpo.model.signoff import PartnerTotals
from bulkpo.model.tree import Tree
from bulkpo.payload.change import Change, adds
from bulkpo.payload.change_body import change_body, change_text
from bulkpo.payload.changed_back import compared_change
from bulkpo.payload.compare import Compared
from bulkpo.payload.encode import BodyFormat, media_type
from bulkpo.payload.rebase import Stand, rebase
from bulkpo.runs.delivery.deliver import Standing
from bulkpo.runs.imports.absence import Absence
from bulkpo.runs.imports.kept_changes import kept_changes, read_change, sent_changes
from bulkpo.runs.imports.lookups import facts_of
from bulkpo.runs.imports.update_words import is_newer, told_change, told_conflicts, told_standing
from bulkpo.runs.planning.changes import read_states
from bulkpo.runs.planning.plan import FilePlan
from bulkpo.runs.planning.worth import shift_of, stake_of
from bulkpo.states import Event, State

_TOGETHER = 50
"""Documents that are read together right before they are written: one page of an answer."""
_READ_BACK_TOGETHER = 40


class Update(NamedTuple):
    """A document on its way to be changed. `left` is what is to be sent, as of the last look; None before one."""

    entry: Entry
    planned: Change
    left: Change | None = None


@dataclass(frozen=True, slots=True)
class UpdateTerms:
    """How documents are changed: the form of bodies, what to do about conflicts, and who counts what came of each."""

    form: BodyFormat
    on_conflict: OnConflict
    counted: Callable[[Entry], None]


class Updates:
    """The errand of changing documents that are there."""

    def __init__(
        self, client: CoupaClient, plan: FilePlan, journal: RunJournal, absence: Absence, terms: UpdateTerms
    ) -> None:
        self._client = client
        self._plan = plan
        self._journal = journal
        self._absence = absence
        self._terms = terms
        self.held: dict[str, int] = {}
        """Those that another run is changing, by key, with its number; they stay as they are."""
        self.newer: dict[str, None] = {}
        """The keys of those that somebody changed since they were planned, in nothing that is to be changed."""

        self.reread = 0
        self.resent: Counter[str] = Counter()
        """How many of those read back, which are `reread`, are sent to suppliers again, by Coupa's word for it."""

        self.read_totals = PartnerTotals()
        """What those read back are worth."""

    def ready(self) -> Iterator[Update]:
        """What is planned and is to be sent, read right before; while some are written, the next are read."""
        with crew(1) as ahead:
            unheld = map(self._unheld, self._batches([State.PLANNED]))
            batches = ((batch, ahead.submit(self._read, batch)) for batch in unheld)
            now = next(batches, None)
            while now is not None:
                following = next(batches, None)
                found = now[1].result()
                for it in now[0]:
                    looked = self._looked(it, found.get(str(it.entry.coupa_id), ()))
                    if looked.entry.state is State.PLANNED:
                        yield looked
                now = following

    def standing(self, it: Update) -> Standing:
        """What was just read can be sent; what was not, and what is unknown, is read first."""
        if it.entry.state is State.PLANNED:
            return Standing.UNCLEAR if it.left is None else Standing.READY
        return Standing.UNCLEAR if it.entry.state is State.UNKNOWN else Standing.OVER

    def announce(self, it: Update) -> Update:
        """UPDATING, with the old values and what is sent."""
        change = it.left or it.planned
        sent = change_body(change, self._terms.form)
        entry = self._journal.announce(it.entry, Event.UPDATE, Facts(sent=sent, detail=change_text(change)))
        self._absence.sending(entry)
        return it._replace(entry=entry)

    def ask(self, it: Update) -> Outcome:
        """Change the document."""
        change = it.left or it.planned
        body = change_body(change, self._terms.form)
        return self._client.update(self._plan.resource, change.id, body, media_type(self._terms.form))

    def note(self, it: Update, outcome: Outcome) -> Update:
        """CHANGED, REFUSED, PLANNED as before, or UNKNOWN."""
        event, facts = _meant(outcome, it)
        entry = self._journal.record(it.entry, event, facts)
        if entry.state is State.UNKNOWN:
            self._absence.doubted(entry)
        self._terms.counted(entry)
        return Update(entry, it.planned)

    def look_up(self, it: Update) -> Update:
        """Read the document: what is unknown is settled, what is planned is held against what is there now."""
        found = self._read([it]).get(str(it.entry.coupa_id), ())
        if it.entry.state is State.UNKNOWN:
            return Update(self._settled(it.entry, read_change(self._journal, it.entry), found), it.planned)
        return self._looked(it, found)

    def settle(self) -> None:
        """Read the documents whose outcome is unknown, some together, and note what they show."""
        for batch in self._batches([State.UNKNOWN]):
            found = self._read(batch)
            sent = sent_changes(self._journal, [it.entry for it in batch])
            for it in batch:
                self._settled(it.entry, sent[it.entry.number], found.get(str(it.entry.coupa_id), ()))
        self._journal.flush()

    def read_back(self) -> None:
        """Read what was changed once more, and note what has something else than was sent."""
        batches = self._batches([State.CHANGED, State.DIFFERS])
        self.reread, self.read_totals = 0, PartnerTotals()
        self.resent.clear()
        with crew(self._client.profile.workers) as readers:
            while some := list(islice(batches, _READ_BACK_TOGETHER)):
                for batch, found in zip(some, readers.map(self._read, some), strict=True):
                    self._hold_to(batch, found)
        self._journal.flush()

    def _hold_to(self, batch: Sequence[Update], found: Mapping[str, Sequence[Tree]]) -> None:
        """Note which of these have something else than was sent."""
        sent = kept_changes(self._journal, Event.UPDATE, [it.entry for it in batch])
        shown: dict[int, list[Compared]] = {}
        for it in batch:
            others, change = found.get(str(it.entry.coupa_id), ()), sent.get(it.entry.number)
            if change is None or len(others) != 1:
                continue
            self._note_resent(change, others[0])
            self._note_worth(others[0])
            shown[it.entry.number] = list(compared_change(change, others[0]))
            held = rebase(change, others[0])
            if it.entry.state is State.CHANGED and held.stands is not Stand.NEW and held.shows:
                message = f"read back, Coupa has something else than was sent: {told_standing(held)}"
                self._journal.record(it.entry, Event.FOUND_OTHER, Facts(message=message))
        self._journal.read_back(shown)

    def _note_resent(self, change: Change, now: Tree) -> None:
        """Count a change that makes a version for the supplier, where Coupa says that the document is sent."""
        self.reread += 1
        element, unsent = self._plan.kind.transmission or ("", frozenset[str]())
        said = str(now.get(element) or "")
        if change.resends and said and said not in unsent:
            self.resent[said] += 1

    def _note_worth(self, now: Tree) -> None:
        """Count what a changed document is worth as it is read back."""
        if self._plan.kind.has_worth:
            stake = stake_of(now)
            self.read_totals.add(stake.partner, stake.figures)

    def _batches(self, states: Sequence[State]) -> Iterator[list[Update]]:
        """The run's documents that are changed, in these states, some together."""
        entries = (entry for entry in self._journal.entries(states) if entry.coupa_id is not None)
        while some := list(islice(entries, _TOGETHER)):
            planned = kept_changes(self._journal, CHANGE_PLANNED, some)
            yield [Update(entry, planned[entry.number]) for entry in some if entry.number in planned]

    def _unheld(self, batch: Sequence[Update]) -> list[Update]:
        """Those that no other run is changing; asked before they are read, so that what is read is what it left."""
        held = self._journal.held_elsewhere([it.entry.key for it in batch])
        self.held |= held
        return [it for it in batch if it.entry.key not in held]

    def _read(self, batch: Sequence[Update]) -> Mapping[str, Sequence[Tree]]:
        """What Coupa has of some documents now, by their ids; one that a list lacks is gone only if Coupa says so."""
        client, plan = self._client, self._plan
        ids = [str(it.entry.coupa_id) for it in batch if it.planned]
        found = dict(read_states(client, plan, ids, "id"))
        if missing := [id_ for id_ in ids if not found[id_]]:
            found |= read_states(client, plan, missing, "id")
        for id_ in missing:
            if not found[id_] and (shown := client.show(plan.resource, int(id_))) is not None:
                found[id_] = [shown]
        return found

    def _looked(self, it: Update, others: Sequence[Tree]) -> Update:
        """What is left to be sent of a planned change; what needs nothing, or meets a conflict, is noted."""
        if not it.planned:
            return self._over(it, Event.NOTHING_DIFFERS, Facts())
        if not others:
            return self._over(it, Event.CHANGED_MEANWHILE, Facts(message="it is no longer in Coupa"))
        now, rule = others[0], self._terms.on_conflict
        held = rebase(it.planned, now, overrules=rule is OnConflict.MINE)
        if held.conflicts and rule is OnConflict.SKIP:
            return self._over(it, Event.CHANGED_MEANWHILE, Facts(message=told_conflicts(held.conflicts)))
        if not held.conflicts and not it.entry.attempts and is_newer(now, it.entry.version):
            self.newer[it.entry.key] = None
        if held.change:
            worth = shift_of(held.change, now) if self._plan.kind.has_worth else None
            return it._replace(left=held.change._replace(worth=worth))
        if it.entry.in_doubt and held.stands is Stand.NEW:
            return self._over(it, Event.FOUND_NEW, facts_of(now))
        message = f"left as it is: {told_conflicts(held.conflicts)}" if held.conflicts else "somebody has changed it so"
        return self._over(it, Event.NOTHING_DIFFERS, Facts(message=message))

    def _over(self, it: Update, event: Event, facts: Facts) -> Update:
        entry = self._journal.record(it.entry, event, facts)
        self._terms.counted(entry)
        return Update(entry, it.planned)

    def _settled(self, entry: Entry, sent: Change, others: Sequence[Tree]) -> Entry:
        """An unknown document as what is there shows it; as it is where that shows nothing yet."""
        if not others:
            return self._journal.record(entry, Event.FOUND_OTHER, Facts(message="it is no longer in Coupa"))
        held = rebase(sent, others[0])
        match held.stands:
            case Stand.NEW:
                return self._journal.record(entry, Event.FOUND_NEW, facts_of(others[0]))
            case Stand.OTHER:
                message = f"Coupa has neither the old values nor the new ones: {told_standing(held)}"
                return self._journal.record(entry, Event.FOUND_OTHER, Facts(message=message))
            case Stand.OLD:
                return self._still_old(entry, sent)
            case _:
                assert_never(held.stands)

    def _still_old(self, entry: Entry, sent: Change) -> Entry:
        """PLANNED again, or REFUSED if it was refused last; what makes something waits until it cannot come."""
        trail = [it.event for it in self._journal.trail(entry) if it.event != Event.FOUND_OLD]
        last = trail[-1] if trail else Event.UNCLEAR
        if adds(sent.header) and (last == Event.TAKEN or self._absence.seconds_left(entry) > 0):
            return entry
        event = Event.FOUND_NOTHING_REFUSED if last == Event.REFUSED_IN_DOUBT else Event.FOUND_OLD
        return self._journal.record(entry, event, Facts(message=entry.message))


def _meant(outcome: Outcome, it: Update) -> tuple[Event, Facts]:
    """What an answer means for a document; one in doubt may have been changed by an earlier try."""
    match outcome:
        case Created():
            facts = facts_of({**outcome.document, "id": outcome.id})
            return Event.ACCEPTED, Facts(
                facts.coupa_id, facts.version, facts.updated_at, told_change(it.left or it.planned)
            )
        case Refused():
            message = "; ".join(outcome.messages)
            event = Event.REFUSED_IN_DOUBT if it.entry.in_doubt else Event.REFUSAL
            return event, Facts(message=message, detail=f"{outcome.status}: {message}")
        case NotMade():
            return Event.NOT_MADE, Facts(message=outcome.reason)
        case Unclear():
            return Event.TAKEN if outcome.was_taken else Event.UNCLEAR, Facts(message=outcome.reason)
        case _:
            assert_never(outcome)
