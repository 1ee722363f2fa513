"""Draw what the ready exports and a plan hold, as LibreOffice shows it, into docs/exports.

python scripts/export_pictures.py

Needs LibreOffice (`soffice`) and Poppler (`pdftoppm`); the figures are held by
tests/journeys/test_ready_exports.py.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from openpyxl import load_workbook
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.properties import PageSetupProperties

from bulkpo.cli.main import run

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "worlds"))

from received_orders import received_orders  # noqa: E402 - it is found now

FOLDER = ROOT / "docs" / "exports"
NAMES = ("open-po", "grni", "spend-by-supplier", "lines-with-accounts", "revisions")
PLAN = {"plan": "Plan", "plan-totals": "Totals", "plan-cells": "Cells"}
PRICES = """\
bulkpo: import/1
name: prices
mode: update
document: {key: po-number}
columns: {PO: po-number, Line: order-lines/line-num, Price: order-lines/price}
"""
_DOTS = "120"
_EDGE = 6


def _page(book: Path, name: str, title: str = "") -> None:
    """Write a workbook whose one sheet is the first of another, or that of a title, on one page, with the grid."""
    made = load_workbook(book)
    sheet = made[title] if title else made.worksheets[0]
    for other in made.worksheets:
        if other is not sheet:
            made.remove(other)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = cell.value.replace(f"{Path.cwd()}{os.sep}", "")  # the folder is another each time
    sheet.HeaderFooter = HeaderFooter()
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = sheet.page_setup.fitToWidth = 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.gridLines = sheet.print_options.headings = True
    made.save(f"{name}.xlsx")


def _draw(name: str) -> None:
    """Draw what is not white of a page."""
    _made("pdftoppm", "-gray", "-r", _DOTS, "-singlefile", f"{name}.pdf", name)
    with Path(f"{name}.pgm").open("rb") as file:
        _, size, _ = file.readline(), file.readline().split(), file.readline()
        width, height = map(int, size)
        dark = np.frombuffer(file.read(), np.uint8).reshape(height, width) < 250
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    left, top = columns[0] - _EDGE, rows[0] - _EDGE
    box = (left, top, columns[-1] + _EDGE - left, rows[-1] + _EDGE - top)
    where = [part for flag, number in zip(("-x", "-y", "-W", "-H"), box, strict=True) for part in (flag, str(number))]
    _made("pdftoppm", "-png", "-r", _DOTS, "-singlefile", *where, f"{name}.pdf", str(FOLDER / name))


def main() -> None:
    """Write a picture of each."""
    FOLDER.mkdir(exist_ok=True)
    os.environ["SECRET"] = "sandbox"  # noqa: S105 - the sandbox's
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with received_orders(Path(folder)):
            for name in NAMES:
                mapping = ROOT / "mappings" / "export" / f"{name}.yaml"
                run(["export", str(mapping), "-o", f"whole-{name}.xlsx", "--to", "there"])
                _page(Path(f"whole-{name}.xlsx"), name)
            Path("prices.yaml").write_text(PRICES, encoding="utf-8")
            Path("prices.csv").write_text("PO,Line,Price\nPO-1,1,0.12\nPO-2,1,1.05\nPO-3,1,100\n", encoding="utf-8")
            run(["import", "prices.yaml", "prices.csv", "--to", "there", "--plan", "whole-plan.xlsx"])
            for name, title in PLAN.items():
                _page(Path("whole-plan.xlsx"), name, title)
        names = (*NAMES, *PLAN)
        _made("soffice", "--headless", "--convert-to", "pdf", *(f"{name}.xlsx" for name in names))
        for name in names:
            _draw(name)


def _made(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
