"""Results in words: tables, findings grouped, places named."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from bulkpo.cli.console import PLAIN_WIDTH, folded
from bulkpo.cli.folding import fold, padded, span
from bulkpo.model.finding import Finding
from bulkpo.model.table import Source
from bulkpo.model.totals import CurrencyTotal, OpenTotal
from bulkpo.runs.reports.groups import Group, grouped
from bulkpo.runs.reports.words import amount, places, row_ranges, table_at

if TYPE_CHECKING:
    from bulkpo.mapping.kinds.kind import DocumentKind
    from bulkpo.model.document import Layout
    from bulkpo.model.signoff import SignOff
    from bulkpo.runs.imports.reasons import Reason

__all__ = [
    "amount",
    "findings_lines",
    "listed",
    "open_table",
    "plural",
    "reasons_lines",
    "row_ranges",
    "sign_off_lines",
    "status_lines",
    "table",
    "totals_table",
    "ways_table",
    "where",
]

_MOST_GROUPS = 25
_MOST_PLACES = 5
_DRAFT = "draft"
_INDENT, _GAP = "  ", "   "
_LEAST_COLUMN = 8
_MOST_REASONS = 10
_MOST_ALTERED = 10
_EVERY_ONE = "bulkpo check with --report FILE lists every one"
_CUT = re.compile(r" and [\d,]+ (more|others like it)")


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = (), width: int | None = None
) -> list[str]:
    """Lines of columns under headings; the columns numbered in `right` (from 0) are set flush right.

    Where `width` is too little for them, cells are folded within their columns.
    """
    cells = [list(headings), *(list(row) for row in rows)]
    widths = [max(1, *map(span, column)) for column in zip(*cells, strict=True)]
    if width is not None:
        widths = _fitted(cells, widths, width - len(_INDENT) - len(_GAP) * (len(widths) - 1))
    lines = []
    for row in cells:
        folded = [fold(cell, max(most, 1), cut=True) for cell, most in zip(row, widths, strict=True)]
        for parts in zip_longest(*folded, fillvalue="") if any(folded) else [("",) * len(row)]:
            set_out = [
                padded(part, most, right=number in right)
                for number, (part, most) in enumerate(zip(parts, widths, strict=True))
            ]
            lines.append(_INDENT + _GAP.join(set_out).rstrip())
    return lines


def _fitted(cells: Sequence[Sequence[str]], widths: Sequence[int], room: int) -> list[int]:
    """Widths that fit into the room: the widest columns give way first, to their longest word, then to less."""
    fitted = list(widths)
    words = [max(span(word) for cell in column for word in cell.split() or [""]) for column in zip(*cells, strict=True)]
    for least in (words, [min(_LEAST_COLUMN, most) for most in widths]):
        while sum(fitted) > room:
            number = max(range(len(fitted)), key=lambda each: (fitted[each] > least[each], fitted[each]))
            if fitted[number] <= least[number]:
                break
            fitted[number] -= 1
    return fitted


def totals_table(totals: Sequence[CurrencyTotal], kind: "DocumentKind", layout: "Layout") -> list[str]:
    """Control totals, a line per currency."""
    rows = [
        (total.currency or "(none)", f"{total.documents:,}", f"{total.lines:,}", amount(total.amount))
        for total in totals
    ]
    headings = ("Currency", kind.noun.titles, kind.lines(layout).titles, "Amount")
    return table(headings, rows, right=(1, 2, 3)) if rows else []


def open_table(totals: Sequence[OpenTotal], kind: "DocumentKind", layout: "Layout") -> list[str]:
    """What was ordered, is done and open, a line per currency."""
    rows = [
        (
            each.currency or "(none)",
            f"{each.lines:,}",
            f"{each.finished:,}",
            *map(amount, (each.ordered, each.done, each.open)),
        )
        for each in totals
    ]
    headings = ("Currency", kind.lines(layout).titles, "Finished", "Ordered", "Done", "Open")
    return table(headings, rows, right=(1, 2, 3, 4, 5))


def ways_table(ways: Iterable[tuple[CurrencyTotal, CurrencyTotal, CurrencyTotal]], kind: "DocumentKind") -> list[str]:
    """Control totals three ways, side by side: source, sent, read back."""
    rows = []
    for triple in ways:
        shown = kind.figures(triple)
        figures = [
            (kind.noun.many, [f"{total.documents:,}" for total in triple]),
            *([(kind.lines().many, [f"{total.lines:,}" for total in triple])] if shown.lines else ()),
            *([("amount", [amount(total.amount) for total in triple])] if shown.amounts else ()),
        ]
        rows += [(triple[0].currency or "(none)", name, *each) for name, each in figures]
    return table(("Currency", "", "Source", "Sent", "Read back"), rows, right=(2, 3, 4)) if rows else []


def sign_off_lines(signed: "SignOff", kind: "DocumentKind") -> list[str]:
    """What became of the whole file, where not all of it was sent, and what comparing with Coupa has shown."""
    noun, lines = kind.noun, list[str]()
    if len({outcome for outcome, _ in signed.outcomes}) > 1:
        shown = [*signed.outcomes, *(("in the file", total) for total in signed.whole)]
        rows = [
            (outcome, total.currency or "(none)", f"{total.documents:,}", f"{total.lines:,}", amount(total.amount))
            for outcome, total in shown
        ]
        headings = ("What became of it", "Currency", noun.titles, kind.lines().titles, "Amount")
        if any(total.currency or total.amount for _, total in shown):
            lines += table(headings, rows, right=(2, 3, 4))
        else:
            lines += table((headings[0], *headings[2:4]), [(row[0], *row[2:4]) for row in rows], right=(1, 2))
    lines += _changes_table(signed, kind)
    if signed.compared:
        differ = f"{signed.differing:,} differ from what was sent" if signed.differing else "all are as they were sent"
        lines.append(f"  {noun.counted(signed.compared)} compared with Coupa element by element: {differ}.")
        lines += [f"    {it.key} (id {it.id}): {it.said}" for it in signed.altered[:_MOST_ALTERED]]
        if (left := signed.differing - _MOST_ALTERED) > 0:
            lines.append(f"    and {left:,} more; the result file names them")
        if signed.transmissions is not None:
            said = "".join(f", {count:,} {status}" for status, count in signed.transmissions.items())
            lines.append(f"  {signed.transmitted:,} of {signed.compared:,} transmitted to suppliers{said}.")
        if signed.resent is not None:
            said = "".join(f", {count:,} {status}" for status, count in signed.resent.items())
            word = noun.one if signed.changed == 1 else noun.many
            again = f"{sum(signed.resent.values()):,} of {signed.changed:,} changed {word}"
            lines.append(f"  {again} sent to suppliers again{said}.")
        if len(signed.partners) > 1:
            lines.append(f"  {len(signed.partners):,} totals by supplier and currency: {_said_of_partners(signed)}.")
    return lines


def _changes_table(signed: "SignOff", kind: "DocumentKind") -> list[str]:
    """What the documents that were changed came to before, after, and as read back."""
    rows = [
        (before.currency or "(none)", f"{max(before.documents, after.documents):,}", *map(_amount_of, ways))
        for ways in signed.changes_by_currency()
        for before, after, _ in [ways]
    ]
    headings = (f"Changed {kind.noun.many}", kind.noun.titles, "Amount before", "After", "Read back")
    return table(headings, rows, right=(1, 2, 3, 4)) if rows else []


def _amount_of(total: CurrencyTotal) -> str:
    return amount(total.amount)


def _said_of_partners(signed: "SignOff") -> str:
    wrong = [f"{it.partner} {it.sent.currency}" for it in signed.partners if it.sent != it.read_back]
    return f"{listed(wrong, _MOST_PLACES, 'see the result file')} differ" if wrong else "all agree"


def findings_lines(findings: Sequence[Finding], source: Source, width: int | None = None) -> list[str]:
    """Findings as people read them: what is alike together, with how many rows and where, errors first."""
    width = width or PLAIN_WIDTH
    groups = grouped(findings)
    totals = Counter(finding.severity for finding in findings)
    counts = [plural(group.rows, "row") if group.rows else "" for group in groups[:_MOST_GROUPS]]
    indent = max(map(len, counts), default=0) + 4
    lines: list[str] = []
    severity = None
    for group, count in zip(groups, counts, strict=False):
        if group.severity is not severity:
            severity = group.severity
            lines += ["", plural(totals[severity], severity.value)]
        first = f"  {count:>{indent - 4}}  "
        lines += fold(group.message, width, first, " " * indent)
        place = where(group, source)
        lines += fold(place, width, " " * indent, " " * indent)
    return [*lines[1:], *_left_out(lines, len(groups) - _MOST_GROUPS, width)]


def _left_out(lines: Sequence[str], kinds: int, width: int) -> list[str]:
    """That not all was listed, and where it is."""
    if kinds > 0:
        said = f"  … and {plural(kinds, 'other kind')} of finding; {_EVERY_ONE}"
    elif _CUT.search(" ".join(" ".join(lines).split())):
        said = f"  … {_EVERY_ONE}"
    else:
        return []
    return ["", *folded(said, width).split("\n")]


def where(group: Group, source: Source) -> str:
    """Where a group's findings are, and their code: `sheet Orders, cells I2, I5:I9 (not-in-crosswalk)`."""
    source = table_at(source, group.findings[0].row)
    sheet = f"sheet {source.sheet}" if source.sheet else source.file
    spots = places(group.findings, _MOST_PLACES, has_sheet=bool(source.sheet))
    if group.is_told_once and spots:
        spots = f"first in {spots}"
    return f"{', '.join(filter(None, (sheet, spots)))} ({group.code})"


