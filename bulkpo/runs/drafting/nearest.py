"""Which value of an instance a file's value may be: by the same code, the same name, or names that look alike.

Codes are never taken for each other because they look alike: ST is not SET. A person confirms what is proposed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

_LEAST_LETTERS, _ALIKE, _CONTAINED = 4, 0.62, 0.9
_MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a value may be, and why; `is_same` where it is the instance's own value, to the letter."""

    value: str = ""
    why: str = "nothing looks like it"
    is_same: bool = False


class NearestValues:
    """The values of an instance with their labels, to be looked among."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._plain: dict[str, list[str]] = {}
        for value, label in values.items():
            for text in {_plain(value), _plain(label)} - {""}:
                self._plain.setdefault(text, []).append(value)

    def of(self, text: str) -> Proposal:
        """What a text may be."""
        if text in self._values:
            return Proposal(text, "it is the instance's own", is_same=True)
        plain = _plain(text)
        same = self._plain.get(plain, [])
        if len(same) == 1:
            return Proposal(same[0], self._sameness(plain, same[0]))
        if same:
            return Proposal(why=f"may be any of {', '.join(same)}")
        if len(plain) < _LEAST_LETTERS:
            return Proposal()
        ranked = sorted((_likeness(plain, known), known) for known in self._plain if len(known) >= _LEAST_LETTERS)
        near = [(share, known) for share, known in ranked[::-1] if share >= _ALIKE][: _MOST_OTHERS + 1]
        if not near:
            return Proposal()
        values = list(dict.fromkeys(value for _, known in near for value in self._plain[known]))
        others = f"; or {', '.join(values[1:])}" if len(values) > 1 else ""
        return Proposal(values[0], f"looks like it, {near[0][0]:.0%}{self._label(values[0])}{others}")

    def _sameness(self, plain: str, value: str) -> str:
        """Whether it is the value itself that is written otherwise, or its name."""
        if _plain(value) == plain:
            return f"the same but for capitals, blanks and signs{self._label(value)}"
        return f"{value} is named so{self._label(value)}"

    def _label(self, value: str) -> str:
        label = self._values.get(value, "")
        return f" ({label})" if label else ""


def _plain(text: str) -> str:
    """Letters and digits alone, whatever their case."""
    return "".join(each for each in text.casefold() if each.isalnum())


def _likeness(text: str, known: str) -> float:
    short, long = sorted((text, known), key=len)
    if long.startswith(short) and len(short) * 2 >= len(long):
        return _CONTAINED
    matcher = SequenceMatcher(None, text, known, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE else 0.0
