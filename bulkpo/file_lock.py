"""A lock on an open file, for one process at a time; the system frees it when that one closes the file, or ends."""

import sys

if sys.platform == "win32":
    import msvcrt
    import os

    _FAR = 1 << 30  # a locked byte cannot be read by others, so it lies behind the text

    def take_lock(file: int) -> bool:
        """Take the lock, or return False at once where another has it."""
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

    def take_lock(file: int) -> bool:
        """Take the lock, or return False at once where another has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
