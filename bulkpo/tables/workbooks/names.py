"""The names of a workbook's sheets, hidden ones too."""

from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from bulkpo.errors import InputError
from bulkpo.tables.faults import reading


def sheet_names(path: Path) -> list[str]:
    """The sheets in their order; raises InputError for a file that has none."""
    with reading(path):
        try:
            with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:  # its own errors say no reason
                return list(book.sheet_names)
        except CalamineError:
            raise InputError(
                f"{path}: this is no workbook with sheets; a .csv file has lost what was exported beside it: save the "
                "edited workbook as .xlsx or .ods"
            ) from None
