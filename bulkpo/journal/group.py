"""Group commit: whoever needs the disk next writes for all who wait, so that safety costs one flush for many.

A statement added is not durable before `wait` returns for it. While one thread commits, others add and queue up;
the next one to get its turn commits what all of them added.
"""

import sqlite3
import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from bulkpo.errors import JournalError
from bulkpo.journal.faults import using


class Statement(NamedTuple):
    """One statement; `moves` says that it must change exactly one row of the journal."""

    sql: str
    parameters: Mapping[str, Any]
    moves: bool = False


class ManyLines(NamedTuple):
    """One statement for many lines, each with its parameters."""

    sql: str
    parameters: Sequence[Mapping[str, Any]]


@dataclass(slots=True, eq=False)
class Queued:
    """Statements waiting to be written, and whether they are."""

    group: "GroupCommit"
    statements: Sequence[Statement | ManyLines]
    done: bool = False
    error: BaseException | None = None

    def wait(self) -> None:
        """Come back when they are on disk; raises JournalError."""
        self.group.wait(self)


class GroupCommit:
    """Writes statements of many threads through one connection, in the order in which they were added."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._waiting: list[Queued] = []
        self._broken: BaseException | None = None

    def add(self, statements: Sequence[Statement | ManyLines]) -> Queued:
        """Queue statements that belong together."""
        ticket = Queued(self, statements)
        with self._lock:
            self._waiting.append(ticket)
        return ticket

    def wait(self, ticket: Queued) -> None:
        """Come back when the statements are on disk; raises JournalError for what kept them from it."""
        with using(self._path):
            with self._turn:
                if not ticket.done and ticket.error is None:
                    self._commit()
            if ticket.error is not None:
                raise ticket.error

    def flush(self) -> None:
        """Write everything added so far; raises if anything added before could not be written."""
        self.wait(self.add(()))

    def _commit(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, []
        try:
            self._write(batch)
        except BaseException as error:
            self._broken = error
            for ticket in batch:
                ticket.error = error
            raise
        for ticket in batch:
            ticket.done = True

    def _write(self, batch: Sequence[Queued]) -> None:
        if self._broken is not None:
            raise self._broken
        if not any(ticket.statements for ticket in batch):
            return  # whoever only reads costs no flush
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            for ticket in batch:
                for statement in ticket.statements:
                    self._execute(statement)
            execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                execute("ROLLBACK")
            raise

    def _execute(self, statement: Statement | ManyLines) -> None:
        if isinstance(statement, ManyLines):
            self._connection.executemany(statement.sql, statement.parameters)
            return
        changed = self._connection.execute(statement.sql, statement.parameters).rowcount
        if statement.moves and changed != 1:
            facts = statement.parameters
            raise JournalError(
                f"run {facts['run']}: entry {facts['number']} is no longer {facts['from']!s} in the journal; "
                "another process works on this run"
            )


_WINDOW, _MEMORY = 13, 6  # zlib's own choice asks for 256 KB of memory each time, which takes longer than the packing


def packed(sent: bytes) -> bytes:
    """The bytes, compressed."""
    packer = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, _MEMORY)
    return packer.compress(sent) + packer.flush()


def unpacked(kept: bytes | None) -> bytes:
    """The bytes that were packed; none for None."""
    return zlib.decompress(kept) if kept else b""
