"""Files that appear whole or not at all: written beside their place, flushed to disk, then moved there.

What a killed process left beside a place is removed by the next one that writes there. A file in the making is locked,
and its name tells whose it is, so that it is never taken for one of those. It is always made anew and never through a
link, and nobody but its owner sees it before it is done. A link in the place itself is followed if it is the user's or
root's own; one of somebody else's could lead anywhere.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from bulkpo.errors import OutputError
from bulkpo.tables.faults import writing

Placing = Callable[[os.stat_result], None]
_IS_POSIX = os.name == "posix"


def identity_of(file: os.stat_result) -> str:
    """What a file keeps when it is renamed, and another of the same name has not."""
    return f"{file.st_ino}-{file.st_size}-{file.st_mtime_ns}"


@contextmanager
def replacing(path: Path, placing: Placing | None = None, like: Path | None = None) -> Iterator[IO[bytes]]:
    """A file to write to; it takes the place of `path` when the block ends well, and is removed when it does not.

    What was at `path` stays untouched until then; `placing` is told of the file when it is durable, right before it
    moves. It may be read and written by whom `like` may be, by whom the file it replaces may be, or, without either, as
    the system gives it; by its owner always. Raises OutputError for all that can go wrong with files.
    """
    with writing(path):
        if is_strangers_link(path):
            raise OutputError(f"{path}: is a link that somebody else made; choose another name or folder")
        place = Path(os.path.realpath(path))  # not resolve(), which raises where links go round
        if place.is_dir():
            raise IsADirectoryError
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError
        sweep(place)
        beside = place.with_name(f".{place.name}.{os.getpid()}.part")
        mode = _mode(like or place)
        made = _made(beside, mode)
        try:
            with made as file:
                _lock(file)
                yield file
                file.flush()
                if mode is not None and _IS_POSIX:
                    os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            if placing is not None:
                placing(beside.stat())
            beside.replace(place)
            _sync_folder(place.parent)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def is_strangers_link(path: Path) -> bool:
    """True for a link that belongs to neither the user nor root, where files have owners."""
    return _IS_POSIX and path.is_symlink() and path.lstat().st_uid not in (os.geteuid(), 0)


def _mode(like: Path) -> int | None:
    """The rights of a file, and its owner's to read and write; None where there is no such file."""
    try:
        return stat.S_IMODE(like.stat().st_mode) & 0o666 | 0o600
    except OSError:
        return None


def _made(path: Path, mode: int | None) -> IO[bytes]:
    """A new file, for its owner's eyes alone where its rights are yet to come.

    What is there in its name is removed: a file that an earlier process of this number left, or a link.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    rights = 0o666 if mode is None else 0o600
    try:
        return os.fdopen(os.open(path, flags, rights), "wb")
    except FileExistsError:
        _remove(path)
        return os.fdopen(os.open(path, flags, rights), "wb")


def sweep(place: Path) -> None:
    """Remove what processes that are no more left beside a place."""
    start, end = f".{place.name}.", ".part"
    for name in os.listdir(place.parent):  # noqa: PTH208 - names are enough, and there may be many
        process = name.removeprefix(start).removesuffix(end)
        if name == f"{start}{process}{end}" and process.isdecimal() and not _lives(int(process)):
            with suppress(OSError):  # it is locked, another was quicker, or (Windows) a process has it open
                _remove(place.with_name(name))


def _lives(process: int) -> bool:
    """Whether there is such a process here; unknown, hence no, where asking would end it (Windows)."""
    if not _IS_POSIX:
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _remove(left: Path) -> None:
    """Remove a file unless it is locked: by a process of another container, say, which cannot be seen from here."""
    if not _IS_POSIX:
        left.unlink()
        return
    import fcntl

    if left.is_symlink():
        left.unlink()
        return
    with left.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        left.unlink()


def _lock(file: IO[bytes]) -> None:
    """Hold a file until it is closed or the process is no more; where there are no locks, the name must do."""
    if _IS_POSIX:
        import fcntl

        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too; where folders cannot be opened (Windows) the system sees to it."""
    if not _IS_POSIX:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
