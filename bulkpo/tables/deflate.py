"""How the sheets of a workbook are compressed: by ISA-L, or by zlib on the machines it was not built for.

ISA-L makes the same format several times faster than zlib's quickest level, and somewhat smaller.
"""

import zipfile
import zlib
from typing import IO, Protocol

_LEVEL = 1
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class Compressor(Protocol):
    """What turns bytes into a deflate stream."""

    def compress(self, data: bytes, /) -> bytes:
        """Take some bytes; gives what of the stream is ready."""

    def flush(self) -> bytes:
        """End the stream; gives the rest of it."""


def compressor() -> Compressor:
    """The fastest there is, for a stream without header."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -isal_zlib.MAX_WBITS)


def begin_part(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open a part of an archive to write, of whatever size; the one before must be closed."""
    info = zipfile.ZipInfo(name, _LONG_AGO)
    info.compress_type = zipfile.ZIP_DEFLATED
    part = archive.open(info, "w", force_zip64=True)
    part._compressor = compressor()  # type: ignore[attr-defined] # noqa: SLF001 - there is no public way to choose it
    return part
