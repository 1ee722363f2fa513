"""The result of a check: counts, findings, totals, and which documents failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bulkpo.model.finding import Finding, Severity, count_by_code
from bulkpo.model.held import Held
from bulkpo.model.table import Column
from bulkpo.model.totals import CurrencyTotal, OpenTotal, total_json, without

UNEXPECTED = "expected-differs"
LINES_SKIPPED = "all lines of the order are left out"


@dataclass(slots=True)
class Checked:
    """What checking a file found.

    `rows` counts all rows below the heading, `skipped` those left out, by condition. `totals` are those of the clean
    documents, which are the ones an import sends, `failed_totals` what can be read of those with errors; `open` those
    of all lines of which the mapping says what is open.
    `rows` = `clean_rows` + `failed_rows` (those of documents with an error) + skipped rows + `keyless` rows (which
    belong to no document), always. `unread` are the columns that the mapping neither uses nor ignores; `left_out` the
    documents all of whose lines it leaves out.
    """

    rows: int = 0
    skipped: dict[str, list[int]] = field(default_factory=dict)
    keyless: int = 0
    clean_rows: int = 0
    failed_rows: int = 0
    documents: int = 0
    lines: int = 0
    failed_keys: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    totals: tuple[CurrencyTotal, ...] = ()
    open: tuple[OpenTotal, ...] = ()
    failed_totals: tuple[CurrencyTotal, ...] = ()
    counts: Mapping[str, int] | None = None
    unread: tuple[Column, ...] = ()
    left_out: set[str] = field(default_factory=set)

    @property
    def unsent_keys(self) -> set[str]:
        """The documents that are not sent: those that failed, and those left out."""
        return self.failed_keys | self.left_out if self.left_out else self.failed_keys

    def leave_out(self, key: str, rows: Sequence[int]) -> None:
        """Take a document that failed for want of lines for one that is left out with them."""
        mine = set(rows)
        self.findings = [each for each in self.findings if each.key != key and each.row not in mine]
        self.failed_keys.discard(key)
        self.failed_rows -= len(rows)
        self.documents -= 1
        self.left_out.add(key)
        self.skipped.setdefault(LINES_SKIPPED, []).extend(rows)

    @property
    def skipped_rows(self) -> int:
        """How many rows the mapping left out."""
        return sum(map(len, self.skipped.values()))

    @property
    def failed(self) -> int:
        """How many documents have an error."""
        return len(self.failed_keys)

    @property
    def ok(self) -> int:
        """How many documents are clean."""
        return self.documents - self.failed

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep something from being sent."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]

    @property
    def has_errors(self) -> bool:
        """True if anything keeps something from being sent."""
        return bool(self.failed_keys) or any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def is_unexpected(self) -> bool:
        """True if the file does not come to what is expected of it."""
        return any(finding.code == UNEXPECTED for finding in self.findings)

    @property
    def notices(self) -> list[Finding]:
        """The findings that are only worth knowing."""
        return [finding for finding in self.findings if finding.severity is Severity.NOTICE]

    def hold(self, held: Held) -> None:
        """Count orders that are held back among those with errors, and what was found with the other findings."""
        self.findings = [*self.findings, *held.findings]
        self.failed_keys |= held.keys
        self.failed_rows += held.rows
        self.clean_rows -= held.rows
        self.totals = without(self.totals, held.totals)

    def as_json(self) -> dict[str, Any]:
        """The keys every `check --json` has."""
        return {
            "rows": self.rows,
            "skipped_rows": self.skipped_rows,
            "documents": self.documents,
            "lines": self.lines,
            "ok": self.ok,
            "failed": self.failed,
            "findings": {
                "total": len(self.errors),
                "by_code": count_by_code(self.errors),
                "notices": count_by_code(self.notices),
            },
            "totals": [total_json(total) for total in self.totals],
            **({"open": [total.as_json() for total in self.open]} if self.open else {}),
        }
