"""Text as a workbook's XML holds it.

Blanks at the ends of a text, and line ends, are kept only where the element says so.
"""

import re

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
    if "_x" in text:
        text = _CODED.sub("_x005F_", text)
    if not _is_holdable(text):
        text = _UNHOLDABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _is_holdable(text: str) -> bool:
    """Whether it is sure that XML can hold all of it."""
    return text.isascii() and len(text.encode().translate(None, _CONTROLS)) == len(text)
