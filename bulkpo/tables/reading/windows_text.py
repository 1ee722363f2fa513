"""Whether bytes that nothing declares can be Windows text (cp1252), as which nearly all bytes can be read.

Text of DOS, of old Macs, Cyrillic, Greek or Chinese text is read so without an error, and means nothing then.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

_SMALL = rb"a-z\xdf-\xff"
_LETTER = rb"A-Za-z\x8a\x8c\x8e\x9a\x9c\x9e\x9f\xc0-\xff"
_CAPITAL = rb"A-Z\xc0-\xd6\xd8-\xde"
_ODD = re.compile(
    rb"|".join(
        (
            # marks of quotation and of paragraphs, daggers, and signs of money between letters
            rb"[%(letter)s][\x82\x84\x86-\x89\x8b\x94\x98\xa1-\xa4\xa7\xbf][%(small)s]",
            # a capital before a small letter within a word; ã of DOS
            rb"[A-Za-z\xdf-\xff][\x8a\x8c\x8e\x9f][%(small)s]",
            rb"[a-z]\xc6(?:[eos]\b|(?![%(letter)s]))",
            # accented letters alone, and with other signs; pairs of Chinese characters, and three of Japanese ones
            rb"[\xc0-\xff]{4,}|[\xa1-\xff]{6,}",
            rb"(?:[\xa4-\xbf][\x40-\x7e\xa1-\xfe][\xa4-\xbf][\xa1-\xfe]|[\xa4-\xbf][\xa1-\xfe][\xa4-\xbf][\x40-\x7e])",
            rb"(?:[\x82\x83][\x40-\x7e\x80-\xfc]){3,}",
            # thorn where no Icelandic word has it, and with letters of other languages: Turkish, Lithuanian, Romanian
            rb"[%(small)s]\xfe(?:[dgklmnpstz\xe7]|(?![%(letter)s]))",
            rb"[%(capital)s]\xde(?:[DGKLMNPSTZ\xc7]|(?![%(letter)s]))",
            rb"[\xe7\xfc][%(small)s]{0,20}[\xf0\xfd\xfe]|[\xf0\xfd\xfe][%(small)s]{0,20}[\xe7\xfc]|\xf0\xfd",
            # Czech, Slovak, Slovene, Croatian
            rb"[\x9a\x9e][%(small)s]{0,20}[\xe6\xe8\xec\xf2\xf8\xf9]|[\xe6\xe8\xec\xf2\xf8\xf9][%(small)s]{0,20}[\x9a\x9e]",
            rb"\xf8[\xe1\xe8\xe9\xec\xed\xf9\xfd]|[\xec\xf9]\xf8",
            # Polish, and Hungarian
            rb"[a-ln-z\xdf-\xff]\xb3[%(small)s]|[%(small)s]\xb9[%(small)s]|\x9c[bkwz\xe6]|[\xea\xf1]\x9c",
            rb"\xf5[a-df-z][%(small)s]{0,20}[\xe1\xe9\xed\xf3\xfa\xfb]|[\xe1\xe9\xed\xf3\xfa\xfb][%(small)s]{0,20}\xf5[a-df-z]",
            rb"\xfb[a-z]{1,20}\xfb",
        )
    )
    % {b"letter": _LETTER, b"small": _SMALL, b"capital": _CAPITAL}
)
_USUAL = re.compile(rb"[a-z][\xdf-\xef\xf1-\xfc\xff][a-z]")
"""Without the letters of Iceland, which stand for those of Turkey."""
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_ACCENTED = re.compile(rb"[\x80-\xff]")
_DOUBTFUL = re.compile(rb"[\xb3\xb9\xbe\xc6\xd0\xdd\xde\xec\xf0\xf2\xf5\xf8\xf9\xfb\xfd\xfe]")
"""Letters of Windows text in whose place other encodings have letters of theirs."""
_LONGEST_WORD = 40
_FEWEST_DIFFERENT = 3
"""Of accented letters alone; Finnish and Estonian have words with more of them that are alike."""
_USUAL_TO_ODD = 10
_OTHERS = (
    "cp850", "mac_roman", "cp1254", "cp1250", "cp1257", "cp1251", "cp1253", "koi8_r", "gb18030", "big5", "shift_jis",
)  # fmt: skip
_LATIN = ("cp850", "mac_roman")
_NOT_LATIN = frozenset(_OTHERS[_OTHERS.index("cp1251") :])
"""Those whose words have no letter of ours."""
_TURKISH = frozenset("çğıöşüÇĞİÖŞÜ")
_LAST_LATIN = "\u00ff"


class Misfit(NamedTuple):
    """A word that is none in Windows text, the line it is in, and an encoding in which it may be one."""

    word: bytes
    line: int
    encoding: str | None

    def __str__(self) -> str:
        shown = f"as Windows text (cp1252) it has {self.word.decode('cp1252', 'replace')!r}"
        if self.encoding is None:
            return shown
        return f"{shown}, where {self.encoding} has {self.word.decode(self.encoding)!r}"


def misfit(blocks: Iterable[bytes]) -> Misfit | None:
    """What speaks against Windows text, if more does than for it; a word at the edge of a block is left aside."""
    first: Misfit | None = None
    odd = usual = above = 0
    for block in blocks:
        lines = block.split(b"\n")
        for number, line in enumerate(lines, above + 1):
            if line.isascii():
                continue
            for found in filter(_is_odd, _ODD.finditer(line)):
                odd += 1
                if first is None:
                    word = _word_at(line, found.start())
                    first = Misfit(word, number, _fitting(word))
            usual += len(_USUAL.findall(line))
        above += len(lines) - 1
    return first if odd * _USUAL_TO_ODD > usual else None


def telling_word(blocks: Iterable[bytes]) -> str:
    """The first word, as Windows text, whose letters other encodings use for theirs; or else the first accented one."""
    first = b""
    for block in blocks:
        if found := _DOUBTFUL.search(block):
            return _word_at(block, found.start()).decode("cp1252", "replace")
        if not first and (found := _ACCENTED.search(block)):
            first = _word_at(block, found.start())
    return first.decode("cp1252", "replace")


def _is_odd(found: re.Match[bytes]) -> bool:
    different = len({*found[0]})
    return not found[0].isascii() and (len(found[0]) <= _FEWEST_DIFFERENT or different >= _FEWEST_DIFFERENT)


def _word_at(text: bytes, place: int) -> bytes:
    """The word that a byte is in, if it is not too far within."""
    start = max(0, place - _LONGEST_WORD)
    return next(each[0] for each in _WORD.finditer(text, start, place + _LONGEST_WORD) if each.end() > place)


def _fitting(word: bytes) -> str | None:
    """The first of some encodings in which bytes are a word: letters alone, and none large but the first or all."""
    for encoding in _OTHERS:
        try:
            text = word.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding in _LATIN and max(text) > _LAST_LATIN:
            continue
        if (
            _is_script_of(encoding, word, text)
            and text.isalpha()
            and (text[1:] == text[1:].lower() or text == text.upper())
        ):
            return encoding
    return None


def _is_script_of(encoding: str, word: bytes, text: str) -> bool:
    """Whether the letters are those people write who use an encoding."""
    own = {letter for letter in text if not letter.isascii()}
    if encoding == "cp1254":
        return own <= _TURKISH
    if encoding == "mac_roman":
        return b"\xbf" not in word  # Danish there, and far more often Polish of Windows: cp1250
    if encoding == "gb18030" and re.search(rb"[A-Za-z]", word):
        return False  # the half of a character where people write it so; of Big5 it often is
    return encoding not in _NOT_LATIN or len(own) == len({*text})
