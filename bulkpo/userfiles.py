"""Files that people write for bulkpo: only ordinary ones are read, and the one that says where secrets go is theirs.

A `bulkpo.yaml` names the address that credentials and orders are sent to, and it is found upwards from the working
folder. So whoever can change it can have them sent elsewhere: on systems with owners and rights it is taken only if
nobody but its user and root can.

- The file, and the folder it is in, must belong to the user or to root.
- Neither may be written by everybody; a folder may be if it is sticky, as /tmp is, since nobody can take another's file
  out of such a one.
- Neither may be written by a group, but for root's and the user's own: the primary one, of the user's name and without
  other members, which many systems give everybody, with a umask of 002.
- The folders that the variable BULKPO_TRUSTED lists are taken as they are: for shared folders, volumes of containers,
  and disks whose rights say nothing.

Access lists are not looked at. Windows has other means, and nothing is asked there.
"""

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from bulkpo.errors import UsageError

TRUSTED = "BULKPO_TRUSTED"
MOST_TEXT_BYTES = 16 << 20
_ROOT = 0


def is_ordinary(path: Path) -> bool:
    """Whether there is a file with text to read: no folder, pipe or device, and in a folder that can be looked into."""
    try:
        return path.is_file()
    except OSError:
        return False


def ordinary_text(path: Path) -> str:
    """The text of a file in UTF-8, with or without a mark of the order of bytes.

    Raises OSError, also for what is no ordinary file, such as a pipe or a device, which may have no end, and for more
    than people write (MOST_TEXT_BYTES); and UnicodeDecodeError.
    """
    if not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "it is no ordinary file; save what it gives to a file first")
    with path.open("rb") as file:
        text = file.read(min(os.fstat(file.fileno()).st_size, MOST_TEXT_BYTES) + 1)
    if len(text) > MOST_TEXT_BYTES:
        raise OSError(
            errno.EFBIG, f"it has more than {MOST_TEXT_BYTES >> 20} MB; put a long table into a file of its own"
        )
    return text.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def refuse_strangers(path: Path, environment: Mapping[str, str]) -> None:
    """Raise UsageError where others than the user and root can change a file."""
    if os.name != "posix" or _is_listed(path.parent, environment.get(TRUSTED, "")):
        return
    for place in dict.fromkeys((path, path.parent, path.resolve(), path.resolve().parent)):
        if trouble := _trouble(place):
            raise UsageError(
                f"{path}: is not taken, since {trouble}: whoever changes it could have your secrets sent elsewhere. If "
                f"that is meant, set the variable {TRUSTED}={path.parent}"
            )


def _is_listed(folder: Path, listed: str) -> bool:
    return any(Path(name).resolve() == folder.resolve() for name in listed.split(os.pathsep) if name)


def _trouble(place: Path) -> str:
    """Who else can change a file or folder, and what to do about it."""
    facts = place.stat()
    mode, user = facts.st_mode, os.geteuid()
    if facts.st_uid not in (user, _ROOT):
        owner = _name_of_user(facts.st_uid)
        return f"{place} belongs to {owner}, neither to you nor to root (make a copy of your own)"
    if mode & stat.S_IWOTH and not (stat.S_ISDIR(mode) and mode & stat.S_ISVTX):
        return f"everybody may write {place} (chmod o-w takes that away)"
    if mode & stat.S_IWGRP and not (mode & stat.S_ISVTX and stat.S_ISDIR(mode)) and not _is_own_group(facts.st_gid):
        return f"the group {_name_of_group(facts.st_gid)} may write {place} (chmod g-w takes that away)"
    return ""


def _is_own_group(group: int) -> bool:
    """True for root's group, and for the user's private one."""
    import grp
    import pwd

    if group == _ROOT:
        return True
    try:
        user, found = pwd.getpwuid(os.geteuid()), grp.getgrgid(group)
    except KeyError:
        return False
    return user.pw_gid == group and found.gr_name == user.pw_name and set(found.gr_mem) <= {user.pw_name}


def _name_of_user(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _name_of_group(number: int) -> str:
    import grp

    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
