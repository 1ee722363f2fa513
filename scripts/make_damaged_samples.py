"""Write samples/damaged/: small files of orders, each damaged in one way; expected.yaml has what a check says of each.

python scripts/make_damaged_samples.py
"""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sample_books import rewritten, saved

FOLDER = Path(__file__).resolve().parent.parent / "samples" / "damaged"
FLAT_FILE = FOLDER.parent / "coupa-external-orders.csv"
Rows = list[list[str]]

TITLES = ["PO Number", "Supplier No", "Currency", "Terms", "Buyer", "Line", "Description", "Quantity", "UOM",
          "Unit Price", "Need By", "Account"]  # fmt: skip
GOOD: Rows = [
    ["0004801", "V0100", "USD", "Net 30", "jdoe", "1", "Copy paper A4", "40", "Case", "38.90", "2026-02-13", "8000"],
    ["0004801", "V0100", "USD", "Net 30", "jdoe", "2", "Toner cartridge", "5", "Each", "119.00", "2026-02-20", "6100"],
    ["0004802", "V0102", "USD", "Net 30", "mlee", "1", "Network cable", "12", "Each", "12.40", "2026-03-02", "8000"],
    ["0004803", "V0103", "EUR", "Net 60", "jdoe", "1", "Pallet rack", "12.5", "Each", "184.50", "2026-03-09", "7250"],
]
CELLS = {
    "price-in-words": {"J2": "free"},
    "price-with-two-marks": {"J2": "1.2.3"},
    "price-scientific": {"J2": "1.2E+03"},
    "price-negative": {"J2": "(5.00)"},
    "price-seven-decimals": {"J2": "1.2345678"},
    "price-too-large": {"J2": "1" * 26},
    "price-missing": {"J2": ""},
    "price-with-currency": {"J2": "$38.90"},
    "price-european": {"J2": "1.038,90"},
    "price-either-way": {"J2": "1,234"},
    "date-no-such-day": {"K2": "02/30/2026"},
    "date-two-digit-year": {"K2": "2/13/26"},
    "date-in-words": {"K2": "soon"},
    "date-when-clocks-went-forward": {"K2": "03/08/2026 02:30"},
    "date-of-zeros": {"K2": "00/00/0000"},
    "date-either-way": {"K2": "03/04/2026"},
    "dates-mixed": {"K2": "24/06/2026", "K3": "25/06/2026", "K4": "06/26/2026", "K5": "27/06/2026"},
    "order-number-missing": {"A2": ""},
    "order-number-too-long": {"A4": "PO-2026-0000000004802"},
    "order-number-shortened": {"A4": "4.71E+12"},
    "supplier-missing": {"B4": ""},
    "supplier-conflicting": {"B3": "V0101"},
    "buyer-missing": {"E4": ""},
    "currency-too-long": {"C4": "US Dollar"},
    "currency-conflicting": {"C3": "EUR"},
    "line-number-twice": {"F3": "1"},
    "description-missing": {"G2": ""},
    "description-too-long": {"G2": "long " * 52},
    "description-with-control-character": {"G2": "Copy\x07paper"},
    "quantity-missing": {"H2": ""},
    "quantity-in-words": {"H2": "two"},
    "quantity-amounts-to-nothing": {"H2": "0"},
    "unit-unknown": {"I3": "Eahc"},
    "unit-missing": {"I2": ""},
}


def changed(cells: dict[str, str]) -> Rows:
    """The good rows under their titles, with some cells changed; cells are named as a spreadsheet names them."""
    rows = [TITLES[:], *(row[:] for row in GOOD)]
    for name, text in cells.items():
        rows[int(name[1:]) - 1][ord(name[0]) - ord("A")] = text
    return rows


def csv_text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """Rows as a text file holds them."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def text_files() -> dict[str, bytes]:
    """Text files that are damaged as files, not in a cell."""
    good = csv_text(changed({}))
    lines = good.splitlines(keepends=True)
    files = {
        "row-too-short": "".join([lines[0], "0004801,V0100,USD,Net 30,jdoe,1\n", *lines[2:]]),
        "row-too-long": good.replace("Copy paper A4", "Copy paper, A4"),
        "row-twice": "".join([*lines, lines[4]]),
        "quote-never-closed": good.replace("Copy paper A4", '"Copy paper A4'),
        "heading-missing": good.replace("Unit Price", "Cost of One"),
        "heading-twice": good.replace("Terms", "Currency"),
        "column-nobody-knows": "".join(
            line.rstrip("\n") + f",{'Notes' if not number else 'x'}\n" for number, line in enumerate(lines)
        ),
        "blank-rows-between": "".join([*lines[:3], "\n", ",,,,,,,,,,,\n", *lines[3:]]),
        "blank-rows-at-the-end": good + ",,,,,,,,,,,\n" * 3,
        "totals-row": good + "Total,,,,,,,,,2464.36,,\n",
        "parted-by-semicolons": csv_text(changed({}), ";"),
        "nothing-in-it": "",
    }
    damaged = {name: text.encode() for name, text in files.items()}
    return damaged | {"not-utf-8": good.replace("Copy paper", "Köpierpapier").encode("cp1252")}


def in_sheet(change: Callable[[Worksheet], None]) -> bytes:
    """The good rows in a workbook, numbers and dates as such, after one change."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = "Orders"
    for number, row in enumerate(changed({})):
        sheet.append([value_of(title, text) if number else text for title, text in zip(TITLES, row, strict=True)])
    change(sheet)
    return saved(book)


