"""Orders that are right in themselves and held back all the same, since something they refer to cannot be used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bulkpo.model.finding import Finding, Severity
from bulkpo.model.totals import CurrencyTotal, Totals, total_from_json, total_json

_SAME = ("code", "message", "column", "element", "value", "severity")
_TOTALS = ("totals", "in_coupa", "with_errors")


@dataclass(frozen=True, slots=True)
class Held:
    """The orders held back: what was found, their keys, how many rows they have and what they are worth in the file.

    `in_coupa` is what Coupa has of them, where they are there and were to be changed, and `with_errors` what it has of
    those that failed the check.
    """

    findings: tuple[Finding, ...] = ()
    keys: frozenset[str] = frozenset()
    rows: int = 0
    totals: tuple[CurrencyTotal, ...] = ()
    in_coupa: tuple[CurrencyTotal, ...] = ()
    with_errors: tuple[CurrencyTotal, ...] = ()

    @property
    def worth(self) -> tuple[CurrencyTotal, ...]:
        """What they are worth: in Coupa where that is known, else in the file."""
        return self.in_coupa or self.totals

    def joined(self, other: "Held") -> "Held":
        """Both together; none of their orders is in the other."""
        found = sorted((*self.findings, *other.findings), key=lambda finding: (finding.row, finding.column))
        in_coupa = _sum(self.worth, other.worth) if self.in_coupa or other.in_coupa else ()
        return Held(
            tuple(found),
            self.keys | other.keys,
            self.rows + other.rows,
            _sum(self.totals, other.totals),
            in_coupa,
            _sum(self.with_errors, other.with_errors),
        )

    def as_json(self) -> dict[str, Any]:
        """For a run's memory; the cells of one finding stand together, since it can be found in a million of them."""
        cells: dict[tuple[object, ...], list[tuple[int, str]]] = {}
        for finding in self.findings:
            cells.setdefault(tuple(getattr(finding, name) for name in _SAME), []).append((finding.row, finding.key))
        return {
            "findings": [[*same, where] for same, where in cells.items()],
            "rows": self.rows,
            **{name: [total_json(total) for total in getattr(self, name)] for name in _TOTALS},
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Held":
        """What `as_json` gave."""
        findings = [finding for group in data["findings"] for finding in _findings(group)]
        keys = frozenset(finding.key for finding in findings if finding.severity is Severity.ERROR)
        ordered = sorted(findings, key=lambda finding: (finding.row, finding.column))
        totals = (tuple(map(total_from_json, data.get(name, ()))) for name in _TOTALS)
        return cls(tuple(ordered), keys, data["rows"], *totals)


def _sum(some: Iterable[CurrencyTotal], others: Iterable[CurrencyTotal]) -> tuple[CurrencyTotal, ...]:
    totals = Totals()
    for each in (*some, *others):
        totals.add(each.currency, each.lines, each.amount, each.documents)
    return totals.by_currency()


def _findings(group: Sequence[Any]) -> list[Finding]:
    code, message, column, element, value, severity, where = group
    return [Finding(code, message, row, column, element, value, key, Severity(severity)) for row, key in where]


def held_together(some: Iterable[Held]) -> Held:
    """The orders held back in several files, as one."""
    several = list(some)
    if len(several) == 1:
        return several[0]
    totals = Totals()
    for total in (total for each in several for total in each.totals):
        totals.add(total.currency, total.lines, total.amount, total.documents)
    findings = tuple(finding for each in several for finding in each.findings)
    keys = frozenset(key for each in several for key in each.keys)
    return Held(findings, keys, sum(each.rows for each in several), totals.by_currency())
