"""What is left of a damaged journal: described, carried into a new file, or written out as it is.

A run is *whole* if its line and all its orders can be read, without a gap. Nothing is known for sure of any other, so
it is left out of a repaired journal: its file is imported anew, and what is in Coupa is found there by its number. A
run that is whole may still have lost its last moments, so its orders are taken for doubtful: each is looked up before
it is sent.
"""

import errno
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from bulkpo.errors import JournalError
from bulkpo.journal.claim import claim, claim_file, claimed_runs
from bulkpo.journal.faults import using
from bulkpo.journal.group import unpacked
from bulkpo.journal.private import NO_FILE, make_private
from bulkpo.journal.rows import attachment_of, entry_of, run_of
from bulkpo.journal.sqlite import FILE, FORMAT
from bulkpo.journal.statements import later_tables, statements

_UNREADABLE = (sqlite3.Error, ValueError, LookupError, TypeError, JournalError, OverflowError)
_TABLES = ("runs", "entries", "actions", "events")
_LATER_TABLES = ("inputs", "stints", "readings", "attachments")
"""Tables that a journal from before them does without."""
_PACKED = ("sent", "compared")
_MOST_TOLD = 20
_REPAIRED = "the journal was repaired, so it is looked up first"
_T = TypeVar("_T")
_BESIDE = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class JournalHealth:
    """What a journal's file is like: what is wrong with it, which runs are whole, and which were begun and are not.

    `untraced` says of how many documents of a whole run it is not known any more what was sent.
    """

    file: Path
    problems: tuple[str, ...]
    whole: tuple[int, ...]
    lost: tuple[int, ...]
    orders: int
    untraced: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """True if nothing is wrong."""
        return not self.problems and not self.lost


def examine(folder: Path) -> JournalHealth:
    """Look through the journal of a work folder, changing nothing."""
    path = folder / FILE
    begun = set(claimed_runs(folder))
    if not path.exists():
        said = ("there is no journal, though runs were begun here",) if begun else ()
        return JournalHealth(path, said, (), tuple(sorted(begun)), 0)
    with closing(_opened(path)) as connection:
        problems = _integrity(connection)
        known, trouble = _readable(connection, "SELECT id FROM runs ORDER BY id", lambda row: int(row["id"]))
        orders = {run: _orders(connection, run) for run in known}
        untraced = {run: count for run in known if orders[run] and (count := _untraced(connection, run))}
    whole = tuple(run for run in known if orders[run] is not None)
    found = [*problems, *trouble]
    if not path.stat().st_size:
        found.append("the file is empty")
    return JournalHealth(
        path,
        tuple(dict.fromkeys(found))[:_MOST_TOLD],
        whole,
        tuple(sorted((begun | set(known)) - set(whole))),
        sum(orders[run] or 0 for run in whole),
        untraced,
    )


def repair(folder: Path) -> tuple[JournalHealth, Path | None]:
    """Bring the whole runs into a new journal, and keep the old file beside it; gives what it was like and its name.

    A journal that is sound is left as it is.

    Raises JournalError where nothing can be written, RunError while a process works on a run.
    """
    with ExitStack() as held, using(folder / FILE):
        health = examine(folder)
        if health.is_sound:
            return health, None
        for run in {*health.whole, *health.lost}:
            held.enter_context(claim(folder, run))
        new = folder / f"{FILE}.repaired"
        new.unlink(missing_ok=True)
        make_private(new)
        with closing(sqlite3.connect(new, isolation_level=None)) as target:
            _begin(target, max([*health.whole, *health.lost], default=0))
            if health.whole:
                with closing(_opened(health.file)) as source:
                    for run in health.whole:
                        _carry_over(source, target, run)
        kept = _put_aside(health.file)
        new.replace(health.file)
        for run in health.lost:
            claim_file(folder, run).unlink(missing_ok=True)
    return health, kept


def refuse_lost(folder: Path, known: Iterable[int]) -> None:
    """Raise JournalError if runs were worked on here that are not among those the journal knows."""
    lost = sorted(set(claimed_runs(folder)) - set(known))
    if lost:
        raise JournalError(
            f"{folder / FILE}: run {', '.join(map(str, lost))} was worked on here and is not in the journal, which was "
            "removed or replaced; put it back from a copy. Without one, import the files anew with --on-existing "
            "compare: what is in Coupa is found by its number. `bulkpo journal repair` then forgets those runs"
        )


