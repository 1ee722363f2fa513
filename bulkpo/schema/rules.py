"""Rules for single values: what an element table or a mapping's rule asks, as small functions by name.

A rule looks at a value in Coupa's own form and says what is wrong with it, or nothing. Where it is, the caller knows.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from bulkpo.model.pattern import Pattern
from bulkpo.model.text import quoted
from bulkpo.schema.tables import Element, nearest

NUMBERS = frozenset({"integer", "decimal", "float"})


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken rule: the finding's code, and what was found, expected and to be done."""

    code: str
    message: str


Check = Callable[[str], Breach | None]

ColumnCheck = Callable[[Sequence[str]], bool]
"""Whether a whole column passes a rule; much faster than asking each value, and says no more than that."""


_CODES = ("code", "location-code")
DRAFT = "bulkpo guess --crosswalk COLUMN MAPPING FILE"
"""The command that drafts a crosswalk, where the names it takes are not known."""
OF_CODES = f"it is no code of Coupa's: `{DRAFT} -o codes.xlsx` drafts which it may be"
"""What to do with a code that is too long, which is never Coupa's own and not to be shortened."""


def check_length(limit: int, advice: str = "shorten it") -> Check:
    """At most so many characters."""

    def check(value: str) -> Breach | None:
        if len(value) <= limit:
            return None
        return Breach("too-long", f"{_shown(value)} has {len(value)} characters, at most {limit} fit; {advice}")

    return check


def check_digits(precision: int, scale: int) -> Check:
    """At most `scale` digits after the decimal point and `precision` in all; zeros at the end do not count."""

    def check(value: str) -> Breach | None:
        whole, _, fraction = value.lstrip("-+").partition(".")
        fraction = fraction.rstrip("0")
        if len(fraction) > scale:
            message = f"{value} has {len(fraction)} decimals, at most {scale} fit; round it yourself"
            return Breach("too-many-decimals", message)
        if len(whole.lstrip("0")) > precision - scale:
            digits = precision - scale
            return Breach("too-large", f"{value} has more than {digits} digits before the decimal point; correct it")
        return None

    return check


def check_allowed(allowed: Collection[str]) -> Check:
    """One of these values, exactly."""
    known = frozenset(allowed)
    listed = ", ".join(sorted(known)[:12]) + (", …" if len(known) > 12 else "")

    def check(value: str) -> Breach | None:
        if value in known:
            return None
        hint = nearest(value, tuple(known)) or f"; allowed are: {listed}"
        return Breach("not-allowed", f"{_shown(value)} is not allowed{hint}")

    return check


def check_minimum(limit: Decimal) -> Check:
    """A number not below this one."""

    def check(value: str) -> Breach | None:
        number = _number(value)
        if number is None:
            return _not_a_number(value, f"min: {limit}")
        return Breach("too-small", f"{value} is below {limit}; correct it") if number < limit else None

    return check


def check_maximum(limit: Decimal) -> Check:
    """A number not above this one."""

    def check(value: str) -> Breach | None:
        number = _number(value)
        if number is None:
            return _not_a_number(value, f"max: {limit}")
        return Breach("too-large", f"{value} is above {limit}; correct it") if number > limit else None

    return check


def check_pattern(pattern: Pattern) -> Check:
    """Text that matches a pattern as a whole."""

    def check(value: str) -> Breach | None:
        if pattern.matches(value):
            return None
        return Breach("wrong-pattern", f"{_shown(value)} does not match {pattern.text}; correct it")

    return check


RULES: dict[str, Callable[[Any], Check]] = {
    "length": check_length,
    "allowed": check_allowed,
    "minimum": check_minimum,
    "maximum": check_maximum,
    "pattern": check_pattern,
}


def checks_of(element: Element, own: dict[str, Any]) -> tuple[Check, ...]:
    """The checks an element's value must pass: its table's, and a mapping's own rules by name (see RULES)."""
    found: list[Check] = []
    if element.length is not None and element.type not in NUMBERS:
        found.append(check_length(element.length, *((OF_CODES,) if element.name in _CODES else ())))
    if element.precision is not None:
        found.append(check_digits(element.precision, element.scale or 0))
    if element.values:
        found.append(check_allowed(element.values))
    found += [RULES[name](limit) for name, limit in own.items() if limit is not None]
    return tuple(found)


COLUMN_RULES: dict[str, Callable[[Any], ColumnCheck]] = {
    "length": lambda limit: lambda values: max(map(len, values)) <= limit,
    "allowed": lambda allowed: frozenset(allowed).issuperset,
    "minimum": lambda limit: lambda values: _all_positive(values, limit) or min(map(Decimal, values)) >= limit,
    "maximum": lambda limit: lambda values: max(map(Decimal, values)) <= limit,
    "pattern": lambda pattern: lambda values: all(map(pattern.matches, values)),
}


def column_checks_of(element: Element, own: Mapping[str, Any]) -> tuple[ColumnCheck, ...]:
    """What `checks_of` asks of each value, asked of whole columns; digits are counted where the numbers are read."""
    found: list[ColumnCheck] = []
    if element.length is not None and element.type not in NUMBERS:
        found.append(COLUMN_RULES["length"](element.length))
    if element.values:
        found.append(COLUMN_RULES["allowed"](element.values))
    found += [COLUMN_RULES[name](limit) for name, limit in own.items() if limit is not None]
    return tuple(found)


def _all_positive(values: Sequence[str], limit: Decimal) -> bool:
    """Whether no number has a sign, which answers the usual question of a minimum of 0 without making numbers."""
    return limit <= 0 and "-" not in "".join(values)


def _number(value: str) -> Decimal | None:
    """The number a value is; None for other text, which an element of text may hold."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _not_a_number(value: str, rule: str) -> Breach:
    return Breach("not-a-number", f"{_shown(value)} is not a number written like 1234.50, as {rule} asks; correct it")


def _shown(value: str) -> str:
    return quoted(value if len(value) <= 60 else f"{value[:57]}…")


def first_breach(value: str, checks: Sequence[Check]) -> Breach | None:
    """The first check a value does not pass."""
    for check in checks:
        breach = check(value)
        if breach is not None:
            return breach
    return None
