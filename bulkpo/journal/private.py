"""Files that hold what was sent and read: for their owner's eyes alone."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

NO_FILE = "something else than a file is in its place"


def make_private(path: Path) -> None:
    """Make a file that its owner alone may read and write; one that is there already is taken from all others.

    What SQLite keeps beside a file has the file's own rights. Raises OSError where none can be made, or something else
    than a file is there.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        found = path.stat().st_mode
        if not stat.S_ISREG(found):
            raise OSError(errno.EINVAL, NO_FILE) from None
        mode = stat.S_IMODE(found)
        if mode & 0o077:
            with suppress(PermissionError):  # somebody else's: their choice
                path.chmod(mode & ~0o077)
