"""Text as a workbook's XML holds it.

Blanks at the ends of a text, and line ends, are kept only where the element says so.
"""

import re
import zipfile
import zlib
from typing import IO, Protocol

_APART = "\x1f"
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNHOLDABLE = re.compile("[\x00-\x08\x0b-\x1e\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes([*range(9), *range(0x0B, 0x1F)])
"""What is not to be held of ASCII text: found many times faster as bytes than by pattern."""
_BLANK_ENDS = (f"{_APART} ", f" {_APART}", "\n", "\t")

PLAIN, KEPT = "<t>", '<t xml:space="preserve">'
"""How the element of a text begins: with nothing said of its blanks, or so that all are kept."""


def cell_text(text: str) -> str:
    """Text for a cell: marks escaped for XML, characters XML cannot hold coded as Excel does (`_x0001_`).

    A carriage return is coded as well, since XML readers turn it into a line feed; text that looks like such a code
    is itself coded.
    """
    return _escaped(text).replace(_APART, "_x001F_")


def coded_text(text: str) -> str:
    """Text with what XML cannot hold coded as Excel does, for writers that do the rest."""
    if "_x" in text:
        text = _CODED.sub("_x005F_", text)
    return text if _is_holdable(text) else _UNHOLDABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def cell_texts(texts: list[str]) -> tuple[str, list[str]]:
    """Texts for cells, escaped all at once, and how the element of each begins."""
    joined = _APART.join(["", *texts, ""])
    if joined.count(_APART) != len(texts) + 1:
        return KEPT, list(map(cell_text, texts))
    begin = KEPT if not joined.isascii() or any(blank in joined for blank in _BLANK_ENDS) else PLAIN
    escaped = _escaped(joined)
    return begin, texts if escaped == joined else escaped.split(_APART)[1:-1]


def attribute_text(text: str) -> str:
    """Text for an attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _escaped(text: str) -> str:
    return coded_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _is_holdable(text: str) -> bool:
    """Whether it is sure that XML can hold all of it."""
    return text.isascii() and len(text.encode().translate(None, _CONTROLS)) == len(text)


_LEVEL = 1


_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every part, so that the same content makes the same bytes."""


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


def put_part(archive: zipfile.ZipFile, name: str, text: str) -> None:
    """Write a small part of an archive."""
    archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), text, zipfile.ZIP_DEFLATED)
