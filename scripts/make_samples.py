"""Write the sample spreadsheets of samples/, always the same: legacy purchase orders as a finance team keeps them.

python scripts/make_samples.py
"""

import csv
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from sample_books import saved

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
Cell = str | int | Decimal | date | None
HEADINGS = (
    "PO Number", "Order Date", "Supplier No", "Supplier", "Currency", "Terms", "Line", "Description",
    "UOM", "Quantity", "Unit Price", "Amount", "Need By", "Account", "Buyer", "Cancelled",
)  # fmt: skip
SUPPLIERS = (
    ("V0100", "Acme Industrial Supply", "USD", "Net 30"),
    ("V0101", "Bergmann & Söhne GmbH", "EUR", "Net 45"),
    ("V0102", "O'Neill Office Products", "USD", "Net 30"),
    ("V0103", "Müller Lagertechnik AG", "EUR", "Net 60"),
    ("V0104", "Northside Facility Services LLC", "USD", "Net 15"),
    ("V0105", "Data <Center> Partners", "USD", "Net 30"),
)
GOODS = (
    ("Copy paper A4, 80 g/m²", "Case", "38.90"),
    ("Safety gloves, nitrile, size L", "Pair", "4.25"),
    ("Toner cartridge 106R01", "Each", "119.00"),
    ("Pallet rack upright 3,000 mm", "Each", "184.50"),
    ("Hydraulic oil HLP 46, 20 l", "Each", "96.7500"),
    ("Network cable Cat6a, 10 m", "Each", "12.405"),
    ("Consultant, on site", "Hour", "145.00"),
    ("Floor cleaner concentrate", "Gallon", "22.10"),
)
SERVICES = ("Annual maintenance contract", "Window cleaning, second quarter", "Software licences 2026", "Audit support")
ACCOUNTS = ("01-100-8000", "01-200-6100", "02-100-8000", "02-300-7250")


def rows() -> list[tuple[Cell, ...]]:
    """The rows of the sample: 24 orders of one to five lines; two lines are cancelled."""
    choose = random.Random(20260115)  # noqa: S311 - samples must be the same each time
    made: list[tuple[Cell, ...]] = []
    for number in range(24):
        order = f"{4711 + number:07d}"
        code, name, currency, terms = choose.choice(SUPPLIERS)
        ordered = date(2026, 1, 5) + timedelta(days=choose.randrange(60))
        buyer = choose.choice(("jdoe", "mlee", "asmith"))
        for line in range(1, choose.randint(1, 5) + 1):
            needed = ordered + timedelta(days=choose.randrange(7, 60))
            head = (order, ordered, code, name, currency, terms, line)
            tail = (needed, choose.choice(ACCOUNTS), buyer, "*" if (number, line) in ((3, 1), (9, 2)) else None)
            if choose.random() < 0.2:
                amount = Decimal(choose.randrange(200_00, 20_000_00)) / 100
                made.append((*head, choose.choice(SERVICES), "US Dollar", None, None, amount, *tail))
            else:
                description, uom, price = choose.choice(GOODS)
                quantity = choose.choice((1, 2, 5, 10, 12, 40, Decimal("2.5")))
                amount = round(quantity * Decimal(price), 2)
                made.append((*head, description, uom, quantity, Decimal(price), amount, *tail))
    return made


def write_workbook(table: list[tuple[Cell, ...]]) -> None:
    """The sample as a workbook, with dates and number formats as people set them."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = "Orders"
    sheet.append(HEADINGS)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in table:
        sheet.append(row)
    for row_cells in sheet.iter_rows(min_row=2):
        for column in (1, 12):
            row_cells[column].number_format = "mm/dd/yyyy"
        for column in (10, 11):
            row_cells[column].number_format = "#,##0.00##"
    for letter, width in zip(
        "ABCDEFGHIJKLMNOP", (11, 12, 12, 32, 9, 8, 6, 34, 10, 9, 11, 12, 12, 13, 8, 10), strict=True
    ):
        sheet.column_dimensions[letter].width = width
    (SAMPLES / "legacy-orders.xlsx").write_bytes(saved(book))


def write_text(table: list[tuple[Cell, ...]]) -> None:
    """The same orders as a European system writes them: semicolons, decimal commas, day first."""
    with (SAMPLES / "legacy-orders-eu.csv").open("w", newline="", encoding="cp1252") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADINGS)
        for row in table:
            writer.writerow([european(value) for value in row])


def european(value: Cell) -> Cell:
    """A value as a European spreadsheet shows it."""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return f"{value:,}".translate(str.maketrans(",.", ".,"))
    return value


if __name__ == "__main__":
    SAMPLES.mkdir(exist_ok=True)
    write_workbook(rows())
    write_text(rows())
    print(f"{len(rows())} rows in {SAMPLES}")
