"""What is odd about a file: counted while its rows are read, told once at the end.

A sheet may have the same oddity in every row; the user wants one line that says how often and where first.
"""

from dataclasses import dataclass

from bulkpo.model.finding import Finding, Severity
from bulkpo.tables.reading.areas import DoubtfulArea

_MOST_LISTED = 100

_SAYINGS: dict[str, tuple[Severity, str]] = {
    "float-noise": (
        Severity.NOTICE,
        "numbers with more digits than a spreadsheet shows (0.30000000000000004): {count}; read as the 15 digits shown",
    ),
    "hidden-rows": (
        Severity.NOTICE,
        "hidden rows: {count}; they are read like all others; delete those that should not be",
    ),
    "guard-removed": (
        Severity.NOTICE,
        "text guarded from being taken for a formula by an apostrophe: {count}; it is read without it",
    ),
    "text-formula": (
        Severity.NOTICE,
        'cells written as ="0001", which keeps spreadsheets from changing them: {count}; read as the text 0001',
    ),
    "spaced-quotes": (
        Severity.NOTICE,
        'rows with a blank before a quotation mark (a, "b"): {count}; the marks are read as those of a cell',
    ),
    "stray-quotes": (
        Severity.NOTICE,
        "cells whose lines would be whole rows by themselves: {count}; taken as the mapping says (quotes: as_read)",
    ),
    "short-lines": (
        Severity.NOTICE,
        "lines that end before their last columns begin: {count}; those columns are read as blank",
    ),
    "blank-rows": (Severity.NOTICE, "wholly blank rows between the others: {count}; they are left out"),
    "trailing-blank-rows": (Severity.NOTICE, "wholly blank rows at the end: {count}; they are left out"),
}


@dataclass(slots=True)
class _Tally:
    count: int
    row: int
    column: int


class Notes:
    """Gathers the oddities of one reading of a file. `width` is that of the table, 0 where it is not known yet.

    `areas` are those that formulas without value fill.
    """

    def __init__(self, width: int = 0) -> None:
        self.width = width
        self.areas: list[DoubtfulArea] = []
        self._tallies: dict[str, _Tally] = {}
        self._listed: dict[str, list[Finding]] = {}
        self._unlisted: dict[str, int] = {}

    def tally(self, code: str, row: int, column: int = 0, count: int = 1) -> None:
        """Count an oddity; only the place of the first is kept."""
        known = self._tallies.get(code)
        if known is None:
            self._tallies[code] = _Tally(count, row, column)
        else:
            known.count += count

    def tell(self, finding: Finding) -> None:
        """Tell an oddity that stands for itself; of each code the first hundred are told, the rest counted."""
        listed = self._listed.setdefault(finding.code, [])
        if len(listed) < _MOST_LISTED:
            listed.append(finding)
        else:
            self._unlisted[finding.code] = self._unlisted.get(finding.code, 0) + 1

    def findings(self) -> tuple[Finding, ...]:
        """All that was told and counted so far; what was counted is in the order of first places."""
        found = [finding for listed in self._listed.values() for finding in listed]
        for code, count in self._unlisted.items():
            found.append(Finding(code, f"{count} more rows like these", severity=self._listed[code][0].severity))
        for code, tally in sorted(self._tallies.items(), key=lambda each: (each[1].row, each[1].column)):
            severity, saying = _SAYINGS[code]
            found.append(Finding(code, saying.format(count=tally.count), tally.row, tally.column, severity=severity))
        return tuple(found)
