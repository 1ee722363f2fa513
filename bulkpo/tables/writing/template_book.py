"""A workbook to fill in: headings with notes, columns with formats, limits and drop-downs, lists, and what to do.

What Excel allows is heeded: a list is a range with a name, since one written into a limit ends at 255 characters and
cannot hold commas; the words of a limit end at 225. Limits hold what is typed, not what is pasted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from bulkpo.tables.writing.atomic import Placing, replacing
from bulkpo.tables.writing.columns import ColumnKind
from bulkpo.where import column_letter

LAST_FILL_ROW = 1_048_576
REQUIRED_FILL = PatternFill("solid", fgColor="FF1F4E79")
HEADING_FILL = PatternFill("solid", fgColor="FFDCE6F1")
BOLD, WHITE = Font(name="Calibri", bold=True), Font(name="Calibri", bold=True, color="FFFFFFFF")
_TITLE = Font(name="Calibri", bold=True, size=14)
_LONGEST_WORDS, _LONGEST_PIECE = 225, 32_000
_FORMATS = {
    ColumnKind.TEXT: "@",
    ColumnKind.INTEGER: "0",
    ColumnKind.DECIMAL: "#,##0.00####",
    ColumnKind.DATE: "yyyy-mm-dd",
    ColumnKind.DATETIME: "yyyy-mm-dd",
    ColumnKind.BOOLEAN: "General",
}
_NOTE_WIDTH, _NOTE_LINE, _NOTE_LETTERS = 320, 18, 46
_WIDTHS, _LINE = (24, 16, 46, 46, 24, 30), 15
_WIDE = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True, slots=True)
class FillColumn:
    """A column to fill in: what its cells hold, and what is noted at its heading.

    `list` is the name of the list it chooses from; `is_closed` where nothing else may be written. `length` is that of
    the longest text, `most` the largest number, each 0 where there is no limit.
    """

    title: str
    kind: ColumnKind
    note: str
    is_required: bool = False
    list: str = ""
    is_closed: bool = False
    length: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class FillSheet:
    """A sheet to fill in: its headings stand in `header_row` and take `header_rows`."""

    name: str
    header_row: int
    header_rows: int
    columns: tuple[FillColumn, ...]


@dataclass(frozen=True, slots=True)
class FillList:
    """A list to choose from: its name, its heading, and its values with what else they are known by."""

    name: str
    title: str
    values: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FillBook:
    """A whole workbook: sheets to fill in, lists, words on how to do so (lines, then a table), and its stamp."""

    sheets: tuple[FillSheet, ...]
    lists: tuple[FillList, ...]
    lines: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    names: tuple[str, str, str]
    stamp: str


def write_template_book(path: Path, book: FillBook, placing: Placing | None = None) -> None:
    """Write a workbook to fill in; `names` are those of its sheets of lists, words and stamp. Raises OutputError."""
    lists_name, words_name, stamp_name = book.names
    made = Workbook()
    made.remove(made.worksheets[0])
    for each in book.sheets:
        _fill_in(made.create_sheet(each.name), each)
    _words(made.create_sheet(words_name), book)
    if book.lists:
        add_lists(made, made.create_sheet(lists_name), book.lists)
    hidden = made.create_sheet(stamp_name)
    hidden.sheet_state = "hidden"
    for row, at in enumerate(range(0, len(book.stamp), _LONGEST_PIECE), 1):
        put_text(hidden.cell(row, 1), book.stamp[at : at + _LONGEST_PIECE])
    with replacing(path, placing) as file:
        made.save(file)


def name_of_list(title: str, taken: Sequence[str]) -> str:
    """The name of a column's list, as a workbook may have it: `list_Supplier_Number`."""
    plain = "list_" + (re.sub(r"\W+", "_", title).strip("_") or "values")[:100]
    others = {each.casefold() for each in taken}
    number, name = 2, plain
    while name.casefold() in others:
        name, number = f"{plain}_{number}", number + 1
    return name


def _fill_in(sheet: Any, each: FillSheet) -> None:  # noqa: ANN401 - openpyxl's
    first = each.header_row + each.header_rows
    sheet.freeze_panes = f"A{first}"
    _on_pages(sheet)
    for number, column in enumerate(each.columns, 1):
        letter = column_letter(number)
        whole = sheet.column_dimensions[letter]
        whole.width, whole.number_format = max(12, min(40, len(column.title) + 6)), _FORMATS[column.kind]
        cell = sheet.cell(each.header_row, number)
        put_text(cell, column.title)
        cell.fill, cell.font = (REQUIRED_FILL, WHITE) if column.is_required else (HEADING_FILL, BOLD)
        cell.comment = heading_note(column.note)
        limit = _limit(column)
        if limit is not None:
            limit.add(f"{letter}{first}:{letter}{LAST_FILL_ROW}")
            sheet.add_data_validation(limit)


