"""What lies beside or in place of a workbook and has its name: refused with where the workbook is."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from bulkpo.errors import InputError

ReadTable = Callable[..., object]
LINK = (
    "this is only a link to a sheet; open it, download it as .xlsx (in Google Sheets: File, Download) and name that "
    "file"
)
NUMBERS = (
    "this is a document of Apple's Numbers, which only it can open; in Numbers, choose File, Export To, Excel, and "
    "name the .xlsx file"
)


def refused(read: ReadTable, path: Path, header_row: int = 1) -> str:
    with pytest.raises(InputError) as caught:
        read(path, header_row=header_row)
    return str(caught.value)


@pytest.mark.parametrize("name", ["~$orders.xlsx", ".~lock.orders.xlsx#"])
def test_the_mark_of_an_open_workbook_is_told_from_the_workbook(tmp_path: Path, read: ReadTable, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x05Admin" + b" " * 49 + b"\x05\0A\0d\0m\0i\0n\0" + b" \0" * 48)
    assert refused(read, tmp_path / name) == (
        f"{name}: this only says that orders.xlsx is open in a program; name orders.xlsx itself"
    )


@pytest.mark.parametrize("name", ["orders.gsheet", "orders.URL", "orders.webloc", "orders.lnk"])
def test_a_link_to_a_sheet_is_no_sheet(tmp_path: Path, read: ReadTable, name: str) -> None:
    (tmp_path / name).write_text('{"url":"https://docs.google.com/open?id=1"}', encoding="utf-8")
    assert refused(read, tmp_path / name) == f"{name}: {LINK}"


@pytest.mark.parametrize("name", ["orders.numbers", "orders.zip", "orders.xlsx"])
def test_a_document_of_numbers_says_how_to_export_it(tmp_path: Path, read: ReadTable, name: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("Index/Document.iwa", "iwa")
        archive.writestr("preview.jpg", "jpg")
    assert refused(read, tmp_path / name) == f"{name}: {NUMBERS}"


def test_a_workbook_that_is_named_like_a_mark_is_read(tmp_path: Path, read: ReadTable) -> None:
    book = Workbook()
    book.create_sheet("Orders", 0).append(["No"])
    book.save(tmp_path / "~$orders.xlsx")
    read(tmp_path / "~$orders.xlsx")


def test_headings_that_lie_below_a_short_first_sheet_are_looked_for_in_the_others(
    tmp_path: Path, read: ReadTable
) -> None:
    book = Workbook()
    book.create_sheet("Info", 0).append(["Read me"])
    sheet = book.create_sheet("Orders", 1)
    for _ in range(5):
        sheet.append(["No"])
    book.save(tmp_path / "two.xlsx")
    assert refused(read, tmp_path / "two.xlsx", header_row=4) == (
        "two.xlsx, sheet Info: there is no row 4 to hold the headings; the table is empty; if another sheet is meant, "
        "name it: source: {sheet: Orders}"
    )
