"""Putting back what a run changed, as an errand: the old values of every element that nobody has changed since.

The document is read right before. A line that was removed comes back as a new one, with all that is known of it; where
the answer to that was lost it is left to a person, since a line that comes twice does harm.
"""

from collections.abc import Iterator
from typing import NamedTuple, assert_never

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused, Unclear
from bulkpo.journal.moves import Facts
from bulkpo.journal.records import Action, Entry
from bulkpo.journal.run import RunJournal
from bulkpo.payload.change import Change, added_paths, adds
from bulkpo.payload.change_body import change_body
from bulkpo.payload.encode import BodyFormat, media_type
from bulkpo.payload.rebase import rebase, reverse
from bulkpo.runs.delivery.deliver import Standing
from bulkpo.runs.imports.actions import taken
from bulkpo.runs.imports.kept_changes import read_change
from bulkpo.runs.imports.lookups import facts_of
from bulkpo.runs.imports.update_words import told_conflicts
from bulkpo.states import UNDER_WAY, ActionEvent, ActionState, Event, State

RESTORE = "restore"
_OPEN = (ActionState.WAITING, *UNDER_WAY)
_DOUBT = "whether what was removed comes back cannot be told yet; if Coupa does not show it, undo the run once more"
_TAKEN = "Coupa took it, and the order does not show it; look at it in Coupa"


def resending(journal: RunJournal) -> list[str]:
    """The keys of the documents whose suppliers would be sent them again by putting back what was changed."""
    return [entry.key for entry in journal.entries([State.CHANGED]) if read_change(journal, entry).resends]


class Restore(NamedTuple):
    """A document on its way back: what is to be sent of that, as of the last look, and what is left to others."""

    entry: Entry
    action: Action
    back: Change | None = None
    kept: str = ""


class Restores:
    """The errand of putting old values back."""

    def __init__(self, client: CoupaClient, resource: str, journal: RunJournal, form: BodyFormat) -> None:
        self._client = client
        self._resource = resource
        self._journal = journal
        self._form = form

    def open(self) -> Iterator[Restore]:
        """What is waiting, and what was under way when a process ended."""
        entries = self._journal.entries([State.CHANGED, State.UNDONE])
        for action in self._journal.actions(RESTORE, _OPEN):
            entry = next(entry for entry in entries if entry.number == action.number)
            if entry.state is State.CHANGED:
                yield Restore(entry, action)

    def standing(self, it: Restore) -> Standing:
        """What was not looked at just now is."""
        if it.action.state in UNDER_WAY:
            return Standing.UNCLEAR
        if it.action.state is not ActionState.WAITING:
            return Standing.OVER
        return Standing.UNCLEAR if it.back is None else Standing.READY

    def announce(self, it: Restore) -> Restore:
        """ACTING; the values to put back are in the journal since they were changed."""
        return it._replace(action=self._journal.announce_action(it.action, ActionEvent.ACT))

    def ask(self, it: Restore) -> Outcome:
        """Put the old values back."""
        back = it.back or reverse(read_change(self._journal, it.entry))
        return self._client.update(self._resource, back.id, change_body(back, self._form), media_type(self._form))

    def note(self, it: Restore, outcome: Outcome) -> Restore:
        """DONE, LEFT where it was refused or something was left to others, WAITING as before."""
        match outcome:
            case Created():
                facts = facts_of({**outcome.document, "id": outcome.id})
                action = self._done(it, ActionEvent.ACCEPTED, facts, it.kept)
            case Refused():
                action = self._journal.record_action(it.action, ActionEvent.REFUSAL, "; ".join(outcome.messages))
            case NotMade():
                action = self._journal.record_action(it.action, ActionEvent.NOT_DONE, outcome.reason)
            case Unclear():
                action = taken(self._journal, it.action, outcome)
            case _:
                assert_never(outcome)
        return Restore(it.entry, action)

    def look_up(self, it: Restore) -> Restore:
        """DONE or LEFT, as the document shows, or WAITING with what is to be put back."""
        found = self._client.show(self._resource, it.entry.coupa_id or 0)
        if found is None:
            action = self._journal.record_action(it.action, ActionEvent.CHANGED, "it is no longer in Coupa")
            return Restore(it.entry, action)
        held = rebase(reverse(read_change(self._journal, it.entry)), found)
        kept = told_conflicts(held.conflicts) if held.conflicts else ""
        if not held.change:
            return Restore(it.entry, self._done(it, ActionEvent.FOUND_DONE, facts_of(found), kept))
        if it.action.state is ActionState.WAITING:
            return it._replace(back=held.change, kept=kept)
        if adds(held.change.header):
            return Restore(it.entry, self._journal.record_action(it.action, ActionEvent.IN_DOUBT, _DOUBT))
        if it.action.state is ActionState.TAKEN:
            return Restore(it.entry, self._journal.record_action(it.action, ActionEvent.IN_DOUBT, _TAKEN))
        action = self._journal.record_action(it.action, ActionEvent.NOT_DONE)
        return Restore(it.entry, action, held.change, kept)

    def _done(self, it: Restore, event: ActionEvent, facts: Facts, kept: str) -> Action:
        """DONE, and the document UNDONE; LEFT where something of it was left as others have it."""
        if kept:
            return self._journal.record_action(it.action, ActionEvent.CHANGED, kept)
        back = reverse(read_change(self._journal, it.entry))
        again = ", ".join(added_paths(back.header))
        message = f"{again} came back as new, with another id" if again else ""
        told = Facts(facts.coupa_id, facts.version, facts.updated_at, message)
        return self._journal.record_done(it.action, event, it.entry, Event.RESTORED, told)
