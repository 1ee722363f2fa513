"""What stands at the end of a written sheet's rows is read back as it stands, whatever their other cells hold."""

import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from bulkpo.errors import InputError
from bulkpo.tables.sink import open_book
from bulkpo.tables.workbooks.read_back import ties_read_back
from bulkpo.tables.writing.columns import ColumnKind, SinkColumn

ROWS = 9_000
AWKWARD = (
    "plain",
    "</row>",
    '<c r="B2"><v>7</v></c><c r="C2" t="inlineStr"><is><t>00ff</t></is></c></row>',
    " two\nlines ",
    "Müller & Söhne",
    "x" * 40,
)


def write(path: Path) -> list[tuple[int, str]]:
    """A book of two sheets; gives what the rows of one end with."""
    ties = [(3 * number, f"{number * 7919:012x}") for number in range(ROWS)]
    columns = [SinkColumn("Text"), SinkColumn("Row", ColumnKind.INTEGER), SinkColumn("Print")]
    with open_book(path) as book:
        with book.sheet("Other", columns) as sheet:
            sheet.write([["x", Decimal(1), "ab"]])
        with book.sheet("Rows", columns) as sheet:
            sheet.write([[AWKWARD[row % len(AWKWARD)], Decimal(row), print_] for row, print_ in ties])
    return ties


def read(path: Path) -> list[tuple[int, str]]:
    return [tie for some in ties_read_back(path, "Rows", 3) for tie in zip(*some, strict=True)]


def changed(path: Path, pattern: str, instead: str) -> Path:
    """A copy of the book in which something of the sheet's text is another."""
    copy = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as other:
        for name in whole.namelist():
            text = whole.read(name)
            if name.endswith("sheet2.xml"):
                text = re.sub(pattern.encode(), instead.encode(), text, count=1)
            other.writestr(name, text)
    return copy


def test_every_row_comes_back_in_order_whatever_its_texts(tmp_path: Path) -> None:
    ties = write(tmp_path / "book.xlsx")
    assert read(tmp_path / "book.xlsx") == ties


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        ('<row r="502">.*?</row>', ""),
        ('(<c r="B502"[^>]*>)<v>[0-9]+</v></c>', r"\1</c>"),
        ('<c r="C502".*?</c>', ""),
    ],
    ids=["a row", "its number", "its print"],
)
def test_a_row_without_its_tie_is_missing(tmp_path: Path, pattern: str, instead: str) -> None:
    ties = write(tmp_path / "book.xlsx")
    assert read(changed(tmp_path / "book.xlsx", pattern, instead)) == [*ties[:500], *ties[501:]]


def test_a_sheet_whose_bytes_are_damaged_is_not_read_to_its_end(tmp_path: Path) -> None:
    write(tmp_path / "book.xlsx")
    data = bytearray((tmp_path / "book.xlsx").read_bytes())
    with zipfile.ZipFile(tmp_path / "book.xlsx") as whole:
        place = whole.getinfo("xl/worksheets/sheet2.xml").header_offset + 5_000
    data[place] ^= 0xFF
    (tmp_path / "book.xlsx").write_bytes(data)
    with pytest.raises(InputError, match="damaged or cut short"):
        read(tmp_path / "book.xlsx")


def test_damage_in_any_part_of_a_book_is_noticed(tmp_path: Path) -> None:
    book, spoilt = tmp_path / "book.xlsx", tmp_path / "spoilt.xlsx"
    write(book)
    with zipfile.ZipFile(book) as whole:
        parts = whole.infolist()
    assert len(parts) > 4
    for part in parts:
        content = bytearray(book.read_bytes())
        content[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 4
        spoilt.write_bytes(content)
        with pytest.raises(InputError, match=r"spoilt\.xlsx"):
            read(spoilt)
