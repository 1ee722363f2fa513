"""Write a small spreadsheet for every layout a mapping can declare; each tells the same three orders.

python scripts/make_layout_samples.py
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from sample_books import saved

from bulkpo.yamldoc import parse_yaml

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
Row = Sequence[object]

HEADERS: tuple[Row, ...] = (
    ("0004801", "V0100", "USD", "Net 30", "jdoe"),
    ("0004802", "V0102", "USD", "Net 30", "mlee"),
    ("0004803", "V0103", "EUR", "Net 60", "jdoe"),
)
LINES: tuple[Row, ...] = (
    ("0004801", 1, "Copy paper A4", 40, "CS", Decimal("38.90"), date(2026, 2, 13), "01-100-8000"),
    ("0004801", 2, "Toner cartridge 106R01", 5, "EA", Decimal("119.00"), date(2026, 2, 20), "01-200-6100"),
    ("0004802", 1, "Network cable Cat6a, 10 m", 12, "EA", Decimal("12.405"), date(2026, 3, 2), "02-100-8000"),
    ("0004803", 1, "Pallet rack 3,000 mm", Decimal("12.5"), "EA", Decimal("184.50"), date(2026, 3, 9), "02-300-7250"),
)  # fmt: skip
HEADER_TITLES = ("PO Number", "Supplier No", "Currency", "Terms", "Buyer")
LINE_TITLES = ("PO Number", "Line", "Description", "Quantity", "UOM", "Unit Price", "Need By", "Account")


def joined(*, repeated: bool) -> Iterable[Row]:
    """One row per line; the order's own values on each of its rows, or on its first only."""
    last = None
    for number, *line in LINES:
        header = next(header for header in HEADERS if header[0] == number)
        yield (*(header if repeated or number != last else [None] * len(header)), *line)
        last = number


def first_row_only() -> None:
    """An order's own values stand on its first row only."""
    write_sheets("first-row-only", {"Orders": [HEADER_TITLES + LINE_TITLES[1:], *joined(repeated=False)]})


def two_sheets() -> None:
    """Orders in one sheet, their lines in another."""
    write_sheets("two-sheets", {"Orders": [HEADER_TITLES, *HEADERS], "Lines": [LINE_TITLES, *LINES]})


def split_rows() -> None:
    """A line billed to two accounts takes two rows."""
    rows = [(*row, 100) for row in joined(repeated=True)]
    first = rows[0]
    rows[:1] = [(*first[:-1], 60), (*first[:-2], "02-300-7250", 40)]
    write_sheets("split-rows", {"Orders": [(*HEADER_TITLES, *LINE_TITLES[1:], "Percent"), *rows]})


def split_columns() -> None:
    """A line billed to two accounts has two pairs of columns."""
    titles = (*HEADER_TITLES, *LINE_TITLES[1:-1], "Account 1", "Pct 1", "Account 2", "Pct 2")
    rows = [(*row, 100, None, None) for row in joined(repeated=True)]
    rows[0] = (*rows[0][:-3], 60, "02-300-7250", 40)
    write_sheets("split-columns", {"Orders": [titles, *rows]})


def no_headings() -> None:
    """A tab-delimited text file without headings, in the encoding of older Windows systems."""
    write_text("no-headings.txt", joined(repeated=True), delimiter="\t", encoding="cp1252")


def two_heading_rows() -> None:
    """A report's title, then headings over two rows, one of them repeated, as reports have them."""
    above = ("Order", "Supplier", "", "", "", "Line", "Line", "Line", "Line", "Line", "Line", "Line")
    below = (
        "No.",
        "No.",
        "Currency",
        "Terms",
        "Buyer",
        "No.",
        "Text",
        "Quantity",
        "UOM",
        "Price",
        "Need By",
        "Account",
    )
    rows = [(*row, row[2]) for row in joined(repeated=True)]
    write_sheets(
        "two-heading-rows",
        {"Report": [("Open orders",), (), (*above, ""), (*below, "Currency"), *rows]},
    )


