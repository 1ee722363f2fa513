"""The query operators, as tests of kept values. A blank value passes no test but `blank`, as in a database."""

import operator as op
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bulkpo.sandbox.values import MOMENTS, Plain, Unreadable, parse
from bulkpo.schema.tables import Element

Test = Callable[[Any], bool]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "": op.eq,
    "not_eq": op.ne,
    "gt": op.gt,
    "lt": op.lt,
    "gt_or_eq": op.ge,
    "lt_or_eq": op.le,
}
_TEXT: dict[str, Callable[[str, str], bool]] = {
    "contains": op.contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}
_WHOLE = re.compile(r"[-+]?\d{1,18}|", re.ASCII)
_NO_ID = -1
"""What a text is taken for that is no id: `?id=NON_EXISTING` finds nothing, and is not refused."""
OPERATORS = frozenset({*_COMPARE, *_TEXT, "in", "not_in", "blank"} - {""})


def make_test(element: Element, operator: str, text: str) -> tuple[Any, Test]:
    """The operand as it is kept, and the test of a kept value. Raises Unreadable with a whole sentence's end."""
    if element.type in MOMENTS and (operator in _TEXT or operator == "blank"):
        raise Unreadable(
            f"{operator} cannot be used on {element.name!r}, because it is a {element.type}; "
            "use gt, lt, gt_or_eq, lt_or_eq, not_eq, in, not_in or equality"
        )
    if element.type == "boolean":
        operand, test = _test(element, operator, text)
        return operand, lambda value: test(value is True)  # one without a value is false
    return _test(element, operator, text)


def _test(element: Element, operator: str, text: str) -> tuple[Any, Test]:
    if operator == "blank":
        return _blank(element, text)
    if operator in _TEXT:
        return text, _text_test(_TEXT[operator], text)
    if operator in ("in", "not_in"):
        return _membership(element, operator, text)
    return _comparison(element, operator, text)


def sortable(element: Element) -> Callable[[Plain], Any]:
    """What to sort a kept value by; blank ones come first."""
    if element.type in ("decimal", "float"):
        return lambda value: (value is not None, Decimal(str(value)) if value is not None else 0)
    return lambda value: (value is not None, value if value is not None else "")


def _operand(element: Element, text: str, operator: str) -> Plain:
    is_id = element.type == "integer" and element.name.rpartition("-")[2] == "id"
    if is_id and operator in ("", "in", "not_in", "not_eq") and not _WHOLE.fullmatch(text.strip()):
        return _NO_ID
    try:
        value = parse(element.type, text)
    except Unreadable as error:
        raise Unreadable(f"{text!r} for {element.name!r} {error}") from None
    if value is None:
        raise Unreadable(f"a value for {element.name!r} is missing")
    return value


def _comparison(element: Element, operator: str, text: str) -> tuple[Any, Test]:
    operand, compare = _operand(element, text, operator), _COMPARE[operator]
    if element.type in ("decimal", "float"):
        number = Decimal(str(operand))
        return operand, lambda value: value is not None and compare(Decimal(value), number)
    return operand, lambda value: value is not None and compare(value, operand)


def _membership(element: Element, operator: str, text: str) -> tuple[Any, Test]:
    operands = tuple(dict.fromkeys(_operand(element, one, operator) for one in text.split(",")))
    members = frozenset(operands)  # kept decimals are canonical, so equal numbers are equal texts
    if operator == "in":
        return operands, lambda value: value is not None and value in members
    return operands, lambda value: value is not None and value not in members


def _text_test(compare: Callable[[str, str], bool], text: str) -> Test:
    return lambda value: (
        value is not None and compare(str(value).lower() if isinstance(value, bool) else str(value), text)
    )


def _blank(element: Element, text: str) -> tuple[Any, Test]:
    if text not in ("true", "false", "1", "0"):
        raise Unreadable(f"blank of {element.name!r} takes true or false, not {text!r}")
    wanted = text in ("true", "1")
    return wanted, lambda value: (value is None or value == "") is wanted
