"""A workbook without some of its rows: everything else in its package stays as it is.

The rows that stay move up. Areas of the sheet (merged cells, validation lists, filters, tables) move with them, and so
do formulas that look at their own row; others become the values they had. Comments are left out.
"""

import posixpath
import shutil
import zipfile
from collections.abc import Callable, Collection, Container, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import IO, NamedTuple

from lxml import etree

from bulkpo.model.table import Cell
from bulkpo.tables.subset.marks import MarkStyles
from bulkpo.tables.subset.notes import SheetNotes
from bulkpo.tables.subset.row_notes import RowNotes
from bulkpo.tables.subset.sheet import SheetSubset
from bulkpo.tables.workbooks.package import Package, local_name
from bulkpo.tables.workbooks.shared_texts import read_texts, rich_text
from bulkpo.tables.workbooks.workbook import read_workbook

_CONTENT_TYPES = "[Content_Types].xml"
_NAME_CELLS = ("comments", "vmlDrawing", "threadedComment")
"""Relations of a sheet whose parts name its cells by place."""
_LARGEST_TEXTS = 2 << 30


class SheetCopy(NamedTuple):
    """The rows of a sheet that stay, and what is written beside them."""

    kept: Container[int]
    beside: RowNotes


def copy_package(path: Path, copies: Mapping[str, SheetCopy], target: IO[bytes]) -> None:
    """Copy a workbook; of the sheets that `copies` names only the rows they keep, with what is written beside them."""
    package = Package(path)
    book = read_workbook(package)
    styles = MarkStyles(package.xml(book.styles) if book.styles in package else None)
    texts = _Texts(package, book.strings)
    parts: dict[str, Callable[[], bytes]] = {}
    unwanted: set[str] = set()
    for entry in book.sheets:
        if entry.name in copies:
            copied = copies[entry.name]
            with package.stream(entry.part) as stream:
                rows = SheetSubset(stream, copied.kept, copied.beside.heading)
            rows.note(SheetNotes(copied.beside, styles, texts.of))
            parts[entry.part] = rows.text
            tables, gone = _related(package, entry.part)
            parts |= {name: partial(_moved_table, package, name, rows) for name in tables}
            unwanted |= gone
    if book.styles in package:
        parts[book.styles] = styles.text
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        infos = source.infolist()
        unwanted |= {info.filename for info in infos if posixpath.basename(info.filename) == "calcChain.xml"}
        for info in infos:
            name = info.filename
            if name in unwanted:
                continue
            if name in parts:
                copy.writestr(name, parts[name]())
            elif name == _CONTENT_TYPES or name.endswith(".rels"):
                copy.writestr(name, _without(package, name, unwanted))
            else:
                with source.open(info) as old, copy.open(name, "w", force_zip64=True) as new:
                    shutil.copyfileobj(old, new)


class _Texts:
    """The texts of cells; those that cells share are read when the first is asked for."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part

    def of(self, cell: etree._Element) -> str:
        """A cell's text; empty for a cell of another kind."""
        if cell.get("t") == "inlineStr":
            return "".join(rich_text(each) for each in cell.iterchildren("{*}is"))
        value = next((each.text for each in cell.iterchildren("{*}v")), None) or ""
        if cell.get("t") == "s" and value.isdecimal() and int(value) < len(self._shared):
            return str(self._shared[int(value)] or "")
        return value if cell.get("t") == "str" else ""

    @cached_property
    def _shared(self) -> list[Cell]:
        if self._part not in self._package:
            return []
        return read_texts(lambda: self._package.stream(self._part, _LARGEST_TEXTS))


def _related(package: Package, part: str) -> tuple[set[str], set[str]]:
    """The tables a sheet leads to, and the parts that are to be left out."""
    tables: set[str] = set()
    unwanted: set[str] = set()
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations in package:
        for element in package.xml(relations).iter("{*}Relationship"):
            kind = element.get("Type", "").rpartition("/")[2]
            if kind == "table":
                tables.add(_target(relations, element))
            elif kind in _NAME_CELLS:
                unwanted.add(_target(relations, element))
    return tables, unwanted


def _target(relations: str, element: etree._Element) -> str:
    """The part a relation leads to."""
    target = element.get("Target", "")
    folder = posixpath.dirname(posixpath.dirname(relations))
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _without(package: Package, name: str, unwanted: Collection[str]) -> bytes:
    """A list of parts or relations without some."""
    root = package.xml(name)
    for element in list(root):
        is_part = local_name(element) == "Override" and element.get("PartName", "").lstrip("/") in unwanted
        if is_part or (local_name(element) == "Relationship" and _target(name, element) in unwanted):
            root.remove(element)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _moved_table(package: Package, name: str, rows: SheetSubset) -> bytes:
    """A table of the sheet, over the rows that are left of it, without a filter and without its row of totals."""
    root = package.xml(name)
    for element in [root, *root.iter("{*}autoFilter")]:
        element.set("ref", rows.moved(element.get("ref", ""), least=2) or "A1:A2")
    for element in list(root.iter("{*}filterColumn", "{*}sortState")):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for attribute in ("totalsRowCount", "totalsRowShown"):
        root.attrib.pop(attribute, "")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
