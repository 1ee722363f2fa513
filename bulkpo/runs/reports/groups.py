"""Findings grouped the way people think: the same mistake in many rows is one thing to correct."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from bulkpo.model.codes import TOLD_ONCE
from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import row_number, table_number

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
    def is_told_once(self) -> bool:
        """Whether the places are only the first of those concerned."""
        return self.severity is Severity.NOTICE and self.code in TOLD_ONCE

    @property
    def rows(self) -> int:
        """How many rows are concerned; 0 where the file as a whole is, or the first of them alone is told of."""
        return 0 if self.is_told_once else len({finding.row for finding in self.findings if row_number(finding.row)})


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
