"""The journal: the durable record of runs, their orders and what happened to each.

One SQLite file, written ahead and flushed in full. Every change of an order's state goes through the table of
`bulkpo.states`, and only if the journal still holds the state it starts from.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, fields, replace
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

from bulkpo.errors import JournalError, RunError
from bulkpo.journal.claim import claim, claim_file
from bulkpo.journal.group import GroupCommit, Statement, Ticket, packed, unpacked
from bulkpo.journal.moves import NO_FACTS, Facts
from bulkpo.journal.records import Action, Entry, Happening, NewRun, PlannedEntry, Run, RunStatus
from bulkpo.journal.sqlite import closing_on_error, connect
from bulkpo.journal.statements import statements
from bulkpo.states import ActionEvent, ActionState, Event, State, move, move_action

FILE = "journal.db"
_FORMAT = 1
_GROUP = 500


_ENTRY = tuple(each.name for each in fields(Entry))
_values = attrgetter(*_ENTRY)  # as a dictionary, without the deep copies of dataclasses.asdict
_STATES = {state.value: state for state in State}


class Journal:
    """The journal in a working folder. `now` gives the time as ISO text in UTC; it is noted and never reckoned with."""

    def __init__(self, folder: Path, now: Callable[[], str]) -> None:
        self.path = folder / FILE
        self._now = now
        self._sql = statements()
        self._lock = threading.Lock()
        with self._said():
            folder.mkdir(parents=True, exist_ok=True)
            self._writer = connect(self.path)
            with closing_on_error(self._writer):
                self._prepare()
                self._reader = connect(self.path)
        self._group = GroupCommit(self._writer)

    def close(self) -> None:
        """Write what waits, and let the file go."""
        try:
            self.flush()
        finally:
            self._reader.close()
            self._writer.close()

    def claim(self, run: int) -> AbstractContextManager[None]:
        """Hold a run for this process; raises RunError naming the process that holds it."""
        return claim(self.path.parent, run)

    def start(self, new: NewRun) -> Run:
        """Begin a run; its orders are written down next."""
        with self._said():
            cursor = self._writer.execute(self._sql["start_run"], {**asdict(new), "started": self._now()})
        return self.run(cursor.lastrowid or 0)

    def plan(self, run: int, entries: Iterable[PlannedEntry]) -> int:
        """Write down a run's orders, instead of any written before, and open it. Says how many there are."""
        self._write(("forget_entries", {"run": run}))
        waiting = iter(entries)
        count = 0
        while group := list(islice(waiting, _GROUP)):
            at = self._now()
            self._write(*[("plan_entry", {**asdict(entry), "run": run, "at": at}) for entry in group])
            count += len(group)
        self.set_status(run, RunStatus.OPEN)
        return count

    def set_status(self, run: int, status: RunStatus) -> None:
        """Say how far a run is."""
        ended = self._now() if status is RunStatus.DONE else None
        self._write(("set_status", {"run": run, "status": status, "ended": ended}))

    def set_summary(self, run: int, summary: str) -> None:
        """Keep what a run came to, as JSON."""
        self._write(("set_summary", {"run": run, "summary": summary}))

    def prune(self, run: int) -> None:
        """Forget a run and all that belongs to it; raises RunError while a process works on it."""
        with self.claim(run):
            self._write(("prune_run", {"run": run}))
        claim_file(self.path.parent, run).unlink(missing_ok=True)

    def runs(self) -> list[Run]:
        """All runs, the last one first."""
        return [_run(row) for row in self._read("runs", {})]

    def run(self, run: int) -> Run:
        """A run by its number; raises RunError if there is none."""
        rows = self._read("run", {"run": run})
        if not rows:
            raise RunError(f"there is no run {run} in {self.path}; `bulkpo runs` lists them")
        return _run(rows[0])

    def entries(self, run: int, states: Iterable[State] = tuple(State)) -> Iterator[Entry]:
        """A run's orders in these states, in the file's order; what changes meanwhile may be seen or not."""
        for row in self._pages("entries_after", {"run": run, "states": _listed(states)}):
            yield _entry(row)

    def entry(self, run: int, key: str) -> Entry | None:
        """A run's order by its key."""
        rows = self._read("entry_by_key", {"run": run, "key": key})
        return _entry(rows[0]) if rows else None

    def entries_of(self, run: int, keys: Iterable[str]) -> dict[str, Entry]:
        """A run's orders with these keys, by key; keys of no order are left out."""
        rows = self._read("entries_by_keys", {"run": run, "keys": json.dumps(list(keys))})
        return {entry.key: entry for entry in map(_entry, rows)}

    def counts(self, run: int) -> dict[State, int]:
        """How many orders there are in each state."""
        found = {State(row["state"]): row["count"] for row in self._read("count_states", {"run": run})}
        return {state: found.get(state, 0) for state in State}

    def happenings(self, entry: Entry) -> list[Happening]:
        """All that happened to an order, in order."""
        rows = self._read("events", {"run": entry.run, "number": entry.number})
        return [Happening(row["at"], row["event"], row["state"], row["detail"], unpacked(row["sent"])) for row in rows]

    def record(self, entry: Entry, event: Event, facts: Facts = NO_FACTS) -> tuple[Entry, Ticket]:
        """Note what happened to an order; durable once `wait` returns for the ticket, or something later is."""
        after, noted = self._entry_noted(entry, event, facts)
        return after, self._group.add(noted)

    def plan_actions(self, run: int, action: str, numbers: Iterable[int]) -> None:
        """Write down that an action is to be done on these orders; those written down before stay as they are."""
        at = self._now()
        self._write(*[("plan_action", {"run": run, "number": it, "action": action, "at": at}) for it in numbers])

    def actions(self, run: int, action: str, states: Iterable[ActionState] = tuple(ActionState)) -> Iterator[Action]:
        """The actions of a run in these states, in the file's order."""
        for row in self._pages("actions_after", {"run": run, "action": action, "states": _listed(states)}):
            yield Action(**{**dict(row), "state": ActionState(row["state"])})

    def count_actions(self, run: int, action: str) -> dict[ActionState, int]:
        """How many actions there are in each state."""
        rows = self._read("count_actions", {"run": run, "action": action})
        found = {ActionState(row["state"]): row["count"] for row in rows}
        return {state: found.get(state, 0) for state in ActionState}

    def record_action(self, action: Action, event: ActionEvent, message: str = "") -> tuple[Action, Ticket]:
        """Note what happened to an action."""
        after, noted = self._action_noted(action, event, message)
        return after, self._group.add(noted)

    def record_done(self, action: Action, happened: ActionEvent, entry: Entry, event: Event, facts: Facts) -> Action:
        """Note together that an action is done and what that makes of its order."""
        after, noted = self._action_noted(action, happened, "")
        self._group.add([*noted, *self._entry_noted(entry, event, facts)[1]])
        return after

    def wait(self, ticket: Ticket) -> None:
        """Come back when what a ticket stands for is on disk."""
        with self._said():
            self._group.wait(ticket)

    def flush(self) -> None:
        """Come back when everything recorded so far is on disk."""
        with self._said():
            self._group.flush()

    def _entry_noted(self, entry: Entry, event: Event, facts: Facts) -> tuple[Entry, list[Statement]]:
        state = move(entry.state, event)
        after = Entry(
            entry.run,
            entry.number,
            entry.key,
            entry.row,
            entry.digest,
            state=state,
            in_doubt=entry.in_doubt or state is State.UNKNOWN,
            attempts=entry.attempts + (event is Event.SEND),
            coupa_id=entry.coupa_id if facts.coupa_id is None else facts.coupa_id,
            version=entry.version if facts.version is None else facts.version,
            updated_at=entry.updated_at if facts.updated_at is None else facts.updated_at,
            message=facts.message,
            changed=self._now(),
        )
        known = dict(zip(_ENTRY, _values(after), strict=True))
        known |= {"in_doubt": int(after.in_doubt), "at": after.changed, "from": entry.state}
        sent = packed(facts.sent) if facts.sent is not None else None
        happened = {**known, "event": event, "detail": facts.detail or facts.message, "sent": sent}
        moved = Statement(self._sql["move_entry"], known, moves=True)
        return after, [moved, Statement(self._sql["add_event"], happened)]

    def _action_noted(self, action: Action, event: ActionEvent, message: str) -> tuple[Action, list[Statement]]:
        after = replace(action, state=move_action(action.state, event), message=message, changed=self._now())
        known = {**asdict(after), "at": after.changed, "from": action.state}
        happened = {**known, "event": f"{action.action}: {event}", "detail": message, "sent": None}
        moved = Statement(self._sql["move_action"], known, moves=True)
        return after, [moved, Statement(self._sql["add_event"], happened)]

    def _write(self, *named: tuple[str, Mapping[str, Any]]) -> None:
        self.wait(self._group.add([Statement(self._sql[name], dict(parameters)) for name, parameters in named]))

    def _read(self, name: str, parameters: Mapping[str, Any]) -> list[sqlite3.Row]:
        self.flush()
        with self._said(), self._lock:
            return self._reader.execute(self._sql[name], parameters).fetchall()

    def _pages(self, name: str, parameters: Mapping[str, Any]) -> Iterator[sqlite3.Row]:
        last = 0
        while rows := self._read(name, {**parameters, "number": last}):
            yield from rows
            last = rows[-1]["number"]

    def _prepare(self) -> None:
        """Make the tables in a new file; raises JournalError for a file of another format."""
        self._writer.execute("BEGIN IMMEDIATE")
        found = self._writer.execute("PRAGMA user_version").fetchone()[0]
        tables = self._writer.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not found and not tables:
            for statement in self._sql["schema"].split(";"):
                self._writer.execute(statement)
            self._writer.execute(f"PRAGMA user_version = {_FORMAT}")
            found = _FORMAT
        self._writer.execute("COMMIT")
        if found != _FORMAT:
            other = "a newer" if found > _FORMAT else "an older"
            raise JournalError(
                f"{self.path}: written by {other} bulkpo (journal format {found}, this one reads {_FORMAT}); "
                "finish its runs with that version, then move the file away"
            )

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say what SQLite and the disk have to say as JournalError."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise JournalError(
                f"{self.path}: the journal cannot be used: {error}; make sure that its folder is writable and the disk "
                "is not full. What was sent is safe: `bulkpo resume` goes on from here"
            ) from error


def _listed(states: Iterable[str]) -> str:
    return f" {' '.join(states)} "


def _run(row: sqlite3.Row) -> Run:
    return Run(**{**dict(row), "status": RunStatus(row["status"])})


def _entry(row: sqlite3.Row) -> Entry:
    """A line of the table of entries, whose columns are those of an entry in order."""
    run, number, key, first, digest, state, in_doubt, *facts = row
    return Entry(run, number, key, first, digest, _STATES[state], bool(in_doubt), *facts)
