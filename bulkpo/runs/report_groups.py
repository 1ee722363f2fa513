"""Findings grouped as people think of them: the same trouble in many rows is one thing to mend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import row_number, table_number
from bulkpo.where import column_letter

_MOST_ALIKE = 4
_MOST_VALUES = 5
_LONGEST_VALUE = 30


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that are one thing to mend, all in one table; `message` says what it is."""

    severity: Severity
    code: str
    message: str
    findings: tuple[Finding, ...]

    @property
    def rows(self) -> int:
        """How many rows are concerned; 0 where the file as a whole is."""
        return len({finding.row for finding in self.findings if row_number(finding.row)})


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """All findings in groups: errors first, then those with the most rows.

    Findings with the same words are one group. Where a column has the same kind of trouble in many words, because each
    names its own value, these are one group too, told by the most frequent one and the first values.
    """
    alike: dict[tuple[Severity, str, int, str, int], dict[str, list[Finding]]] = {}
    for finding in findings:
        kind = (finding.severity, finding.code, finding.column, finding.element, table_number(finding.row))
        alike.setdefault(kind, {}).setdefault(finding.message, []).append(finding)
    groups = []
    for (severity, code, column, *_), by_message in alike.items():
        if len(by_message) > _MOST_ALIKE and column:
            every = sorted(chain.from_iterable(by_message.values()), key=lambda finding: finding.row)
            groups.append(Group(severity, code, _one_for_many(by_message), tuple(every)))
        else:
            groups += [Group(severity, code, message, tuple(same)) for message, same in by_message.items()]
    return sorted(groups, key=lambda group: (group.severity is Severity.NOTICE, -group.rows))


def places(findings: Sequence[Finding], most: int, *, has_sheet: bool) -> str:
    """Where findings are, compact: `cells I2, I5:I9, K4 and 398 more`; empty where no row or column is known."""
    spots = sorted({(finding.column, row_number(finding.row)) for finding in findings} - {(0, 0)})
    if not spots:
        return ""
    runs = _runs(spots)
    shown = [_spell(*run, has_sheet=has_sheet) for run in runs[:most]]
    left = sum(last - first + 1 for _, first, last in runs[most:])
    noun = _noun(spots, has_sheet=has_sheet)
    return f"{noun} {', '.join(shown)}" + (f" and {left:,} more" if left else "")


def row_ranges(rows: Iterable[int], most: int) -> str:
    """Row numbers, compact: `2, 5-9 and 12 more`."""
    runs = _runs(sorted((0, row_number(row)) for row in set(rows)))
    shown = ", ".join(str(first) if first == last else f"{first}-{last}" for _, first, last in runs[:most])
    left = sum(last - first + 1 for _, first, last in runs[most:])
    return shown + (f" and {left:,} more" if left else "")


def _one_for_many(by_message: dict[str, list[Finding]]) -> str:
    """The most frequent message, with the values the others are about."""
    first = max(by_message, key=lambda message: len(by_message[message]))
    shown = by_message[first][0].value
    others = dict.fromkeys(
        finding.value for same in by_message.values() for finding in same if finding.value not in ("", shown)
    )
    if not others:
        return f"{first} (and {len(by_message) - 1:,} others like it)"
    listed = ", ".join(repr(_short(value)) for value in list(others)[:_MOST_VALUES])
    left = len(others) - _MOST_VALUES
    return f"{first}. The same with {listed}" + (f" and {left:,} more values" if left > 0 else "")


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"


def _runs(spots: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Column, first and last row of spots that follow each other; the spots are sorted."""
    runs: list[tuple[int, int, int]] = []
    for column, row in spots:
        if runs and runs[-1][0] == column and runs[-1][2] == row - 1:
            runs[-1] = (column, runs[-1][1], row)
        else:
            runs.append((column, row, row))
    return runs


def _noun(spots: Sequence[tuple[int, int]], *, has_sheet: bool) -> str:
    many = "s" if len(spots) > 1 else ""
    if all(row == 0 for _, row in spots):
        return f"column{many}"
    if has_sheet and all(column for column, _ in spots):
        return f"cell{many}"
    return f"row{many}" if has_sheet else f"line{many}"


def _spell(column: int, first: int, last: int, *, has_sheet: bool) -> str:
    if not first:
        return column_letter(column) if has_sheet else str(column)
    if not has_sheet:
        rows = str(first) if first == last else f"{first}-{last}"
        return f"{rows} (column {column})" if column else rows
    letter = column_letter(column) if column else ""
    return f"{letter}{first}" if first == last else f"{letter}{first}{':' if column else '-'}{letter}{last}"
