import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bulkpo.errors import JournalError, RunError
from bulkpo.journal.damage import examine
from bulkpo.journal.journal import Journal, journal_in
from bulkpo.journal.moves import Facts
from bulkpo.journal.records import NewRun, PlannedEntry, RunInput, RunStatus
from bulkpo.journal.run import RunJournal
from bulkpo.journal.sqlite import SqliteStore
from bulkpo.journal.statements import statements
from bulkpo.states import ActionEvent, ActionState, Event, NotAllowedError, State

NOW = "2026-11-21T10:00:00+00:00"
NEW = NewRun(
    "import", "legacy", "legacy.yaml", "m1", "orders.csv", "f1", "sandbox", "http://127.0.0.1", "purchase_orders"
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = journal_in(tmp_path / "work", lambda: NOW)
    yield journal
    journal.close()


def planned(journal: Journal, count: int = 3) -> int:
    run = journal.start(NEW).id
    journal.plan(run, (PlannedEntry(number, f"PO-{number}", number + 1, "d") for number in range(1, count + 1)))
    return run


def test_a_run_and_its_orders_are_there_for_the_next_process(journal: Journal, tmp_path: Path) -> None:
    run = planned(journal, 1200)
    other = journal_in(tmp_path / "work", lambda: NOW)
    assert [entry.number for entry in other.entries(run)] == list(range(1, 1201))
    assert other.run(run).status is RunStatus.OPEN
    assert other.run(run).mapping == "legacy"
    assert other.counts(run)[State.PLANNED] == 1200
    other.close()


def test_what_was_waited_for_is_seen_by_another_process(journal: Journal, tmp_path: Path) -> None:
    run = planned(journal)
    entry = next(journal.entries(run))
    _, ticket = journal.record(entry, Event.SEND, Facts(sent=b"<order/>"))
    journal.wait(ticket)
    other = sqlite3.connect(tmp_path / "work" / "journal.db")
    assert other.execute("SELECT state, attempts FROM entries WHERE number = 1").fetchone() == ("sending", 1)
    other.close()


def test_many_threads_write_together_and_nothing_is_lost(journal: Journal) -> None:
    run = planned(journal, 300)
    entries = list(journal.entries(run))

    def send(part: int) -> None:
        for entry in entries[part::6]:
            after, ticket = journal.record(entry, Event.SEND)
            journal.wait(ticket)
            journal.record(after, Event.ACCEPTED, Facts(coupa_id=entry.number + 1000))

    threads = [threading.Thread(target=send, args=(part,)) for part in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journal.counts(run)[State.CREATED] == 300
    assert all(entry.coupa_id == entry.number + 1000 for entry in journal.entries(run))


def test_orders_are_found_by_their_keys_and_no_others(journal: Journal) -> None:
    planned(journal)
    run = planned(journal)
    found = journal.entries_of(run, ["PO-2", "po-1", 'a "quoted", key', ""])
    assert found == {"PO-2": journal.entry(run, "PO-2")}


def test_orders_are_found_by_their_keys_without_looking_at_all_the_others(tmp_path: Path, journal: Journal) -> None:
    planned(journal)
    with closing(sqlite3.connect(tmp_path / "work" / "journal.db")) as connection:
        query = f"EXPLAIN QUERY PLAN {statements()['entries_by_keys']}"
        steps = [row[3] for row in connection.execute(query, {"run": 1, "keys": '["PO-1"]'})]
    assert steps[-1] == "SEARCH entries USING INDEX entries_by_key (run=? AND key=?)"


def test_the_trail_of_an_order_tells_what_was_sent_and_what_came_back(journal: Journal) -> None:
    run = planned(journal)
    entry = journal.entry(run, "PO-2")
    assert entry is not None
    entry, _ = journal.record(entry, Event.SEND, Facts(sent=b"<order/>"))
    entry, _ = journal.record(entry, Event.UNCLEAR, Facts(message="no answer within 60 seconds"))
    entry, _ = journal.record(entry, Event.FOUND_OURS, Facts(coupa_id=7, version="1"))
    assert [(it.event, it.state, it.detail, it.sent) for it in journal.happenings(entry)] == [
        ("send", "sending", "", b"<order/>"),
        ("unclear", "unknown", "no answer within 60 seconds", b""),
        ("found ours", "created", "", b""),
    ]
    assert journal.entry(run, "PO-2") == entry
    assert (entry.coupa_id, entry.in_doubt, entry.attempts) == (7, True, 1)


def test_an_order_whose_trail_is_lost_is_told_and_not_sent_again(journal: Journal, tmp_path: Path) -> None:
    run = RunJournal(journal, planned(journal))
    entry = run.record(run.record(next(run.entries()), Event.SEND), Event.UNCLEAR)
    assert [it.event for it in run.trail(entry)] == ["send", "unclear"]
    with closing(sqlite3.connect(tmp_path / "work" / "journal.db", isolation_level=None)) as raw:
        raw.execute("DELETE FROM events")
    with pytest.raises(JournalError, match=r"^the journal is damaged: PO-1 in run 1 is unknown, and what happened to"):
        run.trail(entry)


def test_a_move_that_is_not_allowed_is_not_written(journal: Journal) -> None:
    run = planned(journal)
    entry = next(journal.entries(run))
    with pytest.raises(NotAllowedError):
        journal.record(entry, Event.ACCEPTED)
    assert journal.counts(run)[State.PLANNED] == 3


def test_a_state_that_changed_under_us_is_never_overwritten(tmp_path: Path) -> None:
    journal = journal_in(tmp_path / "work", lambda: NOW)
    run = planned(journal)
    entry = next(journal.entries(run))
    other = journal_in(tmp_path / "work", lambda: NOW)
    other.wait(other.record(entry, Event.SEND)[1])
    other.close()
    _, ticket = journal.record(entry, Event.SEND)
    with pytest.raises(JournalError, match="run 1: entry 1 is no longer planned in the journal; another process"):
        journal.wait(ticket)
    with pytest.raises(JournalError):
        journal.flush()
    with pytest.raises(JournalError):
        journal.close()


def test_planning_again_replaces_what_was_half_planned(journal: Journal) -> None:
    run = planned(journal, 5)
    journal.plan(run, [PlannedEntry(1, "PO-9", 2, "d")])
    assert [entry.key for entry in journal.entries(run)] == ["PO-9"]


def test_a_run_is_claimed_by_one_process_at_a_time(journal: Journal) -> None:
    with (
        journal.claim(4),
        pytest.raises(RunError, match=r"run 4 is being worked on by process \d+ on .*; wait until it ends, or end it"),
        journal.claim(4),
    ):
        pass
    with journal.claim(4), journal.claim(5):
        pass


def test_an_action_keeps_its_own_state_beside_the_orders(journal: Journal) -> None:
    run = planned(journal)
    journal.plan_actions(run, "cancel", [1, 2])
    action = next(journal.actions(run, "cancel"))
    action, _ = journal.record_action(action, ActionEvent.ACT)
    action, _ = journal.record_action(action, ActionEvent.REFUSAL, "already closed")
    journal.plan_actions(run, "cancel", [1, 2])
    assert journal.count_actions(run, "cancel") == {
        ActionState.WAITING: 1, ActionState.ACTING: 0, ActionState.TAKEN: 0, ActionState.DONE: 0,
        ActionState.LEFT: 1, ActionState.HELD: 0,
    }  # fmt: skip
    assert next(journal.actions(run, "cancel", [ActionState.LEFT])).message == "already closed"
    entry = journal.entry(run, "PO-1")
    assert entry is not None
    assert [it.event for it in journal.happenings(entry)] == ["cancel: act", "cancel: refusal"]


def test_a_pruned_run_is_gone_with_all_that_belongs_to_it(journal: Journal, tmp_path: Path) -> None:
    run = planned(journal)
    journal.record(next(journal.entries(run)), Event.SEND)
    with journal.claim(run), pytest.raises(RunError, match="run 1 is being worked on by process"):
        journal.prune(run)
    journal.prune(run)
    assert journal.runs() == []
    assert not list((tmp_path / "work").glob("*.claim"))
    with pytest.raises(RunError, match=r"there is no run 1 in .*; `bulkpo runs` lists them"):
        journal.run(run)
    raw = sqlite3.connect(tmp_path / "work" / "journal.db")
    assert raw.execute("SELECT (SELECT count(*) FROM entries) + (SELECT count(*) FROM events)").fetchone() == (0,)
    raw.close()
    assert planned(journal) == 2, "a run's number is never used again"


@pytest.mark.parametrize(("version", "word"), [(99, "a newer"), (-1, "an older")])
def test_a_journal_of_another_format_is_left_alone(tmp_path: Path, version: int, word: str) -> None:
    raw = sqlite3.connect(tmp_path / "journal.db")
    raw.execute(f"PRAGMA user_version = {version}")
    raw.close()
    with pytest.raises(JournalError, match=rf"written by {word} bulkpo \(journal format {version}, this one reads 1\)"):
        journal_in(tmp_path, lambda: NOW)


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_text("something else, long enough to be read as a header" * 50, encoding="utf-8")
    with pytest.raises(
        JournalError, match=r"the journal is damaged \(file is not a database\); what became of what it sent is no"
    ):
        journal_in(tmp_path, lambda: NOW)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "work").write_text("", encoding="utf-8")
    with pytest.raises(JournalError, match=r"journal.db: the journal cannot be used: .*make sure that its folder"):
        journal_in(tmp_path / "work", lambda: NOW)


def test_a_full_disk_stops_before_anything_more_is_sent(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    journal = Journal(store, lambda: NOW)
    run = planned(journal)
    pages = store._writer.execute("PRAGMA page_count").fetchone()[0]
    store._writer.execute(f"PRAGMA max_page_count = {pages}")
    entry = next(journal.entries(run))
    _, ticket = journal.record(entry, Event.SEND, Facts(detail="x" * 100_000))
    with pytest.raises(JournalError, match="database or disk is full"):
        journal.wait(ticket)
    with pytest.raises(JournalError, match="database or disk is full"):
        journal.close()


def test_a_journal_from_before_runs_had_several_inputs_is_read_and_gone_on_with(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path)) as store:
        run = store.start(NEW, NOW)
        store.plan(run, [PlannedEntry(1, "PO-1", 2, "d")], NOW)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as older:
        older.execute("DROP TABLE inputs")
    with closing(SqliteStore(tmp_path)) as store:
        assert store.inputs(run) == []
        assert [entry.key for entry in store.entries(run, State)] == ["PO-1"]
        later = store.start(NEW, NOW, [RunInput(1, "/a.csv", "", "d", 0), RunInput(2, "/b.csv", "", "e", 1)])
        assert [each.file for each in store.inputs(later)] == ["/a.csv", "/b.csv"]
    assert examine(tmp_path).is_sound
