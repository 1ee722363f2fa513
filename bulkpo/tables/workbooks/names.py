"""The names of a workbook's sheets, hidden ones too."""

from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from bulkpo.errors import InputError
from bulkpo.tables.faults import reading
from bulkpo.tables.workbooks.package import Package
from bulkpo.tables.workbooks.workbook import read_workbook

_BLOCK = 1 << 20


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


def has_sheet(path: Path, name: str) -> bool:
    """Whether an .xlsx or .ods has a sheet of this name, which is plain; nothing else of it is read.

    False for what is no such workbook, or cannot be read: whoever reads it tells why.
    """
    try:
        with reading(path):
            package = Package(path)
            if "content.xml" in package:
                return _is_in_content(package, f'table:name="{name}"'.encode())
            return any(sheet.name == name for sheet in read_workbook(package).sheets)
    except InputError:
        return False


def _is_in_content(package: Package, said: bytes) -> bool:
    with package.stream("content.xml") as stream:
        last = b""
        while block := stream.read(_BLOCK):
            if said in last + block:
                return True
            last = block[-len(said) :]
    return False
