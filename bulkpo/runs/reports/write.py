"""What a check found as a file people can open; the extension chooses the form."""

from enum import Enum
from pathlib import Path
from typing import assert_never

from bulkpo.errors import UsageError
from bulkpo.model.by import NOBODY, By
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile
from bulkpo.runs.reports.facts import CheckFacts
from bulkpo.runs.reports.tables import refuse_input
from bulkpo.tables.faults import copying
from bulkpo.tables.subset.form import Form, form_of
from bulkpo.tables.writing.atomic import replacing

MOST_MARKED_ROWS = 50_000


class ReportForm(Enum):
    """The forms of a report, by extension."""

    WORKBOOK = ".xlsx"
    PAGE = ".html"
    LIST = ".csv"
    DATA = ".json"


def report_form(path: Path) -> ReportForm:
    """The form a report's extension names; raises UsageError if it names none."""
    try:
        return ReportForm(path.suffix.lower())
    except ValueError:
        listed = ", ".join(form.value for form in ReportForm)
        raise UsageError(f"{path}: a report's form is chosen by its extension; use {listed}") from None


def write_report(path: Path, file: MappedFile, checked: Checked, by: By = NOBODY) -> str:
    """Write a report, which says by whom; gives a sentence that says what it holds.

    Raises OutputError, and UsageError for its name.
    """
    form = report_form(path)
    refuse_input(path, file)
    with copying(file.path):
        return _write(path, form, CheckFacts(file, checked, by))


def _write(path: Path, form: ReportForm, facts: CheckFacts) -> str:
    match form:
        case ReportForm.WORKBOOK:
            return _write_workbook(path, facts)
        case ReportForm.PAGE:
            from bulkpo.runs.reports.html import write_html

            with replacing(path, like=facts.file.path) as stream:
                write_html(stream, facts)
            return "the findings as a page to read or print"
        case ReportForm.DATA:
            from bulkpo.runs.reports.listed import write_json

            with replacing(path, like=facts.file.path) as stream:
                write_json(stream, facts)
            return "the findings for programs"
        case ReportForm.LIST:
            from bulkpo.runs.reports.listed import write_list

            write_list(path, facts)
            return "every finding, one a row"
        case _:
            assert_never(form)


def _write_workbook(path: Path, facts: CheckFacts) -> str:
    from bulkpo.runs.reports import listed

    if len(facts.file.files) > 1 or form_of(facts.file.path) is not Form.PACKAGE:
        listed.write_copy(path, facts)
        return "the rows with the reasons in the last column, and a summary"
    if facts.checked.rows > MOST_MARKED_ROWS:
        listed.write_list(path, facts)
        return f"the findings as a list: more than {MOST_MARKED_ROWS:,} rows are not marked cell by cell"
    from bulkpo.runs.reports import workbook

    try:
        marked = workbook.annotated(path.name, facts)
    except workbook.NOT_LOADABLE:
        listed.write_copy(path, facts)
        return "the rows with the reasons in the last column; the workbook has parts that cannot be kept"
    with replacing(path, like=facts.file.path) as stream:
        stream.write(marked)
    return "your workbook with the wrong cells marked, and a summary"