def heading_note(text: str) -> Comment:
    """A note that is as large as its text."""
    lines = sum(len(line) // _NOTE_LETTERS + 1 for line in text.split("\n"))
    note = Comment(_clean(text), "bulkpo")
    note.width, note.height = _NOTE_WIDTH, _NOTE_LINE * (lines + 1)
    return note


def _limit(column: FillColumn) -> DataValidation | None:
    """What a cell may hold, as a spreadsheet program checks what is typed; empty is always allowed."""
    if column.kind is ColumnKind.BOOLEAN:
        return told_limit(DataValidation("list", formula1='"TRUE,FALSE"'), "Choose TRUE or FALSE.", is_closed=True)
    if column.list:
        said = "Choose one of the list." if column.is_closed else "This is not in the list. Is it meant?"
        return told_limit(DataValidation("list", formula1=f"={column.list}"), said, is_closed=column.is_closed)
    if column.kind in (ColumnKind.INTEGER, ColumnKind.DECIMAL):
        kind: Literal["whole", "decimal"] = "whole" if column.kind is ColumnKind.INTEGER else "decimal"
        most = column.most or 10**15
        limit = DataValidation(kind, operator="between", formula1=str(-most), formula2=str(most))
        return told_limit(limit, f"Write a {'whole ' if kind == 'whole' else ''}number below {most:,}.", is_closed=True)
    if column.kind in (ColumnKind.DATE, ColumnKind.DATETIME):
        limit = DataValidation("date", operator="between", formula1="32874", formula2="73050")  # 1990 to 2099
        return told_limit(limit, "Write a date, as your spreadsheet program shows dates.", is_closed=True)
    if column.length:
        limit = DataValidation("textLength", operator="lessThanOrEqual", formula1=str(column.length))
        return told_limit(limit, f"Write at most {column.length:,} characters.", is_closed=True)
    return None


def told_limit(limit: DataValidation, said: str, *, is_closed: bool) -> DataValidation:
    """A limit with what it says; one that is not closed asks, and lets pass."""
    limit.allow_blank = limit.showErrorMessage = True
    limit.errorStyle = "stop" if is_closed else "warning"
    limit.errorTitle, limit.error = "bulkpo template", said[:_LONGEST_WORDS]
    return limit


def _words(sheet: Any, book: FillBook) -> None:  # noqa: ANN401 - openpyxl's
    for row, line in enumerate(book.lines, 1):
        put_text(sheet.cell(row, 1), line)
    sheet.cell(1, 1).font = _TITLE
    start = len(book.lines) + 2
    for row, texts in enumerate(book.table, start):
        for number, text in enumerate(texts, 1):
            cell = sheet.cell(row, number)
            put_text(cell, text)
            cell.alignment = _WIDE
            if row == start:
                cell.fill, cell.font = HEADING_FILL, BOLD
        lines = (
            sum(len(part) // width + 1 for part in text.split("\n")) for text, width in zip(texts, _WIDTHS, strict=True)
        )
        sheet.row_dimensions[row].height = _LINE * max(lines)
    for number, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[column_letter(number)].width = width
    _on_pages(sheet)


def _on_pages(sheet: Any) -> None:  # noqa: ANN401 - openpyxl's
    """Print a sheet on pages as wide as it is."""
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def add_lists(made: Workbook, sheet: Any, lists: Sequence[FillList]) -> None:  # noqa: ANN401 - openpyxl's
    """Write lists side by side, each a range with its name."""
    sheet.freeze_panes = "A2"
    number = 1
    for each in lists:
        has_labels = any(label for _, label in each.values)
        for offset, texts in enumerate(
            zip(*each.values, strict=True) if has_labels else [[it for it, _ in each.values]]
        ):
            letter = column_letter(number + offset)
            sheet.column_dimensions[letter].width, sheet.column_dimensions[letter].number_format = 30, "@"
            heading = sheet.cell(1, number + offset)
            put_text(heading, f"{each.title}: name" if offset else each.title)
            heading.fill, heading.font = HEADING_FILL, BOLD
            for row, text in enumerate(texts, 2):
                put_text(sheet.cell(row, number + offset), text)
        letter = column_letter(number)
        place = f"'{sheet.title}'!${letter}$2:${letter}${len(each.values) + 1}"
        made.defined_names[each.name] = DefinedName(each.name, attr_text=place)
        number += 3 if has_labels else 2


def put_text(cell: Any, text: str) -> None:  # noqa: ANN401 - openpyxl's
    """Text as it stands, which is no formula whatever it begins with."""
    cell.value = _clean(text)
    cell.data_type, cell.number_format = "s", "@"


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)
