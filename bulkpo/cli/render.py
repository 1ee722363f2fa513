"""Results in words: tables, findings grouped, places named."""

from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import wrap

from bulkpo.model.finding import Finding
from bulkpo.model.table import Source
from bulkpo.model.totals import CurrencyTotal
from bulkpo.runs.reports.groups import Group, grouped
from bulkpo.runs.reports.words import amount, places, table_at

_WIDTH = 100
MOST_GROUPS = 25
_MOST_PLACES = 5


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Lines of columns under headings; the columns numbered in `right` (from 0) are set flush right."""
    cells = [list(headings), *(list(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        parts = [
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  " + "   ".join(parts).rstrip())
    return lines


def totals_table(totals: Sequence[CurrencyTotal]) -> list[str]:
    """Control totals, a line per currency."""
    rows = [
        (total.currency or "(none)", f"{total.documents:,}", f"{total.lines:,}", amount(total.amount))
        for total in totals
    ]
    return table(("Currency", "Orders", "Lines", "Amount"), rows, right=(1, 2, 3))


def ways_table(ways: Iterable[tuple[CurrencyTotal, CurrencyTotal, CurrencyTotal]]) -> list[str]:
    """Control totals three ways, side by side: source, sent, read back."""
    rows = []
    for triple in ways:
        figures = [
            ("orders", [f"{total.documents:,}" for total in triple]),
            ("lines", [f"{total.lines:,}" for total in triple]),
            ("amount", [amount(total.amount) for total in triple]),
        ]
        rows += [(triple[0].currency or "(none)", name, *shown) for name, shown in figures]
    return table(("Currency", "", "Source", "Sent", "Read back"), rows, right=(2, 3, 4))


def findings_lines(findings: Sequence[Finding], source: Source, width: int = _WIDTH) -> list[str]:
    """Findings as people read them: what is alike together, with how many rows and where, errors first."""
    groups = grouped(findings)
    totals = Counter(finding.severity for finding in findings)
    counts = [plural(group.rows, "row") if group.rows else "" for group in groups[:MOST_GROUPS]]
    indent = max(map(len, counts), default=0) + 4
    lines: list[str] = []
    severity = None
    for group, count in zip(groups, counts, strict=False):
        if group.severity is not severity:
            severity = group.severity
            lines += ["", plural(totals[severity], severity.value)]
        first = f"  {count:>{indent - 4}}  "
        lines += wrap(group.message, width, initial_indent=first, subsequent_indent=" " * indent)
        lines += wrap(where(group, source), width, initial_indent=" " * indent, subsequent_indent=" " * indent)
    left = groups[MOST_GROUPS:]
    if left:
        kinds = plural(len(left), "other kind")
        lines += ["", f"  … and {kinds} of finding; --report FILE lists every one"]
    return lines[1:]


def where(group: Group, source: Source) -> str:
    """Where a group's findings are, and their code: `sheet Orders, cells I2, I5:I9 (not-in-crosswalk)`."""
    source = table_at(source, group.findings[0].row)
    sheet = f"sheet {source.sheet}" if source.sheet else source.file
    spots = places(group.findings, _MOST_PLACES, has_sheet=bool(source.sheet))
    return f"{', '.join(filter(None, (sheet, spots)))} ({group.code})"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its word: `1 order`, `2,724 lines`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
