"""The auditor's cover: a workbook with what a pack holds, to be read without any tool."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from bulkpo.model.table import Cell
from bulkpo.runs.evidence.case import Case
from bulkpo.runs.evidence.copies import Copy
from bulkpo.runs.evidence.gaps import Gap
from bulkpo.runs.evidence.sums import Accounting
from bulkpo.runs.evidence.trails import Counted, attachments, event_facts, events, order_facts
from bulkpo.runs.reports.run_sheet import run_facts, told_stint
from bulkpo.tables.sink import open_book
from bulkpo.tables.spool import RowSpool
from bulkpo.tables.writing.columns import BookSink, ColumnKind, FileOptions, SinkColumn

_TOGETHER = 500
_FACTS = [SinkColumn("Fact"), SinkColumn("Value")]


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of a pack once all but its cover is written."""

    copies: Sequence[Copy]
    sums: Accounting
    gaps: Sequence[Gap]
    counted: Counted


def write_cover(path: Path, case: Case, found: Findings, rows: RowSpool) -> None:
    """Write the workbook."""
    with open_book(path, FileOptions(shortens=True)) as book:
        _put(book, "Summary", _FACTS, _cleaned(case, _summary(case, found)))
        _put(book, "Totals", _totals_columns(case), _totals(found))
        columns = [*map(SinkColumn, ("File", "Sheet")), _number("Row"), SinkColumn(case.kind.noun.title)]
        with book.sheet("Rows", [*columns, SinkColumn("Outcome"), _number("Coupa id"), SinkColumn("Message")]) as sheet:
            for some in rows.batches():
                sheet.write(some)
        _put(book, "Orders", _ORDERS, _cleaned(case, _orders(case)))
        _put(book, "Events", _EVENTS, _cleaned(case, _events(case)))
        _put(book, "Attachments", _ATTACHMENTS, _cleaned(case, _attachments(case)))
        _put(book, "Files", _FILES, map(_file, found.copies))
        _put(book, "Not checked", [SinkColumn("Concerns"), SinkColumn("What to know")], _cleaned(case, found.gaps))


def _number(title: str) -> SinkColumn:
    return SinkColumn(title, ColumnKind.INTEGER)


_ORDERS = [
    *(_number("Order"), SinkColumn("Key"), _number("First row"), SinkColumn("Outcome"), _number("Coupa id")),
    *map(SinkColumn, ("Version", "Changed in Coupa", "Message", "Payload's SHA-256", "At (UTC)")),
]
_EVENTS = [
    *(_number("Event"), SinkColumn("At (UTC)"), _number("Order"), SinkColumn("Key")),
    *map(SinkColumn, ("What happened", "State after", "Detail")),
]
_ATTACHMENTS = [
    *(SinkColumn("Key"), SinkColumn("Line"), _number("Row"), SinkColumn("Way"), SinkColumn("Name"), _number("Bytes")),
    *(SinkColumn("SHA-256"), SinkColumn("Outcome"), _number("Coupa id"), SinkColumn("Message")),
]
_FILES = [
    *map(SinkColumn, ("What", "Where it was", "Last changed (UTC)", "SHA-256", "Standing", "In the pack")),
    *(SinkColumn("What to know"), _number("Bytes")),
]


def _put(book: BookSink, name: str, columns: Sequence[SinkColumn], rows: Iterable[Sequence[Cell]]) -> None:
    waiting = iter(rows)
    with book.sheet(name, columns) as sheet:
        while some := list(islice(waiting, _TOGETHER)):
            sheet.write(some)


def _cleaned(case: Case, rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    return (case.clean(list(row)) for row in rows)


def _summary(case: Case, found: Findings) -> Iterator[Sequence[Cell]]:
    yield from run_facts(case.run)
    yield ["Status", str(case.run.status)]
    yield ["Input", case.run.input_file]
    yield ["Mapping", case.run.mapping_file]
    for stint in case.stints:
        yield ["", ""]
        yield from told_stint(stint)
    for each in found.sums.sums:
        yield ["", ""]
        yield [f"{each.what}: in all", Decimal(each.whole)]
        for name, count in each.parts.items():
            yield [f"  {name}", Decimal(count)]
        yield ["  adds up", "yes" if each.closes else "NO"]
    yield ["", ""]
    for figure, value in found.sums.figures["expected"].items():
        yield [f"Expected: {figure}", str(value)]
    counted, noun = found.counted, case.kind.noun
    yield [f"{noun.titles} read back", Decimal(counted.read_back)]
    yield ["  elements compared", Decimal(counted.compared)]
    yield ["  elements that Coupa does not show", Decimal(counted.not_shown)]
    yield [f"  {noun.many} that differ", Decimal(counted.differing)]
    yield ["Events", Decimal(counted.events)]
    yield ["Head of the chain of events", counted.head]
    yield ["Not checked or missing", Decimal(len(found.gaps))]


def _totals_columns(case: Case) -> list[SinkColumn]:
    counts = (_number(case.kind.noun.titles), _number("Lines"))
    return [SinkColumn("Of"), SinkColumn("Currency"), *counts, SinkColumn("Amount", ColumnKind.DECIMAL, 2)]


def _totals(found: Findings) -> Iterator[Sequence[Cell]]:
    """Control totals three ways, and then the whole file by what became of it."""
    figures = found.sums.figures
    for total in figures["totals"]:
        for way, each in (("source", total), ("sent", total["sent"]), ("read back", total["read_back"])):
            yield _total(f"the run: {way}", total["currency"], each)
    for each in figures["file_by_outcome"]:
        yield _total(f"the file: {each['outcome']}", each["currency"], each)


def _total(of: str, currency: str, figures: Mapping[str, Any]) -> Sequence[Cell]:
    return [of, currency, Decimal(figures["documents"]), Decimal(figures["lines"]), Decimal(figures["amount"])]


def _orders(case: Case) -> Iterator[Sequence[Cell]]:
    for entry in case.journal.entries():
        facts = order_facts(entry)
        number = None if entry.coupa_id is None else Decimal(entry.coupa_id)
        front = [Decimal(entry.number), entry.key, Decimal(entry.row), facts["outcome"], number]
        yield [*front, entry.version, entry.updated_at, entry.message, entry.digest, entry.changed]


def _events(case: Case) -> Iterator[Sequence[Cell]]:
    for number, (noted, key) in enumerate(events(case), 1):
        facts = event_facts(noted, key)
        front = [Decimal(number), facts["at"], Decimal(noted.number), key]
        yield [*front, facts["event"], facts["state"], facts["detail"]]


def _attachments(case: Case) -> Iterator[Sequence[Cell]]:
    for it in attachments(case):
        number = None if it["coupa_id"] is None else Decimal(it["coupa_id"])
        front = [it["key"], it["line"], Decimal(it["row"]), it["way"], it["name"], Decimal(it["bytes"])]
        yield [*front, it["sha256"], it["outcome"], number, it["message"]]


def _file(copy: Copy) -> Sequence[Cell]:
    front = [copy.what, copy.path, copy.changed, copy.sha256, copy.standing]
    return [*front, copy.member, copy.said, Decimal(copy.size)]
