"""A small file that outlives a killed process; one process at a time works with it."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from bulkpo.errors import OutputError, RunError

_Row = tuple[Any, ...]


class Notebook:
    """Named statements on a SQLite file, which is made when something is first kept. Threads may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @property
    def exists(self) -> bool:
        """Whether anything was kept."""
        return self._connection is not None or self.path.exists()

    @property
    def touched(self) -> float:
        """When anything was kept last, in seconds since 1970."""
        return max((path.stat().st_mtime for path in self._files()), default=0.0)

    def ask(self, name: str, *parameters: object) -> list[_Row]:
        """The rows a statement gives."""
        with self._using() as connection:
            return connection.execute(_statements()[name], parameters).fetchall()

    def keep(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row, all or none; a killed process does not lose it."""
        with self._using() as connection, connection:
            connection.executemany(_statements()[name], rows)

    def note(self, name: str, text: str) -> None:
        """Write down a fact."""
        self.keep("note", [(name, text)])

    def noted(self, name: str) -> str | None:
        """A fact that was written down, if it was."""
        rows = self.ask("noted", name) if self.exists else []
        return str(rows[0][0]) if rows else None

    def close(self) -> None:
        """Let go of the file, keeping it."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def discard(self) -> None:
        """Remove the file: nothing in it is needed any more."""
        self.close()
        for path in self._files():
            path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        """The file, and what SQLite keeps beside it."""
        return list(self.path.parent.glob(f"{self.path.name}*"))

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                yield self._connection
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise RunError(
                        f"this export is being made by another process; wait until it ends ({self.path})"
                    ) from None
                raise OutputError(f"{self.path}: cannot be used: {error}; free the disk or remove the file") from None
            except sqlite3.DatabaseError as error:
                raise OutputError(f"{self.path}: is damaged ({error}); remove it and export again") from None

    def _open(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self.path.parent}: cannot be made: {error.strerror}") from None
        connection = sqlite3.connect(self.path, timeout=1, check_same_thread=False)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # outlives a killed process, which is what is asked
            connection.executescript(_statements()["schema"])
        except BaseException:
            connection.close()
            raise
        return connection


@cache
def _statements() -> dict[str, str]:
    text = (files("bulkpo.journal") / "notebook.sql").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("\n-- name: ")[1:])
    return {name.strip(): body.strip() for name, _, body in parts}
