"""Files of order lines as a legacy system gives them, the mapping that reads them, and the check of them.

Orders of five lines, 14 columns. The workbook is as Excel itself saves one: texts shared and named by number, numbers
as numbers, days as numbers shown as dates, blank cells left out, the same attributes in the same order.
"""

import csv
import random
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

LINES_PER_ORDER = 5
HEADINGS = (
    "PO Number", "Supplier", "Supplier No", "Currency", "Line", "Description", "Quantity", "UOM", "Price", "Need By",
    "Account", "Buyer", "Terms", "Note",
)  # fmt: skip
MAPPING = """\
bulkpo: import/1
name: benchmark
resource: purchase_orders
document: {key: po-number}
numbers: {decimal: ".", thousands: ","}
dates: {order: YMD, time_zone: America/New_York}
columns:
  PO Number: po-number
  Supplier: supplier/name
  Supplier No: supplier/number
  Currency: [currency/code, order-lines/currency/code]
  Line: order-lines/line-num
  Description: order-lines/description
  Quantity: order-lines/quantity
  UOM: order-lines/uom/code
  Price: order-lines/price
  Need By: order-lines/need-by-date
  Account: order-lines/account/code
  Buyer: ship-to-user/login
  Terms: payment-term/code
  Note: {ignore: not for Coupa}
constants: {type: ExternalOrderHeader}
rules: {order-lines/price: {min: 0}}
"""

FIGURE_HEADINGS = ("Per", "Line Total", "PO Total")
FIGURES = (
    MAPPING.replace("Price: order-lines/price", "Price: {to: order-lines/price, divide_by: Per}")
    + """\
controls:
- {column: Line Total, equals: line_amount, within: 0.01}
- {column: PO Total, equals: order_amount, within: 0.05}
"""
)
"""The mapping of lines that state for how many a price is, and what lines and orders come to."""

CONDITIONS = (
    MAPPING.replace("payment-term/code", "{to: payment-term/code, when: {Buyer: {not: user7}}}").replace(
        "order-lines/account/code", "{to: order-lines/account/code, require: {matches: '01-[0-9]{3}-8000'}}"
    )
    + "skip_rows: {UOM: {in: [PK, BX]}, Quantity: {lt_or_eq: 0}}\n"
)
"""The mapping of lines of which some are skipped, and some cells do not count or must be of a form."""

_EPOCH = date(1899, 12, 30)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_X14AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEET}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
    '<sheet name="Lines" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill>'
    '<patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
    '<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_ROW = (
    '<row r="{0}" spans="1:14" x14ac:dyDescent="0.25"><c r="A{0}" t="s"><v>{1}</v></c><c r="B{0}" t="s"><v>{2}</v></c>'
    '<c r="C{0}" t="s"><v>{3}</v></c><c r="D{0}" t="s"><v>{4}</v></c><c r="E{0}"><v>{5}</v></c>'
    '<c r="F{0}" t="s"><v>{6}</v></c><c r="G{0}"><v>{7}</v></c><c r="H{0}" t="s"><v>{8}</v></c><c r="I{0}"><v>{9}</v>'
    '</c><c r="J{0}" s="1"><v>{10}</v></c><c r="K{0}" t="s"><v>{11}</v></c><c r="L{0}" t="s"><v>{12}</v></c>'
    '<c r="M{0}" t="s"><v>{13}</v></c></row>'
)


class Line(NamedTuple):
    """An order line, as text."""

    po_number: str
    supplier: str
    supplier_number: str
    currency: str
    line: str
    description: str
    quantity: str
    uom: str
    price: str
    need_by: str
    account: str
    buyer: str
    terms: str
    note: str


