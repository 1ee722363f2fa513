"""Whether bytes that nothing declares can be Windows text (cp1252), as which nearly all bytes can be read.

Text of DOS, of old Macs, Cyrillic, Greek or Chinese text is read so without an error, and means nothing then.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

_SMALL = rb"a-z\xdf-\xff"
_LETTER = rb"A-Za-z\x8a\x8c\x8e\x9a\x9c\x9e\x9f\xc0-\xff"
_ODD = re.compile(
    # marks of quotation and of paragraphs, daggers, and signs of money between letters
    rb"[%(letter)s][\x82\x84\x86-\x89\x8b\x94\x98\xa1-\xa4\xa7\xbf][%(small)s]"
    # a capital before a small letter within a word
    rb"|[A-Za-z\xdf-\xff][\x8a\x8c\x8e\x9f][%(small)s]"
    # accented letters alone, and with other signs
    rb"|[\xc0-\xff]{4,}|[\xa1-\xff]{6,}" % {b"letter": _LETTER, b"small": _SMALL}
)
_USUAL = re.compile(rb"[a-z][\xdf-\xff][a-z]")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_FEWEST_DIFFERENT = 3
"""Of accented letters alone; Finnish and Estonian have words with more of them that are alike."""
_USUAL_TO_ODD = 10
_OTHERS = ("cp850", "mac_roman", "cp1251", "cp1253", "cp1250", "koi8_r", "gb18030")
_LATIN = ("cp850", "mac_roman")
_LAST_LATIN = "\u00ff"


class Misfit(NamedTuple):
    """A word that is none in Windows text, the line it is in, and an encoding in which it may be one."""

    word: bytes
    line: int
    encoding: str | None

    def __str__(self) -> str:
        shown = f"as Windows text (cp1252) it has {self.word.decode('cp1252')!r}"
        if self.encoding is None:
            return shown
        return f"{shown}, where {self.encoding} has {self.word.decode(self.encoding)!r}"


def misfit(blocks: Iterable[bytes]) -> Misfit | None:
    """What speaks against Windows text, if more does than for it; a word at the edge of a block is left aside."""
    first: Misfit | None = None
    odd = usual = line = 0
    for block in blocks:
        for found in _ODD.finditer(block):
            if found[0].isascii() or (len(found[0]) > _FEWEST_DIFFERENT and len({*found[0]}) < _FEWEST_DIFFERENT):
                continue
            odd += 1
            if first is None:
                word = next(each[0] for each in _WORD.finditer(block) if each.end() >= found.end())
                first = Misfit(word, line + block.count(b"\n", 0, found.start()) + 1, _fitting(word))
        usual += len(_USUAL.findall(block))
        line += block.count(b"\n")
    return first if odd * _USUAL_TO_ODD > usual else None


def _fitting(word: bytes) -> str | None:
    """The first of some encodings in which bytes are a word: letters alone, and none large but the first or all."""
    for encoding in _OTHERS:
        try:
            text = word.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding in _LATIN and max(text) > _LAST_LATIN:
            continue
        if text.isalpha() and (text[1:] == text[1:].lower() or text == text.upper()):
            return encoding
    return None
