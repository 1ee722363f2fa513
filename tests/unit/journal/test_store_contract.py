"""What the journal asks of whatever keeps it, asked of every store there is."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memory_store import MemoryStore

from bulkpo.errors import JournalError, RunError
from bulkpo.journal.moves import NO_FACTS, Facts, action_move, entry_move
from bulkpo.journal.options import AfterCreate, OnExisting, RunOptions
from bulkpo.journal.records import (
    CHANGE_PLANNED,
    Entry,
    NewRun,
    PlannedEntry,
    Reading,
    RunInput,
    RunStatus,
    RunSummary,
    Stint,
)
from bulkpo.journal.sqlite import SqliteStore
from bulkpo.journal.store import Store
from bulkpo.model.by import By
from bulkpo.payload.compare import Compared, Sameness
from bulkpo.payload.encode import BodyFormat
from bulkpo.states import ACTION_MOVES, MOVES, ActionEvent, ActionState, Event, State

AT = "2026-11-21T10:00:00+00:00"
OPTIONS = RunOptions(BodyFormat.JSON, OnExisting.COMPARE, AfterCreate.ISSUE)
NEW = NewRun(
    "import", "legacy", "legacy.yaml", "m1", "orders.csv", "f1", "sandbox", "http://127.0.0.1", "purchase_orders",
    OPTIONS,
)  # fmt: skip


@pytest.fixture(params=["sqlite", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    kept: Store = SqliteStore(tmp_path / "work") if request.param == "sqlite" else MemoryStore()
    yield kept
    with suppress(JournalError):  # those the test has broken
        kept.close()


def planned(store: Store, count: int = 3) -> int:
    run = store.start(NEW, AT)
    store.plan(run, [PlannedEntry(number, f"PO-{number}", number + 1, "d") for number in range(1, count + 1)], AT)
    return run


def test_a_run_is_held_by_whom_begins_it_before_anybody_else_can_see_it(store: Store) -> None:
    with ExitStack() as held:
        run = store.start(NEW, AT, held=held)
        with pytest.raises(RunError, match="run 1 is being worked on by"), store.claim(run):
            pass
    with store.claim(run):
        assert store.run(run) is not None


def order(store: Store, run: int, number: int = 1) -> Entry:
    return store.entries_of(run, [f"PO-{number}"])[f"PO-{number}"]


def test_a_run_is_as_it_was_begun(store: Store) -> None:
    number = store.start(NEW, AT)
    run = store.run(number)
    assert run is not None
    assert (run.id, run.status, run.started, run.ended) == (number, RunStatus.PLANNING, AT, None)
    assert {name: getattr(run, name) for name in NewRun.__slots__} == {
        name: getattr(NEW, name) for name in NewRun.__slots__
    }
    assert run.summary == RunSummary()
    assert store.run(number + 1) is None


def test_the_last_run_comes_first_and_no_number_comes_again(store: Store) -> None:
    first, second = store.start(NEW, AT), store.start(NEW, AT)
    assert [run.id for run in store.runs()] == [second, first]
    store.prune(second)
    assert store.start(NEW, AT) > second


def test_status_and_summary_are_kept(store: Store) -> None:
    run = planned(store)
    summary = RunSummary(failed_file="orders.failed.csv", integration_run=7)
    store.set_status(run, RunStatus.DONE, AT)
    store.set_summary(run, summary)
    known = store.run(run)
    assert known is not None
    assert (known.status, known.ended, known.summary) == (RunStatus.DONE, AT, summary)


def test_a_run_knows_each_of_its_inputs_and_what_came_of_it(store: Store) -> None:
    inputs = [RunInput(1, "/a.csv", "", "d1", 0), RunInput(2, "/b.xlsx", "2024", "d2", 7)]
    other, run = store.start(NEW, AT, inputs[:1]), store.start(NEW, AT, inputs)
    summary = RunSummary(result_file="b.result.xlsx", result_placed=("1-2-3",))
    store.set_input_summary(run, 2, summary)
    assert store.inputs(run) == [inputs[0], replace(inputs[1], summary=summary)]
    assert store.inputs(other) == inputs[:1]
    store.prune(run)
    assert store.inputs(run) == []
    assert store.inputs(store.start(NEW, AT)) == []


def test_orders_planned_again_take_the_place_of_those_before_and_of_no_other_run(store: Store) -> None:
    other, run = planned(store), planned(store, 5)
    assert store.plan(run, [PlannedEntry(1, "PO-9", 2, "d")], AT) == 1
    assert [entry.key for entry in store.entries(run, State)] == ["PO-9"]
    assert len(list(store.entries(other, State))) == 3


def test_what_is_to_change_is_kept_with_the_order_and_found_for_many_at_once(store: Store) -> None:
    run = planned(store, 1)
    changes = [PlannedEntry(it, f"PO-{it}", it, "d", 70 + it, "2", "now", f"change {it}") for it in (1, 2)]
    store.plan(run, [*changes, PlannedEntry(3, "PO-3", 3, "d")], "later")
    first, _, last = store.entries(run, State)
    assert (first.coupa_id, first.version, first.updated_at, last.coupa_id) == (71, "2", "now", None)
    store.add([entry_move(first, Event.UPDATE, Facts(detail="sent once"), "t")]).wait()
    assert store.details(run, CHANGE_PLANNED, [1, 2, 3]) == {1: "change 1", 2: "change 2"}
    assert store.details(run, Event.UPDATE, [1, 2]) == {1: "sent once"}
    store.plan(run, changes[:1], "again")
    assert store.details(run, CHANGE_PLANNED, [1, 2]) == {1: "change 1"}
    assert store.details(run, Event.UPDATE, [1]) == {}


def test_orders_come_by_number_and_only_in_the_states_asked_for(store: Store) -> None:
    run = planned(store, 1200)
    moved = [entry_move(entry, Event.SEND, NO_FACTS, AT) for entry in store.entries(run, State) if entry.number % 2]
    store.add(moved).wait()
    assert [entry.number for entry in store.entries(run, [State.SENDING])] == list(range(1, 1201, 2))
    assert [entry.number for entry in store.entries(run, State)] == list(range(1, 1201))
    assert [entry.number for entry in store.entries(run, State, are_tried=True)] == list(range(1, 1201, 2))
    assert list(store.entries(run, [State.PLANNED], are_tried=True)) == []
    assert store.counts(run) == dict.fromkeys(State, 0) | {State.SENDING: 600, State.PLANNED: 600}


def test_orders_are_found_by_their_very_keys(store: Store) -> None:
    planned(store)
    run = planned(store)
    found = store.entries_of(run, ["PO-2", "po-1", 'a "quoted", key', ""])
    assert {key: (entry.run, entry.number) for key, entry in found.items()} == {"PO-2": (run, 2)}


def test_a_move_is_kept_with_all_it_says(store: Store) -> None:
    run = planned(store)
    sent = entry_move(order(store, run), Event.SEND, Facts(sent=b"<order/>", digest="of it"), AT)
    answered = entry_move(sent.after, Event.ACCEPTED, Facts(7, "1", AT, "said", "id 7"), AT)
    store.add([sent])
    store.add([answered]).wait()
    assert order(store, run) == answered.after
    assert answered.after.digest == "of it"
    assert store.happenings(run, 1) == [sent.noted, answered.noted]
    assert store.happenings(run, 2) == []


def test_moves_added_together_are_written_together_or_not_at_all(store: Store) -> None:
    run = planned(store)
    good = entry_move(order(store, run, 1), Event.SEND, NO_FACTS, AT)
    stale = entry_move(replace(order(store, run, 2), state=State.UNKNOWN), Event.FOUND_OURS, NO_FACTS, AT)
    with pytest.raises(JournalError, match=f"run {run}: entry 2 is no longer unknown in the journal; another process"):
        store.add([good, stale]).wait()
    with pytest.raises(JournalError):
        store.flush()
    with pytest.raises(JournalError):
        store.counts(run)


def test_actions_keep_their_own_states_and_are_planned_once(store: Store) -> None:
    run = planned(store)
    store.plan_actions(run, "cancel", [1, 2], AT)
    first = next(store.actions(run, "cancel", ActionState))
    acting = action_move(first, ActionEvent.ACT, "", AT)
    store.add([acting, action_move(acting.after, ActionEvent.REFUSAL, "closed", AT)]).wait()
    store.plan_actions(run, "cancel", [1, 2, 3], AT)
    store.plan_actions(run, "issue", [1], AT)
    assert [(it.number, it.state) for it in store.actions(run, "cancel", ActionState)] == [
        (1, ActionState.LEFT), (2, ActionState.WAITING), (3, ActionState.WAITING),
    ]  # fmt: skip
    assert store.count_actions(run, "cancel") == {
        ActionState.WAITING: 2, ActionState.ACTING: 0, ActionState.TAKEN: 0, ActionState.DONE: 0,
        ActionState.LEFT: 1, ActionState.HELD: 0,
    }  # fmt: skip
    assert [it.message for it in store.actions(run, "cancel", [ActionState.LEFT])] == ["closed"]
    assert [it.event for it in store.happenings(run, 1)] == ["cancel: act", "cancel: refusal"]


def test_an_action_and_its_order_move_as_one(store: Store) -> None:
    run = planned(store)
    sent = entry_move(order(store, run), Event.SEND, NO_FACTS, AT)
    created = entry_move(sent.after, Event.ACCEPTED, Facts(7), AT)
    store.add([sent, created]).wait()
    store.plan_actions(run, "cancel", [1], AT)
    acting = action_move(next(store.actions(run, "cancel", ActionState)), ActionEvent.ACT, "", AT)
    done = action_move(acting.after, ActionEvent.ACCEPTED, "", AT)
    store.add([acting, done, entry_move(created.after, Event.CANCELLED, Facts(7), AT)]).wait()
    assert order(store, run).state is State.UNDONE
    assert store.count_actions(run, "cancel")[ActionState.DONE] == 1


def test_a_run_is_held_by_one_at_a_time_and_never_pruned_meanwhile(store: Store) -> None:
    run = planned(store)
    with store.claim(run), store.claim(run + 1):
        with pytest.raises(RunError, match=rf"run {run} is being worked on by process \d+ on"), store.claim(run):
            pass
        with pytest.raises(RunError, match=f"run {run} is being worked on"):
            store.prune(run)
    with store.claim(run):
        pass
    store.prune(run)
    assert store.run(run) is None
    assert (list(store.entries(run, State)), store.happenings(run, 1)) == ([], [])


def test_threads_share_a_store_and_nothing_is_lost(store: Store) -> None:
    run = planned(store, 300)
    entries = list(store.entries(run, State))

    def send(part: int) -> None:
        for entry in entries[part::6]:
            sent = entry_move(entry, Event.SEND, NO_FACTS, AT)
            store.add([sent]).wait()
            store.add([entry_move(sent.after, Event.ACCEPTED, Facts(entry.number + 1000), AT)])

    threads = [threading.Thread(target=send, args=(part,)) for part in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    created = list(store.entries(run, [State.CREATED]))
    assert [entry.coupa_id for entry in created] == list(range(1001, 1301))


def test_every_move_of_the_tables_is_taken(store: Store) -> None:
    run = planned(store, len(MOVES))
    for number, (state, event) in enumerate(MOVES, 1):
        entry = order(store, run, number)
        for step in way_to(state):
            moved = entry_move(entry, step, NO_FACTS, AT)
            store.add([moved])
            entry = moved.after
        store.add([entry_move(entry, event, NO_FACTS, AT)]).wait()
        assert order(store, run, number).state == MOVES[state, event].to
    assert ACTION_MOVES


def way_to(state: State) -> list[Event]:
    """Events that bring a planned order there."""
    ways: dict[State, list[Event]] = {State.PLANNED: []}
    while state not in ways:
        for (start, event), found in MOVES.items():
            if start in ways and State(found.to) not in ways:
                ways[State(found.to)] = [*ways[start], event]
    return ways[state]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(key=TEXT, message=TEXT, sent=st.binary(max_size=50), number=st.integers(1, 2**62))
def test_any_text_and_any_bytes_come_back_as_they_were(
    store: Store, key: str, message: str, sent: bytes, number: int
) -> None:
    run = store.start(NEW, AT)
    store.plan(run, [PlannedEntry(1, key, 2, "d")], AT)
    moved = entry_move(store.entries_of(run, [key])[key], Event.SEND, Facts(number, key, AT, message, "", sent), AT)
    store.add([moved]).wait()
    assert store.entries_of(run, [key]) == {key: moved.after}
    assert store.happenings(run, 1) == [moved.noted]


def test_who_worked_on_a_run_is_kept_and_what_is_noted_later_takes_the_place_of_what_was(store: Store) -> None:
    run, other = planned(store), planned(store)
    by = By(operator="keller", command="bulkpo import a b", client="id-1")
    begun = Stint(1, "import", AT, None, by, {})
    store.put_stint(run, begun)
    store.put_stint(run, Stint(2, "undo", AT, None, by, {}))
    kept = replace(begun, ended=AT, notes={"files": [{"path": "ä.csv", "size": 3}]})
    store.put_stint(run, kept)
    assert store.stints(run) == [kept, Stint(2, "undo", AT, None, by, {})]
    assert store.stints(other) == []
    store.prune(run)
    assert store.stints(run) == []


def test_orders_are_kept_as_they_were_read_back_last_by_number(store: Store) -> None:
    run = planned(store, 3)
    same, none = Compared("price", "1.00", "1.0", Sameness.SAME), Compared("ä", "x", None, Sameness.NOT_SHOWN)
    store.put_readings(run, [Reading(2, AT, (same, none), differs=False), Reading(1, AT, (same,), differs=False)])
    later = Reading(2, AT, (Compared("price", "1.00", "2.00", Sameness.DIFFERS),), differs=True)
    store.put_readings(run, [later])
    assert list(store.readings(run)) == [Reading(1, AT, (same,), differs=False), later]
    store.prune(run)
    assert list(store.readings(run)) == []


def test_all_that_happened_in_a_run_is_told_in_order_and_nothing_of_another(store: Store) -> None:
    runs = [planned(store, 700), planned(store, 2)]
    for run in runs:
        for entry in list(store.entries(run, State)):
            store.add([entry_move(entry, Event.SEND, Facts(sent=b"<x/>"), AT)])
    told = list(store.trail(runs[0]))
    assert [it.number for it in told] == list(range(1, 701))
    assert [it.id for it in told] == sorted(it.id for it in told)
    assert {(it.happening.event, it.happening.sent) for it in told} == {(Event.SEND, b"<x/>")}
    assert len(list(store.trail(runs[1]))) == 2
