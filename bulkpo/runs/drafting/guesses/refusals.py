"""Files that no mapping is guessed of: mappings, and what bulkpo itself wrote; each with what to do with it instead."""

import re
from collections.abc import Sequence
from pathlib import Path

from bulkpo.errors import InputError
from bulkpo.runs.checking.stamps import read_stamp
from bulkpo.runs.drafting.crosswalk_draft import KEY, RESULT
from bulkpo.runs.drafting.looking.look import LookedTable
from bulkpo.tables.source import SourceOptions, open_source
from bulkpo.tables.workbooks.names import has_sheet
from bulkpo.tables.writing.crosswalk_rows import CROSSWALK_SHEET

_YAML = (".yaml", ".yml")
_FORMAT = re.compile(r"^bulkpo:\s*[\"']?(\w+)/\d", re.MULTILINE)
_START = 65_536
_FEWEST_COLUMNS, _MOSTLY = 3, 0.5
_LISTED = ("Severity", "What is wrong", "How to mend it")
"""Columns that the list of a check's findings has, and nothing else."""
_KINDS = {
    "import": (
        "a mapping that imports already, and no file of orders; check a file by it: `bulkpo check {path} FILE`, or fit "
        "it to a file whose headings have changed: `bulkpo guess --fit {path} FILE`"
    ),
    "export": "a mapping that exports, and no file of orders; run it: `bulkpo export {path} -o FILE.xlsx`",
    "profiles": "the profiles of bulkpo, and no file of orders; one of them is named by --to NAME",
}


def refuse_unguessable(path: Path) -> None:
    """Raise InputError for a file that is no table of orders, before it is looked at."""
    if path.suffix.lower() in _YAML and path.is_file():
        said = _KINDS.get(_kind(path), "YAML, and no table; name the spreadsheet or text file that has the orders")
        raise InputError(f"{path}: this is {said.format(path=path)}")
    stamp = read_stamp(path)
    if stamp is not None:
        raise InputError(
            f"{path}: this is a template that bulkpo wrote, whose mapping is known; check it: `bulkpo check {path}`"
        )
    if has_sheet(path, CROSSWALK_SHEET):
        titles = {column.title for column in open_source(path, SourceOptions(sheet=CROSSWALK_SHEET)).columns}
        if titles.issuperset((KEY, RESULT)):
            said = f'crosswalks: {{NAME: {{file: "{path.name}", from: {KEY}, to: {RESULT}}}}}'
            raise InputError(
                f"{path}: this is a crosswalk that bulkpo drafted, and no file of orders; a mapping reads it by {said}"
            )


def _kind(path: Path) -> str:
    """What a YAML file of bulkpo is: `import`, `export` and so on; empty for any other."""
    with path.open("rb") as file:
        text = file.read(_START).decode("utf-8", "replace")
    found = _FORMAT.search(text.removeprefix("\ufeff"))
    return found[1] if found else ""


def refuse_unlike_orders(looked: Sequence[LookedTable]) -> None:
    """Raise InputError for tables that are lists of bulkpo's own, or no tables but running text."""
    for each in looked:
        titles = {column.title for column in each.table.columns}
        if titles.issuperset(_LISTED):
            raise InputError(
                f"{each.path}: this is the list of what a check found, and no file of orders; name the file it was of"
            )
    if looked and all(_is_running_text(each) for each in looked):
        raise InputError(
            f"{looked[0].path}: there are no orders in it: its rows have one or two cells, and no heading is known; "
            "name a file whose cells are parted by commas, semicolons, tabulators or bars, or a workbook"
        )


def _is_running_text(looked: LookedTable) -> bool:
    if looked.typed is not None or len(looked.table.columns) >= _FEWEST_COLUMNS or looked.heading.known:
        return False
    shares = [column.shares for column in looked.table.columns]
    return any(each.words >= _MOSTLY for each in shares) and all(each.code < _MOSTLY for each in shares)


def refuse_blocks(looked: LookedTable) -> None:
    """Raise InputError for a sheet whose orders stand in blocks, with their numbers above their lines."""
    if looked.caption:
        place = f"{looked.path}, sheet {looked.sheet}" if looked.sheet else f"{looked.path}"
        raise InputError(
            f"{place}: orders stand in blocks, each below a row of its own such as {looked.caption!r}, and no row of a "
            "line says which order it is of; take the list of lines from the system instead of this print, or put what "
            "stands above each block into columns beside its lines"
        )
