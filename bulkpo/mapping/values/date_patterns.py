"""Declared ways of writing dates: `DD.MM.YYYY HH:mm`, `D-MMM-YY`, `MM/DD/YYYY hh:mm A`.

YYYY YY year, MMMM MMM month's name (English, or in all its forms in the languages declared), MM M its number, DD D day,
HH H hour, hh h hour of twelve with A for AM and PM, mm minute, ss second. Two letters want two digits, one letter one
or two. All else stands for itself, words in apostrophes: `D 'de' MMMM 'de' YYYY`.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from bulkpo.mapping.values.month_names import MonthNames, pattern_of, without_accents

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
_TWELVE = frozenset(("h", "hh"))
_LITERALS = {"T"}
_TOKEN = re.compile("'[^']+'|" + "|".join(_TOKENS) + r"|T(?=[Hh]|\b)|[a-zA-Z]+|\s+|.")


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
    """One declared way of writing dates; `months` are the names of the languages declared, if any are."""

    text: str
    _regex: re.Pattern[str]
    months: MonthNames | None = None

    @classmethod
    def parse(cls, text: str, months: MonthNames | None = None) -> "DatePattern":
        """Read a pattern; raises ValueError saying what is wrong with it."""
        parts: list[str] = []
        fields: list[str] = []
        for token in _TOKEN.findall(text):
            if token in _TOKENS:
                name, digits = _TOKENS[token]
                if months and token in ("MMMM", "MMM"):
                    digits = pattern_of(months)
                fields.append(name)
                parts.append(f"(?P<{name}>{digits})" if fields.count(name) == 1 else "")
            elif token[0] == token[-1] == "'" and len(token) > 2:
                parts.append(re.escape(without_accents(token[1:-1]) if months else token[1:-1]))
            elif token.isspace():
                parts.append(r"\s+")
            elif token.isalpha() and token.isascii() and token not in _LITERALS:
                known = ", ".join(_TOKENS)
                hint = f"known are {known}; a word of its own stands in apostrophes"
                raise ValueError(f"{token!r} in the pattern {text!r} means nothing; {hint}")
            else:
                parts.append(re.escape(without_accents(token) if months else token))
        if not {"year", "month", "day"} <= set(fields):
            raise ValueError(f"the pattern {text!r} must have year, month and day, as in DD.MM.YYYY")
        if len(set(fields)) != len(fields):
            raise ValueError(f"the pattern {text!r} says something twice; write each part once")
        if bool(_TWELVE.intersection(_TOKEN.findall(text))) != ("half" in fields):
            raise ValueError(f"the pattern {text!r} must have h or hh together with A, or H alone")
        kind = re.IGNORECASE if months else re.ASCII | re.IGNORECASE
        return cls(text, re.compile("".join(parts).replace(r"\d", "[0-9]"), kind), months)

    @property
    def has_name(self) -> bool:
        """Whether the month stands in it by its name."""
        return "MMM" in self.text

    def readings(self, text: str) -> list[DateParts]:
        """What a text written so says: nothing if it is written otherwise, several where a name is two months'."""
        found = self._regex.fullmatch(without_accents(text) if self.months else text)
        if found is None:
            return []
        groups: dict[str, str | None] = dict.fromkeys(DateParts._fields) | found.groupdict()
        month = str(groups["month"])
        if self.months and self.has_name:
            numbers = sorted(self.months[re.sub(r"\s+", " ", month).rstrip(".")])
        else:
            numbers = [_NUMBERS.get(month.lower(), 0)]
        return [DateParts(**(groups | {"month": str(number or month)})) for number in numbers]  # type: ignore[arg-type]  # parse() has made sure of year, month and day
