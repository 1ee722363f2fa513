"""Findings: what is wrong with a row or a document, as values with stable codes."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """An error keeps its document from being sent; a notice does not."""

    ERROR = "error"
    NOTICE = "notice"


class Finding(NamedTuple):
    """Something wrong with a cell, a row or a document.

    `row` and `column` count from 1 as the spreadsheet shows them; 0 means the finding belongs to no single row or
    column. `message` says what was found, what was expected and what to do; it never repeats the place.
    """

    code: str
    message: str
    row: int = 0
    column: int = 0
    element: str = ""
    value: str = ""
    key: str = ""
    severity: Severity = Severity.ERROR


def count_by_code(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each code, most frequent first."""
    return dict(Counter(finding.code for finding in findings).most_common())
