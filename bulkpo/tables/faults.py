"""The failures of files and archives, in words that say what to do."""

import errno
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bulkpo.errors import InputError, OutputError
from bulkpo.memory import is_of_memory

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError)
"""What nothing but a file that is not whole makes Python raise."""
_DAMAGED = (
    *_BROKEN,
    struct.error,
    SyntaxError,  # lxml's, of XML that is none
    NotImplementedError,  # a way of compressing that Python does not know
    OverflowError,  # places and sizes in the file that no file has
    ValueError,  # numbers, dates and text in the file that are none
)
"""The same, and what code that does nothing but read a file raises of one."""
_OF_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong while a file is read, and nothing else is done, into an InputError that names the file."""
    with _told(path, _DAMAGED):
        yield


@contextmanager
def copying(path: Path) -> Iterator[None]:
    """The same while something else is done, too, whose own mistakes are no damage of the file."""
    with _told(path, _BROKEN):
        yield


@contextmanager
def _told(path: Path, damage: tuple[type[Exception], ...]) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the name and the folder") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; name the file in it") from None
    except PermissionError:
        raise InputError(f"{path}: the file may not be read; close it elsewhere or ask for permission") from None
    except damage as error:
        if is_of_memory(error):
            raise
        raise InputError(f"{path.name}: the file is damaged or cut short ({error}); get a fresh copy") from None
    except OSError as error:
        if error.errno in _OF_WRITING or is_of_memory(error):  # of a copy that is made meanwhile, or of the machine
            raise
        raise InputError(f"{path}: the file cannot be read: {error.strerror or error}") from None


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what goes wrong while a file is written into an OutputError that names the file."""
    try:
        yield
    except FileNotFoundError:
        raise OutputError(f"{path}: there is no folder {path.parent}; make it or name another") from None
    except (PermissionError, IsADirectoryError, NotADirectoryError):
        raise OutputError(f"{path}: may not be written; close it in Excel, or choose another name or folder") from None
    except OSError as error:
        reason = "the disk is full; make room" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror
        raise OutputError(f"{path}: cannot be written: {reason or error}") from None