def value_of(title: str, text: str) -> object:
    """A cell's value as a spreadsheet has it."""
    if title in ("Quantity", "Unit Price"):
        return float(text)
    return datetime.fromisoformat(text) if title == "Need By" else text


def set_cell(name: str, value: object) -> Callable[[Worksheet], None]:
    """Put a value into a cell."""

    def change(sheet: Worksheet) -> None:
        sheet[name] = value  # type: ignore[assignment]  # openpyxl's stubs know cells only

    return change


def workbooks() -> dict[str, bytes]:
    """Workbooks, each with one thing only a workbook can have."""

    def leave_number(sheet: Worksheet) -> None:
        sheet["K2"] = 46066
        sheet["K2"].number_format = "General"

    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("B2:B3")

    def hide_row(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True

    def hide_column(sheet: Worksheet) -> None:
        sheet.column_dimensions["C"].hidden = True

    def filter_rows(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = "A1:L5"
        sheet.auto_filter.add_filter_column(0, ["0004801"])

    def hide_sheet(sheet: Worksheet) -> None:
        assert sheet.parent is not None  # noqa: S101 - it was made by a workbook
        other = sheet.parent.create_sheet("Old orders")
        other.append(["PO Number"])
        other.sheet_state = "hidden"

    made = {
        "error-in-a-cell": in_sheet(set_cell("J2", "#N/A")),
        "formula-never-calculated": in_sheet(set_cell("J2", "=19.45*2")),
        "number-with-binary-noise": rewritten(
            in_sheet(set_cell("J2", 0.3)), {"<v>0.3</v>": "<v>0.30000000000000004</v>"}
        ),
        "order-number-of-sixteen-digits": in_sheet(set_cell("A4", 1234567890123456)),
        "order-number-made-a-date": in_sheet(set_cell("A4", datetime(2026, 3, 1))),  # noqa: DTZ001 - as sheets have it
        "order-number-lost-its-zeros": in_sheet(set_cell("A3", 4801)),
        "quantity-made-a-date": in_sheet(set_cell("H2", datetime(2026, 2, 9))),  # noqa: DTZ001 - as sheets have it
        "quantity-made-true": in_sheet(set_cell("H2", True)),  # noqa: FBT003 - the damage itself
        "date-left-a-number": in_sheet(leave_number),
        "date-left-as-text": in_sheet(set_cell("K5", "13/02/2026")),
        "merged-cells": in_sheet(merge),
        "hidden-row": in_sheet(hide_row),
        "hidden-column": in_sheet(hide_column),
        "rows-filtered": in_sheet(filter_rows),
        "hidden-sheet": in_sheet(hide_sheet),
    }
    return made | {"cut-off": made["merged-cells"][:2000]}


def flat_files() -> dict[str, str]:
    """Coupa's flat file, damaged in ways only record types can be."""
    good = FLAT_FILE.read_text(encoding="utf-8")
    return {
        "flat-file-unknown-type": good.replace('"Account Allocation","2","2","","60"', '"Allocation","2","2","","60"'),
        "flat-file-line-first": good.replace(
            '"Header","IssueWithoutSend","","0004801"', '"Header","IssueWithoutSend","",""'
        ),
        "flat-file-allocations-of-90": good.replace('"2","2","","40"', '"2","2","","30"'),
        "flat-file-column-refused": good.replace('"Services",""', '"Services","TAG-1"'),
    }


def two_sheets(orders: Sequence[str], lines: Sequence[str]) -> bytes:
    """Orders and lines in two sheets; one of these numbers stands on one side only."""
    book = Workbook()
    first = book.active
    assert first is not None  # noqa: S101 - a new workbook has a sheet
    first.title = "Orders"
    first.append(["PO Number", "Supplier No", "Currency", "Terms", "Buyer"])
    for number in orders:
        first.append([number, "V0100", "USD", "Net 30", "jdoe"])
    second = book.create_sheet("Lines")
    second.append(["PO Number", "Line", "Description", "Quantity", "UOM", "Unit Price", "Need By", "Account"])
    for number in lines:
        second.append([number, 1, "Copy paper A4", 40, "CS", 38.9, datetime(2026, 2, 13), "8000"])  # noqa: DTZ001
    return saved(book)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    written = {f"{name}.csv": csv_text(changed(cells)).encode() for name, cells in CELLS.items()}
    written |= {f"{name}.csv": content for name, content in text_files().items()}
    written |= {f"{name}.csv": text.encode() for name, text in flat_files().items()}
    written |= {f"{name}.xlsx": content for name, content in workbooks().items()}
    written["order-without-lines.xlsx"] = two_sheets(["0004801", "0004802"], ["0004801"])
    written["lines-without-order.xlsx"] = two_sheets(["0004801"], ["0004801", "0004802"])
    for name, content in written.items():
        (FOLDER / name).write_bytes(content)
    print(f"{len(written)} files in {FOLDER}")
