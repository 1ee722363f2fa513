"""Small workbooks made from their XML, and tables read whole."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bulkpo.model.finding import Finding
from bulkpo.model.table import Cell
from bulkpo.tables.source import SourceOptions, open_source

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

Table = tuple[list[str], dict[int, list[Cell]], list[Finding]]
MakeWorkbook = Callable[..., Path]
ReadTable = Callable[..., Table]


def read_table(path: Path, **options: object) -> Table:
    source = open_source(path, SourceOptions(**options))  # type: ignore[arg-type] # each test gives the right ones
    rows: dict[int, list[Cell]] = {}
    for chunk in source.chunks():
        assert all(len(column) == len(chunk.rows) for column in chunk.columns)
        for place, number in enumerate(chunk.rows):
            rows[number] = [column[place] for column in chunk.columns]
    return [column.title for column in source.columns], rows, list(source.findings())


@pytest.fixture(scope="session")
def read() -> ReadTable:
    """Reads a whole table: titles, rows by number, findings."""
    return read_table


@pytest.fixture
def workbook(tmp_path: Path) -> MakeWorkbook:
    """Makes a workbook of one sheet from the XML of its rows, or from all of a sheet's XML."""

    def make(rows: str = "", **parts: str) -> Path:
        sheet = parts.get("sheet") or f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        path = tmp_path / "made.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "_rels/.rels",
                f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
                'Target="xl/workbook.xml"/></Relationships>',
            )
            archive.writestr(
                "xl/workbook.xml",
                parts.get("workbook")
                or f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr {parts.get("properties", "")}/><sheets>'
                '<sheet name="Orders" sheetId="1" r:id="r1"/></sheets></workbook>',
            )
            archive.writestr(
                "xl/_rels/workbook.xml.rels",
                f'<Relationships xmlns="{PACKAGE}">'
                f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
                f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="/xl/styles.xml"/>'
                f'<Relationship Id="r3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            )
            archive.writestr("xl/worksheets/sheet1.xml", sheet)
            if "styles" in parts:
                archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{parts["styles"]}</styleSheet>')
            if "strings" in parts:
                archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{parts["strings"]}</sst>')
        return path

    return make
