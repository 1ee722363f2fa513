"""Files that appear whole or not at all: written beside their place, made durable, then put there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bulkpo.tables.faults import writing


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to; it takes the place of `path` when the block ends well, and is removed when it does not.

    What was at `path` stays untouched until then. Raises OutputError for all that can go wrong with files.
    """
    with writing(path):
        place = path.resolve()
        if place.is_dir():
            raise IsADirectoryError
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError
        beside = place.with_name(f".{place.name}.{os.getpid()}.part")
        try:
            with beside.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
            _sync_folder(place.parent)
        finally:
            beside.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too; where folders cannot be opened (Windows) the system sees to it."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
