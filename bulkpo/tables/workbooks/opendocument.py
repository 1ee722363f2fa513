"""What calamine leaves out of OpenDocument sheets (.ods): errors, text marks, empty formulas, merges, hidden rows.

OpenDocument keeps beside a cell's value the text it shows; a number shown as `00042` or `PO-0012` is told by that.
"""

from collections.abc import Iterator

from lxml import etree

from bulkpo.errors import InputError
from bulkpo.tables.reading.sheet_settings import Area
from bulkpo.tables.workbooks.calamine import Overlay
from bulkpo.tables.workbooks.formulas import WITHOUT_VALUE
from bulkpo.tables.workbooks.package import Package, attribute, elements, local_name
from bulkpo.tables.workbooks.workbook import bound_sheets

_MOST_CELLS = 50_000_000
_MOST_NOTES = 1_000_000
_MOST_MERGES = 100_000
_LARGEST_PART = 1 << 30
_NUMBERS = ("float", "currency", "percentage")
_MOST_BLANKS = 32_767
_SIGNS = {"line-break": "\n", "tab": "\t"}


def read_opendocument(package: Package) -> dict[str, Overlay]:
    """What sheets have beyond their values, by name; raises InputError for repeats that would fill the memory."""
    overlays: dict[str, Overlay] = {}
    table, row, cells = None, 1, 0
    with package.stream("content.xml", _LARGEST_PART) as part:
        for element in elements(part, "table-row"):
            owner = next(element.iterancestors("{*}table"), None)
            if owner is not table:
                table, row = owner, 1
                bound_sheets(package.path.name, len(overlays))
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
        said = _said(cell)
        repeat = int(said.get("number-columns-repeated") or 1)
        filled = len(cell) > 0
        if filled:
            overlay.reach(rows.stop - 1, column + repeat - 1)
        if len(overlay.merges) < _MOST_MERGES and (area := _merged(said, rows.start, column)) is not None:
            overlay.merges.append(area)
        if (filled or "formula" in said) and repeat * len(rows) < _MOST_NOTES:
            _note_cell(overlay, cell, said, [(row, column + step) for row in rows for step in range(repeat)])
        column += repeat


def _said(cell: etree._Element) -> dict[str, str]:
    """A cell's attributes by their names without namespace; `error` among its types stands over all others."""
    said: dict[str, str] = {}
    for key, value in cell.items():
        name = str(key).rpartition("}")[2]
        if name not in said or (name == "value-type" and value == "error"):
            said[name] = str(value)
    return said


def _note_cell(overlay: Overlay, cell: etree._Element, said: dict[str, str], positions: list[tuple[int, int]]) -> None:
    kind, value = said.get("value-type", ""), said.get("value")
    if "formula" in said and (not kind or (kind in _NUMBERS and not value)):
        overlay.doubts.update(dict.fromkeys(positions, WITHOUT_VALUE))
        return
    if kind == "string" and ("string-value" in said or not any(map(len, cell))):
        return
    shown = "\n".join("".join(_marked(part)) for part in cell if local_name(part) == "p")
    if kind == "error":
        overlay.errors.update(dict.fromkeys(positions, shown))
    elif kind == "string":
        overlay.texts.update(dict.fromkeys(positions, shown))
    elif kind in _NUMBERS and shown.strip() != value:
        overlay.shown.update(dict.fromkeys(positions, shown))


def _marked(element: etree._Element) -> Iterator[str]:
    """The texts within: OpenDocument has elements for line breaks, tabs and blanks beyond the first."""
    yield element.text or ""
    for child in element:
        name = local_name(child)
        if name == "s":
            yield " " * min(int(attribute(child, "c") or 1), _MOST_BLANKS)
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name != "annotation":
            yield from _marked(child)
        yield child.tail or ""


def _merged(said: dict[str, str], row: int, column: int) -> Area | None:
    """The cells that a cell is merged with; None if it stands alone."""
    height = int(said.get("number-rows-spanned") or 1)
    width = int(said.get("number-columns-spanned") or 1)
    return Area(row, column, row + height - 1, column + width - 1) if max(height, width) > 1 else None


def _repeat(element: etree._Element, what: str) -> int:
    return int(attribute(element, f"number-{what}-repeated") or 1)
