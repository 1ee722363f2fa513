"""A workbook without some of its rows: everything else in its package stays as it is.

The rows that stay move up. Areas of the sheet (merged cells, validation lists, filters, tables) move with them, and so
do formulas that look at their own row; others become the values they had. Comments are left out.
"""

import posixpath
import shutil
import zipfile
from collections.abc import Collection, Container, Mapping
from pathlib import Path
from typing import IO

from lxml import etree

from bulkpo.tables.subset.sheet import SheetSubset
from bulkpo.tables.workbooks.package import Package, local_name
from bulkpo.tables.workbooks.workbook import read_workbook

_CONTENT_TYPES = "[Content_Types].xml"
_NAME_CELLS = ("comments", "vmlDrawing", "threadedComment")
"""Relations of a sheet whose parts name its cells by place."""


def copy_package(path: Path, kept: Mapping[str, Container[int]], target: IO[bytes]) -> None:
    """Copy a workbook; of the sheets that `kept` names, only the rows it contains."""
    package = Package(path)
    sheets: dict[str, SheetSubset] = {}
    tables: dict[str, SheetSubset] = {}
    unwanted: set[str] = set()
    for entry in read_workbook(package).sheets:
        if entry.name in kept:
            with package.stream(entry.part) as stream:
                rows = sheets[entry.part] = SheetSubset(stream, kept[entry.name])
            related = _related(package, entry.part)
            tables |= dict.fromkeys(related[0], rows)
            unwanted |= related[1]
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        infos = source.infolist()
        unwanted |= {info.filename for info in infos if posixpath.basename(info.filename) == "calcChain.xml"}
        for info in infos:
            name = info.filename
            if name in unwanted:
                continue
            if name in sheets:
                copy.writestr(name, sheets[name].text())
            elif name in tables:
                copy.writestr(name, _moved_table(package, name, tables[name]))
            elif name == _CONTENT_TYPES or name.endswith(".rels"):
                copy.writestr(name, _without(package, name, unwanted))
            else:
                with source.open(info) as old, copy.open(name, "w", force_zip64=True) as new:
                    shutil.copyfileobj(old, new)


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
