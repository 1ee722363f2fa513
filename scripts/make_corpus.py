"""Make the archives and the journal in tests/corpus that no other program is needed for; the rest stands as it is.

`orders.xls` and `orders.ods` were saved by LibreOffice from `orders.csv`.
"""

import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
_ROWS = [line.split(",") for line in (CORPUS / "csv" / "orders.csv").read_text().splitlines()]


def _xlsx(path: Path) -> None:
    book = Workbook()
    sheet: Worksheet = book.create_sheet("Orders", 0)
    for row in _ROWS:
        sheet.append([float(cell) if cell.replace(".", "").isdigit() and cell[0] != "0" else cell for cell in row])
    sheet["M2"], sheet["H4"].number_format = "=1+1", "00000"
    sheet.merge_cells("A2:A3")
    sheet.auto_filter.ref = "A1:L4"
    book["Sheet"]["A1"] = "x"
    book.save(path)


def _xlsb(path: Path) -> None:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    sheets = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Orders")
    parts: dict[str, str | bytes] = {
        "_rels/.rels": f'{head}<Relationships xmlns="{rels}"><Relationship Id="rId1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/_rels/workbook.bin.rels": f'{head}<Relationships xmlns="{rels}"><Relationship Id="rId1" '
        f'Type="{relation}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        "xl/workbook.bin": _records([(131, b""), (143, b""), (156, sheets), (144, b""), (132, b"")]),
        "xl/worksheets/sheet1.bin": _records(_sheet()),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)


def _sheet() -> Iterator[tuple[int, bytes]]:
    yield 129, b""
    yield 148, struct.pack("<IIII", 0, len(_ROWS) - 1, 0, len(_ROWS[0]) - 1)
    yield 145, b""
    for number, row in enumerate(_ROWS):
        yield 0, struct.pack("<IIHBBI", number, 0, 300, 0, 0, 0)
        for column, cell in enumerate(row):
            place = struct.pack("<II", column, 0)
            is_number = cell.replace(".", "").isdigit() and cell[0] != "0"
            yield (5, place + struct.pack("<d", float(cell))) if is_number else (6, place + _wide(cell))
    yield 146, b""
    yield 130, b""


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _records(records: Sequence[tuple[int, bytes]] | Iterator[tuple[int, bytes]]) -> bytes:
    """Records of the binary format: a type and a length of seven bits a byte, and what they hold."""
    return b"".join(_varied(kind, 2) + _varied(len(held), 4) + held for kind, held in records)


def _varied(number: int, most: int) -> bytes:
    """A type is written as it is, low byte first; a length in seven bits a byte."""
    if most == 2:
        return bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    found = b""
    while number >= 128:
        found, number = found + bytes([number & 0x7F | 0x80]), number >> 7
    return found + bytes([number])


def main() -> None:
    """Write them."""
    _xlsx(CORPUS / "xlsx" / "orders.xlsx")
    _xlsb(CORPUS / "xlsb" / "orders.xlsb")


if __name__ == "__main__":
    main()
