"""The report of a check, streamed: as a list, or as a copy of the input with a column of reasons."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from bulkpo.mapping.kinds.kind import DocumentKind, Noun
from bulkpo.model.own import OWN_COLUMN, OWN_SHEET
from bulkpo.model.table import Cell
from bulkpo.runs.reports.facts import CheckFacts, Listed
from bulkpo.runs.reports.run_sheet import OWN_RUN_SHEET, write_run_sheet
from bulkpo.tables.sink import open_book
from bulkpo.tables.subset.table import Table
from bulkpo.tables.writing.columns import BookSink, ColumnKind, FileOptions, SinkColumn
from bulkpo.tables.writing.formats import format_of

_GROUP_COLUMNS = (
    SinkColumn("Severity"),
    SinkColumn("Rows", ColumnKind.INTEGER),
    SinkColumn("What"),
    SinkColumn("Where"),
    SinkColumn("How to mend it"),
    SinkColumn("Code"),
)
_BATCH = 512


def write_list(path: Path, facts: CheckFacts) -> None:
    """Every finding, one a row; the extension chooses the form."""
    with open_book(path, FileOptions(like=facts.file.path, shortens=True)) as book:
        form = format_of(path)
        if form is not None and form.has_sheets:
            _summary(book, facts)
        _list(book, facts)


def write_copy(path: Path, facts: CheckFacts) -> None:
    """The input's rows as a workbook, each with the reasons it is wrong, and a summary."""
    reasons = facts.reasons()
    with open_book(path, FileOptions(like=facts.file.path, shortens=True)) as book:
        for table in facts.tables:
            _copy(book, table, reasons, facts.kind.noun)
        _summary(book, facts)
        _list(book, facts)


def _copy(book: BookSink, table: Table, reasons: Mapping[int, str], noun: Noun) -> None:
    columns = table.source.columns
    kept = [place for place, column in enumerate(columns) if column.title != OWN_COLUMN]
    titles = [SinkColumn(columns[place].title) for place in kept]
    name = table.source.sheet or table.name or noun.titles
    with book.sheet(name, [*titles, SinkColumn(OWN_COLUMN)]) as sheet:
        for chunk in table.source.chunks():
            cells = [chunk.columns[place] for place in kept]
            said = [reasons.get(table.row(row)) for row in chunk.rows]
            sheet.write(list(zip(*cells, said, strict=True)))


def list_columns(kind: DocumentKind) -> list[SinkColumn]:
    """The columns of a list of findings, as `Listed` has them."""
    before, after = ("Column", kind.noun.title, "Element"), ("Found", "What is wrong", "How to mend it", "Code")
    row = SinkColumn("Row", ColumnKind.INTEGER)
    return [SinkColumn("Severity"), SinkColumn("Place"), row, *map(SinkColumn, (*before, *after))]


def _list(book: BookSink, facts: CheckFacts) -> None:
    with book.sheet("bulkpo list", list_columns(facts.kind)) as sheet:
        batch: list[Sequence[Cell]] = []
        for listed in facts.listed():
            batch.append(cells_of(listed))
            if len(batch) == _BATCH:
                sheet.write(batch)
                batch = []
        sheet.write(batch)


def cells_of(listed: Listed) -> Sequence[Cell]:
    """A finding as cells under `list_columns`."""
    return [_cell(each) for each in listed]


def _summary(book: BookSink, facts: CheckFacts) -> None:
    with book.sheet(OWN_SHEET, _GROUP_COLUMNS) as sheet:
        sheet.write(list(_summary_rows(facts)))
    headings, totals = facts.totals()
    if totals:
        kinds = (ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.INTEGER, ColumnKind.DECIMAL)
        with book.sheet("bulkpo totals", list(map(SinkColumn, headings, kinds))) as sheet:
            known = zip(facts.checked.totals, totals, strict=True)
            sheet.write([(total.currency or None, *map(Decimal, row[1:])) for total, row in known])
    headings, opened = facts.open()
    if opened:
        columns = [ColumnKind.TEXT, *[ColumnKind.INTEGER] * 2, *[ColumnKind.DECIMAL] * 3]
        with book.sheet("bulkpo open", list(map(SinkColumn, headings, columns))) as sheet:
            named = zip(facts.checked.open, opened, strict=True)
            sheet.write([(total.currency or None, *map(Decimal, row[1:])) for total, row in named])
    write_run_sheet(book, facts.run(), OWN_RUN_SHEET)


def _summary_rows(facts: CheckFacts) -> Iterator[Sequence[Cell]]:
    yield (None, Decimal(facts.checked.rows), facts.counted(), None, None, None)
    for group in facts.summary():
        yield [_cell(each) for each in group]
    if facts.agreeing():
        yield (None, None, facts.agreeing(), None, None, None)
    for reason, count, which in facts.skipped():
        yield ("skipped", Decimal(count), f"left out because of {reason}", f"rows {which}", None, None)
    for letter, title in facts.unread():
        yield ("notice", None, f"neither mapped nor ignored: {title}", f"column {letter}", None, "unmapped-column")


def _cell(value: str | int) -> Cell:
    if isinstance(value, int):
        return Decimal(value) if value else None
    return value or None


def write_json(file: IO[bytes], facts: CheckFacts) -> None:
    """Write what `bulkpo check --json` tells, with every finding, the skipped rows and the columns nothing reads."""
    file.write(json.dumps(json_facts(facts), ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace"))
    file.write(b"\n")


def json_facts(facts: CheckFacts) -> dict[str, Any]:
    """The same as data."""
    told = facts.checked.as_json()
    told["findings"] |= {
        "groups": [group._asdict() for group in facts.summary()],
        "list": [listed._asdict() for listed in facts.listed()],
    }
    return {
        "file": facts.file.source.file,
        "sheet": facts.file.source.sheet,
        "mapping": facts.file.mapping.file,
        **told,
        "skipped": [
            {"reason": reason, "place": table.place, "rows": rows} for reason, table, rows in facts.skipped_rows()
        ],
        "unmapped_columns": [title for _, title in facts.unread()],
        **({"run": dict(run)} if (run := facts.run()) else {}),
    }
