"""Sheets compressed by ISA-L and by zlib: the same workbook, whichever is there."""

import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from bulkpo.model.table import Cell, stored
from bulkpo.tables.sink import open_book
from bulkpo.tables.source import open_source
from bulkpo.tables.writing.columns import ColumnKind, SinkColumn
from bulkpo.tables.writing.xlsx_text import Compressor, begin_part

COLUMNS = [
    SinkColumn("PO"),
    SinkColumn("Text"),
    SinkColumn("Price", ColumnKind.DECIMAL, 2),
    SinkColumn("At", ColumnKind.DATETIME),
]
ROWS: list[list[Cell]] = [
    [f"{number:05}", "a & b" if number % 3 else None, Decimal(number).scaleb(-2), datetime(2026, 1, 1 + number % 28, 9)]
    for number in range(3000)
]
needs_isal = pytest.mark.skipif(find_spec("isal") is None, reason="ISA-L is not built for this machine")


def zlibs() -> Compressor:
    return zlib.compressobj(1, zlib.DEFLATED, -15)


def isals() -> Compressor:
    from isal import isal_zlib

    return isal_zlib.compressobj(1, isal_zlib.DEFLATED, -15)


@pytest.fixture
def without_isal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setitem(sys.modules, "isal", None)


def orders(path: Path) -> Path:
    with open_book(path) as book, book.sheet("Orders", COLUMNS) as sheet:
        sheet.write(ROWS)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def stream_of(data: bytes) -> bytes:
    """What a part of an archive takes in the file, after its header."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive, begin_part(archive, "part") as part:
        part.write(data)
    [info] = zipfile.ZipFile(file).infolist()
    header = file.getvalue()[info.header_offset :]
    start = 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return header[start : start + info.compress_size]


def deflated(by: Compressor, data: bytes) -> bytes:
    return by.compress(data) + by.flush()


DATA = b"".join(b"<row><c>%d</c></row>" % (number % 977) for number in range(20_000))


@needs_isal
def test_a_part_is_compressed_by_isal_where_it_is() -> None:
    assert stream_of(DATA) == deflated(isals(), DATA) != deflated(zlibs(), DATA)


def test_a_part_is_compressed_by_zlib_at_its_quickest_elsewhere(without_isal: Callable[[], None]) -> None:
    without_isal()
    assert stream_of(DATA) == deflated(zlibs(), DATA)


def test_the_parts_are_the_same_with_and_without_isal(tmp_path: Path, without_isal: Callable[[], None]) -> None:
    one = parts(orders(tmp_path / "one.xlsx"))
    without_isal()
    assert parts(orders(tmp_path / "other.xlsx")) == one


def test_all_readers_read_the_same_rows(tmp_path: Path) -> None:
    path = orders(tmp_path / "o.xlsx")
    assert [list(row) for row in load_workbook(path)["Orders"].iter_rows(min_row=2, values_only=True)] == [
        [po, text, float(str(price)), at] for po, text, price, at in ROWS
    ]
    assert CalamineWorkbook.from_path(path).get_sheet_by_name("Orders").to_python()[1:] == [
        [po, text or "", float(str(price)), at] for po, text, price, at in ROWS
    ]
    ours = [list(map(stored, row)) for chunk in open_source(path).chunks() for row in zip(*chunk.columns, strict=True)]
    assert ours == ROWS


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is the reader of this test")
def test_libreoffice_reads_the_same_rows(tmp_path: Path) -> None:
    path = orders(tmp_path / "o.xlsx")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    lines = (tmp_path / "o.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == [f"{po},{text or ''},{float(str(price)):g},{at}" for po, text, price, at in ROWS]
