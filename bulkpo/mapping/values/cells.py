"""From a cell to a value in Coupa's own form, by the type of its element.

Text keeps its zeros and loses only the blanks around it. A number cell becomes text without `.0`. Nothing is rounded.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import assert_never

from bulkpo.mapping.values.dates import DateReader, midnight, write_moment
from bulkpo.mapping.values.numbers import NumberReader
from bulkpo.mapping.values.unreadable import Unreadable
from bulkpo.model.document import Value
from bulkpo.model.table import Cell, CellError, Doubtful, Formatted, stored
from bulkpo.model.text import quoted
from bulkpo.schema.tables import Element

ReadCell = Callable[[Cell], Value]

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no document can hold: most control characters."""

_BOOLEANS = {"true": "true", "yes": "true", "1": "true", "y": "true"} | {
    "false": "false",
    "no": "false",
    "0": "false",
    "n": "false",
}
_MOST_EXACT_DIGITS = 15
_MOST_DECIMALS = 30
SCIENTIFIC = re.compile(r"[-+]?[\d.,]*\d[.,]?[eE][-+]?\d+", re.ASCII)
"""How programs write a long number into a text file, whose last digits are then gone; `12E4` may be a code."""


DECIMAL_CODE = re.compile(r"[0-9]+\.0", re.ASCII)
"""How programs write a code of digits that they took for a number with decimals."""


def text_of(cell: Cell) -> str:  # noqa: PLR0911 - one for each kind of cell
    """The text of a cell, "" if it is empty; raises Unreadable if the cell has no exact text."""
    match cell:
        case None:
            return ""
        case str():
            return cell.strip()
        case bool():
            return "true" if cell else "false"
        case Decimal():
            return _cell_text(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return cell.isoformat()
        case CellError():
            raise Unreadable("error-cell", f"the cell holds the error {cell}; correct its formula or clear it")
        case Formatted():
            return _shown(cell)
        case Doubtful():
            raise Unreadable(cell.code, cell.message)
        case _:
            assert_never(cell)


def _shown(cell: Formatted) -> str:
    if cell.shown is None:
        form = f" (its number format is {cell.code})" if cell.code else ""
        raise Unreadable(
            "shown-otherwise",
            f"the cell holds {cell.stored} and shows it otherwise{form}; format the column as text and enter what is "
            "meant, or declare number_formats: stored",
        )
    return cell.shown.strip()


def loose_text(cell: Cell) -> str:
    """The text of a cell, one way or another."""
    try:
        return text_of(cell)
    except Unreadable:
        return str(cell)


def reader_for(element: Element, numbers: NumberReader, dates: DateReader, *, scientific: bool = False) -> ReadCell:
    """How cells become values of an element; the reader raises Unreadable for a cell with no one meaning.

    `scientific` where text in scientific notation is meant as it stands.
    """
    match element.type:
        case "decimal" | "float":
            return lambda cell: number_text(cell) if isinstance(cell, Decimal) else _plain(_number(cell, numbers))
        case "integer":
            return lambda cell: _integer(cell, numbers)
        case "boolean":
            return _boolean
        case "datetime":
            return lambda cell: _when(cell, dates, write_moment)
        case "date":
            return lambda cell: _when(cell, dates, lambda moment: moment.date().isoformat())
        case _:
            return _any_text if scientific else _text


def _text(cell: Cell) -> Value:
    text = _any_text(cell)
    refuse_shortened(text or "")
    return text


def refuse_shortened(text: str) -> None:
    """Raise Unreadable for text that is a number which has lost digits."""
    if is_shortened(text):
        message = (
            f"{quoted(text)} is a number that a program has shortened; format the column as text and enter it again, "
            "or declare scientific: as_read"
        )
        raise Unreadable("scientific-number", message)


def is_shortened(text: str) -> bool:
    """Whether text is a number in scientific notation that is no code: it has a decimal mark or a signed exponent."""
    return SCIENTIFIC.fullmatch(text) is not None and any(mark in text[1:] for mark in ".,+-")


def _any_text(cell: Cell) -> Value:
    text = text_of(cell)
    found = FORBIDDEN.search(text)
    if found is not None:
        code = ord(found[0])
        message = f"{quoted(text)} has the control character U+{code:04X} at place {found.start() + 1}; remove it"
        raise Unreadable("control-character", message)
    return text or None


def _number(cell: Cell, numbers: NumberReader) -> Decimal | None:
    cell = stored(cell)
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, datetime | date | time):
        raise Unreadable("not-a-number", f"{text_of(cell)} is formatted as a date, not as a number")
    text = text_of(cell)
    return numbers.read(text) if text else None


def _integer(cell: Cell, numbers: NumberReader) -> Value:
    number = _number(cell, numbers)
    if number is not None and number != number.to_integral_value():
        raise Unreadable("not-whole", f"{_plain(number)} is not a whole number")
    return None if number is None else str(int(number))


def _boolean(cell: Cell) -> Value:
    text = text_of(stored(cell)).lower()
    if text and text not in _BOOLEANS:
        raise Unreadable("not-true-or-false", f"{quoted(text)} is neither yes nor no; write true or false")
    return _BOOLEANS[text] if text else None


def _when(cell: Cell, dates: DateReader, write: Callable[[datetime], str]) -> Value:
    cell = stored(cell)
    if isinstance(cell, datetime):
        return write(dates.read_cell(cell))
    if isinstance(cell, date):
        return write(dates.read_cell(midnight(cell)))
    if isinstance(cell, Decimal):
        return write(dates.read_number(cell))
    text = text_of(cell)
    return write(dates.read(text)) if text else None


def _cell_text(number: Decimal) -> str:
    text = number_text(number)
    whole, _, fraction = text.partition(".")
    if len(whole.lstrip("-0")) > _MOST_EXACT_DIGITS or len(fraction) > _MOST_DECIMALS:
        raise Unreadable(
            "too-many-digits",
            f"the number {number} has more than {_MOST_EXACT_DIGITS} digits, which spreadsheets do not keep; "
            "format the column as text and enter it again",
        )
    return text


def number_texts(numbers: Sequence[Decimal]) -> list[str]:
    """What `number_text` gives for each of some numbers."""
    texts = list(map(str, numbers))
    joined = "".join(texts)
    if "E" in joined or "-" in joined:
        return [
            number_text(number) if text[0] == "-" or "E" in text or text[-1] == "0" else text
            for number, text in zip(numbers, texts, strict=True)
        ]
    return [text.rstrip("0").rstrip(".") if text[-1] == "0" and "." in text else text for text in texts]


def number_text(number: Decimal) -> str:
    """A number cell as text, alike for equal numbers: zeros at the end mean nothing in it, nor has zero a sign."""
    text = format(number or Decimal(0), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(number: Decimal | None) -> Value:
    return None if number is None else format(number, "f")
