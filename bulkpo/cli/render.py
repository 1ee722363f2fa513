"""Results in words: tables, findings grouped, places named."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Source, place_of
from bulkpo.model.totals import CurrencyTotal

MOST_GROUPS = 25


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


def amount(value: Decimal) -> str:
    """An amount with thousands and at least two decimals; no digit is cut but zeros at the end."""
    whole, _, fraction = f"{value:,f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def findings_lines(findings: Sequence[Finding], source: Source) -> list[str]:
    """Findings as people read them: the same words together, with how many, the first place, and errors first."""
    groups: dict[tuple[Severity, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.code, finding.message), []).append(finding)
    ordered = sorted(groups.items(), key=lambda group: (group[0][0] is Severity.NOTICE, -len(group[1])))
    lines = []
    for (severity, code, message), same in ordered[:MOST_GROUPS]:
        first = same[0]
        more = f" and {len(same) - 1:,} more" if len(same) > 1 else ""
        mark = "error " if severity is Severity.ERROR else "notice"
        lines.append(f"  {mark} {code}: {place_of(source, first.row, first.column)}{more}")
        lines.append(f"         {message}")
    left = len(ordered) - MOST_GROUPS
    if left > 0:
        lines.append(f"  … and {left:,} other kinds; --report FILE lists every one")
    return lines


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its word: `1 order`, `2,724 lines`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