def scattered_rows() -> None:
    """Rows of one order stand apart, and every value is text, as a mainframe's list has it."""
    rows = list(joined(repeated=True))
    order = (0, 2, 1, 3)
    texts = [[text_of(value) for value in rows[place]] for place in order]
    write_text("scattered-rows.csv", [HEADER_TITLES + LINE_TITLES[1:], *texts], delimiter=";", encoding="utf-8-sig")


def text_of(value: object) -> object:
    """A value as that list writes it."""
    if isinstance(value, date):
        return f"{value:%d-%b-%y}".upper()
    if isinstance(value, Decimal):
        return f"{value:,} USD".replace(".", ",") if value == Decimal("38.90") else str(value).replace(".", ",")
    return value


def custom_fields() -> None:
    """Orders with an instance's custom fields."""
    rows = [(*row, center, approved) for row, (center, approved) in zip(
        joined(repeated=True), (("CC-10", "yes"), ("CC-10", "yes"), ("CC-20", "no"), ("CC-30", "yes")), strict=True
    )]  # fmt: skip
    write_sheets("custom-fields", {"Orders": [(*HEADER_TITLES, *LINE_TITLES[1:], "Cost Center", "Approved"), *rows]})


def coupa_flat_file() -> None:
    """Coupa's own flat file of external orders: every field quoted, a heading row for each type of row."""
    mapping = parse_yaml((ROOT / "mappings/import/coupa-external-orders.yaml").read_text(encoding="utf-8"), "").data
    titles = {kind: tuple(block["columns"]) for kind, block in mapping["record_types"].items()}

    def row(kind: str, values: dict[str, str]) -> Row:
        if unknown := values.keys() - set(titles[kind]):
            raise KeyError(unknown)
        return (kind, *(values.get(title, "") for title in titles[kind]))

    silent = {"Transmission Method Override": "do_not_transmit"}
    rows = [
        *((kind, *names) for kind, names in titles.items()),
        row("Header", silent | {"Action": "IssueWithoutSend", "PO Number": "0004801", "Supplier Number": "V0100",
            "Currency Code": "USD", "Payment Term Code": "Net 30", "Ship To Login": "jdoe",
            "Ship To Location Code": "HQ", "Hide Price": "false"}),
        row("Line", {"Record Identifier": "1", "Line Number": "1", "Quantity": "40", "Price": "38.90",
            "Non Catalog Item Description": 'Copy paper A4, "Premium"\n80 g/m²', "UOM Code": "CS",
            "Need By Date": "2026-02-13", "Account Code": "01-100-8000"}),
        row("Line", {"Record Identifier": "2", "Line Number": "2", "Price": "12000.00", "Commodity Name": "Services",
            "Non Catalog Item Description": "Annual maintenance contract"}),
        row("Account Allocation", {"Record Identifier": "2", "Line Number": "2", "Percent": "60",
            "Account Code": "01-100-8000"}),
        row("Account Allocation", {"Record Identifier": "2", "Line Number": "2", "Percent": "40",
            "Account Code": "02-300-7250", "Budget Period Name": "2026"}),
        row("Header", silent | {"PO Number": "0004802", "Supplier Name": "O'Neill Office Products",
            "Currency Code": "USD", "Ship To Email": "mlee@example.com", "Ship To Street 1": "1 Main Street",
            "Ship To City": "Springfield", "Ship To State": "IL", "Ship To Postal Code": "06201",
            "Ship To Country Code": "US"}),
        row("Line", {"Record Identifier": "1", "Line Number": "1", "Catalog Item Number": "106R01", "Quantity": "5",
            "Price": "119.00", "UOM Code": "EA", "Account Segment 1": "01", "Account Segment 2": "200",
            "Account Segment 3": "6100", "Department Name": "Office"}),
        row("Header", {"Action": "Cancel", "PO Number": "0004400"}),
        row("Header", silent | {"PO Number": "0004803", "Supplier Number": "V0103", "Currency Code": "EUR",
            "Chart of Account Name": "Germany", "Ship To Employee Number": "00017"}),
        row("Line", {"Record Identifier": "1", "Line Number": "1", "Quantity": "12.5", "Price": "184.50",
            "Non Catalog Item Description": "Pallet rack upright 3,000 mm", "UOM Code": "EA"}),
        row("Account Allocation", {"Record Identifier": "1", "Line Number": "1", "Amount": "1306.25",
            "Account Code": "02-100-8000"}),
        row("Account Allocation", {"Record Identifier": "1", "Line Number": "1", "Amount": "1000.00",
            "Account Code": "02-300-7250"}),
    ]  # fmt: skip
    with (SAMPLES / "coupa-external-orders.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)


def german_plant() -> None:
    """The same list as a German plant writes it: other headings, decimal commas, names of months."""
    months = {2: "Feb.", 3: "März"}
    titles = (
        "Bestellnr.", "Kreditor", "Währung", "Zahlungsbed.", "Anforderer", "Pos.", "Bezeichnung", "Menge", "ME",
        "Preis", "Liefertermin", "Konto", "Bemerkung",
    )  # fmt: skip

    def german(value: object) -> object:
        if isinstance(value, date):
            return f"{value.day}. {months[value.month]} {value.year}"
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value

    rows = [[*map(german, row), ""] for row in joined(repeated=False)]
    write_text("german-plant.csv", [titles, *rows], delimiter=";", encoding="utf-8-sig")


def two_companies() -> None:
    """Two companies number their orders alike, and each plant has numbers of its own for a supplier."""
    titles = (
        "Company", "PO", "Plant", "Vendor", "Cur", "Buyer", "Line", "Description", "Qty", "Unit", "Price", "Need By",
        "Account", "Cost Center", "Changed By", "Changed On", "Status", "Incoterms", "Text Key", "Release",
    )  # fmt: skip
    unused = ("SMITHJ", "20260109", "B", "FCA", "0000004711", "X")
    orders = {"1000": ("P1", "0000100234", "USD"), "2000": ("P2", "0000100234", "EUR")}
    rows = [
        (company, "4500001", plant, vendor, currency, "jdoe", *line[1:8], "CC-10", *unused)
        for company, (plant, vendor, currency) in orders.items()
        for line in LINES[:2]
    ]
    texts = [[f"{value:%Y-%m-%d}" if isinstance(value, date) else value for value in row] for row in rows]
    write_text("two-companies.csv", [titles, *texts], delimiter=",", encoding="utf-8")


def vendors() -> None:
    """The list of old and new suppliers that the mapping for the two companies looks them up in."""
    rows = (
        ("Name", "Old No", "Plant", "City", "New No", "Terms"),
        ("Paper & Co", "0000100234", "P1", "Springfield", "V0100", "Net 30"),
        ("Bürobedarf AG", "0000100234", "P2", "Köln", "V0103", "Net 60"),
        ("Nobody", "0000100999", "P1", "Springfield", "V0199", "Net 30"),
    )
    path = ROOT / "mappings" / "crosswalks" / "vendors.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)


def sap_open_orders() -> None:
    """SAP orders: prices per 100 and 1000, lines part received, finished, over-received and returned."""
    orders = (
        ("EBELN", "BSART", "LIFNR", "WAERS", "ZTERM", "ERNAM", "LOEKZ", "RLWRT"),
        ("4500000101", "NB", "V0100", "EUR", "Net 30", "jdoe", None, Decimal("1325.00")),
        ("4500000102", "NB", "V0102", "JPY", "Net 30", "mlee", None, 70000),
        ("4500000103", "FO", "V0103", "EUR", "Net 60", "jdoe", None, Decimal("1000.00")),
        ("4500000104", "NB", "V0103", "EUR", "Net 60", "jdoe", "L", Decimal("50.00")),
        ("4500000105", "NB", "V0100", "EUR", "Net 30", "jdoe", None, Decimal("75.00")),
    )
    lines = (
        (
            "EBELN", "EBELP", "TXZ01", "MENGE", "MEINS", "NETPR", "PEINH", "NETWR", "WEMNG", "REMNG", "EINDT", "SAKTO",
            "LOEKZ", "ELIKZ", "RETPO",
        ),
        ("4500000101", "00010", "Screw M6", 10000, "EA", Decimal("12.50"), 100, 1250, 4000, 4000, "01-100-8000"),
        ("4500000101", "00020", "Washer", 5000, "EA", Decimal("15.00"), 1000, 75, 5000, 5000, "01-100-8000"),
        ("4500000102", "00010", "Sensor", 70, "EA", 1000, None, 70000, 10, 0, "02-100-8000"),
        ("4500000103", "00010", "Pallet rack", 5, "EA", Decimal("120.00"), 0, 600, None, 0, "02-300-7250"),
        ("4500000103", "00020", "Sample, free of charge", 1, "EA", 0, 1, 0, None, 0, "02-300-7250"),
        ("4500000103", "00030", "Bracket", 40, "EA", Decimal("10.00"), 1, 400, 37, 37, "02-300-7250"),
        ("4500000103", "00040", "Rack sent back", 2, "EA", Decimal("120.00"), 1, 240, 0, 0, "02-300-7250"),
        ("4500000104", "00010", "Cancelled", 1, "EA", Decimal("50.00"), 1, 50, 0, 0, "02-300-7250"),
        ("4500000105", "00010", "Cable, 103 came for 100", 100, "EA", Decimal("0.75"), 1, 75, 103, 100, "01-100-8000"),
    )  # fmt: skip
    marks = {8: (None, None, "X")}
    rows = [
        (*line[:10], date(2026, 3, 2), line[10], *marks.get(number, (None, None, None)))
        for number, line in enumerate(lines[1:], 2)
    ]
    write_sheets("sap-open-orders", {"EKKO": orders, "EKPO": [lines[0], *rows]})


def bulk_price() -> None:
    """Prices per so many units."""
    titles = ("Order", "Supplier", "Buyer", "Currency", "Line", "Text", "Quantity", "Unit", "Price", "Per", "Account")
    rows = (
        ("4600001", "V0100", "jdoe", "EUR", "1", "Screw M6", "10000", "EA", "12.50", "100", "01-100-8000"),
        ("4600001", "V0100", "jdoe", "EUR", "2", "Tape", "32", "EA", "10.00", "4", "01-100-8000"),
    )
    write_text("bulk-price.csv", [titles, *rows], delimiter=",", encoding="utf-8")


def with_files() -> None:
    """Orders and lines with scanned files, an address and a note."""
    files = {"0004801": "0004801 order.pdf; 0004801 terms.pdf", "0004802": "0004802 order.pdf"}
    drawings = {"Pallet rack 3,000 mm": "drawings/rack.pdf"}
    rows = [
        (*line[:6], files.get(str(line[0])), drawings.get(str(line[2])), f"https://intranet.example/po/{line[0]}")
        for line in LINES
    ]
    titles = (*LINE_TITLES[:6], "Scans", "Drawing", "Archive")
    write_text("with-files.csv", [titles, *rows], delimiter=",", encoding="utf-8")
    for name in sorted({*"; ".join(files.values()).split("; "), *drawings.values()}):
        path = SAMPLES / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.4\n% " + name.encode() + b"\n%%EOF\n")


def write_sheets(name: str, sheets: dict[str, Iterable[Row]]) -> None:
    """A workbook, the same each time."""
    book = Workbook()
    for number, (title, rows) in enumerate(sheets.items()):
        sheet = book.create_sheet(title, number)
        for row in rows:
            sheet.append(list(row))
    del book["Sheet"]
    (SAMPLES / f"{name}.xlsx").write_bytes(saved(book))


def write_text(name: str, rows: Iterable[Row], *, delimiter: str, encoding: str) -> None:
    """A text file."""
    with (SAMPLES / name).open("w", newline="", encoding=encoding) as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)


if __name__ == "__main__":
    for write in (
        first_row_only, two_sheets, split_rows, split_columns, no_headings, two_heading_rows, scattered_rows,
        custom_fields, coupa_flat_file, german_plant, two_companies, vendors, sap_open_orders, bulk_price,
        with_files,
    ):  # fmt: skip
        write()
        print(write.__doc__)
