"""A workbook that bulkpo has just written, read back to see which rows stand in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bulkpo.tables.faults import reading
from bulkpo.tables.workbooks.package import Package
from bulkpo.tables.workbooks.sheet_rows import byte_blocks
from bulkpo.tables.workbooks.workbook import choose_sheet, read_workbook
from bulkpo.where import column_letter

_ROW_END = b"</row>"


class RowTies(NamedTuple):
    """What stands in the last two cells of some rows: a whole number, and digits of sixteen."""

    numbers: list[int]
    prints: list[str]


def ties_read_back(path: Path, sheet: str, width: int) -> Iterator[RowTies]:
    """The last two cells of a sheet's rows, some hundred rows at a time; raises InputError.

    `width` is how many columns the sheet has. A row that does not end with such cells, as its headings, is passed over.
    What else the workbook holds is read to its end, so that damage is noticed wherever it is.
    """
    number, print_ = (column_letter(column).encode() for column in (width - 1, width))
    tie = re.compile(
        rb'<c r="%s[0-9]+"[^<>]*><v>([0-9]+)</v></c>'
        rb'<c r="%s[0-9]+"[^<>]*><is><t[^<>]*>([0-9a-f]+)</t></is></c></row>' % (number, print_)
    )
    with reading(path):
        package = Package(path)
        part = choose_sheet(path.name, read_workbook(package).sheets, sheet).part
        with package.stream(part) as stream:
            rest = b""
            for block in byte_blocks(stream):
                rows, end, rest = (rest + block).rpartition(_ROW_END)
                found = tie.findall(rows + end)
                yield RowTies([int(each) for each, _ in found], [each.decode() for _, each in found])
        package.read_beside(part)
