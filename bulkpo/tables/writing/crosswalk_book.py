"""A crosswalk to confirm: a workbook with what is proposed beside what a person fills in."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from bulkpo.model.own import OWN_PREFIX
from bulkpo.tables.writing.atomic import replacing
from bulkpo.tables.writing.crosswalk_rows import CROSSWALK_SHEET, CrosswalkRow
from bulkpo.tables.writing.template_book import (
    BOLD,
    HEADING_FILL,
    LAST_FILL_ROW,
    REQUIRED_FILL,
    WHITE,
    FillList,
    add_lists,
    heading_note,
    name_of_list,
    put_text,
    told_limit,
)
from bulkpo.where import column_letter

_LISTS_SHEET = f"{OWN_PREFIX}lists"


def write_crosswalk_book(
    path: Path, headings: tuple[str, str], rows: Sequence[CrosswalkRow], values: Sequence[tuple[str, str]]
) -> None:
    """Write a crosswalk to confirm: the second column is to be filled in, with a list of values; raises OutputError."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = CROSSWALK_SHEET
    sheet.freeze_panes = "A2"
    for number, (title, width) in enumerate(
        zip((*headings, "Proposed", "Because", "Rows"), (36, 24, 24, 60, 10), strict=True), 1
    ):
        cell = sheet.cell(1, number)
        put_text(cell, title)
        cell.fill, cell.font = (REQUIRED_FILL, WHITE) if number == 2 else (HEADING_FILL, BOLD)
        sheet.column_dimensions[column_letter(number)].width = width
    sheet.cell(1, 2).comment = heading_note(
        "What is written here is sent. Copy what is right from “Proposed”, or choose from the list; where it is empty, "
        "the value stays an error."
    )
    sheet.column_dimensions["B"].number_format = "@"
    for number, row in enumerate(rows, 2):
        for column, text in enumerate((row.value, row.result, row.proposed, row.why), 1):
            put_text(sheet.cell(number, column), text)
        sheet.cell(number, 5).value = row.rows
    if values:
        name = name_of_list(headings[1], ())
        add_lists(made, made.create_sheet(_LISTS_SHEET), [FillList(name, headings[1], values)])
        limit = told_limit(
            DataValidation("list", formula1=f"={name}"), "This is not in the list. Is it meant?", is_closed=False
        )
        limit.add(f"B2:B{LAST_FILL_ROW}")
        sheet.add_data_validation(limit)
    with replacing(path) as file:
        made.save(file)
