"""Actions on orders, as errands: issuing them, cancelling them, closing them.

An action is ACTING on disk before its request leaves. Where the answer does not say what happened, the order itself
does: it is fetched and looked at before anything is repeated.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, assert_never

from bulkpo.coupa.client import CoupaClient
from bulkpo.coupa.outcomes import Created, NotMade, Outcome, Refused, Unclear
from bulkpo.journal.options import AfterCreate
from bulkpo.journal.records import Action, Entry
from bulkpo.journal.run import RunJournal
from bulkpo.runs.delivery.deliver import Standing
from bulkpo.runs.imports.lookups import facts_of
from bulkpo.runs.planning.same_number import Found
from bulkpo.states import UNDER_WAY, ActionEvent, ActionState, Event, State

_ISSUED = "issued"
_OPEN = (ActionState.WAITING, *UNDER_WAY)
MOST_UNCLEAR = 5

Looked = tuple[ActionEvent | None, str]
"""What looking at an order says of an action: FOUND_DONE, CHANGED, IN_DOUBT or NOT_DONE, and why.

None where nothing is to be told yet: what is under way may still be done."""


@dataclass(frozen=True, slots=True)
class ActionKind:
    """What an action is: its name, what it does to the order here, and how an order is judged.

    `judge` is asked after a lost answer, and before the action too if `looks_first`. `verb` is its name in Coupa, where
    that is another; `said` goes with the request.
    """

    name: str
    event: Event
    judge: Callable[[Entry, Action, Found | None], Looked]
    looks_first: bool
    verb: str = ""
    said: Mapping[str, str] | None = None


class Deed(NamedTuple):
    """An action on an order; `was_looked_at` is true while what the look-up said still counts."""

    entry: Entry
    action: Action
    was_looked_at: bool = False


class Deeds:
    """The errand of doing one kind of action on a run's orders."""

    def __init__(self, client: CoupaClient, resource: str, journal: RunJournal, kind: ActionKind) -> None:
        self._client = client
        self._resource = resource
        self._journal = journal
        self._kind = kind

    def open(self) -> Iterator[Deed]:
        """What is waiting, and what was under way when a process ended."""
        entries = self._journal.entries([State.CREATED, State.UNDONE])
        for action in self._journal.actions(self._kind.name, _OPEN):
            entry = next(entry for entry in entries if entry.number == action.number)
            if entry.state is State.CREATED:
                yield Deed(entry, action)

    def standing(self, it: Deed) -> Standing:
        """What was under way is looked up, and what is waiting too where the kind of action wants that."""
        if it.action.state in UNDER_WAY:
            return Standing.UNCLEAR
        if it.action.state is not ActionState.WAITING:
            return Standing.OVER
        return Standing.UNCLEAR if self._kind.looks_first and not it.was_looked_at else Standing.READY

    def announce(self, it: Deed) -> Deed:
        """ACTING."""
        return it._replace(action=self._journal.announce_action(it.action, ActionEvent.ACT))

    def ask(self, it: Deed) -> Outcome:
        """Do the action."""
        kind = self._kind
        return self._client.act(self._resource, it.entry.coupa_id or 0, kind.verb or kind.name, kind.said)

    def note(self, it: Deed, outcome: Outcome) -> Deed:
        """DONE, LEFT where it was refused, WAITING as before; where it is unclear it stays ACTING."""
        match outcome:
            case Created():
                action = self._done(it, ActionEvent.ACCEPTED, {**outcome.document, "id": outcome.id})
            case Refused():
                action = self._journal.record_action(it.action, ActionEvent.REFUSAL, "; ".join(outcome.messages))
            case NotMade():
                action = self._journal.record_action(it.action, ActionEvent.NOT_DONE, outcome.reason)
            case Unclear():
                action = taken(self._journal, it.action, outcome)
            case _:
                assert_never(outcome)
        return it._replace(action=action, was_looked_at=False)

    def look_up(self, it: Deed) -> Deed:
        """DONE, LEFT or WAITING, as the order itself shows."""
        return self.judge(it, self._client.show(self._resource, it.entry.coupa_id or 0))

    def judge(self, it: Deed, found: Found | None) -> Deed:
        """As what was found shows."""
        event, message = self._kind.judge(it.entry, it.action, found)
        if event is ActionEvent.NOT_DONE and it.action.state is ActionState.TAKEN:
            event, message = ActionEvent.IN_DOUBT, "Coupa took it, and the order does not show it; look at it in Coupa"
        action = it.action
        if event is None:
            return it
        if event is ActionEvent.FOUND_DONE and found is not None:
            action = self._done(it, event, found)
        elif event is not ActionEvent.NOT_DONE or action.state is not ActionState.WAITING:
            action = self._journal.record_action(action, event, message)
        return it._replace(action=action, was_looked_at=True)

    def _done(self, it: Deed, event: ActionEvent, found: Found) -> Action:
        facts = replace(facts_of(found), message=it.entry.message if it.entry.state is State.EXISTING else "")
        return self._journal.record_done(it.action, event, it.entry, self._kind.event, facts)


def taken(journal: RunJournal, action: Action, outcome: Unclear) -> Action:
    """TAKEN, where an unclear answer says that it was done; ACTING as before where it does not."""
    if not outcome.was_taken or action.state is ActionState.TAKEN:
        return action
    return journal.record_action(action, ActionEvent.TAKEN, outcome.reason)


def changed_since(entry: Entry, found: Found) -> str:
    """Why an order is not, or may not be, as this run left it; empty if it is."""
    known = {"version": entry.version, "updated-at": entry.updated_at}
    now = {name: None if found.get(name) is None else str(found[name]) for name in known}
    if known == now and any(known.values()):
        return ""
    said = [f"{name} was {known[name]} and is {now[name]}" for name in known if known[name] != now[name]]
    return "changed since: " + ("; ".join(said) or "neither its version nor the time of its last change is known")


def after_create(action: AfterCreate) -> ActionKind:
    """The action a run does on every order it created."""
    return ActionKind(action, Event.ACTED, _judge_issued, looks_first=False)


def _judge_issued(entry: Entry, action: Action, found: Found | None) -> Looked:
    """What an order says after a lost answer. Issuing sends it to the supplier, and nobody wants that twice."""
    if found is None:
        return ActionEvent.CHANGED, "it is no longer in Coupa"
    if changed_since(entry, found):
        return ActionEvent.FOUND_DONE, ""
    if found.get("status") == _ISSUED and action.action == AfterCreate.ISSUE:
        return ActionEvent.IN_DOUBT, "whether it was sent to the supplier cannot be told; look at it in Coupa"
    return ActionEvent.NOT_DONE, ""
