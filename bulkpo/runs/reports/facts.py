"""What every form of report says about a check: the findings with their places, and the facts of the summary."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from bulkpo.mapping.kinds.kind import DocumentKind
from bulkpo.model.agreed import agreeing_line
from bulkpo.model.by import NOBODY, By
from bulkpo.model.codes import CODES
from bulkpo.model.finding import Finding
from bulkpo.model.table import place_of, row_number, table_number
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, Pass
from bulkpo.runs.reports.groups import Group, grouped
from bulkpo.runs.reports.run_sheet import facts_of_work
from bulkpo.runs.reports.tables import tables_of
from bulkpo.runs.reports.words import places, row_ranges
from bulkpo.tables.subset.table import Table
from bulkpo.where import column_letter

_MOST_PLACES = 12


class Listed(NamedTuple):
    """A finding as a report lists it. `row` is 0 and texts are empty where there is nothing to say."""

    severity: str
    place: str
    row: int
    column: str
    order: str
    element: str
    found: str
    message: str
    remedy: str
    code: str


class GroupFact(NamedTuple):
    """A group of findings as a summary tells it; `rows` is 0 where no number of rows is known."""

    severity: str
    rows: int
    message: str
    places: str
    remedy: str
    code: str


@dataclass(slots=True)
class CheckFacts:
    """A checked file, ready to be reported."""

    file: MappedFile
    checked: Checked
    by: By = NOBODY
    groups: list[Group] = field(init=False)
    _keys: dict[int, str] = field(init=False)
    tables: list[Table] = field(init=False)

    def __post_init__(self) -> None:
        """Group the findings, and find the orders of their rows: reads the file once more if there are any."""
        self.groups = grouped(self.checked.findings)
        self.tables = tables_of(self.file)
        rows = {finding.row for finding in self.checked.findings if row_number(finding.row)}
        self._keys = {row: key for row, key in row_keys(self.file) if key is not None and row in rows} if rows else {}

    @property
    def kind(self) -> DocumentKind:
        """What is special about the documents that were checked."""
        return self.file.mapping.kind

    def run(self) -> list[tuple[str, str]]:
        """Who wrote the report, with what, and when; nothing where nobody says."""
        return facts_of_work(self.by)

    def totals(self) -> tuple[list[str], list[tuple[str | int | Decimal, ...]]]:
        """Headings and rows of the totals of the clean documents; no rows where there is nothing but their number."""
        totals, kind = self.checked.totals, self.kind
        if not kind.figures(totals).amounts:
            return [], []
        headings = ["Currency", kind.noun.titles, kind.lines(self.file.mapping.layout).titles, "Amount"]
        return headings, [(each.currency or "(none)", each.documents, each.lines, each.amount) for each in totals]

    def open(self) -> tuple[list[str], list[tuple[str | int | Decimal, ...]]]:
        """Headings and rows of what was ordered, is done and open; no rows where the mapping has no balance."""
        headings = ["Currency", self.kind.lines(self.file.mapping.layout).titles, "Finished", "Ordered", "Done", "Open"]
        return headings, [
            (each.currency or "(none)", each.lines, each.finished, each.ordered, each.done, each.open)
            for each in self.checked.open
        ]

    def listed(self) -> Iterator[Listed]:
        """Every finding, in the file's order."""
        for finding in self.checked.findings:
            yield Listed(
                finding.severity.value,
                place_of(self.file.source, finding.row, finding.column),
                row_number(finding.row),
                self._title(finding),
                finding.key or self._keys.get(finding.row, ""),
                finding.element,
                finding.value,
                finding.message,
                remedy_of(finding.code, self.kind),
                finding.code,
            )

    def mending(self) -> list[Group]:
        """The groups of a summary, errors first; columns neither mapped nor ignored stand apart."""
        return [group for group in self.groups if group.code != "unmapped-column"]

    def summary(self) -> list[GroupFact]:
        """What is told of these groups."""
        return [
            GroupFact(
                group.severity.value,
                group.rows,
                group.message,
                self._places(group),
                remedy_of(group.code, self.kind),
                group.code,
            )
            for group in self.mending()
        ]

    def counted(self) -> str:
        """What was checked, in a sentence or two."""
        checked = self.checked
        documents = self.kind.counted(self.file.mapping.layout, checked.documents, checked.lines)
        skipped = f", {checked.skipped_rows:,} of them skipped" if checked.skipped else ""
        return (
            f"{checked.rows:,} rows read{skipped}. {documents}: {checked.ok:,} clean, {checked.failed:,} with errors."
        )

    def agreeing(self) -> str:
        """Which of the file's own figures agree, in a line; empty where none was held against anything."""
        return agreeing_line(self.checked.agreeing)

    def skipped(self) -> list[tuple[str, int, str]]:
        """The rows left out: by which condition, how many, and which."""
        return [
            (reason, len(rows), row_ranges(rows, _MOST_PLACES) + (f" of {table.place}" if len(self.tables) > 1 else ""))
            for reason, table, rows in self.skipped_rows()
        ]

    def skipped_rows(self) -> Iterator[tuple[str, Table, list[int]]]:
        """The rows left out, by condition and table."""
        for reason, rows in self.checked.skipped.items():
            for table in self.tables:
                mine = [row_number(row) for row in rows if table_number(row) == table.number]
                if mine:
                    yield reason, table, mine

    def unread(self) -> list[tuple[str, str]]:
        """Letter and title of each column that the mapping neither uses nor ignores."""
        return [(column_letter(column.number), column.title) for column in self.checked.unread]

    def reasons(self) -> dict[int, str]:
        """What is wrong in each row that has a finding, one finding a line, errors first."""
        return {row: "\n".join(messages) for row, messages in messages_by_row(self.checked).items()}

    def _places(self, group: Group) -> str:
        table = self.tables[table_number(group.findings[0].row)]
        found = places(group.findings, _MOST_PLACES, has_sheet=bool(table.source.sheet))
        return f"{table.place}, {found}" if found and len(self.tables) > 1 else found

    def _title(self, finding: Finding) -> str:
        """The title of a finding's column; its letter where rows of several types each have their own."""
        table = self.tables[table_number(finding.row)]
        columns = () if table.is_typed else table.source.columns
        titles = (column.title for column in columns if column.number == finding.column)
        return next(titles, column_letter(finding.column))


def row_keys(file: MappedFile) -> Iterator[tuple[int, str | None]]:
    """The order of each row that is not skipped; None for a row that belongs to none."""
    for records in Pass(file).records():
        yield from zip(records.rows, records.keys, strict=True)


def remedy_of(code: str, kind: DocumentKind) -> str:
    """How to mend a kind of finding, as plain text in the words for a kind of document."""
    return kind.said(CODES[code].remedy.replace("`", ""))


def messages_by_row(checked: Checked) -> dict[int, list[str]]:
    """What is wrong in each row that has a finding, each said once, errors first."""
    by_row: dict[int, dict[str, None]] = {}
    for finding in checked.errors + checked.notices:
        if row_number(finding.row):
            by_row.setdefault(finding.row, {})[finding.message] = None
    return {row: list(messages) for row, messages in by_row.items()}
