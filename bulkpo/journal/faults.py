"""What goes wrong with a journal's file, in words that promise no more than is known."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bulkpo.errors import JournalError

_OF_THE_DISK = ("full", "unable to open", "readonly", "locked", "disk I/O", "closed")


@contextmanager
def using(path: Path) -> Iterator[None]:
    """Say what SQLite and the disk have to say as JournalError."""
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite quotes what it found, which is no text
        raise damaged(path, "what it holds is no text") from error
    except (sqlite3.Error, OSError) as error:
        if isinstance(error, sqlite3.Error) and not any(word in str(error) for word in _OF_THE_DISK):
            raise damaged(path, str(error)) from error
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise JournalError(
            f"{path}: the journal cannot be used: {reason}; make sure that its folder is writable and the disk "
            "is not full. What was sent is safe: `bulkpo resume` goes on from here"
        ) from error


@contextmanager
def understanding(path: Path) -> Iterator[None]:
    """Say what cannot be made of the journal's lines as JournalError."""
    try:
        yield
    except (ValueError, LookupError, TypeError, zlib.error) as error:
        raise damaged(path, f"a line of it cannot be read: {error}") from error


def damaged(path: Path, reason: str) -> JournalError:
    """What to say of a file that does not hold what was written to it."""
    return JournalError(
        f"{path}: the journal is damaged ({reason}); what became of what it sent is no longer sure, so nothing is sent "
        "from it. `bulkpo journal check` says what is left of it, `bulkpo journal repair` goes on with that"
    )