def reasons_lines(why: "Sequence[Reason]", width: int | None, rest: str) -> list[str]:
    """Why orders are in a state, a line a state: `13 refused: 9 × Po number has already been taken, 4 × …`."""
    lines = []
    for state in dict.fromkeys(reason.state for reason in why):
        those = [reason for reason in why if reason.state == state]
        count = sum(reason.orders + reason.others for reason in those)
        lines += _under(f"{count:,} {state}: {listed(list(map(str, those)), _MOST_REASONS, rest)}", width)
    return lines


def _under(text: str, width: int | None) -> list[str]:
    return folded(f"  {text}", width).split("\n")


def listed(names: Sequence[str], most: int, rest: str) -> str:
    """Names with commas between them; of more than so many the first, how many more there are, and where they are."""
    left = len(names) - most
    return ", ".join(names[:most]) + (f" and {left:,} more; {rest}" if left > 0 else "")


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its word: `1 order`, `2,724 lines`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def status_lines(statuses: Sequence[tuple[str, int]]) -> Iterator[str]:
    """The statuses Coupa gave the orders of a run, and what it means if some are drafts."""
    if not statuses:
        return
    listed = ", ".join(f"{count:,} {status}" for status, count in statuses)
    yield f"  Status in Coupa: {listed}."
    if drafts := dict(statuses).get(_DRAFT):
        still = "All are still drafts" if len(statuses) == 1 else f"{drafts:,} are still drafts"
        yield f"  {still}: nothing is sent to suppliers."
        yield "  `after_create: issue_without_send` in a mapping issues each order as it is created, silently."
