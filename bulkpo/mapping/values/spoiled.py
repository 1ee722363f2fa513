"""Text that is what programs left in the place of a value or of its letters: nobody ever meant it.

A spreadsheet saved as text, or pasted as values, keeps the names of its errors and the `####` of its narrow columns.
Text that was read in a wrong encoding before has `Ã¶` for `ö`, or `�` where a letter is gone for good.
"""

import re

from bulkpo.model.text import quoted

_ERROR = re.compile(
    r"#[¡¿]?[A-Z\u00c0-\u00d6\u00d8-\u00deŞŠÁČ/0]{2,14}[!?]|#N/[A-Z]|#I/T|#NV|#YOK|#HIÁNYZIK|#GETTING_DATA|Err:[0-9]{3}"
)
"""The errors of Excel in the languages it speaks, and those of LibreOffice."""
SPOILED_ERRORS = rb"#(?:##|[A-Z/0\x80-\xff]{2,20}[!?]|N/|NV|I/T|YOK|HI|GETTING)|Err:[0-9]{3}"
"""What may be one of them, or a narrow column, in a text's bytes."""
_NARROW = re.compile("#{3,}")

_REST = "".join(map(chr, range(0x80, 0xC0))) + bytes(range(0x80, 0xA0)).decode("cp1252", "ignore")
_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de"
_AFTER_CAPITAL = re.sub("[\xa0\xa9\xae\xb0\xb7\xbb\u2018-\u201d\u2013\u2014\u2026\u203a\u2122]", "", _REST)
"""What goes on with a letter and does not stand behind words, as marks of quotation and dashes do."""
_MISREAD = (
    f"(?:(?<![{_CAPITAL}])[ÂÃÄÅ][{_REST}]|[ÂÃÄÅ](?:[{_AFTER_CAPITAL}]|[{_REST}](?=[A-Za-z]))"
    f"|â[\u20ac\u201a\u201e\u2020][{_REST}]|(?:[ÎÏÐÑ][{_REST}]){{2,}}|(?:[ã-é][{_REST}]{{2}}){{2,}})+"
)
"""Letters of UTF-8 that were read as Windows text: a letter that begins a sequence, and what goes on with one."""
_LOST = re.compile("[\ufffd\x80-\x9f]")
_LETTERS = re.compile(f"{_LOST.pattern}|{_MISREAD}")
_PAIR = re.compile(f"[ÂÃÄÅÎÏÐÑâã-é][{_REST}]")
"""What all misread letters have in them, and hardly any others."""


def may_be_error(texts: str) -> bool:
    """Whether one of some texts, taken together, may be an error or what a narrow column shows."""
    return "#" in texts or "Err:" in texts


def may_be_spoiled(texts: str) -> bool:
    """Whether some texts beyond ASCII, taken together, may have letters that are lost or were misread."""
    return _LOST.search(texts) is not None or _PAIR.search(texts) is not None


def spoiled(text: str) -> str | None:
    """What is wrong with spoiled text, None if it is none."""
    if _ERROR.fullmatch(text):
        return f"{quoted(text)} is the error of a spreadsheet in the place of a value; correct the cell"
    if _NARROW.fullmatch(text):
        return (
            f"{quoted(text)} is what spreadsheets show where a column is too narrow for its value; write the file anew"
        )
    found = None if text.isascii() else _LETTERS.search(text)
    if found is None:
        return None
    meant = _meant(found[0])
    if meant is None:
        lost = f"{quoted(text)} has lost the letter at place {found.start() + 1}"
        return f"{lost}, which a program could not read or write; correct the cell, or write the file anew"
    wrong = f"{quoted(text)} was once read in a wrong encoding: {quoted(found[0])} in it was probably {quoted(meant)}"
    return f"{wrong}; correct the cell, or write the file anew"


def _meant(letters: str) -> str | None:
    """The letters before they were misread, None if that cannot be told."""
    try:
        return b"".join(_byte(letter) for letter in letters).decode()
    except UnicodeError:
        return None


def _byte(letter: str) -> bytes:
    """The byte that Windows text has for a letter; what it has no letter for keeps its number."""
    return letter.encode("latin-1") if "\x80" <= letter <= "\x9f" else letter.encode("cp1252")
