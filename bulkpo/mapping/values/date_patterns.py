"""Declared ways of writing dates: `DD.MM.YYYY HH:mm`, `D-MMM-YY`, `MM/DD/YYYY hh:mm A`.

YYYY YY year, MMMM MMM month's English name, MM M its number, DD D day, HH H hour, hh h hour of twelve with A for AM and
PM, mm minute, ss second. Two letters want two digits, one letter one or two. All else stands for itself.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NUMBERS = {name.lower(): number for number, name in enumerate(_MONTHS, 1)}
_NUMBERS |= {name[:3].lower(): number for number, name in enumerate(_MONTHS, 1)}
_TOKENS = {
    "YYYY": ("year", r"\d{4}"),
    "YY": ("year", r"\d{2}"),
    "MMMM": ("month", "|".join(_MONTHS)),
    "MMM": ("month", "|".join(name[:3] for name in _MONTHS)),
    "MM": ("month", r"\d{2}"),
    "M": ("month", r"\d{1,2}"),
    "DD": ("day", r"\d{2}"),
    "D": ("day", r"\d{1,2}"),
    "HH": ("hour", r"\d{2}"),
    "H": ("hour", r"\d{1,2}"),
    "hh": ("hour", r"\d{2}"),
    "h": ("hour", r"\d{1,2}"),
    "mm": ("minute", r"\d{2}"),
    "ss": ("second", r"\d{2}"),
    "A": ("half", "AM|PM"),
}
_LITERALS = {"T"}
_TOKEN = re.compile("|".join(_TOKENS) + r"|T(?=[Hh]|\b)|[a-zA-Z]+|\s+|.")


class DateParts(NamedTuple):
    """What a text says: digits of the year, month and day, and of the time if it has one."""

    year: str
    month: str
    day: str
    hour: str | None
    minute: str | None
    second: str | None
    half: str | None


@dataclass(frozen=True, slots=True)
class DatePattern:
    """One declared way of writing dates."""

    text: str
    _regex: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> "DatePattern":
        """Read a pattern; raises ValueError saying what is wrong with it."""
        parts: list[str] = []
        fields: list[str] = []
        for token in _TOKEN.findall(text):
            if token in _TOKENS:
                name, digits = _TOKENS[token]
                fields.append(name)
                parts.append(f"(?P<{name}>{digits})" if fields.count(name) == 1 else "")
            elif token.isspace():
                parts.append(r"\s+")
            elif token.isalpha() and token not in _LITERALS:
                raise ValueError(f"{token!r} in the pattern {text!r} means nothing; known are {', '.join(_TOKENS)}")
            else:
                parts.append(re.escape(token))
        if not {"year", "month", "day"} <= set(fields):
            raise ValueError(f"the pattern {text!r} must have year, month and day, as in DD.MM.YYYY")
        if len(set(fields)) != len(fields):
            raise ValueError(f"the pattern {text!r} says something twice; write each part once")
        if ("h" in text) != ("half" in fields):
            raise ValueError(f"the pattern {text!r} must have h or hh together with A, or H alone")
        return cls(text, re.compile("".join(parts), re.ASCII | re.IGNORECASE))

    def match(self, text: str) -> DateParts | None:
        """What a text written so says, or nothing if it is written otherwise."""
        found = self._regex.fullmatch(text)
        if found is None:
            return None
        groups: dict[str, str | None] = dict.fromkeys(DateParts._fields) | found.groupdict()
        month = str(groups["month"])
        groups["month"] = str(_NUMBERS.get(month.lower(), month))
        return DateParts(**groups)  # type: ignore[arg-type]  # parse() has made sure of year, month and day
