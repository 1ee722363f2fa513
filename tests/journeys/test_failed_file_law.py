"""A law of the files handed back: corrected where they are marked, they hold what failed and nothing else.

For every kind of input: it is checked and its failed orders are written; the wrong cells are corrected there, and the
reasons left where they stand; then the same mapping reads the orders as they should have been. The same holds of the
workbook that a report marks, whole.
"""

import csv
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from cleaned import clean_documents

from bulkpo.model.own import OWN_COLUMN
from bulkpo.runs.checking.check import check
from bulkpo.runs.checking.checked import Checked
from bulkpo.runs.checking.mapped import MappedFile, open_mapped
from bulkpo.runs.reports.failed import write_failed
from bulkpo.runs.reports.write import write_report
from bulkpo.schema.tables import ElementTables
from bulkpo.shipped import schema_text

TABLES = ElementTables(schema_text)
CONSTANTS = """\
constants:
  type: ExternalOrderHeader
  ship-to-user/login: migration
  transmission-method-override: do_not_transmit
  supplier/name: Acme
  currency/code: USD
  order-lines/type: OrderQuantityLine
  order-lines/uom/code: EA
  order-lines/currency/code: USD
  order-lines/account/code: 01-100-8000
"""
HEAD = "bulkpo: import/1\nname: law\ndocument: {{key: po-number}}\nnumbers: {{decimal: '.'}}\n"
COLUMNS = (
    "{Number: po-number, Line No: order-lines/line-num, Text: order-lines/description, "
    "Qty: order-lines/quantity, Price: order-lines/price, Needed: {ignore: not loaded}}"
)
BY_LETTER = COLUMNS.replace("Number", "A").replace("Line No", "B").replace("Text", "C").replace("Qty", "D")
BY_LETTER = BY_LETTER.replace("Price", "E").replace("Needed", "F")
TITLES = ["Number", "Line No", "Text", "Qty", "Price", "Needed"]
RIGHT = "4"
FAILED = {"0002", "0004"}
Orders = dict[str, list[tuple[str | None, ...]]]


def rows_with(wrong: str, missing: str) -> list[list[str]]:
    return [
        ["0001", "1", "Bolts", "2", "1.50", "x"],
        ["0002", "1", 'Nuts, "big"; red', wrong, "2.00", "x"],
        ["0002", "2", "Nuts\nsmall", "3", "2.00", "x"],
        ["0003", "1", "Screws", "1", "2.00", "x"],
        ["0004", "1", "Nails", "1", missing, "x"],
        ["0004", "2", "Nails", "1", wrong, "x"],
    ]


@dataclass(frozen=True)
class Kind:
    """A kind of input: its name, what its mapping says of it, what stands above its rows, and how it is written."""

    name: str
    source: str = "{}"
    above: tuple[tuple[str, ...], ...] = (tuple(TITLES),)
    encoding: str = "utf-8"
    delimiter: str = ","
    start: str = ""
    end: str = "\n"
    sheet: str = "Orders"

    @property
    def mapping(self) -> str:
        columns = BY_LETTER if "none" in self.source else COLUMNS
        return f"{HEAD.format()}source: {self.source}\ncolumns: {columns}\n{CONSTANTS}"

    def write(self, path: Path, rows: Sequence[Sequence[str]]) -> None:
        if path.suffix in (".xlsx", ".xlsm"):
            book = openpyxl.Workbook()
            book.worksheets[0].title = "Cover" if self.sheet != "Orders" else "Orders"
            sheet = book.worksheets[0] if self.sheet == "Orders" else book.create_sheet(self.sheet)
            for number, row in enumerate([*self.above, *rows], 1):
                for column, value in enumerate(row, 1):
                    sheet.cell(number, column).value = value or None
            book.save(path)
            return
        with path.open("w", encoding=self.encoding, newline="") as file:
            file.write(self.start)
            dialect = csv.unix_dialect if self.end == "\r" else csv.excel  # the former quotes every cell
            writer = csv.writer(file, dialect, delimiter=self.delimiter, lineterminator=self.end)
            writer.writerows([*self.above, *rows])

    def correct(self, path: Path) -> None:
        """Put what is right into every wrong cell, as a person would, and leave the rest."""
        if path.suffix in (".xlsx", ".xlsm"):
            book = openpyxl.load_workbook(path)
            sheet = book[self.sheet]
            for row in sheet.iter_rows(min_row=len(self.above) + 1):
                for cell in row[:6]:
                    is_wrong = cell.value == "WRONG" or (cell.value is None and row[0].value == "0004")
                    cell.value = RIGHT if is_wrong else cell.value
            book.save(path)
            return
        with path.open(encoding=self.encoding, newline="") as file:
            text = file.read()
        for blank, quote in (("", ""), ('""', '"')):
            text = text.replace(f"{quote}WRONG{quote}{self.delimiter}", f"{RIGHT}{self.delimiter}")
            end = f"{self.delimiter}{quote}x"
            text = text.replace(f"{self.delimiter}{blank}{end}", f"{self.delimiter}{RIGHT}{end}")
        with path.open("w", encoding=self.encoding, newline="") as file:
            file.write(text)


