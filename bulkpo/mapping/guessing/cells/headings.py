"""In which row the headings of an unknown table stand, and over how many rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest

from bulkpo.mapping.guessing.cells.column import is_number_text, plain_cell, says_nothing
from bulkpo.model.table import Cell, Doubtful
from bulkpo.model.vocabulary import CURRENCIES, UNITS
from bulkpo.schema.synonyms import Strength, Synonyms

_LOOKED_BELOW = 8
_LONGEST_HEADING = 80
_MOSTLY = 0.75
_HALF = 0.5
_WORD = re.compile(r"[^\W\d_]+")
_KINDS_SAID = """
text string char varchar varchar2 number numeric decimal integer int float date datetime yyyy iso code key boolean flag
mandatory optional required pflicht pflichtfeld zahl datum texte nombre numero fecha testo data numero tekst getal
obligatoire facultatif obligatorio obbligatorio verplicht optioneel unit units
"""
_KIND_WORDS = frozenset(_KINDS_SAID.split())
_WORTH = {Strength.STRONG: 1, Strength.SYSTEM: 1, Strength.NEAR: 0.9, Strength.WEAK: 0.5}

Rows = Sequence[tuple[int, Sequence[Cell]]]
"""The first rows of a table, with their numbers; blank ones left out."""


@dataclass(frozen=True, slots=True)
class HeadingGuess:
    """Where the headings are: the first row and how many there are, or None where there are none.

    `known` of them have names that are known, of `filled` columns.
    """

    row: int | None
    rows: int = 1
    known: int = 0
    filled: int = 0
    reasons: tuple[str, ...] = ()


def find_headings(rows: Rows, synonyms: Synonyms) -> HeadingGuess:
    """The row of the headings among the first rows of a table."""
    plain = [(number, [plain_cell(cell) for cell in cells]) for number, cells in rows]
    scored = [(_score(plain, place, synonyms), place) for place in range(len(plain))]
    best, place = max(scored, key=lambda each: (each[0].total, -each[1]), default=(_NOTHING, 0))
    if best.total <= 0:
        return HeadingGuess(None, reasons=("no row looks like headings of the rows below",))
    number, cells = plain[place]
    count = _height(plain, place, synonyms)
    first = number
    if place and _stands_over(plain, place, synonyms, _shown(rows[place - 1][1])):
        count, first = count + number - plain[place - 1][0], plain[place - 1][0]
    filled = sum(not says_nothing(cell) for cell in cells)
    said = f"row {number} has {best.known:g} names that are known" if best.known else f"row {number} stands over values"
    more = () if count == 1 else (f"the headings take {count} rows",)
    return HeadingGuess(first, count, int(best.known), filled, (said, *more))


@dataclass(frozen=True, slots=True)
class _Score:
    total: float
    known: float


_NOTHING = _Score(0, 0)


def _score(rows: Rows, place: int, synonyms: Synonyms) -> _Score:
    """How well a row stands as headings over those below: known names, and values unlike it in its columns."""
    cells = rows[place][1]
    filled = [cell for cell in cells if not says_nothing(cell)]
    texts = [cell for cell in filled if may_head(cell)]
    if len(texts) < _MOSTLY * len(filled) or not texts:
        return _NOTHING
    known = _known(texts, synonyms)
    unlike = _unlike(rows, place)
    alone = len(filled) == 1 and len(cells) > 1
    if alone or (known < 1 and unlike < max(1, len(filled) / 4)):
        return _NOTHING
    repeated = len(texts) - len(set(map(str, texts)))
    return _Score(3 * known + unlike + 0.2 * len(texts) - repeated, known)


def _known(texts: Sequence[Cell], synonyms: Synonyms) -> float:
    """How many names are known: a weak or near one counts a half, and each meaning once."""
    found: dict[str, float] = {}
    for text in texts:
        for meaning in synonyms.meanings(str(text))[:1]:
            worth = _WORTH[meaning.strength]
            found[meaning.target] = max(worth, found.get(meaning.target, 0))
    return sum(found.values())


def _unlike(rows: Rows, place: int) -> float:
    """In how many columns a text stands over numbers or dates."""
    below = [cells for _, cells in rows[place + 1 : place + 1 + _LOOKED_BELOW]]
    found = 0.0
    for position, cell in enumerate(rows[place][1]):
        if says_nothing(cell):
            continue
        others = [cells[position] for cells in below if position < len(cells) and not says_nothing(cells[position])]
        if others and all(_is_value(other) for other in others):
            found += 1
    return found


def _height(rows: Rows, place: int, synonyms: Synonyms) -> int:
    """How many rows the headings take that begin here: two where the next one goes on, or says units or kinds."""
    if place + 2 >= len(rows) or rows[place + 1][0] != rows[place][0] + 1:
        return 1
    here, below = rows[place][1], rows[place + 1][1]
    filled = [cell for cell in below if not says_nothing(cell)]
    if not filled or not all(may_head(cell) for cell in filled):
        return 1
    joined = [_joined(top, low) for top, low in zip(here, below, strict=False)]
    alone = _known([cell for cell in here if not says_nothing(cell)], synonyms)
    if _known([text for text in joined if text], synonyms) > alone:
        return 2
    return 2 if _say_kinds(filled) and not _is_like(below, rows[place + 2][1]) else 1


def _say_kinds(cells: Sequence[Cell]) -> bool:
    """Whether most cells of a row say units, currencies or kinds of values, and are no values themselves."""
    return sum(map(_says_kind, cells)) >= _HALF * len(cells)


def _says_kind(cell: Cell) -> bool:
    text = str(cell).strip()
    words = set(_WORD.findall(text.lower()))
    is_bracketed = text[:1] in "([<" and text[-1:] in ")]>"
    return is_bracketed or not words.isdisjoint(_KIND_WORDS) or text.casefold() in UNITS or text in CURRENCIES


def _is_like(cells: Sequence[Cell], other: Sequence[Cell]) -> bool:
    """Whether two rows hold values of the same kinds in most columns that both fill."""
    both = [
        (one, two) for one, two in zip(cells, other, strict=False) if not says_nothing(one) and not says_nothing(two)
    ]
    same = sum(_is_value(one) == _is_value(two) for one, two in both)
    return not both or same >= _MOSTLY * len(both)


def _stands_over(rows: Rows, place: int, synonyms: Synonyms, shown: Sequence[Cell]) -> bool:
    """Whether the row above goes with the headings: joined with it they are better known, or told apart.

    `shown` are its cells with merged ones spread, as they are joined.
    """
    above_number, above = rows[place - 1]
    number, here = rows[place]
    filled = [cell for cell in above if not says_nothing(cell)]
    if above_number != number - 1 or len(filled) < 2 or not all(may_head(cell) for cell in filled):
        return False
    own = [_joined(None, cell) for cell in here]
    joined = [_joined(top, low) for top, low in zip_longest(shown, here)]
    better = [both if synonyms.meanings(both) else low for both, low in zip(joined, own, strict=False)]
    if _known(list(filter(None, better)), synonyms) > _known(list(filter(None, own)), synonyms):
        return True
    return _repeated(own) > 0 and _repeated(joined) == 0


def _repeated(texts: Sequence[str]) -> int:
    """How many texts were there before."""
    filled = [text for text in texts if text]
    return len(filled) - len(set(filled))


def _shown(cells: Sequence[Cell]) -> list[Cell]:
    """Cells of a row of headings as they are shown: a merged one over all of its columns."""
    return [
        plain_cell(cell.instead) if isinstance(cell, Doubtful) and not cell.is_below else plain_cell(cell)
        for cell in cells
    ]


def _joined(top: Cell, low: Cell) -> str:
    return " ".join(str(cell).strip() for cell in (top, low) if not says_nothing(cell))


def may_head(cell: Cell) -> bool:
    """Whether a cell may be a heading: a short text, and no number or date."""
    return (
        isinstance(cell, str)
        and len(cell) <= _LONGEST_HEADING
        and not is_number_text(cell.strip())
        and not looks_like_day(cell)
    )


def looks_like_day(text: str) -> bool:
    """Whether a text is written as days are: `2026-11-28`, `28.11.26`."""
    return text[:1].isdigit() and sum(map(str.isdigit, text)) >= 4 and any(mark in text for mark in "./-")


def _is_value(cell: Cell) -> bool:
    """Whether a cell is a number or a date, and no word."""
    if isinstance(cell, (Decimal, datetime, date)):
        return True
    return isinstance(cell, str) and (
        is_number_text(cell.strip()) or looks_like_day(cell.strip()) or cell.strip().isdigit()
    )
