"""Rows that are not to be loaded: cancelled and deleted ones, headings that come again, sums and last lines."""

from collections import Counter
from collections.abc import Sequence

from bulkpo.mapping.guessing.assign import ColumnSoFar
from bulkpo.mapping.guessing.orders import RowsAsOrders
from bulkpo.mapping.values.total_words import says_total

_CANCELLED_WORDS = """
cancelled canceled void voided deleted rejected storniert gelöscht annulliert annulé annulée supprimé cancelado
cancelada anulado anulada annullato annullata cancellato eliminado geannuleerd verwijderd cancel
"""
_CANCELLED = frozenset(_CANCELLED_WORDS.split())
_YES = "x y yes true 1 l s * d ja oui si sí sì sim c v j"
SAYS_YES = frozenset(_YES.split())
_NO = "n no false 0 nein non nee não"
SAYS_NO = frozenset(_NO.split())
_MOST_MARKS = 4
_TOO_MANY = 0.5


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


def sum_rows(judged: Sequence[ColumnSoFar], orders: RowsAsOrders) -> tuple[int, ...]:
    """The places of rows that add up others: without a number of an order, and a cell says so."""
    keys = next((each.column.keys for each in judged if each.target == "po-number"), orders.keys)
    places = []
    for place, key in enumerate(keys):
        if key and not says_total(key):
            continue
        texts = [each.column.cells[place] for each in judged]
        if any(isinstance(text, str) and says_total(text.strip()) for text in texts):
            places.append(place)
    return tuple(places)


def odd_rows(judged: Sequence[ColumnSoFar], taken: Sequence[int]) -> tuple[dict[str, object], tuple[str, ...]]:
    """Conditions of rows that are no lines: notes and marks at the end of a list."""
    skip: dict[str, object] = {}
    reasons: list[str] = []
    first = next((each for each in judged if each.target == "po-number"), None)
    if first is None:
        return skip, ()
    notes = _notes(first, judged, taken)
    if notes:
        skip[first.title] = notes[0] if len(notes) == 1 else {"in": notes}
        reasons.append(f"rows that say {', '.join(map(repr, notes))} are no lines")
    return skip, tuple(reasons)


def _notes(first: ColumnSoFar, judged: Sequence[ColumnSoFar], taken: Sequence[int]) -> list[str]:
    """Texts in the column of the order's number, of rows in which next to nothing else is filled."""
    by_shape = {text: _shape(text) for text in set(first.column.keys) if text}
    usual = Counter(by_shape.values())
    rare = {text for text, shape in by_shape.items() if usual[shape] == 1 and not says_total(text)}
    found = []
    for place, text in enumerate(first.column.keys) if rare else ():
        if text not in rare or place in taken:
            continue
        others = sum(bool(each.column.keys[place]) for each in judged if each is not first)
        if others <= 1 and len(judged) > 3:
            found.append(text)
    return list(dict.fromkeys(found))[:_MOST_MARKS]


def _shape(text: str) -> str:
    return "".join("9" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in text)
