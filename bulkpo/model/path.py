"""Element paths: `order-lines/account/code`, `order-lines[2]/price`.

A collection is named in the plural and the nested singular is left out, as in Coupa's own query syntax. Members
count from 1. Underscores are accepted and become dashes, since Coupa accepts both.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

CUSTOM_FIELDS = "custom-fields"
"""The element below which an object has its custom fields."""
LONGEST_PATH = 500
"""The longest path in characters: none of Coupa's own comes near."""

_STEP = re.compile(r"(?P<name>[a-z0-9][a-z0-9_-]*\??)(?:\[(?P<index>[1-9][0-9]{0,3})\])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """One name in a path, with the member's number (from 1) if the path names one."""

    name: str
    index: int | None = None

    def __str__(self) -> str:
        return self.name if self.index is None else f"{self.name}[{self.index}]"


@dataclass(frozen=True, slots=True)
class ElementPath:
    """The way from an object to one of its elements."""

    steps: tuple[Step, ...]

    @classmethod
    def parse(cls, text: str) -> "ElementPath":
        """Read a path; raises ValueError with the reason if the text is not one."""
        return _parse(text)

    @property
    def names(self) -> tuple[str, ...]:
        """The names alone, without member numbers."""
        return tuple(step.name for step in self.steps)

    def __str__(self) -> str:
        return "/".join(map(str, self.steps))


@lru_cache(maxsize=4096)
def _parse(text: str) -> ElementPath:
    steps = []
    if len(text) > LONGEST_PATH:
        raise ValueError(f"an element path of {len(text):,} characters is too long; at most {LONGEST_PATH} are read")
    for part in text.strip().split("/"):
        match = _STEP.fullmatch(part)
        if match is None:
            raise ValueError(f"{text!r} is not an element path; write names joined by '/', as in order-lines/price")
        index = match["index"]
        steps.append(Step(match["name"].replace("_", "-"), int(index) if index else None))
    return ElementPath(tuple(steps))
