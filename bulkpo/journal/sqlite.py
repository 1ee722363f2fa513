"""A journal kept in one SQLite file, written ahead and flushed in full."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from bulkpo.attachment_states import AttachmentState
from bulkpo.errors import JournalError
from bulkpo.journal.claim import claim, claim_file, claimed_runs
from bulkpo.journal.connection import closing_on_error, connected
from bulkpo.journal.encoding import options_json, summary_json
from bulkpo.journal.faults import understanding, using
from bulkpo.journal.group import GroupCommit, ManyLines, Queued, Statement
from bulkpo.journal.moved import move_statements
from bulkpo.journal.moves import AnyMove
from bulkpo.journal.private import make_private
from bulkpo.journal.records import (
    Action,
    Attachment,
    Entry,
    Happening,
    NewRun,
    Noted,
    PlannedAttachment,
    PlannedEntry,
    Reading,
    Run,
    RunInput,
    RunStatus,
    RunSummary,
    Stint,
)
from bulkpo.journal.rows import (
    action_of,
    attachment_of,
    entry_of,
    happening_of,
    input_facts,
    input_of,
    noted_of,
    planned_facts,
    reading_facts,
    reading_of,
    run_of,
    stint_facts,
    stint_of,
)
from bulkpo.journal.statements import later_tables, statements
from bulkpo.states import ActionState, State

FILE = "journal.db"
FORMAT = 1
_GROUP = 5_000

_T = TypeVar("_T")


class SqliteStore:
    """The journal's file in a working folder, which is made if it is not there."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._sql = statements()
        self._lock = threading.Lock()
        with using(self.path):
            folder.mkdir(parents=True, exist_ok=True)
            make_private(self.path)
            self._writer = connected(self.path)
            with closing_on_error(self._writer):
                self._prepare()
                self._reader = connected(self.path)
        self._group = GroupCommit(self._writer, self.path)

    @property
    def name(self) -> str:
        """The file."""
        return str(self.path)

    def close(self) -> None:
        """Write what waits, and let the file go."""
        try:
            self.flush()
        finally:
            self._reader.close()
            self._writer.close()

    def claim(self, run: int) -> AbstractContextManager[None]:
        """Hold a run by a lock of the operating system."""
        return claim(self.path.parent, run)

    def start(self, new: NewRun, at: str, inputs: Sequence[RunInput] = (), held: ExitStack | None = None) -> int:
        """Begin a run, claimed before it can be seen."""
        facts = {**asdict(new), "options": json.dumps(options_json(new.options)), "started": at}
        execute = self._writer.execute
        with using(self.path):
            execute("BEGIN IMMEDIATE")
            try:
                run = execute(self._sql["start_run"], facts).lastrowid or 0
                for each in inputs:
                    execute(self._sql["add_input"], {**input_facts(each), "run": run})
                if held is not None:
                    held.enter_context(self.claim(run))
                execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    execute("ROLLBACK")
                raise
            return run

    def inputs(self, run: int) -> list[RunInput]:
        """The inputs of a run that has several."""
        return self._made(input_of, self._read("inputs", {"run": run}))

    def set_input_summary(self, run: int, number: int, summary: RunSummary) -> None:
        """Keep what came of an input."""
        kept = {"run": run, "number": number, "summary": json.dumps(summary_json(summary))}
        self._write(("set_input_summary", kept))

    def plan(self, run: int, entries: Iterable[PlannedEntry], at: str) -> int:
        """Keep a run's orders, some thousand at a time."""
        self._write(*((name, {"run": run}) for name in ("forget_entries", "forget_events", "forget_attachments")))
        waiting = iter(entries)
        count = 0
        while group := list(islice(waiting, _GROUP)):
            planned = [{**planned_facts(entry), "run": run, "at": at} for entry in group]
            changes = [it for it in planned if it["change"] is not None]
            self._write_lines(("plan_entry", planned), ("plan_change", changes))
            count += len(group)
        return count

    def plan_attachments(self, run: int, attachments: Iterable[PlannedAttachment], at: str) -> None:
        """Keep what is to be attached, some at a time."""
        waiting = iter(attachments)
        while group := list(islice(waiting, _GROUP)):
            self._write_lines(("plan_attachment", [{**asdict(each), "run": run, "at": at} for each in group]))

    def attachments(self, run: int, states: Iterable[AttachmentState]) -> Iterator[Attachment]:
        """What is to be attached, read for a hundred orders at a time."""
        return self._pages(attachment_of, "attachments_after", {"run": run, "states": _listed(states)})

    def count_attachments(self, run: int, owners: Iterable[State]) -> dict[AttachmentState, int]:
        """How many of those that belong to orders in these states are in each state."""
        rows = self._read("count_attachments", {"run": run, "owners": _listed(owners)})
        found = dict(self._made(lambda row: (AttachmentState(row["state"]), int(row["count"])), rows))
        return {state: found.get(state, 0) for state in AttachmentState}

    def set_status(self, run: int, status: RunStatus, ended: str | None) -> None:
        """Say how far a run is."""
        self._write(("set_status", {"run": run, "status": status, "ended": ended}))

    def set_summary(self, run: int, summary: RunSummary) -> None:
        """Keep what a run came to."""
        self._write(("set_summary", {"run": run, "summary": json.dumps(summary_json(summary))}))

    def prune(self, run: int) -> None:
        """Forget a run."""
        with self.claim(run):
            self._write(("prune_run", {"run": run}))
        claim_file(self.path.parent, run).unlink(missing_ok=True)

    def runs(self) -> list[Run]:
        """All runs."""
        return self._made(run_of, self._read("runs", {}))

    def run(self, run: int) -> Run | None:
        """A run by its number."""
        return next(iter(self._made(run_of, self._read("run", {"run": run}))), None)

    def add(self, moves: Sequence[AnyMove]) -> Queued:
        """Queue moves; the first thread that waits writes everybody's."""
        return self._group.add([statement for move in moves for statement in move_statements(self._sql, move)])

    def flush(self) -> None:
        """Write everything added so far."""
        self._group.flush()

    def entries(self, run: int, states: Iterable[State], *, are_tried: bool = False) -> Iterator[Entry]:
        """A run's orders, read some hundred at a time."""
        name = "tried_after" if are_tried else "entries_after"
        return self._pages(entry_of, name, {"run": run, "states": _listed(states)})

    def entries_of(self, run: int, keys: Iterable[str]) -> dict[str, Entry]:
        """A run's orders with these keys."""
        rows = self._read("entries_by_keys", {"run": run, "keys": json.dumps(list(keys))})
        return {entry.key: entry for entry in self._made(entry_of, rows)}

    def counts(self, run: int) -> dict[State, int]:
        """How many orders are in each state."""
        found = dict(
            self._made(lambda row: (State(row["state"]), int(row["count"])), self._read("count_states", {"run": run}))
        )
        return {state: found.get(state, 0) for state in State}

    def happenings(self, run: int, number: int) -> list[Happening]:
        """All that happened to an order."""
        return self._made(happening_of, self._read("events", {"run": run, "number": number}))

    def details(self, run: int, event: str, numbers: Iterable[int]) -> dict[int, str]:
        """What the last such event of each order noted."""
        rows = self._read("details", {"run": run, "event": event, "numbers": json.dumps(list(numbers))})
        return dict(self._made(lambda row: (int(row["number"]), str(row["detail"])), rows))

    def plan_actions(self, run: int, action: str, numbers: Iterable[int], at: str) -> None:
        """Keep that an action is to be done."""
        lines = [{"run": run, "number": it, "action": action, "at": at} for it in numbers]
        self._write_lines(("plan_action", lines))

    def actions(self, run: int, action: str, states: Iterable[ActionState]) -> Iterator[Action]:
        """The actions of a name, read some hundred at a time."""
        return self._pages(action_of, "actions_after", {"run": run, "action": action, "states": _listed(states)})

    def count_actions(self, run: int, action: str) -> dict[ActionState, int]:
        """How many actions are in each state."""
        rows = self._read("count_actions", {"run": run, "action": action})
        found = dict(self._made(lambda row: (ActionState(row["state"]), int(row["count"])), rows))
        return {state: found.get(state, 0) for state in ActionState}

    def put_stint(self, run: int, stint: Stint) -> None:
        """Keep a process's work on a run."""
        self._write(("put_stint", {**stint_facts(stint), "run": run, "number": stint.number}))

    def stints(self, run: int) -> list[Stint]:
        """The work on a run."""
        return self._made(stint_of, self._read("stints", {"run": run}))

    def put_readings(self, run: int, readings: Sequence[Reading]) -> None:
        """Keep what was read back."""
        self._write_lines(("put_reading", [{**reading_facts(reading), "run": run} for reading in readings]))

    def readings(self, run: int) -> Iterator[Reading]:
        """What was read back, some hundred at a time."""
        return self._pages(reading_of, "readings_after", {"run": run})

    def trail(self, run: int) -> Iterator[Noted]:
        """All that happened, some hundred at a time."""
        last = 0
        while rows := self._read("trail_after", {"run": run, "id": last}):
            yield from self._made(noted_of, rows)
            last = rows[-1]["id"]

    def _write(self, *named: tuple[str, Mapping[str, Any]]) -> None:
        self._group.add([Statement(self._sql[name], dict(parameters)) for name, parameters in named]).wait()

    def _write_lines(self, *named: tuple[str, Sequence[Mapping[str, Any]]]) -> None:
        self._group.add([ManyLines(self._sql[name], lines) for name, lines in named if lines]).wait()

    def _read(self, name: str, parameters: Mapping[str, Any]) -> list[sqlite3.Row]:
        self.flush()
        with using(self.path), self._lock:
            return self._reader.execute(self._sql[name], parameters).fetchall()

    def _made(self, make: Callable[[sqlite3.Row], _T], rows: Iterable[sqlite3.Row]) -> list[_T]:
        with understanding(self.path):
            return [make(row) for row in rows]

    def _pages(self, make: Callable[[sqlite3.Row], _T], name: str, parameters: Mapping[str, Any]) -> Iterator[_T]:
        last = 0
        while rows := self._read(name, {**parameters, "number": last}):
            yield from self._made(make, rows)
            last = rows[-1]["number"]

    def _prepare(self) -> None:
        """Make the tables in a new file; raises JournalError for a file of another format."""
        self._writer.execute("BEGIN IMMEDIATE")
        found = self._writer.execute("PRAGMA user_version").fetchone()[0]
        tables = self._writer.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not found and not tables:
            for statement in (*self._sql["schema"].split(";"), *later_tables(self._sql)):
                self._writer.execute(statement)
            self._writer.execute(f"PRAGMA user_version = {FORMAT}")
            last = max(claimed_runs(self.path.parent), default=0)  # a journal that was lost has used these numbers
            self._writer.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('runs', ?)", (last,))
            found = FORMAT
        elif found == FORMAT:
            for statement in later_tables(self._sql):  # of a journal from before there were such tables
                self._writer.execute(statement)
        self._writer.execute("COMMIT")
        if found != FORMAT:
            other = "a newer" if found > FORMAT else "an older"
            raise JournalError(
                f"{self.path}: written by {other} bulkpo (journal format {found}, this one reads {FORMAT}); "
                "finish its runs with that version, then move the file away"
            )


def _listed(states: Iterable[str]) -> str:
    return f" {' '.join(states)} "
