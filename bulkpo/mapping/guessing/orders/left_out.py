"""Rows that are not to be loaded: cancelled and deleted ones, headings that come again, sums and last lines."""

import re
from collections import Counter
from collections.abc import Sequence

from bulkpo.mapping.guessing.columns.assign import ColumnSoFar
from bulkpo.mapping.guessing.orders.rows import RowsAsOrders
from bulkpo.mapping.values.total_words import says_total
from bulkpo.model.table import Cell

_CANCELLED_WORDS = """
cancelled canceled void voided deleted rejected storniert gelöscht annulliert annulé annulée supprimé cancelado
cancelada anulado anulada annullato annullata cancellato eliminado geannuleerd verwijderd cancel
"""
_CANCELLED = frozenset(_CANCELLED_WORDS.split())
_YES = "x y yes true 1 l s * d ja oui si sí sì sim c v j"
SAYS_YES = frozenset(_YES.split())
_NO = "n no false 0 nein non nee não"
SAYS_NO = frozenset(_NO.split())
_KEY = "po-number"
_MOST_MARKS = 4
_TOO_MANY = 0.5
_FEWEST_OTHERS = 3
_FAR = 1000
_DIGITS, _DIGIT, _LETTER = re.compile(r"\d+"), re.compile(r"\d"), re.compile(r"[^\W\d_]")


def cancelled_rows(judged: Sequence[ColumnSoFar], count: int) -> tuple[dict[str, object], tuple[str, ...]]:
    """The conditions of rows that are cancelled or deleted, and the reasons."""
    found: dict[str, object] = {}
    reasons = []
    for each in judged:
        marks = _marks(each, count)
        if marks:
            found[each.title] = marks[0] if len(marks) == 1 else {"in": list(marks)}
            rows = sum(number for cell, number in each.column.counts.items() if str(cell).strip() in marks)
            left = "1 row is" if rows == 1 else f"{rows:,} rows are"
            reasons.append(f"{left} left out: {each.title!r} says {' or '.join(marks)}")
    return found, tuple(reasons)


def _marks(each: ColumnSoFar, count: int) -> tuple[str, ...]:
    texts = {str(cell).strip(): number for cell, number in each.column.counts.items()}
    if each.target in ("DELETED", "RETURN"):
        marks = tuple(text for text in texts if text.casefold() in SAYS_YES | _CANCELLED)
        others = [text for text in texts if text not in marks and text.casefold() not in SAYS_NO]
        is_sound = not others and 0 < sum(texts[mark] for mark in marks) <= count * _TOO_MANY
        return marks if is_sound and len(marks) <= _MOST_MARKS else ()
    if each.target == "STATUS":
        return tuple(text for text in texts if text.casefold() in _CANCELLED)
    return ()


def says_no(each: ColumnSoFar) -> bool:
    """Whether a column that marks rows marks none of them."""
    return all(str(cell).strip().casefold() in SAYS_NO for cell in each.column.counts)


