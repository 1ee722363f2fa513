"""What an interrupted export had read already: kept in the work folder until the file is in place.

A checkpoint belongs to one question to one instance; another query, or other columns, are another export. It is made
when there is more than a page to read, and is used for a day: after that what it holds is too old to be one picture.
"""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from bulkpo.coupa.reader import Listing
from bulkpo.coupa.windows import Span
from bulkpo.errors import OutputError, RunError
from bulkpo.model.profile import Profile

_LONGEST = timedelta(days=1)


class Checkpoint:
    """The windows of one export, in a file of their own; one process at a time works on it."""

    def __init__(self, folder: Path, listing: Listing, profile: Profile, now: datetime) -> None:
        self._path = folder / "exports" / f"{_digest(listing, profile)}.db"
        self._now = now
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self.begun: datetime | None = None
        if self._path.exists():
            self.begun = self._found()

    def spans(self) -> Sequence[Span]:
        """The windows there are, by id."""
        if self._connection is None:
            return []
        with self._using() as connection:
            return [Span(*row) for row in connection.execute(_sql()["spans"])]

    def save(self, span: Span, payload: bytes) -> None:
        """Keep a window; a killed process does not lose it."""
        with self._using() as connection, connection:
            connection.execute(_sql()["save"], (*span, payload))

    def load(self, low: int) -> bytes:
        """What a window holds."""
        with self._using() as connection:
            return bytes(connection.execute(_sql()["load"], (low,)).fetchone()[0])

    def discard(self) -> None:
        """The file is in place: nothing is left to go on with."""
        self.close()
        for path in self._path.parent.glob(f"{self._path.name}*"):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file, keeping it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _found(self) -> datetime | None:
        """When the checkpoint that is there was begun; one that is too old is discarded."""
        with self._using() as connection:
            row = connection.execute(_sql()["noted"], ("begun",)).fetchone()
        begun = datetime.fromisoformat(row[0])
        if self._now - begun <= _LONGEST:
            return begun
        self.discard()
        return None

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
                        f"this export is being made by another process; wait until it ends ({self._path})"
                    ) from None
                raise OutputError(f"{self._path}: cannot be used: {error}; free the disk or remove the file") from None
            except sqlite3.DatabaseError as error:
                raise OutputError(f"{self._path}: is damaged ({error}); remove it and export again") from None

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self._path.parent}: cannot be made: {error.strerror}") from None
        connection = sqlite3.connect(self._path, timeout=1, check_same_thread=False)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # outlives a killed process, which is what is asked
            connection.executescript(_sql()["schema"])
            with connection:
                if connection.execute(_sql()["noted"], ("begun",)).fetchone() is None:
                    connection.execute(_sql()["note"], ("begun", self._now.isoformat()))
        except BaseException:
            connection.close()
            raise
        return connection


def _digest(listing: Listing, profile: Profile) -> str:
    instance = profile.name if profile.is_sandbox else profile.url  # the sandbox has another address every time
    asked = [profile.name, instance, listing.resource, listing.queries, listing.fields]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:24]


@cache
def _sql() -> dict[str, str]:
    text = (files("bulkpo.runs") / "export_checkpoint.sql").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("\n-- name: ")[1:])
    return {name.strip(): body.strip() for name, _, body in parts}
