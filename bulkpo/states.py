"""The states of an order in a run, and of an action on it, as tables of allowed moves.

Every change of state goes through `move` or `move_action`; the journal refuses any other. The rules behind the table:

- SENDING is on disk before the request leaves, so an order found SENDING may or may not have been made.
- Nothing that may have been made is sent again before it is proved that it is not there. That a look-up by its key
  does not find it is no proof: a later order must show in the same answer, or time must have passed. Without a proof,
  and whenever Coupa has answered with 2xx, it stays UNKNOWN, until a person who looked in Coupa says which it is.
- What somebody else made under the same key is reported (DIFFERS, EXISTING) and never touched.
- An order that is changed instead of made is UPDATING on disk, with its old values, before the request leaves. Reading
  it settles what is unclear: it has the new values, the old ones, or something else. What somebody else changed since
  the change was planned is a CONFLICT, and is not overwritten.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeVar

_S = TypeVar("_S", bound=StrEnum)
_E = TypeVar("_E", bound=StrEnum)


class State(StrEnum):
    """Where an order of a run stands."""

    PLANNED = "planned"
    SENDING = "sending"
    CREATED = "created"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    EXISTING = "existing"
    DIFFERS = "differs"
    UNDONE = "undone"
    UPDATING = "updating"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"


class Event(StrEnum):
    """What can happen to an order of a run."""

    SEND = "send"
    ACCEPTED = "accepted"
    REFUSAL = "refusal"
    NOT_MADE = "not made"
    UNCLEAR = "unclear"
    TAKEN = "taken"
    ANSWERED_OTHER = "answered other"
    REFUSED_IN_DOUBT = "refused in doubt"
    FOUND_SENDING = "found sending"
    FOUND_OURS = "found ours"
    FOUND_NOTHING = "found nothing"
    FOUND_NOTHING_REFUSED = "found nothing, refused"
    FOUND_OTHER = "found other"
    KEY_TAKEN = "key taken"
    KEY_TAKEN_DIFFERS = "key taken, differs"
    FOUND_LATE = "found late"
    FOUND_TWICE = "found twice"
    FOUND_SAME = "found the same"
    SAID_MADE = "said made"
    SAID_NOT_MADE = "said not made"
    RETRY = "retry"
    ACTED = "acted"
    CANCELLED = "cancelled"
    UPDATE = "update"
    NOTHING_DIFFERS = "nothing differs"
    CHANGED_MEANWHILE = "changed meanwhile"
    FOUND_NEW = "found new"
    FOUND_OLD = "found old"
    SAID_CHANGED = "said changed"
    RESTORED = "restored"
    ATTACHED = "attached"


class ActionState(StrEnum):
    """Where an action on an order stands: issuing it, cancelling it, closing it."""

    WAITING = "waiting"
    ACTING = "acting"
    TAKEN = "taken"
    DONE = "done"
    LEFT = "left"
    HELD = "held"


UNDER_WAY = (ActionState.ACTING, ActionState.TAKEN)
"""The states of an action that may have been done."""


class ActionEvent(StrEnum):
    """What can happen to an action."""

    ACT = "act"
    ACCEPTED = "accepted"
    REFUSAL = "refusal"
    TAKEN = "taken"
    NOT_DONE = "not done"
    CHANGED = "changed"
    IN_DOUBT = "in doubt"
    FOUND_DONE = "found done"
    NOT_ALLOWED = "not allowed"
    RETRY = "retry"


class Move(NamedTuple):
    """A change of state, and when it happens."""

    to: str
    when: str


MOVES: dict[tuple[State, Event], Move] = {
    (State.PLANNED, Event.SEND): Move(State.SENDING, "committed to disk before the request leaves"),
    (State.PLANNED, Event.KEY_TAKEN): Move(State.EXISTING, "the key was there before the first send"),
    (State.PLANNED, Event.KEY_TAKEN_DIFFERS): Move(State.DIFFERS, "the key was there, with other contents"),
    (State.PLANNED, Event.FOUND_LATE): Move(State.UNKNOWN, "the key appeared after a send whose outcome was unknown"),
    (State.SENDING, Event.ACCEPTED): Move(State.CREATED, "the server's answer"),
    (State.SENDING, Event.REFUSAL): Move(State.REFUSED, "the server's answer"),
    (State.SENDING, Event.NOT_MADE): Move(State.PLANNED, "an answer that proves nothing was made"),
    (State.SENDING, Event.UNCLEAR): Move(State.UNKNOWN, "timeout, reset, 5xx or unreadable answer"),
    (State.SENDING, Event.TAKEN): Move(
        State.UNKNOWN, "an answer of 2xx without what was made: looked up, and never sent again"
    ),
    (State.SENDING, Event.ANSWERED_OTHER): Move(
        State.UNKNOWN, "an answer of 2xx that names another number: looked up, and never sent again"
    ),
    (State.SENDING, Event.REFUSED_IN_DOUBT): Move(State.UNKNOWN, "refused, but an earlier send may have made it"),
    (State.SENDING, Event.FOUND_SENDING): Move(State.UNKNOWN, "found on opening the journal: the process had ended"),
    (State.UNKNOWN, Event.FOUND_OURS): Move(State.CREATED, "the look-up by key finds what was sent"),
    (State.UNKNOWN, Event.FOUND_NOTHING): Move(State.PLANNED, "the look-up by key finds nothing, which is proved"),
    (State.UNKNOWN, Event.FOUND_NOTHING_REFUSED): Move(State.REFUSED, "refused, and proved not to be there"),
    (State.UNKNOWN, Event.FOUND_OTHER): Move(State.DIFFERS, "the look-up by key, or the answer, shows something else"),
    (State.UNKNOWN, Event.SAID_MADE): Move(
        State.CREATED, "a person named its id in Coupa, and it has its number there"
    ),
    (State.UNKNOWN, Event.SAID_NOT_MADE): Move(State.PLANNED, "a person said that it is not in Coupa"),
    (State.REFUSED, Event.FOUND_SAME): Move(State.EXISTING, "refused, and there with the very content that was sent"),
    (State.EXISTING, Event.SAID_MADE): Move(
        State.CREATED, "a person said that what was found the same is this run's: its request arrived twice"
    ),
    (State.REFUSED, Event.RETRY): Move(State.PLANNED, "asked for, after correction in Coupa"),
    (State.CREATED, Event.FOUND_TWICE): Move(State.DIFFERS, "sent more than once, and the key is there more than once"),
    (State.CREATED, Event.ACTED): Move(State.CREATED, "an action of this run changed it: it was issued"),
    (State.EXISTING, Event.ACTED): Move(State.EXISTING, "an action of this run changed it: it was closed"),
    (State.CREATED, Event.ATTACHED): Move(
        State.CREATED, "this run attached something to it, so its version is another"
    ),
    (State.CHANGED, Event.ATTACHED): Move(State.CHANGED, "this run attached something to it"),
    (State.UNCHANGED, Event.ATTACHED): Move(State.UNCHANGED, "this run attached something to it"),
    (State.CREATED, Event.CANCELLED): Move(State.UNDONE, "undo cancelled it, and nobody had changed it"),
    (State.PLANNED, Event.NOTHING_DIFFERS): Move(State.UNCHANGED, "Coupa has it so already: nothing is sent"),
    (State.PLANNED, Event.CHANGED_MEANWHILE): Move(
        State.CONFLICT, "somebody else changed an element that was to change: nothing is sent"
    ),
    (State.PLANNED, Event.UPDATE): Move(
        State.UPDATING, "committed to disk, with the old values, before the request leaves"
    ),
    (State.PLANNED, Event.FOUND_NEW): Move(State.CHANGED, "an earlier try, whose outcome was unknown, came late"),
    (State.UPDATING, Event.ACCEPTED): Move(State.CHANGED, "the server's answer"),
    (State.UPDATING, Event.REFUSAL): Move(State.REFUSED, "the server's answer"),
    (State.UPDATING, Event.NOT_MADE): Move(State.PLANNED, "an answer that proves nothing was changed"),
    (State.UPDATING, Event.UNCLEAR): Move(State.UNKNOWN, "timeout, reset, 5xx or unreadable answer"),
    (State.UPDATING, Event.TAKEN): Move(State.UNKNOWN, "an answer of 2xx without what was changed"),
    (State.UPDATING, Event.REFUSED_IN_DOUBT): Move(State.UNKNOWN, "refused, but an earlier try may have changed it"),
    (State.UPDATING, Event.FOUND_SENDING): Move(State.UNKNOWN, "found on opening the journal: the process had ended"),
    (State.UNKNOWN, Event.FOUND_NEW): Move(State.CHANGED, "the document has the new values"),
    (State.UNKNOWN, Event.FOUND_OLD): Move(
        State.PLANNED, "the document has the old values, and sending the change again does no harm"
    ),
    (State.UNKNOWN, Event.SAID_CHANGED): Move(State.CHANGED, "a person said that it is changed as it was to be"),
    (State.CHANGED, Event.FOUND_OTHER): Move(State.DIFFERS, "read back, the document has something else"),
    (State.CHANGED, Event.RESTORED): Move(State.UNDONE, "undo put the old values back, which nobody had changed"),
}

ACTION_MOVES: dict[tuple[ActionState, ActionEvent], Move] = {
    (ActionState.WAITING, ActionEvent.ACT): Move(ActionState.ACTING, "committed to disk before the request leaves"),
    (ActionState.WAITING, ActionEvent.CHANGED): Move(ActionState.LEFT, "somebody changed the order since"),
    (ActionState.WAITING, ActionEvent.FOUND_DONE): Move(
        ActionState.DONE, "the order is already as the action leaves it"
    ),
    (ActionState.WAITING, ActionEvent.NOT_ALLOWED): Move(
        ActionState.HELD, "its status, or that it is to be silent, does not allow it: never asked"
    ),
    (ActionState.ACTING, ActionEvent.ACCEPTED): Move(ActionState.DONE, "the server's answer"),
    (ActionState.ACTING, ActionEvent.FOUND_DONE): Move(ActionState.DONE, "the order shows that the action was done"),
    (ActionState.ACTING, ActionEvent.REFUSAL): Move(ActionState.LEFT, "the server's answer"),
    (ActionState.ACTING, ActionEvent.TAKEN): Move(
        ActionState.TAKEN, "an answer of 2xx without what was done: looked for, and never done again"
    ),
    (ActionState.TAKEN, ActionEvent.FOUND_DONE): Move(ActionState.DONE, "the order shows that the action was done"),
    (ActionState.TAKEN, ActionEvent.CHANGED): Move(ActionState.LEFT, "somebody changed the order since"),
    (ActionState.TAKEN, ActionEvent.IN_DOUBT): Move(ActionState.LEFT, "the order does not show that it was done"),
    (ActionState.ACTING, ActionEvent.CHANGED): Move(ActionState.LEFT, "somebody changed the order since"),
    (ActionState.ACTING, ActionEvent.IN_DOUBT): Move(
        ActionState.LEFT, "the order does not show whether it was done, and doing it twice would do harm"
    ),
    (ActionState.ACTING, ActionEvent.NOT_DONE): Move(ActionState.WAITING, "the order shows that it was not done"),
    (ActionState.LEFT, ActionEvent.RETRY): Move(ActionState.WAITING, "asked for again"),
}


class NotAllowedError(Exception):
    """A move that the table does not hold: a fault of the program, never of its user."""


def move(state: State, event: Event) -> State:
    """The state an order is in after an event."""
    return State(follow(MOVES.get((state, event)), state, event).to)


def move_action(state: ActionState, event: ActionEvent) -> ActionState:
    """The state an action is in after an event."""
    return ActionState(follow(ACTION_MOVES.get((state, event)), state, event).to)


def follow(found: Move | None, state: str, event: str) -> Move:
    """A move that a table holds; raises NotAllowedError where there is none."""
    if found is None:
        raise NotAllowedError(f"an order that is {state} cannot meet the event {str(event)!r}")
    return found


def diagram() -> str:
    """The tables as Markdown with Mermaid diagrams, as the documentation shows them."""
    parts = ["# States of an order\n", drawn("An order in a run", MOVES, State.PLANNED)]
    parts.append(drawn("An action on an order (issue, cancel, close)", ACTION_MOVES, ActionState.WAITING))
    return "\n".join(parts)


def drawn(title: str, moves: Mapping[tuple[_S, _E], Move], first: str) -> str:
    """One table as Markdown with its diagram."""
    table = [(str(state), str(event), found) for (state, event), found in moves.items()]
    lines = [f"## {title}\n", "```mermaid", "stateDiagram-v2", f"    [*] --> {first.upper()}"]
    lines += [f"    {state.upper()} --> {found.to.upper()}: {event}" for state, event, found in table]
    lines += ["```\n", "| from | to | event | when |", "| --- | --- | --- | --- |"]
    lines += [f"| {state.upper()} | {found.to.upper()} | {event} | {found.when} |" for state, event, found in table]
    return "\n".join(lines) + "\n"