def sum_rows(judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> tuple[int, ...]:
    """The places of rows that add up others: without a number of an order, and a cell says so."""
    keys = next((each.column.keys for each in judged if each.target == "po-number"), orders.keys)
    totals = {key for key in set(keys) if not key or says_total(key)}
    without = [place for place, key in enumerate(keys) if key in totals] if totals else []
    return tuple(place for place in without if any(_adds_up(each.column.cells, place) for each in judged))


def _adds_up(cells: Sequence[Cell], place: int) -> bool:
    """Whether a cell says that its row adds up others; it may name their group, which stands above it."""
    text = cells[place]
    if not isinstance(text, str) or not text.strip():
        return False
    if says_total(text.strip()):
        return True
    above = next((cell for cell in cells[max(0, place - _FAR) : place][::-1] if isinstance(cell, str) and cell), "")
    return bool(above) and says_total(text.strip(), above.strip())


def odd_rows(
    judged: Sequence[ColumnSoFar], taken: Sequence[int], key: str = _KEY
) -> tuple[dict[str, object], tuple[str, ...]]:
    """Conditions of rows that are no lines or suppliers: headings of groups, notes and marks at the end of a list."""
    skip: dict[str, object] = {}
    reasons: list[str] = []
    first = next((each for each in judged if each.target == key), None)
    if first is None:
        return skip, ()
    groups = _groups(first, judged, taken)
    needed = "orders need it (their supplier?)" if key == _KEY else "suppliers need it (their country?)"
    if len(groups) > 1:
        skip[first.title] = {"in": groups}
        shown = ", ".join(map(repr, groups[:3])) + (" and others" if len(groups) > 3 else "")
        reasons.append(
            f"rows of their own that say {shown} stand above other rows, as headings of groups do: they are left out, "
            f"and what they say is not loaded; if {needed}, put it into a column beside them"
        )
        return skip, tuple(reasons)
    notes = _notes(first, judged, taken)
    if notes:
        skip[first.title] = _says(notes)
        kind = "lines" if key == _KEY else "suppliers"
        reasons.append(f"rows that say {', '.join(map(repr, notes[:_MOST_MARKS]))} are no {kind}")
    return skip, tuple(reasons)


def with_headings_again(
    odd: dict[str, object], notes: tuple[str, ...], again: tuple[str, str] | None
) -> tuple[dict[str, object], tuple[str, ...]]:
    """Conditions and reasons, and those of rows that repeat the headings, known by a title and a text, if any do."""
    if again is None:
        return odd, notes
    title, text = again
    others = {name: test for name, test in odd.items() if name != title}
    return {title: _one_more(odd.get(title), text), **others}, ("the headings come again among the rows", *notes)


def _one_more(test: object, text: str) -> object:
    """A condition that holds for one more text."""
    if test is None:
        return text
    if isinstance(test, dict) and "matches" in test:
        return {"matches": f"{_pattern(text)}|{test['matches']}"}
    return {"in": [text, *(test["in"] if isinstance(test, dict) else [test])]}


def _groups(first: ColumnSoFar, judged: Sequence[ColumnSoFar], taken: Sequence[int]) -> list[str]:
    """Different texts, each alone in its row with rows of orders below it; none where one comes twice."""
    keys = first.column.keys
    others = [each.column.keys for each in judged if each is not first]
    if any("" not in own for own in others):
        return []
    usual: Counter[str] = Counter()
    for text, count in keys.counted().items():
        usual[_shape(text)] += count
    alone = [place for place, (key, *beside) in enumerate(zip(keys, *others, strict=True)) if key and not any(beside)]
    texts = [keys[place] for place in alone if usual[_shape(keys[place])] == 1 or not _has_digits(keys[place])]
    below = [place + 1 for place in alone]
    has_rows = all(place < len(keys) and keys[place] and place not in {*alone, *taken} for place in below)
    is_table = len(others) >= _FEWEST_OTHERS and len(alone) * 2 < len(keys)
    return texts if is_table and has_rows and len(texts) == len(alone) == len(set(texts)) else []


def _has_digits(text: str) -> bool:
    return any(map(str.isdigit, text))


def _notes(first: ColumnSoFar, judged: Sequence[ColumnSoFar], taken: Sequence[int]) -> list[str]:
    """Texts in the column of the order's number, of rows in which next to nothing else is filled.

    Each is of a shape of its own, or all of its shape stand alone in their rows, as the numbers of pages do.
    """
    keys = first.column.keys
    others = [each.column.keys for each in judged if each is not first]
    if len(others) < _FEWEST_OTHERS or sum("" not in own for own in others) > 1:
        return []
    counts = map(sum, zip(*(own.changed(bool) for own in others), strict=True))
    beside = [(place, key, count) for place, (key, count) in enumerate(zip(keys, counts, strict=True)) if count <= 1]
    alone = Counter(key for _, key, count in beside if key and count == 0)
    filled = keys.counted()
    usual = Counter(_shape(text) for text in filled if text)
    of_lines = {_shape(text) for text, count in filled.items() if text and count > alone[text]}
    has_numbers = alone.total() * 2 < filled.only(bool).total()
    found: dict[str, None] = {}
    for place, text, count in beside:
        shape = _shape(text)
        is_page = has_numbers and count == 0 and shape not in of_lines and " " in text
        if text and place not in taken and not says_total(text) and (usual[shape] == 1 or is_page):
            found[text] = None
    return list(found) if any(usual[_shape(text)] > 1 for text in found) else list(found)[:_MOST_MARKS]


def _says(notes: Sequence[str]) -> object:
    """The condition that a cell says one of these; texts of one shape are one, whatever their numbers."""
    shapes = Counter(map(_shape, notes))
    if all(count == 1 for count in shapes.values()):
        return notes[0] if len(notes) == 1 else {"in": list(notes)}
    several = [_DIGITS.sub(r"\\d+", _pattern(text)) if shapes[_shape(text)] > 1 else _pattern(text) for text in notes]
    return {"matches": "|".join(dict.fromkeys(several))}


def _pattern(text: str) -> str:
    return re.escape(text).replace("\\ ", " ")


def _shape(text: str) -> str:
    return _LETTER.sub("a", _DIGIT.sub("9", text))
