"""Run options and summaries in the journal, those of earlier and later versions among them."""

import json
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkpo.errors import JournalError
from bulkpo.journal.encoding import options_json, options_of, summary_json, summary_of
from bulkpo.journal.journal import journal_in
from bulkpo.journal.options import AfterCreate, OnExisting, RunOptions
from bulkpo.journal.records import PlannedEntry, RunStatus, RunSummary
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.held import Held
from bulkpo.model.totals import ControlTotals, CurrencyTotal
from bulkpo.payload.encode import BodyFormat
from bulkpo.states import ActionState, Event, State

NOW = "2026-11-21T10:00:00+00:00"
BEFORE = Path(__file__).with_name("written_before.sql")

amounts = st.decimals(0, 10**12, places=2)
totals = st.lists(
    st.builds(CurrencyTotal, st.sampled_from(["EUR", "USD", ""]), st.integers(1, 99), st.integers(0, 99), amounts),
    unique_by=lambda total: total.currency,
).map(lambda some: tuple(sorted(some, key=lambda total: total.currency)))
findings = st.builds(
    Finding, st.just("reference-unknown"), st.text(), st.integers(2, 9), st.integers(0, 9), st.text(), st.text(),
    st.text(), st.sampled_from(Severity),
)  # fmt: skip
helds = st.builds(
    lambda some, rows, sums: Held(
        tuple(sorted(dict.fromkeys(some), key=lambda each: (each.row, each.column))),
        frozenset(each.key for each in some if each.severity is Severity.ERROR), rows, sums,
    ),
    st.lists(findings, max_size=1), st.integers(0), totals,
)  # fmt: skip
statuses = st.dictionaries(st.text(), st.integers(1)).map(lambda counts: tuple(counts.items()))
summaries = st.builds(
    RunSummary,
    totals=st.none() | st.builds(ControlTotals, totals, totals, totals, statuses),
    failed_file=st.none() | st.text(),
    failed_digest=st.none() | st.text(),
    failed_placed=st.lists(st.text()).map(tuple),
    history_started=st.none() | st.text(),
    integration_run=st.none() | st.integers(),
    held=st.none() | helds,
)
options = st.builds(
    RunOptions,
    st.sampled_from(BodyFormat),
    st.sampled_from(OnExisting),
    st.sampled_from(AfterCreate),
    key=st.text(),
    out=st.none() | st.text(),
)


@given(options, summaries)
def test_what_is_written_is_read_back(chosen: RunOptions, summary: RunSummary) -> None:
    assert options_of(json.dumps(options_json(chosen))) == chosen
    assert summary_of(json.dumps(summary_json(summary))) == summary


def test_what_is_not_known_has_its_default() -> None:
    assert (options_of("{}"), summary_of("{}"), summary_of("")) == (RunOptions(), RunSummary(), RunSummary())


@pytest.mark.parametrize("read", [options_of, summary_of])
def test_a_later_version_is_refused_since_its_meaning_is_not_known(read: object) -> None:
    assert callable(read)
    with pytest.raises(JournalError, match=r"written by a newer bulkpo \(version 2, this one reads 1\)"):
        read('{"version": 2}')


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"totals": 1}', '{"totals": [{}]}', '{"integration_run": "x"}', '{"integration_run": []}']
)
def test_a_summary_that_says_nothing_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"^."):
        summary_of(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a journal that was written before summaries had versions: one run undone, one begun."""
    raw = sqlite3.connect(tmp_path / "journal.db")
    raw.executescript(BEFORE.read_text(encoding="utf-8"))
    raw.execute("PRAGMA user_version = 1")
    raw.close()
    return tmp_path


def test_a_journal_from_before_there_were_versions_is_read_as_it_was_meant(folder: Path) -> None:
    journal = journal_in(folder, lambda: NOW)
    begun, undone = journal.runs()
    total = CurrencyTotal("USD", 3, 3, Decimal("8.50"))
    assert undone.options == RunOptions(BodyFormat.XML, OnExisting.SKIP, AfterCreate.NONE)
    assert undone.summary.totals == ControlTotals((total,), (total,), (total,))
    assert undone.summary.failed_file == "orders.failed.csv"
    assert (undone.status, begun.status) == (RunStatus.DONE, RunStatus.OPEN)
    assert [entry.state for entry in journal.entries(1)] == [State.UNDONE] * 3
    assert journal.count_actions(1, "cancel")[ActionState.DONE] == 3
    assert journal.counts(2)[State.PLANNED] == 2
    first = next(journal.entries(1))
    assert [it.event for it in journal.happenings(first)] == [
        "send", "accepted", "cancel: act", "cancel: accepted", "cancelled",
    ]  # fmt: skip
    assert b"<po-number>PO-1</po-number>" in journal.happenings(first)[0].sent
    journal.close()


def test_a_journal_from_before_there_were_versions_is_gone_on_with(folder: Path) -> None:
    journal = journal_in(folder, lambda: NOW)
    waiting = next(journal.entries(2, [State.PLANNED]))
    journal.wait(journal.record(waiting, Event.SEND)[1])
    journal.set_summary(2, RunSummary(failed_file="x"))
    journal.plan(1, [PlannedEntry(1, "PO-9", 2, "d")])
    journal.close()
    again = journal_in(folder, lambda: NOW)
    assert again.counts(2)[State.SENDING] == 1
    assert again.run(2).summary == RunSummary(failed_file="x")
    again.close()


@pytest.mark.parametrize("column", ["options", "summary", "status"])
def test_a_run_that_cannot_be_read_is_said_to_be_damaged(folder: Path, column: str) -> None:
    raw = sqlite3.connect(folder / "journal.db")
    raw.execute(f"UPDATE runs SET {column} = 'nonsense' WHERE id = 2")  # noqa: S608 - a name from above
    raw.commit()
    raw.close()
    journal = journal_in(folder, lambda: NOW)
    with pytest.raises(
        JournalError, match=r"journal\.db: the journal is damaged \(a line of it cannot be read: .*nothing"
    ):
        journal.run(2)
    assert journal.run(1).status is RunStatus.DONE
    journal.close()
