"""A ZIP file's bytes accounted for: each belongs to one member, and what stands before that says what the list says.

Readers differ: some go by the list at the end, some by what stands before each member. Where the two disagree, or
something lies between, one reader is shown what another never sees.
"""

import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_AFTER = 0x08
"""The flag of a member whose digest and sizes stand after it."""
_AFTER_SIGNATURE = b"PK\x07\x08"


def untiled(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[str]:
    """Where bytes are left over, or what stands before a member is not what the list says; the first such place."""
    place = 0
    for info in sorted(archive.infolist(), key=lambda each: each.header_offset):
        if info.header_offset != place:
            yield f"{abs(info.header_offset - place):,} bytes before {info.filename} belong to no member, or to two"
            return
        file.seek(place)
        head = file.read(_LOCAL.size)
        if len(head) != _LOCAL.size or not head.startswith(_LOCAL_SIGNATURE):
            yield f"{info.filename} does not stand where the list says"
            return
        _, _, flags, method, _, _, crc, packed, size, letters, more = _LOCAL.unpack(head)
        name = file.read(letters)
        if (name, method, flags) != (info.orig_filename.encode(), info.compress_type, info.flag_bits):
            yield f"what stands before {info.filename} is not what the list says of it"
            return
        if not flags & _AFTER and (crc, packed, size) != (info.CRC, info.compress_size, info.file_size):
            yield f"what stands before {info.filename} is not what the list says of it"
            return
        place += _LOCAL.size + letters + more + info.compress_size
        if flags & _AFTER:
            file.seek(place)
            after = _after(info, file.read(24))
            if not after:
                yield f"what stands after {info.filename} is not what the list says of it"
                return
            place += after
    if place != archive.start_dir:
        yield f"{abs(archive.start_dir - place):,} bytes before the list of members belong to none"


def _after(info: zipfile.ZipInfo, text: bytes) -> int:
    """How long the digest and sizes after a member are, where they are what the list says; else 0."""
    for form in ("<4sLLL", "<4sLQQ"):
        size = struct.calcsize(form)
        known = (_AFTER_SIGNATURE, info.CRC, info.compress_size, info.file_size)
        if len(text) >= size and struct.unpack(form, text[:size]) == known:
            return size
    return 0
