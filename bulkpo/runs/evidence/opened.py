"""A pack read as a stranger's file: nothing it says of itself is believed, and nothing is unpacked to a disk."""

import hashlib
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from bulkpo.runs.evidence.sealed import END, END_SIGNATURE, SEAL, SEALED_END

MOST_READ = 32 << 20
"""The most that is read of run.json, of the manifest, and of one line."""
_PIECE = 1 << 20
_LARGE, _MOST_TIMES = 1 << 30, 200
_MOST_MEMBERS = 100_000
_NAME = re.compile(r"(?:(?:inputs|mapping|plan|results)/[0-9]{2,}-)?[A-Za-z0-9._-]+", re.ASCII)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


class Wrong(NamedTuple):
    """What is wrong with a part of a pack."""

    part: str
    said: str


def size_and_digest(file: BinaryIO) -> tuple[int, str]:
    """The size and digest of the whole file."""
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return file.tell(), digest.hexdigest()


def seal_trouble(file: BinaryIO, size: int) -> str:
    """What is wrong with the seal; nothing where it holds."""
    if size < SEALED_END:
        return "it is too short to be a pack"
    file.seek(size - SEALED_END)
    end = file.read(SEALED_END)
    seal = SEAL.fullmatch(end[END.size :])
    if not end.startswith(END_SIGNATURE) or seal is None:
        return "it does not end with a seal of bulkpo: no pack, cut short, or something was added to its end"
    file.seek(0)
    digest, left = hashlib.sha256(), size - SEALED_END
    while left and (piece := file.read(min(_PIECE, left))):
        digest.update(piece)
        left -= len(piece)
    if digest.hexdigest().encode() != seal[1]:
        return "its seal is broken: a byte before its end was changed"
    return _end_trouble(end, size)


def _end_trouble(end: bytes, size: int) -> str:
    """What is wrong with the end record, which no seal covers."""
    _, disk, start_disk, here, everywhere, length, start, comment = END.unpack(end[: END.size])
    is_large = 0xFFFF in (here, everywhere) or 0xFFFFFFFF in (length, start)
    is_true = (disk, start_disk, here, comment) == (0, 0, everywhere, SEALED_END - END.size)
    if not is_true or not (is_large or start + length == size - SEALED_END):
        return "its end record was changed"
    return ""


def member_troubles(archive: zipfile.ZipFile, size: int) -> Iterator[Wrong]:
    """What is wrong with the list of members of a file of this size, before any of them is read."""
    infos = archive.infolist()
    if len(infos) > _MOST_MEMBERS:
        yield Wrong("structure", f"{len(infos):,} members are more than any pack has")
        return
    for name, count in Counter(info.filename.casefold() for info in infos).items():
        if count > 1:
            yield Wrong(name, f"there are {count} members of this name, so that tools see different ones")
    yield from (Wrong(ascii(info.filename)[1:-1], said) for info in infos if (said := _unfit(info)))
    whole = sum(info.file_size for info in infos)
    if whole > 4 * _LARGE and whole > _MOST_TIMES * size:
        yield Wrong("structure", f"its members say that they unpack to {whole:,} bytes; none was unpacked")
    if sum(info.compress_size for info in infos) > size:
        yield Wrong("structure", "its members lie over one another")


def _unfit(info: zipfile.ZipInfo) -> str:
    """Why a member is not read; nothing where it may be."""
    if not _NAME.fullmatch(info.filename) or ".." in info.filename or info.orig_filename != info.filename:
        return "this is no name that a pack has; do not unpack it"
    if info.flag_bits & 1:
        return "it is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is compressed in a way that no pack is"
    if info.file_size > _LARGE and info.file_size > _MOST_TIMES * info.compress_size:
        return f"it says that it unpacks to {info.file_size:,} bytes; it was not unpacked"
    return ""


class ReadMember(NamedTuple):
    """A member as it was read: its digest, and what was wrong."""

    sha256: str
    trouble: str


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> ReadMember:
    """Read a member through, piece by piece."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(info) as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                size += len(piece)
    except _BROKEN as error:
        return ReadMember("", f"it cannot be read: {error}")
    if size != info.file_size:
        return ReadMember("", f"it has {size:,} bytes and says that it has {info.file_size:,}")
    return ReadMember(digest.hexdigest(), "")


def text_of_member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """A small member whole; None where there is none, or it is too large or cannot be read."""
    try:
        if archive.getinfo(name).file_size > MOST_READ:
            return None
        with archive.open(name) as stream:
            return stream.read(MOST_READ)
    except (KeyError, *_BROKEN):
        return None


def lines_of_member(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The lines of a member, each with its line feed; ends where it cannot be read any further."""
    try:
        with archive.open(name) as stream:
            while line := stream.readline(MOST_READ):
                yield line
    except (KeyError, *_BROKEN):
        return
