"""Reasons and marks in the rows of a sheet's XML."""

import re
from collections.abc import Callable, Sequence
from itertools import count
from typing import NamedTuple

from lxml import etree

from bulkpo.model.own import OWN_COLUMN, is_own
from bulkpo.tables.subset.marks import MarkStyles
from bulkpo.tables.subset.row_notes import RowNotes
from bulkpo.tables.workbooks.package import local_name
from bulkpo.where import cell_name, column_number

_MOST_COLUMNS = 16_384
_LONGEST = 32_000
_WIDTH = "60"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class KeptRow(NamedTuple):
    """A row that stays: its number before and now, and its element."""

    old: int
    number: int
    element: "etree._Element"


class SheetNotes:
    """Writes into the rows that stay."""

    def __init__(self, beside: RowNotes, styles: MarkStyles, text_of: Callable[[etree._Element], str]) -> None:
        """`text_of` gives the text of a cell."""
        self._beside = beside
        self._styles = styles
        self._text_of = text_of

    def write(self, root: etree._Element, rows: Sequence[KeptRow]) -> None:
        """Take away what an earlier copy wrote, and write the reasons and marks of this one."""
        for _, number, row in rows:
            _name_cells(row, number)
        earlier = self._forget([(old, row) for old, _, row in rows])
        if not self._beside.reasons:
            return
        column = earlier or 1 + max((_column(cell) for _, _, row in rows for cell in row if len(cell)), default=0)
        if column > _MOST_COLUMNS:
            return
        for old, number, row in rows:
            for wrong, is_error in self._beside.marks.get(old, {}).items():
                cell = _cell(row, number, wrong)
                style = self._styles.marked(int(cell.get("s", "0")), is_error=is_error)
                cell.set("s", str(style))
            text = OWN_COLUMN if old == self._beside.heading else self._beside.text(old)
            if text:
                self._say(_cell(row, number, column), text)
                row.attrib.pop("spans", "")
        _make_room(root, column)

    def _forget(self, rows: Sequence[tuple[int, etree._Element]]) -> int:
        """Take away marks and reasons; gives the column these stood in, 0 if there were none."""
        earlier = 0
        for old, row in rows:
            if old < self._beside.heading:
                continue
            for cell in list(row):
                style = int(cell.get("s", "0"))
                if style and (plain := self._styles.unmarked(style)) != style:
                    cell.set("s", str(plain))
                if _column(cell) == earlier or is_own(self._text_of(cell)):
                    earlier = _column(cell)
                    row.remove(cell)
        return earlier

    def _say(self, cell: etree._Element, text: str) -> None:
        space = str(cell.tag)[: -len(local_name(cell))]
        del cell[:]
        cell.set("t", "inlineStr")
        cell.set("s", str(self._styles.reasons()))
        inner = etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t")
        inner.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        inner.text = _NOT_IN_XML.sub("�", text)[:_LONGEST]


def _name_cells(row: etree._Element, number: int) -> None:
    """Give every cell its name, which may be left out where none before it is."""
    following = count(1)
    for cell in row.iterchildren("{*}c"):
        name = cell.get("r")
        column = column_number(name.rstrip("0123456789")) if name else next(following)
        following = count(column + 1)
        cell.set("r", cell_name(number, column))


def _column(cell: etree._Element) -> int:
    return column_number(cell.get("r", "").rstrip("0123456789"))


def _cell(row: etree._Element, number: int, column: int) -> etree._Element:
    """The cell of a row in a column, put among the others if it was not there."""
    for place, cell in enumerate(row):
        if _column(cell) == column:
            return cell
        if _column(cell) > column:
            made = etree.Element(f"{str(row.tag)[: -len('row')]}c", r=cell_name(number, column))
            row.insert(place, made)
            return made
    return etree.SubElement(row, f"{str(row.tag)[: -len('row')]}c", r=cell_name(number, column))


def _make_room(root: etree._Element, column: int) -> None:
    """Make the column wide enough to be read, and seen."""
    data = next(child for child in root if local_name(child) == "sheetData")
    space = str(data.tag)[: -len("sheetData")]
    columns = next((child for child in root if local_name(child) == "cols"), None)
    if columns is None:
        columns = etree.Element(f"{space}cols")
        data.addprevious(columns)
    for each in list(columns):
        first, last = int(each.get("min", "0")), int(each.get("max", "0"))
        if first <= column <= last:
            for low, high in ((first, column - 1), (column + 1, last)):
                if low <= high:
                    part = etree.fromstring(etree.tostring(each))
                    part.set("min", str(low))
                    part.set("max", str(high))
                    each.addprevious(part)
            columns.remove(each)
    own = etree.Element(f"{space}col", min=str(column), max=str(column), width=_WIDTH, customWidth="1")
    behind = next((each for each in columns if int(each.get("min", "0")) > column), None)
    if behind is None:
        columns.append(own)
    else:
        behind.addprevious(own)