def _put_aside(path: Path) -> Path | None:
    """Give a journal's file, with what SQLite keeps beside it, a name that is not taken; None if there is no file."""
    if not path.exists():
        return None
    kept = next(free for number in count(1) if not (free := path.with_name(f"{path.name}.damaged-{number}")).exists())
    for end in _BESIDE:
        old = path.with_name(path.name + end)
        if old.exists():
            old.replace(kept.with_name(kept.name + end))
    return kept


def readable_lines(folder: Path) -> Iterator[str]:
    """Everything in the journal that can be read, a JSON object a line: its table, and what stands in it."""
    path = folder / FILE
    if not path.exists():
        raise JournalError(f"{path}: there is no journal here")
    with closing(_opened(path)) as connection:
        for table in (*_TABLES, *_LATER_TABLES):
            rows, _ = _readable(connection, f"SELECT * FROM {table}", dict)  # noqa: S608 - a name from above
            for row in rows:
                yield json.dumps({"table": table, **{name: _shown(name, value) for name, value in row.items()}})


def _opened(path: Path) -> sqlite3.Connection:
    """The file as it is; one that is no database has no tables. Raises OSError for what is no file."""
    if not path.is_file():
        raise OSError(errno.EINVAL, NO_FILE)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _integrity(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What SQLite itself finds wrong."""
    try:
        said = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({_MOST_TOLD})")]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        return (str(error),)
    missing = [f"the table {table} is missing" for table in _TABLES if table not in tables]
    return (*(line for text in said for line in text.splitlines() if line != "ok"), *missing)


def _readable(
    connection: sqlite3.Connection, sql: str, make: Callable[[sqlite3.Row], _T], *parameters: object
) -> tuple[list[_T], list[str]]:
    """The rows up to the first that cannot be read, and what is wrong with that one."""
    rows: list[_T] = []
    try:
        rows.extend(make(row) for row in connection.execute(sql, parameters))
    except _UNREADABLE as error:
        return rows, [str(error)]
    return rows, []


def _orders(connection: sqlite3.Connection, run: int) -> int | None:
    """How many orders a run has; None if it is not whole."""
    lines, trouble = _readable(connection, "SELECT * FROM runs WHERE id = ?", run_of, run)
    sql = statements()["entries_of_run"]
    entries, more = _readable(connection, sql, entry_of, run)
    _, torn = _readable(connection, "SELECT * FROM attachments WHERE run = ?", attachment_of, run)
    torn = [said for said in torn if "no such table" not in said]  # of a journal from before there were any
    is_whole = bool(lines) and not trouble and not more and not torn
    return len(entries) if is_whole and [it.number for it in entries] == list(range(1, len(entries) + 1)) else None


def _untraced(connection: sqlite3.Connection, run: int) -> int:
    """How many documents of a run were sent more often than their trail tells, as far as the trail can be read."""
    found, trouble = _readable(connection, statements()["untraced"], lambda row: int(row[0]), run)
    return 0 if trouble else sum(found)


def _begin(target: sqlite3.Connection, last: int) -> None:
    """An empty journal, whose next run has a number that was never used."""
    for statement in (*statements()["schema"].split(";"), *later_tables(statements())):
        target.execute(statement)
    target.execute(f"PRAGMA user_version = {FORMAT}")
    target.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('runs', ?)", (last,))


def _carry_over(source: sqlite3.Connection, target: sqlite3.Connection, run: int) -> None:
    """Bring a run over, with as much of its trail as can be read."""
    target.execute("BEGIN")
    for table in (*_TABLES, *_LATER_TABLES):
        column = "id" if table == "runs" else "run"
        sql = f"SELECT * FROM {table} WHERE {column} = ?"  # noqa: S608 - names from above
        rows: Sequence[tuple[Any, ...]] = _readable(source, sql, tuple, run)[0]
        for row in rows:
            marks = ", ".join("?" * len(row))
            target.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)  # noqa: S608 - names from above
    target.execute("UPDATE entries SET in_doubt = 1 WHERE run = ? AND state = 'planned'", (run,))
    target.execute("UPDATE attachments SET message = ? WHERE run = ? AND state = 'waiting'", (_REPAIRED, run))
    target.execute("COMMIT")


def _shown(name: str, value: object) -> object:
    """A value for JSON; what was sent is text again, if it can be unpacked."""
    if isinstance(value, bytes):
        try:
            value = unpacked(value) if name in _PACKED else value
        except Exception:  # noqa: BLE001 - damaged bytes fail in any way, and are shown as they are
            return value.hex()
        return value.decode("utf-8", "replace")
    return value
