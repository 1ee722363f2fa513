"""The orders that failed, whole and in the input's own layout: to be corrected and run again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, assert_never

from bulkpo.errors import UsageError
from bulkpo.model.finding import Severity
from bulkpo.model.table import row_number, table_number
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, Pass
from bulkpo.runs.reports.facts import messages_by_row
from bulkpo.runs.reports.tables import refuse_input, tables_of
from bulkpo.tables.faults import copying
from bulkpo.tables.subset.form import Form, form_of
from bulkpo.tables.subset.row_notes import RowNotes
from bulkpo.tables.subset.table import Table
from bulkpo.tables.subset.text import copy_lines
from bulkpo.tables.writing.atomic import Placing, replacing

NONE_REFUSED: Mapping[str, str] = {}


def refuse_failed(path: Path, source: Path) -> None:
    """Raise UsageError for a name whose extension does not go with the input's layout."""
    wanted = failed_ending(source)
    if path.suffix.lower() != wanted:
        raise UsageError(
            f"{path}: what failed of {source.name} is written in its own layout; name a file ending in {wanted}"
        )


def failed_ending(source: Path) -> str:
    """How the name of a file ends that holds what failed of another."""
    if form_of(source) is Form.VALUES:
        return ".xlsx"
    ending = source.suffix.lower()
    if ending == ".gz":
        return Path(source.stem).suffix.lower() or ".csv"
    return ".csv" if ending == ".zip" else ending


class FailedRows:
    """The rows of orders that failed and of none, found while a file is read, and the first row of each order.

    Where values are filled down, rows that were left out and give them are among the rows.
    """

    def __init__(self, file: MappedFile, failed: Collection[str]) -> None:
        self.rows: set[int] = set()
        self.firsts: dict[str, int] = {}
        self._failed = failed
        self._fills_down = bool(file.mapping.fill_down)
        self._above: list[int] = []

    def look(self, rows: Sequence[int], keys: Sequence[str], left_out: Collection[int]) -> None:
        """Look at the next rows; the key is empty for a row of no order."""
        for row, key in zip(rows, keys, strict=True):
            if row in left_out:
                self._above.append(row)
                continue
            if not key or key in self._failed:
                self.rows.add(row)
                self.firsts.setdefault(key, row)
                self.rows.update(self._above if self._fills_down else ())
            self._above = []


@dataclass(frozen=True, slots=True)
class FailedOptions:
    """The rows, where they are known already, and who is told of each file right before it is put in place."""

    found: FailedRows | None = None
    placing: Placing | None = None


_PLAIN = FailedOptions()


def write_failed(
    path: Path,
    file: MappedFile,
    checked: Checked,
    refused: Mapping[str, str] = NONE_REFUSED,
    options: FailedOptions = _PLAIN,
) -> int:
    """Write the rows of the orders with errors, and the rows that belong to no order; gives how many there are.

    `refused` are orders that failed otherwise, with the reasons. Nothing but rows is left out: headings, formats and
    what stands above the headings stay. In workbooks formulas that look at other rows become their values, since those
    may be gone. What is wrong with a row is told in a column of bulkpo's own, and workbooks have the cells marked.
    Where the orders come in several files, the others are written beside the first, by their own names. Raises
    OutputError, and UsageError for the name.
    """
    refuse_failed(path, file.path)
    refuse_input(path, file)
    many = file.mapping.kind.noun.many
    targets = {source: path if source == file.path else path.with_name(source.name) for source in file.files}
    for source, target in targets.items():
        if target.exists() and target.samefile(source):
            raise UsageError(
                f"{path}: the {many} come in several files, and {source.name} would be written over; "
                "name a file in another folder"
            )
    found = options.found or _rows_of(file, checked.failed_keys | refused.keys())
    rows = found.rows
    told = {row: [refused[key]] for key, row in found.firsts.items() if refused.get(key)}
    for row, messages in messages_by_row(checked).items():
        told.setdefault(row, []).extend(messages)
    for source, target in targets.items():
        tables = [table for table in tables_of(file) if table.path == source]
        copies = [(table, _beside(table, told, checked, rows)) for table in tables]
        with replacing(target, options.placing, like=source) as stream, copying(source):
            _write(stream, source, copies, rows)
    return len(rows)


def _beside(table: Table, told: Mapping[int, Sequence[str]], checked: Checked, rows: Collection[int]) -> RowNotes:
    """What is written beside those rows of a table that stay."""
    mine = [row for row in told if row in rows and table_number(row) == table.number]
    marks: dict[int, dict[int, bool]] = {}
    for finding in checked.findings:
        if finding.column and finding.row in rows and table_number(finding.row) == table.number:
            of_row = marks.setdefault(row_number(finding.row), {})
            of_row[finding.column] = of_row.get(finding.column, False) or finding.severity is Severity.ERROR
    return RowNotes(table.last_heading, {row_number(row): "\n".join(told[row]) for row in mine}, marks)


def _rows_of(file: MappedFile, failed: Collection[str]) -> FailedRows:
    """The rows of these orders and of none."""
    found = FailedRows(file, failed)
    for records in Pass(file).records():
        skipped = {row for rows in records.skipped.values() for row in rows}
        keys = dict(zip(records.rows, records.keys, strict=True))
        rows = sorted([*keys, *skipped])
        found.look(rows, [keys.get(row) or "" for row in rows], skipped)
    return found


def _write(stream: IO[bytes], source: Path, tables: Sequence[tuple[Table, RowNotes]], rows: Collection[int]) -> None:
    form = form_of(source)
    match form:
        case Form.TEXT:
            table, beside = tables[0]
            copy_lines(table, rows, beside, stream)
        case Form.PACKAGE:
            from bulkpo.tables.subset.package import SheetCopy, copy_package

            copies = {table.source.sheet: SheetCopy(table.kept(rows), beside) for table, beside in tables}
            copy_package(source, copies, stream)
        case Form.VALUES:
            from bulkpo.tables.subset.copy import write_values

            write_values(source, tables, rows, stream)
        case _:
            assert_never(form)
