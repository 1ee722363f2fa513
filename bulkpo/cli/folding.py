"""Text folded at the width of a terminal, where Chinese, Japanese and Korean letters are two places wide.

Sources: Unicode Standard Annex 11, East Asian Width; a terminal gives combining marks no place of their own.
"""

from collections.abc import Iterator
from unicodedata import combining, east_asian_width

_NO_PLACE = "\u200b\u200c\u200d\ufe0e\ufe0f"


def span(text: str) -> int:
    """How many places of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_span, text))


def fold(text: str, most: int, first: str = "", rest: str = "", *, cut: bool = False) -> list[str]:
    """A text in lines of at most so many places, beginning with `first` and `rest`; none where it is blank.

    Lines end between words, and between letters that are two places wide. A word that is longer than a line stays
    whole, as paths and numbers are to be copied; with `cut` it is taken apart.
    """
    lines: list[str] = []
    line, used, is_open = first, span(first), False
    for gap, piece in _pieces(text):
        for number, part in enumerate(_parts(piece, most - span(rest)) if cut else (piece,)):
            blank = " " if gap and is_open and not number else ""
            if is_open and used + len(blank) + span(part) > most:
                lines.append(line)
                line, used, blank = rest, span(rest), ""
            line += blank + part
            used += len(blank) + span(part)
            is_open = True
    return [*lines, line] if is_open else []


def padded(text: str, most: int, *, right: bool = False) -> str:
    """A text filled up with blanks to so many places."""
    blanks = " " * max(most - span(text), 0)
    return blanks + text if right else text + blanks


def _span(letter: str) -> int:
    if combining(letter) or letter in _NO_PLACE:
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """What a line may end after, each with whether a blank goes before it: words, and letters two places wide."""
    for word in text.split():
        if word.isascii():
            yield True, word
            continue
        piece, gap = "", True
        for letter in word:
            if piece and _span(letter) and 2 in (_span(letter), _span(piece[-1])):
                yield gap, piece
                piece, gap = "", False
            piece += letter
        yield gap, piece


def _parts(word: str, most: int) -> Iterator[str]:
    part = ""
    for letter in word:
        if part and span(part + letter) > most:
            yield part
            part = ""
        part += letter
    if part:
        yield part
