"""The result of a check: counts, findings, totals, and which documents failed."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from bulkpo.model.agreed import Agreed
from bulkpo.model.finding import Finding, Severity, count_by_code
from bulkpo.model.held import Held
from bulkpo.model.table import Column
from bulkpo.model.totals import CurrencyTotal, OpenTotal, Totals, total_json, without
from bulkpo.runs.checking.rows_of_keys import RowsOfKeys

UNEXPECTED, TOTALS = "expected-differs", "totals-differ"
LINES_SKIPPED = "all lines of the order are left out"
_ADDED_UP = ("rows", "keyless", "clean_rows", "failed_rows", "documents", "lines")


@dataclass(slots=True)
class Checked:
    """What checking a file found.

    `rows` counts all rows below the heading, `skipped` those left out, by condition. `totals` are those of the clean
    documents, which are the ones an import sends, `failed_totals` what can be read of those with errors; `open` those
    of all lines of which the mapping says what is open.
    `rows` = `clean_rows` + `failed_rows` (those of documents with an error) + skipped rows + `keyless` rows (which
    belong to no document), always. `unread` are the columns that the mapping neither uses nor ignores; `left_out` the
    documents all of whose lines it leaves out, `agreeing` the figures of the file's own that agree. `elsewhere` are
    documents that are taken from another file, and why they are skipped here.
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
    counts: RowsOfKeys | None = None
    unread: tuple[Column, ...] = ()
    left_out: set[str] = field(default_factory=set)
    agreeing: tuple[Agreed, ...] = ()
    elsewhere: dict[str, str] = field(default_factory=dict)

    @property
    def unsent_keys(self) -> AbstractSet[str]:
        """The documents that are not sent: those that failed, those left out, and those taken from another file."""
        if not (self.left_out or self.elsewhere):
            return self.failed_keys
        return self.failed_keys | self.left_out | self.elsewhere.keys()

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
        """True if the file does not come to what is expected of it, or to what its totals say of several orders."""
        return any(each.code == UNEXPECTED or (each.code == TOTALS and not each.key) for each in self.errors)

    @property
    def notices(self) -> list[Finding]:
        """The findings that are only worth knowing."""
        return [finding for finding in self.findings if finding.severity is Severity.NOTICE]

    def leave(self, keys: Mapping[str, str], rows: Mapping[str, Sequence[int]], lines: int, held: Held) -> None:
        """Skip documents that are taken from another file: for which reasons, and the rows of each reason."""
        self.elsewhere |= keys
        self.findings = [*self.findings, *held.findings]
        for reason, those in rows.items():
            self.skipped.setdefault(reason, []).extend(those)
        self.documents -= len(keys)
        self.lines -= lines
        self.clean_rows -= held.rows
        self.totals = without(self.totals, held.totals)

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
            **({"controls_agree": [each.as_json() for each in self.agreeing]} if self.agreeing else {}),
        }


def together(all_checked: Iterable[Checked]) -> Checked:
    """What was found in several files, added up. Keys are told apart by their file's number, as two can have one."""
    whole, totals, failed_totals = Checked(), Totals(), Totals()
    for number, each in enumerate(all_checked):
        for name in _ADDED_UP:
            setattr(whole, name, getattr(whole, name) + getattr(each, name))
        for reason, rows in each.skipped.items():
            whole.skipped.setdefault(reason, []).extend(rows)
        whole.failed_keys |= {f"{number} {key}" for key in each.failed_keys}
        whole.findings += each.findings
        whole.agreeing += each.agreeing
        for sums, those in ((totals, each.totals), (failed_totals, each.failed_totals)):
            for total in those:
                sums.add(total.currency, total.lines, total.amount, total.documents)
    whole.totals, whole.failed_totals = totals.by_currency(), failed_totals.by_currency()
    return whole
