"""What an event makes of an order, for every state and event there is."""

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulkpo.journal.moves import Facts, action_move, entry_move
from bulkpo.journal.records import Action, Entry
from bulkpo.states import ACTION_MOVES, MOVES, ActionEvent, ActionState, Event, NotAllowedError, State

AT = "2026-11-21T10:00:00+00:00"
texts = st.text(max_size=5)
maybe = st.none() | texts
entries = st.builds(
    Entry, run=st.integers(1), number=st.integers(1), key=texts, row=st.integers(1), digest=texts,
    state=st.sampled_from(State), in_doubt=st.booleans(), attempts=st.integers(0), coupa_id=st.none() | st.integers(1),
    version=maybe, updated_at=maybe, message=texts, changed=texts,
)  # fmt: skip
facts = st.builds(
    Facts, coupa_id=st.none() | st.integers(1), version=maybe, updated_at=maybe, message=texts, detail=texts,
    sent=st.none() | st.binary(max_size=5), digest=maybe,
)  # fmt: skip
actions = st.builds(
    Action, run=st.integers(1), number=st.integers(1), action=texts, state=st.sampled_from(ActionState), message=texts,
    changed=texts,
)  # fmt: skip


def in_state(entry: Entry, state: State) -> Entry:
    return Entry(**{name: getattr(entry, name) for name in Entry.__slots__} | {"state": state})


@settings(max_examples=20)
@given(entries, facts)
def test_an_order_moves_as_the_table_says_or_not_at_all(any_entry: Entry, known: Facts) -> None:
    for state, event in product(State, Event):
        entry = in_state(any_entry, state)
        if (state, event) not in MOVES:
            with pytest.raises(NotAllowedError):
                entry_move(entry, event, known, AT)
            continue
        moved = entry_move(entry, event, known, AT)
        after = moved.after
        assert (moved.before, after.state) == (state, MOVES[state, event].to)
        assert (after.run, after.number, after.key, after.row) == (entry.run, entry.number, entry.key, entry.row)
        assert after.attempts - entry.attempts == (event in (Event.SEND, Event.UPDATE))
        assert (after.message, after.changed) == (known.message, AT)
        assert (moved.noted.at, moved.noted.event, moved.noted.state) == (AT, event, after.state)
        assert (moved.noted.detail, moved.noted.sent) == (known.detail or known.message, known.sent or b"")


KNOWN = Entry(
    1, 1, "PO-1", 2, "of it", State.PLANNED, in_doubt=False, attempts=0, coupa_id=7, version="1", updated_at=AT,
    message="", changed=AT,
)  # fmt: skip


@settings(max_examples=20)
@given(entries, facts)
@example(KNOWN, Facts())
@example(KNOWN, Facts(8, "2", "later", digest="of another"))
def test_an_order_once_in_doubt_stays_so_and_what_is_known_is_never_forgotten(entry: Entry, known: Facts) -> None:
    for state, event in MOVES:
        start = in_state(entry, state)
        after = entry_move(start, event, known, AT).after
        assert after.in_doubt == (entry.in_doubt or after.state is State.UNKNOWN)
        noted = entry_move(start, event, Facts(message="said", detail=known.detail), AT).noted
        assert noted.detail == (known.detail or "said")
        for name in ("coupa_id", "version", "updated_at", "digest"):
            told = getattr(known, name)
            assert getattr(after, name) == (getattr(entry, name) if told is None else told)


@given(actions, st.sampled_from(ActionEvent), texts)
def test_an_action_moves_as_the_table_says_or_not_at_all(action: Action, event: ActionEvent, message: str) -> None:
    if (action.state, event) not in ACTION_MOVES:
        with pytest.raises(NotAllowedError):
            action_move(action, event, message, AT)
        return
    moved = action_move(action, event, message, AT)
    assert (moved.before, moved.after.state) == (action.state, ACTION_MOVES[action.state, event].to)
    assert (moved.after.run, moved.after.number, moved.after.action) == (action.run, action.number, action.action)
    assert (moved.after.message, moved.noted.detail, moved.noted.sent) == (message, message, b"")
    assert moved.noted.event == f"{action.action}: {event}"
