"""Draw what the ready exports write, as LibreOffice shows it: python scripts/export_pictures.py, into docs/exports.

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
_DOTS = "120"
_EDGE = 6


def _page(path: Path) -> None:
    """Let the first sheet be all there is, on one page, with the grid."""
    book = load_workbook(path)
    for other in book.worksheets[1:]:
        book.remove(other)
    sheet = book.worksheets[0]
    sheet.HeaderFooter = HeaderFooter()
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = sheet.page_setup.fitToWidth = 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.gridLines = sheet.print_options.headings = True
    book.save(path)


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
                run(
                    [
                        "export",
                        str(ROOT / "mappings" / "export" / f"{name}.yaml"),
                        "-o",
                        f"{name}.xlsx",
                        "--to",
                        "there",
                    ]
                )
                _page(Path(f"{name}.xlsx"))
        _made("soffice", "--headless", "--convert-to", "pdf", *(f"{name}.xlsx" for name in NAMES))
        for name in NAMES:
            _draw(name)


def _made(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
