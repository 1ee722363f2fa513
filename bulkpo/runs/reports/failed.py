"""The orders that failed, whole and in the input's own layout: to be corrected and run again."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import assert_never

from bulkpo.errors import UsageError
from bulkpo.runs.checking.mapped import MappedFile, Pass
from bulkpo.runs.reports.tables import refuse_input, tables_of
from bulkpo.tables.subset.copy import Form, copy_lines, form_of, write_values
from bulkpo.tables.subset.table import Table
from bulkpo.tables.writing.atomic import replacing


def refuse_failed(path: Path, source: Path) -> None:
    """Raise UsageError for a name whose extension does not go with the input's layout."""
    wanted = ".xlsx" if form_of(source) is Form.VALUES else source.suffix.lower()
    if path.suffix.lower() != wanted:
        raise UsageError(
            f"{path}: what failed of {source.name} is written in its own layout; name a file ending in {wanted}"
        )


def write_failed(path: Path, file: MappedFile, failed: Collection[str]) -> int:
    """Write the rows of the orders with these keys, and the rows that belong to no order; gives how many there are.

    Nothing but rows is left out: headings, formats and what stands above the headings stay. In workbooks formulas that
    look at other rows become their values, since those may be gone. Where the orders come in several files, the others
    are written beside the first, by their own names. Raises OutputError, and UsageError for the name.
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
    rows = _rows_of(file, failed)
    for source, target in targets.items():
        _write(target, source, [table for table in tables_of(file) if table.path == source], rows)
    return len(rows)


def _rows_of(file: MappedFile, failed: Collection[str]) -> set[int]:
    """The rows of these orders and of none; where values are filled down, also skipped rows that give them."""
    fills_down = bool(file.mapping.fill_down)
    wanted: set[int] = set()
    above: list[int] = []
    for records in Pass(file).records():
        skipped = {row for rows in records.skipped.values() for row in rows}
        keys = dict(zip(records.rows, records.keys, strict=True))
        for row in sorted([*keys, *skipped]):
            if row in skipped:
                above.append(row)
                continue
            if keys[row] is None or keys[row] in failed:
                wanted.add(row)
                wanted.update(above if fills_down else ())
            above = []
    return wanted


def _write(target: Path, source: Path, tables: Sequence[Table], rows: Collection[int]) -> None:
    form = form_of(source)
    with replacing(target) as stream:
        match form:
            case Form.TEXT:
                copy_lines(tables[0], rows, stream)
            case Form.PACKAGE:
                from bulkpo.tables.subset.package import copy_package

                copy_package(source, {table.source.sheet: table.kept(rows) for table in tables}, stream)
            case Form.VALUES:
                write_values(source, tables, rows, stream)
            case _:
                assert_never(form)
