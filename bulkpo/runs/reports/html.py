"""The report of a check as a page: one file, without anything from elsewhere, that can be mailed and printed."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape
from itertools import islice
from typing import IO

from bulkpo.runs.reports.facts import CheckFacts
from bulkpo.runs.reports.words import amount

_MOST_LISTED = 5_000
LONGEST_FOUND = 80

_STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; color: #1d2433; margin: 2em auto; max-width: 72em; padding: 0 1em }
h1 { font-size: 1.5em; margin: 0 } h2 { font-size: 1.1em; margin: 2em 0 .5em }
p { margin: .4em 0 } .quiet { color: #5b6475 }
table { border-collapse: collapse; width: 100% }
th { text-align: left; background: #eef1f6 }
th, td { padding: .35em .6em; border: 1px solid #d5dae3; vertical-align: top }
td.number, th.number { text-align: right; white-space: nowrap; min-width: 3em }
.error { border-left: 4px solid #c0392b } .notice { border-left: 4px solid #b7950b }
.good { color: #1e7b45 } .bad { color: #c0392b }
td { overflow-wrap: anywhere; word-break: break-word; min-width: 5em }
code { white-space: nowrap; font-size: .9em; color: #5b6475 }
@media print { body { margin: 0; max-width: none; font-size: 10px } h2 { break-after: avoid }
 tr { break-inside: avoid } thead { display: table-header-group } }
"""


def write_html(file: IO[bytes], facts: CheckFacts) -> None:
    """Write the page, piece by piece."""
    for piece in _pieces(facts):
        file.write(piece.encode("utf-8", "replace"))


def _pieces(facts: CheckFacts) -> Iterator[str]:
    source, checked = facts.file.source, facts.checked
    title = f"{source.file}, sheet {source.sheet}" if source.sheet else source.file
    verdict = f'<p class="good">Every {facts.kind.noun.one} is clean.</p>'
    if checked.failed or checked.errors:
        verdict = '<p class="bad">Correct what is listed as an error, then check the file again.</p>'
    yield (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{_text(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f'<h1>{_text(title)}</h1><p class="quiet">checked by the mapping {_text(facts.file.mapping.file)}</p>'
        f"<p>{_text(facts.counted())}</p>{verdict}"
    )
    yield from _groups(facts)
    headings, totals = facts.totals()
    shown = [[amount(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in totals]
    yield from _table(f"Totals of the clean {facts.kind.noun.many}", headings, shown, numbers=(1, 2, 3))
    headings, totals = facts.open()
    shown = [[amount(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in totals]
    yield from _table("What is open", headings, shown, numbers=(1, 2, 3, 4, 5))
    if facts.agreeing():
        yield f"<p>{_text(facts.agreeing())}</p>"
    yield from _table("Rows skipped", ("Because", "Rows", "Which"), facts.skipped(), numbers=(1,))
    yield from _table("Columns neither mapped nor ignored", ("Column", "Heading"), facts.unread())
    yield from _findings(facts)
    yield from _table("Run", ("Fact", "Value"), facts.run())
    yield "</body></html>\n"


def _groups(facts: CheckFacts) -> Iterator[str]:
    rows = [
        (
            each.severity,
            (f"{each.rows:,}" if each.rows else "", each.message, each.places, each.remedy, each.code),
        )
        for each in facts.summary()
    ]
    if rows:
        yield "<h2>What was found</h2>" + _head(("Rows", "What", "Where", "How to mend it", "Code"), (0,))
        for severity, (count, *texts, code) in rows:
            cells = "".join(f"<td>{_text(text)}</td>" for text in texts)
            yield f'<tr><td class="number {severity}">{count}</td>{cells}<td><code>{_text(code)}</code></td></tr>'
        yield "</tbody></table>"


def _findings(facts: CheckFacts) -> Iterator[str]:
    count = len(facts.checked.findings)
    headings = ("Place", "Column", facts.kind.noun.title, "Found", "What is wrong", "Code")
    rows = (
        (
            each.place.removeprefix(f"{facts.file.source.file}, "),
            each.column,
            each.order,
            each.found[:LONGEST_FOUND],
            each.message,
            each.code,
        )
        for each in islice(facts.listed(), _MOST_LISTED)
    )
    yield from _table("Every finding", headings, rows)
    if count > _MOST_LISTED:
        yield f"<p>The first {_MOST_LISTED:,} of {count:,} are listed; a report as .csv or .json lists all.</p>"


def _table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[int] = ()
) -> Iterator[str]:
    started = False
    for row in rows:
        if not started:
            started = True
            yield f"<h2>{_text(title)}</h2>{_head(headings, numbers)}"
        cells = [
            f'<td class="number">{_number(cell)}</td>' if place in numbers else f"<td>{_text(cell)}</td>"
            for place, cell in enumerate(row)
        ]
        yield f"<tr>{''.join(cells)}</tr>"
    if started:
        yield "</tbody></table>"


def _head(headings: Sequence[str], numbers: Sequence[int]) -> str:
    cells = [
        f'<th class="number">{_text(heading)}</th>' if place in numbers else f"<th>{_text(heading)}</th>"
        for place, heading in enumerate(headings)
    ]
    return f"<table><thead><tr>{''.join(cells)}</tr></thead><tbody>"


def _number(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else _text(cell)


def _text(text: object) -> str:
    """Text made harmless; control characters, which a page cannot hold, become a mark."""
    return escape("".join(each if each.isprintable() or each in "\n\t" else "�" for each in str(text)))
