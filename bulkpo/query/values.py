"""A value of a query into the text Coupa is sent, by the type of its element."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from bulkpo.query.moments import read_moment
from bulkpo.query.operators import MOMENTS, Operator
from bulkpo.schema.tables import Element, nearest

_WHOLE = re.compile(r"[-+]?[0-9]+", re.ASCII)


def wire_text(value: object, element: Element, operator: Operator, now: datetime) -> str:
    """The text to send; raises ValueError saying what is wrong and what belongs there."""
    text = _text(value)
    if operator.takes_part_of_a_text:
        if not text:
            raise ValueError(f"{operator} needs a text to look for")
        return text
    if operator is Operator.BLANK or element.type == "boolean":
        return _boolean(text)
    if element.type in MOMENTS:
        moment = read_moment(text, now)
        return moment.date().isoformat() if element.type == "date" else moment.isoformat(timespec="seconds")
    if element.type == "integer":
        return _whole(text, element)
    return _decimal(text, element) if element.type in ("decimal", "float") else _allowed(text, element, operator)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _boolean(text: str) -> str:
    if text.strip().lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text.strip().lower()


def _whole(text: str, element: Element) -> str:
    if _WHOLE.fullmatch(text.strip()) is None:
        raise ValueError(f"{text!r} is not a whole number, which {element.name} is")
    return str(int(text))


def _decimal(text: str, element: Element) -> str:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(f"{text!r} is not a number, which {element.name} is; write it as in 1234.50")
    return format(number, "f")


def _allowed(text: str, element: Element, operator: Operator) -> str:
    if element.values and not operator.takes_an_order and text not in element.values:
        known = nearest(text, element.values) or f"; it can be {', '.join(element.values)}"
        raise ValueError(f"{text!r} is not a value of {element.name}{known}")
    if not text:
        raise ValueError(f"there is no value; for an empty {element.name} write blank: true")
    return text
