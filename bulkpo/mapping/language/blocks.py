"""The blocks of columns a mapping has, and what those who read them share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bulkpo.model.pattern import Pattern
from bulkpo.model.table import MOST_COLUMNS, PART_MARK
from bulkpo.where import column_letter
from bulkpo.yamldoc import Keys


class ReportProblem(Protocol):
    """Takes a problem and the keys of what is wrong."""

    def __call__(self, keys: Sequence[str | int], message: str, *, on_key: bool = False) -> None:
        """Note one problem."""


@dataclass(frozen=True, slots=True)
class Block:
    """One `columns:` with its `skip_rows:`: where they stand, whose they are, and whether columns go by letter.

    `headings` has what the file calls columns that it calls otherwise than the mapping does; `asked` gathers the names
    by which the mapping has named columns, so that a heading of none of them is told.
    """

    keys: Keys
    data: Mapping[str, Any]
    part: str = ""
    lettered: bool = False
    headings: Mapping[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set, compare=False)

    def title(self, name: str) -> str:
        """A column's title as the table will have it: numbers as letters, stray spaces gone, the part in front."""
        text = " ".join(name.split())
        if self.lettered and not text.startswith("{"):
            is_number = text.isdecimal() and 0 < int(text) <= MOST_COLUMNS
            text = column_letter(int(text)) if is_number else text.upper()
        start = f"{self.part}{PART_MARK}" if self.part else ""
        self.asked.add(start + text)
        return start + " ".join(self.headings.get(start + text, text).split())


def parse_pattern(text: str | None, keys: Sequence[str | int], report: ReportProblem) -> Pattern | None:
    """A regular expression; one that cannot be read is reported and left out."""
    if text is None:
        return None
    try:
        return Pattern.parse(text)
    except ValueError as error:
        report(keys, str(error))
        return None


def yaml_text(value: object) -> str:
    """A plain YAML value as the text it stands for."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
