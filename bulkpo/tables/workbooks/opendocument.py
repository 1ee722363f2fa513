"""What calamine leaves out of OpenDocument sheets (.ods): errors, zeros shown by a format, hidden rows.

OpenDocument keeps beside a cell's value the text it shows; a number shown as `00042` is told by that.
"""

import re

from lxml import etree

from bulkpo.errors import InputError
from bulkpo.tables.workbooks.calamine import Overlay
from bulkpo.tables.workbooks.package import Package, attribute, elements, local_name

_MOST_CELLS = 50_000_000
_MOST_NOTES = 1_000_000
_LARGEST_PART = 1 << 30
_SHOWN_ZEROS = re.compile(r"0[-/ ().0-9]*[0-9]")
_WHOLE = re.compile(r"[0-9]+")
_DIGIT = re.compile(r"[0-9]")


def read_opendocument(package: Package) -> dict[str, Overlay]:
    """What sheets have beyond their values, by name; raises InputError for repeats that would fill the memory."""
    overlays: dict[str, Overlay] = {}
    table, row, cells = None, 1, 0
    with package.stream("content.xml", _LARGEST_PART) as part:
        for element in elements(part, "table-row"):
            owner = next(element.iterancestors("{*}table"), None)
            if owner is not table:
                table, row = owner, 1
            repeat = _repeat(element, "rows")
            cells += repeat * sum(_repeat(cell, "columns") for cell in element if len(cell))
            if cells > _MOST_CELLS:
                raise InputError(
                    f"{package.path.name}: its repeated cells come to more than {_MOST_CELLS:,}; save it as .xlsx"
                )
            if owner is not None:
                overlay = overlays.setdefault(attribute(owner, "name") or "", Overlay())
                _note_row(overlay, element, range(row, row + repeat))
            row += repeat
    return overlays


def _note_row(overlay: Overlay, element: etree._Element, rows: range) -> None:
    if attribute(element, "visibility") in ("collapse", "filter") and len(rows) < _MOST_NOTES:
        overlay.hidden_rows.update(rows)
    column = 1
    for cell in element:
        repeat = _repeat(cell, "columns")
        if len(cell) and repeat * len(rows) < _MOST_NOTES:
            _note_cell(overlay, cell, [(row, column + step) for row in rows for step in range(repeat)])
        column += repeat


def _note_cell(overlay: Overlay, cell: etree._Element, positions: list[tuple[int, int]]) -> None:
    shown = "\n".join("".join(map(str, part.itertext())) for part in cell if local_name(part) == "p")
    if "error" in [value for name, value in cell.items() if str(name).endswith("}value-type")]:
        overlay.errors.update(dict.fromkeys(positions, shown))
    elif _SHOWN_ZEROS.fullmatch(shown) and _WHOLE.fullmatch(attribute(cell, "value") or ""):
        overlay.zeros.update(dict.fromkeys(positions, _DIGIT.sub("0", shown)))


def _repeat(element: etree._Element, what: str) -> int:
    return int(attribute(element, f"number-{what}-repeated") or 1)
