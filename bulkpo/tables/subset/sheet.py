"""A sheet's XML without some of its rows; memory holds only the rows that stay."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container
from typing import IO

from lxml import etree

from bulkpo.tables.subset.notes import KeptRow, SheetNotes
from bulkpo.tables.workbooks.package import local_name

_AREA = re.compile(r"(\$?[A-Z]{1,3}\$?)([0-9]{1,7})(?::(\$?[A-Z]{1,3}\$?)([0-9]{1,7}))?")
_OWN_CELLS = re.compile(r"\$?[A-Z]{1,3}([0-9]+)(?::\$?[A-Z]{1,3}([0-9]+))?")
_LOOK_ELSEWHERE = {"INDIRECT(", "OFFSET(", "ROW(", "ROWS(", "ADDRESS(", "CELL("}
_LEFT_OUT = {"dimension", "legacyDrawing", "rowBreaks", "filterColumn", "sortState", "controls", "oleObjects"}
"""What names rows that may be gone, or would hide rows that must be seen."""
_NEED_MEMBERS = {"mergeCells", "dataValidations", "hyperlinks", "ignoredErrors", "protectedRanges"}


class SheetSubset:
    """A sheet with the rows that stay moved up to follow each other."""

    def __init__(self, stream: IO[bytes], kept: Container[int], heading: int = 0) -> None:
        """Read the sheet; `kept` contains the numbers of the rows that stay.

        Those up to `heading` stay where they are, whether there is anything in them or not.
        """
        self._numbers: list[int] = list(range(1, heading + 1))
        self._heading = heading
        self.rows: list[KeptRow] = []
        self._shared: dict[str, tuple[str, str]] = {}
        self._root = self._read(stream, kept)
        self._move_areas()

    def note(self, notes: SheetNotes) -> None:
        """Write reasons and marks into the rows."""
        notes.write(self._root, self.rows)

    def text(self) -> bytes:
        """The sheet's part."""
        return etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def moved(self, areas: str, least: int = 1) -> str:
        """Where areas such as `A1:P68 R2` are now, each at least so many rows high; empty if nothing is left."""
        found = (self._moved_area(area, least) for area in areas.split())
        return " ".join(filter(None, found))

    def _read(self, stream: IO[bytes], kept: Container[int]) -> etree._Element:
        gone: etree._Element | None = None
        last = 0
        events = etree.iterparse(stream, events=("end",), tag="{*}row", resolve_entities=False, no_network=True)
        for _, row in events:
            last = int(row.get("r") or last + 1)
            if gone is not None:  # the row before: the parser still needs the one it has just ended
                _remove(gone)
            gone = None if last in kept else row
            if gone is None:
                new = last
                if last > self._heading:
                    self._numbers.append(last)
                    new = len(self._numbers)
                self._renumber(row, new)
                self.rows.append(KeptRow(last, new, row))
            else:
                self._remember_formulas(row)
                row.clear()
        if gone is not None:
            _remove(gone)
        root: etree._Element = events.root
        return root

    def _renumber(self, row: etree._Element, new: int) -> None:
        row.set("r", str(new))
        row.attrib.pop("hidden", "")
        for cell in row.iterchildren("{*}c"):
            name = cell.get("r")
            if name:
                moved = f"{name.rstrip('0123456789')}{new}"
                self._settle_formula(cell, name, moved)
                cell.set("r", moved)

    def _settle_formula(self, cell: etree._Element, old: str, new: str) -> None:
        """Move a formula that looks at its own row alone, and put the value in place of any other.

        A formula that can do neither becomes an error, so that it is not taken for a blank cell.
        """
        formula = next(cell.iterchildren("{*}f"), None)
        if formula is None:
            return
        self._remember(formula, old)
        origin, text = (old, formula.text) if formula.text else self._shared.get(formula.get("si", ""), (old, ""))
        if formula.get("t", "normal") in ("normal", "shared") and looks_at_own_row(text, origin):
            from openpyxl.formula.translate import Translator

            formula.attrib.clear()
            formula.text = Translator(f"={text}", origin=origin).translate_formula(new).removeprefix("=")
            return
        cell.remove(formula)
        if not any(child.text or len(child) for child in cell):
            del cell[:]
            cell.set("t", "e")
            etree.SubElement(cell, f"{str(formula.tag)[:-1]}v").text = "#REF!"

    def _remember_formulas(self, row: etree._Element) -> None:
        for formula in row.iter("{*}f"):
            cell = formula.getparent()
            self._remember(formula, "" if cell is None else cell.get("r", ""))

    def _remember(self, formula: etree._Element, cell: str) -> None:
        """Keep the formula that other cells share."""
        if formula.text and formula.get("si"):
            self._shared[formula.get("si", "")] = (cell, formula.text)

    def _move_areas(self) -> None:
        for element in list(self._root.iter("{*}sheetView", "{*}pane")):
            element.attrib.pop("topLeftCell", "")
        for element in list(self._root.iter(etree.Element)):
            name = local_name(element)
            if name in _LEFT_OUT:
                _remove(element)
            elif name not in ("selection", "row", "c", "f"):
                self._move_area(element)
        for element in [child for child in self._root if local_name(child) in _NEED_MEMBERS]:
            element.attrib.pop("count", "")
            if not len(element):
                _remove(element)

    def _move_area(self, element: etree._Element) -> None:
        for attribute in ("sqref", "ref"):
            areas = element.get(attribute)
            if areas:
                moved = self.moved(areas)
                if moved and not (local_name(element) == "mergeCell" and ":" not in moved):
                    element.set(attribute, moved)
                else:
                    _remove(element)
        if local_name(element) == "sqref":  # of newer Excel's validation lists and formats
            moved = self.moved(element.text or "")
            element.text = moved
            parent = element.getparent()
            if not moved and parent is not None:
                _remove(parent)

    def _moved_area(self, area: str, least: int) -> str:
        match = _AREA.fullmatch(area)
        if match is None:
            return area
        left, top, right, bottom = match.groups()
        first = bisect_left(self._numbers, int(top)) + 1
        last = max(bisect_right(self._numbers, int(bottom or top)), first + least - 1 if least > 1 else 0)
        if last < first:
            return ""
        if right is None or (first == last and left == right):
            return f"{left}{first}"
        return f"{left}{first}:{right}{last}"


def looks_at_own_row(formula: str, cell: str) -> bool:
    """Whether a formula, as it stands in a cell, names no cells but those of the cell's own row."""
    from openpyxl.formula import Tokenizer
    from openpyxl.formula.tokenizer import TokenizerError

    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    try:
        tokens = Tokenizer(f"={formula}").items
    except TokenizerError:
        return False
    for token in tokens:
        if token.type == token.FUNC and token.value.upper() in _LOOK_ELSEWHERE:
            return False
        if token.type == token.OPERAND and token.subtype == token.RANGE:
            match = _OWN_CELLS.fullmatch(token.value)
            if match is None or {match[1], match[2] or row} != {row}:
                return False
    return bool(formula)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
