"""What was sent, packed for the journal."""

import zlib

_WINDOW, _MEMORY = 13, 6  # zlib's own choice asks for 256 KB of memory each time, which takes longer than the packing


def packed(sent: bytes) -> bytes:
    """The bytes, compressed."""
    packer = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, _MEMORY)
    return packer.compress(sent) + packer.flush()


def unpacked(kept: bytes | None) -> bytes:
    """The bytes that were packed; none for None."""
    return zlib.decompress(kept) if kept else b""
