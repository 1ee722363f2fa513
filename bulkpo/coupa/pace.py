"""The pace that all processes of one user keep together on this machine, towards one instance as one client.

What each has used of the limit stands in a small file of the user's. It is an addition: every process keeps the limit
by itself as well, and by itself alone where the file cannot be used, is from before the machine was started, or is held
by a process that does not go on. Nobody waits for it longer than a request may be late, nor for each request anew.
"""

import hashlib
import os
import platform
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bulkpo.file_lock import take_lock

_SECOND = 1_000_000_000
_NUMBERS = struct.Struct("<qqq")
_BINARY = getattr(os, "O_BINARY", 0)  # without it Windows writes each byte 10 as two
_TRIES, _BETWEEN_TRIES = 100, 0.001
_LEFT_ALONE = 3 * _SECOND
_SAME_START = 60 * _SECOND  # clocks are set by that much at most while the machine runs
_FARTHEST = 900 * _SECOND  # nobody is asked to wait longer than 600 seconds
_FORGOTTEN = 86_400


@dataclass(slots=True)
class Used:
    """What is used of a limit: when all of it would be there again, and until when nobody passes; in nanoseconds."""

    full_at: int
    closed_until: int


class SharedPace:
    """What the processes of one user have used of an instance's limit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._left_until = 0

    @contextmanager
    def joined(self, used: Used) -> Iterator[None]:
        """Add to what this process has used what others have, and note what it is afterwards for them."""
        file = self._taken()
        if file is None:
            yield
            return
        try:
            _join(file, used)
            yield
            with suppress(OSError, struct.error):  # a rate that takes centuries is not told
                os.lseek(file, 0, os.SEEK_SET)
                os.write(file, _NUMBERS.pack(_started_at(), used.full_at, used.closed_until))
        finally:
            os.close(file)

    def _taken(self) -> int | None:
        """The file, locked; None for a while once it could not be: a stopped process has it, or nothing locks there."""
        if time.monotonic_ns() < self._left_until:
            return None
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | _BINARY, 0o600)
        except OSError:
            return None
        for _ in range(_TRIES):
            if take_lock(file):
                return file
            time.sleep(_BETWEEN_TRIES)
        os.close(file)
        self._left_until = time.monotonic_ns() + _LEFT_ALONE
        return None


def shared_pace(folder: Path | None, url: str, client_id: str) -> SharedPace | None:
    """The pace towards an instance, kept in a folder of the user's; None where no file can be there."""
    if folder is None:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_old(folder)
    except OSError:
        return None
    said = f"{platform.node()}\n{url}\n{client_id}"
    return SharedPace(folder / f"{hashlib.sha256(said.encode()).hexdigest()[:24]}.pace")


def pace_folder(environment: Mapping[str, str]) -> Path | None:
    """Where the user's processes find each other: the folder for what programs keep; None where there is none."""
    named = environment.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME", "")
    home = environment.get("HOME", "")
    folder = Path(named) if named else Path(home) / ".local" / "state"
    return folder / "bulkpo" / "pace" if (named or home) and folder.is_absolute() else None


def _join(file: int, used: Used) -> None:
    """Take over what others have used, where that is of this start of the machine and can be."""
    with suppress(OSError, struct.error):
        started, full_at, closed_until = _NUMBERS.unpack(os.read(file, _NUMBERS.size))
        if (
            abs(started - _started_at()) <= _SAME_START
            and max(full_at, closed_until) <= time.monotonic_ns() + _FARTHEST
        ):
            used.full_at, used.closed_until = max(used.full_at, full_at), max(used.closed_until, closed_until)


def _started_at() -> int:
    """About when this machine's steady clock began, by the one on the wall."""
    return time.time_ns() - time.monotonic_ns()


def _forget_old(folder: Path) -> None:
    """Remove the files of instances that nobody has asked for a day."""
    for path in folder.glob("*.pace"):
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - _FORGOTTEN:
                path.unlink()