PLAIN = (tuple(TITLES),)
KINDS = [
    Kind("plain.csv"),
    Kind("sep.csv", start="sep=;\r\n", delimiter=";", end="\r\n"),
    Kind("sep-declared.csv", "{delimiter: ';'}", start="sep=;\n", delimiter=";"),
    Kind("utf16.txt", encoding="utf-16", delimiter="\t"),
    Kind("bom.csv", encoding="utf-8-sig", end="\r\n"),
    Kind("cp1252.csv", "{encoding: cp1252, header_row: 2}", (("Größe",), *PLAIN), encoding="cp1252", delimiter=";"),
    Kind("heading-of-two-lines.csv", above=(("Number", "Line\nNo", *TITLES[2:]),)),
    Kind("two-headings.csv", "{header_rows: 2}", (("Number", "Line", *TITLES[2:]), ("", "No", "", "", "", ""))),
    Kind("blank-above.csv", "{header_row: 3}", (("Orders",), (), *PLAIN)),
    Kind("no-headings.csv", "{header_row: none}", ()),
    Kind("old-mac.csv", end="\r"),
    Kind("plain.xlsx"),
    Kind("title-above.xlsx", "{header_row: 3}", (("Orders of 2025",), (), *PLAIN)),
    Kind("blank-above.xlsx", "{header_row: 2}", ((), *PLAIN)),
    Kind("macros.xlsm", "{header_row: 4}", (("Orders",), (), (), *PLAIN)),
    Kind("two-headings.xlsx", "{header_row: 2, header_rows: 2}", ((), ("Number", "Line", *TITLES[2:]), ("", "No"))),
    Kind("no-headings.xlsx", "{header_row: none}", ()),
    Kind("second-sheet.xlsx", "{sheet: Lines}", sheet="Lines"),
]


def opened(mapping: Path, path: Path) -> tuple[MappedFile, Checked]:
    file = open_mapped(mapping, path, TABLES)
    return file, check(file)


def orders_of(file: MappedFile, checked: Checked) -> Orders:
    return {order.key: [line.values for line in order.members] for order in clean_documents(file, checked)}


def written(folder: Path, kind: Kind) -> tuple[Path, Path, Orders]:
    """The mapping, the damaged input, and the orders as they should have been."""
    mapping, path, whole = folder / "mapping.yaml", folder / kind.name, folder / f"whole{Path(kind.name).suffix}"
    mapping.write_text(kind.mapping, encoding="utf-8")
    kind.write(path, rows_with("WRONG", ""))
    kind.write(whole, rows_with(RIGHT, RIGHT))
    return mapping, path, orders_of(*opened(mapping, whole))


def expect_damage(file: MappedFile, checked: Checked, documents: int) -> None:
    assert (checked.failed_keys, checked.documents, checked.keyless) == (FAILED, documents, 0)
    assert [finding.code for finding in checked.errors] == ["not-a-number", "required", "not-a-number"]
    assert OWN_COLUMN not in [column.title for column in file.source.columns]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_failed_orders_corrected_in_their_file_are_the_orders_they_should_have_been(tmp_path: Path, kind: Kind) -> None:
    mapping, path, whole = written(tmp_path, kind)
    file, checked = opened(mapping, path)
    expect_damage(file, checked, 4)
    for name in ("first", "second"):  # and a second time, from what was handed back
        path = path.with_stem(name)
        assert write_failed(path, file, checked) == 4
        file, checked = opened(mapping, path)
        expect_damage(file, checked, 2)
    kind.correct(path)
    file, mended = opened(mapping, path)
    assert (mended.failed, mended.documents, [finding.message for finding in mended.errors]) == (0, 2, [])
    assert orders_of(file, mended) == {key: lines for key, lines in whole.items() if key in FAILED}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if ".xls" in kind.name], ids=lambda kind: str(kind.name))
def test_a_marked_workbook_corrected_is_the_workbook_it_should_have_been(tmp_path: Path, kind: Kind) -> None:
    mapping, path, whole = written(tmp_path, kind)
    file, checked = opened(mapping, path)
    for name in ("first.xlsx", "second.xlsx"):
        path = path.with_name(name)
        write_report(path, file, checked)
        file, checked = opened(mapping, path)
        expect_damage(file, checked, 4)
    kind.correct(path)
    file, mended = opened(mapping, path)
    assert (mended.failed, mended.findings) == (0, [])
    assert orders_of(file, mended) == whole


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice makes the older workbooks for this test")
@pytest.mark.slow
@pytest.mark.parametrize("extension", ["xls", "ods"])
def test_failed_orders_of_older_workbooks_corrected_are_the_orders_they_should_have_been(
    tmp_path: Path, extension: str
) -> None:
    kind = next(kind for kind in KINDS if kind.name == "title-above.xlsx")
    mapping, path, whole = written(tmp_path, kind)
    command = ["soffice", "--headless", "--convert-to", extension, "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    file, checked = opened(mapping, path.with_suffix(f".{extension}"))
    path = tmp_path / "failed.xlsx"
    assert write_failed(path, file, checked) == 4
    expect_damage(*opened(mapping, path), 2)
    kind.correct(path)
    file, mended = opened(mapping, path)
    assert mended.failed == 0
    assert orders_of(file, mended) == {key: lines for key, lines in whole.items() if key in FAILED}


def test_formulas_of_a_marked_workbook_keep_their_values(tmp_path: Path) -> None:
    mapping, path, _ = written(tmp_path, Kind("plain.xlsx"))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = re.sub(rb'<c r="D5"[^>]*>.*?</c>', b'<c r="D5"><f>1+1</f><v>2</v></c>', parts["xl/worksheets/sheet1.xml"])
    assert b"1+1" in sheet
    parts["xl/worksheets/sheet1.xml"] = sheet
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")  # openpyxl says so
    with zipfile.ZipFile(path, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    expect_damage(*opened(mapping, path), 4)
    write_report(tmp_path / "report.xlsx", *opened(mapping, path))
    assert openpyxl.load_workbook(tmp_path / "report.xlsx")["Orders"]["D5"].value == "=1+1"
    expect_damage(*opened(mapping, tmp_path / "report.xlsx"), 4)