def order_lines(count: int, bad: float = 0.0) -> Iterator[Line]:
    """So many lines, the same each time; a share `bad` of them has a price that is none."""
    choose = random.Random(7)  # noqa: S311 - the same file each time
    for order in range(count // LINES_PER_ORDER):
        supplier = choose.randrange(800)
        head = (f"{order:08d}", f"Supplier {supplier:04d} Ltd", f"V{supplier:05d}", choose.choice(("USD", "EUR")))
        tail = (f"user{choose.randrange(50)}", choose.choice(("N30", "N45")), "")
        for line in range(1, LINES_PER_ORDER + 1):
            price = "cheap" if choose.random() < bad else f"{choose.randrange(1, 1_000_000) / 100:.2f}"
            day = f"2026-{choose.randrange(1, 13):02d}-{choose.randrange(1, 29):02d}"
            text = f"Item description number {choose.randrange(5000)}, lot {choose.randrange(100_000)}"
            quantity, uom = str(choose.randrange(1, 500)), choose.choice(("EA", "CS", "PK"))
            account = f"01-{choose.randrange(100, 400)}-8000"
            yield Line(*head, str(line), text, quantity, uom, price, day, account, *tail)


def write_csv(path: Path, count: int, bad: float = 0.0) -> None:
    """A CSV file of lines."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS)
        writer.writerows(order_lines(count, bad))


def write_figures(path: Path, count: int) -> None:
    """A CSV file of lines, half of their prices by the hundred, with what each line and each order comes to."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([*HEADINGS, *FIGURE_HEADINGS])
        for _, order in groupby(order_lines(count), key=lambda line: line.po_number):
            lines = list(order)
            pers = [100 if int(line.quantity) % 2 else 1 for line in lines]
            amounts = [
                Decimal(line.quantity) * Decimal(line.price) / per for line, per in zip(lines, pers, strict=True)
            ]
            total = sum(amounts)
            writer.writerows(
                [*line, per, f"{amount:.2f}", f"{total:.2f}"]
                for line, per, amount in zip(lines, pers, amounts, strict=True)
            )


def write_xlsx(path: Path, count: int) -> None:
    """A workbook of the same lines."""
    shared: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, _DECLARATION + text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'{_DECLARATION}<worksheet xmlns="{_MAIN}" xmlns:x14ac="{_X14AC}"><sheetData>'.encode())
            for row in _rows(count, shared):
                part.write(row.encode())
            part.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{text}</t></si>" for text in shared)
        table = f'<sst xmlns="{_MAIN}" count="{count * 9}" uniqueCount="{len(shared)}">{items}</sst>'
        archive.writestr("xl/sharedStrings.xml", _DECLARATION + table)


def _rows(count: int, shared: dict[str, int]) -> Iterator[str]:
    def number(text: str) -> int:
        return shared.setdefault(text, len(shared))

    headings = "".join(
        f'<c r="{letter}1" t="s"><v>{number(heading)}</v></c>'
        for letter, heading in zip("ABCDEFGHIJKLMN", HEADINGS, strict=True)
    )
    yield f'<row r="1" spans="1:14" x14ac:dyDescent="0.25">{headings}</row>'
    for row, line in enumerate(order_lines(count), 2):
        day = (date.fromisoformat(line.need_by) - _EPOCH).days
        price = line.price.rstrip("0").rstrip(".")
        yield _ROW.format(
            row, *map(number, line[:4]), line.line, number(line.description), line.quantity, number(line.uom), price,
            day, *map(number, line[10:13])
        )  # fmt: skip


def check_file(path: Path, mapping: str = MAPPING) -> int:
    """Check a file of lines: all rules, grouping and totals; gives how many rows were checked."""
    from bulkpo.runs.checking.check import check
    from bulkpo.runs.checking.mapped import open_mapped
    from bulkpo.schema.tables import ElementTables
    from bulkpo.shipped import schema_text

    written = path.with_suffix(".yaml")
    written.write_text(mapping, encoding="utf-8")
    return check(open_mapped(written, path, ElementTables(schema_text))).rows


def check_as_text(path: Path, mapping: str = MAPPING) -> int:
    """Check a file as where numpy is not installed."""
    sys.modules["numpy"] = None  # type: ignore[assignment]
    return check_file(path, mapping)
