"""What checking several files found, and what failed of them: in one list, or file by file in a folder."""

import json
from collections.abc import Iterable
from decimal import Decimal
from itertools import chain
from pathlib import Path

from bulkpo.errors import UsageError
from bulkpo.model.by import NOBODY, By
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile
from bulkpo.runs.own_files import OwnFiles
from bulkpo.runs.reports.facts import CheckFacts
from bulkpo.runs.reports.failed import failed_ending, write_failed
from bulkpo.runs.reports.listed import cells_of, json_facts, list_columns
from bulkpo.runs.reports.run_sheet import OWN_RUN_SHEET, facts_of_work, write_run_sheet
from bulkpo.runs.reports.write import ReportForm, report_form, write_report
from bulkpo.tables.faults import writing
from bulkpo.tables.sink import open_book
from bulkpo.tables.writing.atomic import replacing
from bulkpo.tables.writing.columns import BookSink, ColumnKind, FileOptions, SinkColumn

Named = tuple[str, MappedFile, Checked]
"""A checked file, and what names of files about it begin with."""

_FILE_COLUMNS = (
    SinkColumn("File"),
    SinkColumn("Sheet"),
    *(
        SinkColumn(title, ColumnKind.INTEGER)
        for title in ("Rows", "Skipped", "Orders", "Lines", "Clean", "With errors")
    ),
)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder to write several files to: it is one, or has no extension."""
    return path.is_dir() or not path.suffix


def refuse_list(path: Path) -> None:
    """Raise UsageError for a report on several files that can only be about one."""
    if not is_folder(path) and report_form(path) is ReportForm.PAGE:
        raise UsageError(f"{path}: a page is about one file; name a folder, or a .xlsx, .csv or .json file to list all")


def write_reports(path: Path, files: Iterable[Named], own: OwnFiles, by: By = NOBODY) -> str:
    """Write a report on each file to a folder, or one list of all; gives a sentence that says what there is."""
    if not is_folder(path):
        with own.placed(path, "report on several files") as place:
            return _write_list(place, files, by)
    count = 0
    with writing(path / "report"):
        path.mkdir(exist_ok=True)
    for stem, file, checked in files:
        with own.placed(path / f"{stem}.report.xlsx", f"report on {file.path.resolve()}") as place:
            write_report(place, file, checked, by)
        count += 1
    return f"a report on each of {count:,} files"


def write_all_failed(folder: Path, files: Iterable[Named], own: OwnFiles) -> int:
    """Write what failed of each file to a folder, in the file's own layout; gives how many rows there are."""
    if not is_folder(folder):
        raise UsageError(f"{folder}: what failed of several files is written to a folder; name one")
    with writing(folder / "failed"):
        folder.mkdir(exist_ok=True)
    rows = 0
    for stem, file, checked in files:
        if checked.has_errors:
            name = f"{stem}.failed{failed_ending(file.path)}"
            with own.placed(folder / name, f"what failed of {file.path.resolve()}") as place:
                rows += write_failed(place, file, checked)
    return rows


def _write_list(path: Path, files: Iterable[Named], by: By) -> str:
    """Write the findings of every file to one, for whoever may read the first of them."""
    rest = iter(files)
    first = next(rest)
    files, like = chain([first], rest), first[1].path
    if report_form(path) is ReportForm.DATA:
        told = [json_facts(CheckFacts(file, checked, by)) for _, file, checked in files]
        with replacing(path, like=like) as stream:
            stream.write(json.dumps({"files": told}, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace"))
        return "the findings of every file for programs"
    with open_book(path, FileOptions(like=like, shortens=True)) as book:
        has_sheets = report_form(path) is ReportForm.WORKBOOK
        _list(book, files, has_sheets=has_sheets)
        if has_sheets:
            write_run_sheet(book, facts_of_work(by), OWN_RUN_SHEET)
    return "every finding of every file, one a row"


def _list(book: BookSink, files: Iterable[Named], *, has_sheets: bool) -> None:
    """All findings; the kind of document, and so the columns, is the same for all files."""
    several = iter(files)
    counted: list[tuple[str | Decimal, ...]] = []
    first = next(several)
    with book.sheet("bulkpo list", list_columns(first[1].mapping.kind)) as sheet:
        for _, file, checked in chain([first], several):
            sheet.write([cells_of(listed) for listed in CheckFacts(file, checked).listed()])
            figures = (checked.rows, checked.skipped_rows, checked.documents, checked.lines, checked.ok, checked.failed)
            counted.append((file.source.file, file.source.sheet, *map(Decimal, figures)))
    if has_sheets:
        with book.sheet("bulkpo files", _FILE_COLUMNS) as sheet:
            sheet.write(counted)
