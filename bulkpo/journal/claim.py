"""A claim on a run, so that two processes never work on one; the operating system frees a dead one's claim."""

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bulkpo.errors import JournalError, RunError

_NAME = re.compile(r"run-([1-9][0-9]{0,17})\.claim", re.ASCII)


def claim_file(folder: Path, run: int) -> Path:
    """The file that stands for the claim on a run."""
    return folder / f"run-{run}.claim"


def claimed_runs(folder: Path) -> list[int]:
    """The runs that were ever worked on in a folder, but for those that were forgotten since."""
    names = (_NAME.fullmatch(path.name) for path in folder.glob("run-*.claim"))
    return sorted(int(name[1]) for name in names if name)


@contextmanager
def claim(folder: Path, run: int) -> Iterator[None]:
    """Hold a run for this process; raises RunError naming the process that holds it."""
    path = claim_file(folder, run)
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise JournalError(f"{path}: cannot be written: {error.strerror}; make its folder writable") from None
    try:
        if not _lock(file):
            holder = os.read(file, 200).decode("utf-8", "replace").strip() or "another process"
            raise RunError(f"run {run} is being worked on by {holder}; wait until it ends, or end it")
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, f"process {os.getpid()} on {socket.gethostname()}".encode())
        yield
    finally:
        os.close(file)


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # a locked byte cannot be read by others, so it lies behind the text

    def _lock(file: int) -> bool:
        os.lseek(file, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
