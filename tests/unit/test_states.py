from pathlib import Path

import pytest

from bulkpo import attachment_states
from bulkpo.attachment_states import AttachmentEvent, AttachmentState
from bulkpo.states import (
    ACTION_MOVES,
    MOVES,
    ActionEvent,
    ActionState,
    Event,
    NotAllowedError,
    State,
    diagram,
    move,
    move_action,
)

MAY_HAVE_BEEN_MADE = {State.SENDING, State.UPDATING, State.UNKNOWN}
LOOKED_UP_OR_PROVEN = {Event.FOUND_NOTHING, Event.FOUND_OLD, Event.NOT_MADE, Event.SAID_NOT_MADE}


def test_a_move_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(NotAllowedError, match="an order that is created cannot meet the event 'send'"):
        move(State.CREATED, Event.SEND)
    with pytest.raises(NotAllowedError, match="an order that is done cannot meet the event 'act'"):
        move_action(ActionState.DONE, ActionEvent.ACT)


def test_what_may_have_been_made_is_planned_again_only_after_proof_that_it_was_not() -> None:
    back = {
        event for (state, event), found in MOVES.items() if state in MAY_HAVE_BEEN_MADE and found.to == State.PLANNED
    }
    assert back == LOOKED_UP_OR_PROVEN


def test_only_a_planned_order_is_sent() -> None:
    assert [state for (state, event) in MOVES if event in (Event.SEND, Event.UPDATE)] == [State.PLANNED] * 2


def test_every_state_and_event_is_used() -> None:
    assert {state for state, _ in MOVES} | {found.to for found in MOVES.values()} == set(State)
    assert {event for _, event in MOVES} == set(Event)
    assert {state for state, _ in ACTION_MOVES} | {found.to for found in ACTION_MOVES.values()} == set(ActionState)
    assert {event for _, event in ACTION_MOVES} == set(ActionEvent)
    moves = attachment_states.ATTACHMENT_MOVES
    assert {state for state, _ in moves} | {found.to for found in moves.values()} == set(AttachmentState)
    assert {event for _, event in moves} == set(AttachmentEvent)


def test_an_order_that_is_in_coupa_or_somebody_elses_is_left_alone() -> None:
    final = {state for state in State if not any(known is state for known, _ in MOVES)}
    assert final == {State.DIFFERS, State.UNDONE, State.CONFLICT}
    assert [event for state, event in MOVES if state is State.UNCHANGED] == [Event.ATTACHED]
    assert [event for state, event in MOVES if state is State.EXISTING] == [Event.SAID_MADE, Event.ACTED]
    of_created = [event for state, event in MOVES if state is State.CREATED]
    assert of_created == [Event.FOUND_TWICE, Event.ACTED, Event.ATTACHED, Event.CANCELLED]


def test_the_documentation_shows_these_tables() -> None:
    page = Path(__file__).parents[2] / "docs" / "states.md"
    assert page.read_text(encoding="utf-8") == f"{diagram()}\n{attachment_states.attachment_diagram()}", (
        "write it anew from both diagrams"
    )


def test_nothing_that_may_be_attached_is_sent_again_before_it_is_proved_not_to_be() -> None:
    moves = attachment_states.ATTACHMENT_MOVES
    assert [state for (state, event) in moves if event is AttachmentEvent.ATTACH] == [AttachmentState.WAITING]
    back = {event for (_, event), found in moves.items() if found.to is AttachmentState.WAITING}
    assert back == {AttachmentEvent.NOT_MADE, AttachmentEvent.FOUND_NOTHING, AttachmentEvent.RETRY}
    assert not any(state is AttachmentState.ATTACHED for state, _ in moves)
