"""A claim on a run or a file, so that two processes never work on one; the system frees a dead one's claim."""

import errno
import hashlib
import os
import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bulkpo.errors import JournalError, OutputError, RunError
from bulkpo.file_lock import take_lock

_PLACES = "places"
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
    with _held(claim_file(folder, run), f"run {run} is being worked on by {{}}; wait until it ends, or end it"):
        yield


@contextmanager
def claim_places(folder: Path, places: Iterable[Path]) -> Iterator[None]:
    """Hold what is about to be worked on or written, for this process; raises RunError naming the one that holds it.

    Two that bring the same file into Coupa at once, or write their results to one place, are so kept apart before
    either does anything. Raises OutputError for a name that no file can have there, while nothing is done yet.
    """
    with ExitStack() as held:
        for place in sorted(set(map(os.path.realpath, places))):
            _refuse_too_long(Path(place))
            name = hashlib.sha256(os.fsencode(place)).hexdigest()[:24]
            shown = place.replace("{", "{{").replace("}", "}}")
            busy = f"{shown}: {{}} is at work on it; wait until it ends, or end it, and try again. Nothing was done"
            with suppress(OSError):
                (folder / _PLACES).mkdir(parents=True, exist_ok=True)
            held.enter_context(_held(folder / _PLACES / f"{name}.claim", busy, stays=False))
        yield


def _refuse_too_long(place: Path) -> None:
    """Raise OutputError where a file, with what its name gets while it is written, has too long a name for the disk."""
    try:
        place.with_name(f".{place.name}.999.{1 << 22}.part").lstat()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise OutputError(
                f"{place}: the name is too long for this disk; choose another, or a shorter one for the input. Nothing "
                "was done"
            ) from None


@contextmanager
def _held(path: Path, busy: str, *, stays: bool = True) -> Iterator[None]:
    """Hold a file; `busy` is what to say where another process does, with a place for its name.

    One that is not to stay is removed while it is still held; Windows does not let an open file go, and keeps it.
    """
    file = _locked(path, busy)
    try:
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, f"process {os.getpid()} on {socket.gethostname()}".encode())
        yield
    finally:
        if not stays:
            with suppress(OSError):
                path.unlink()
        os.close(file)


def _locked(path: Path, busy: str) -> int:
    """A file, open and locked; one that its last holder removed in between is no claim on anything any more."""
    while True:
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise JournalError(f"{path}: cannot be written: {error.strerror}; make its folder writable") from None
        if not take_lock(file):
            holder = os.read(file, 200).decode("utf-8", "replace").strip() or "another process"
            os.close(file)
            raise RunError(busy.format(holder))
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file), path.stat()):
                return file
        os.close(file)
