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
    if element.type in ("decimal", "float"):
        return _decimal(text, element)
    if not text:
        raise ValueError(f"there is no value; for an empty {element.name} write blank: true")
    return text


def unlisted(text: str, element: Element, operator: Operator) -> str:
    """What to say of a value that is not among those Coupa documents; empty if it is, or if there are no such."""
    if not _is_unlisted(text, element, operator):
        return ""
    return f"{text!r} is not among the documented values, so that it may find nothing: {', '.join(element.values)}"


def blank_at_edge(text: str, element: Element, operator: Operator) -> str:
    """What to say of a text that begins or ends with a blank, which is hard to see and may find nothing."""
    if text == text.strip() or _is_unlisted(text, element, operator):
        return ""
    edge = "begins" if text != text.lstrip() else "ends"
    return f"{text!r} {edge} with a blank, and is asked for as it stands"


def refuse_slip(text: str, element: Element, operator: Operator) -> None:
    """Raise ValueError for a value that is nearly a documented one: what was meant would be left out without a word."""
    if _is_unlisted(text, element, operator) and (meant := nearest(text, element.values)):
        raise ValueError(f"{text!r} is not a value of {element.name}{meant} (--any-value asks for it as it is)")


def _is_unlisted(text: str, element: Element, operator: Operator) -> bool:
    is_whole = operator in (Operator.EQ, Operator.NOT_EQ, Operator.IN, Operator.NOT_IN)
    return bool(element.values) and is_whole and text not in element.values


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
        number = Decimal("NaN" if "_" in text else text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(f"{text!r} is not a number, which {element.name} is; write it as in 1234.50")
    return format(number, "f")
