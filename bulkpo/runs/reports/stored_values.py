"""The values that formulas have, put back into a workbook that was written without them.

openpyxl writes a formula or its value, never both; a formula without a value is an error to whoever reads the workbook
before a spreadsheet program has opened it.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from lxml import etree

from bulkpo.tables.workbooks.package import Package, elements, local_name
from bulkpo.tables.workbooks.workbook import read_workbook

Stored = Mapping[str, tuple[str, str]]
"""By the name of a cell: the type of its value, and the value."""


def stored_values(path: Path) -> dict[str, Stored]:
    """The values of all formulas of a workbook, by sheet; sheets without any are left out."""
    package = Package(path)
    found: dict[str, Stored] = {}
    for entry in read_workbook(package).sheets:
        with package.stream(entry.part) as stream:
            values = dict(filter(None, map(_stored, elements(stream, "c"))))
        if values:
            found[entry.name] = values
    return found


def _stored(cell: etree._Element) -> tuple[str, tuple[str, str]] | None:
    parts = {local_name(child): child.text or "" for child in cell}
    if "f" not in parts or not parts.get("v") or not cell.get("r"):
        return None
    return str(cell.get("r")), (cell.get("t", ""), parts["v"])


def put_back(values: Mapping[str, Stored], written: Path, target: IO[bytes]) -> None:
    """Copy a workbook; formulas without a value take theirs from `values`."""
    package = Package(written)
    parts = {entry.part: values[entry.name] for entry in read_workbook(package).sheets if entry.name in values}
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in source.infolist():
            text = source.read(info)
            if info.filename in parts:
                text = _filled(text, parts[info.filename])
            copy.writestr(info.filename, text)


def _filled(text: bytes, values: Stored) -> bytes:
    root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for cell in root.iter("{*}c"):
        formula = next(cell.iterchildren("{*}f"), None)
        kind, value = values.get(cell.get("r", ""), ("", ""))
        if formula is None or not value:
            continue
        for old in list(cell.iterchildren("{*}v")):
            cell.remove(old)
        etree.SubElement(cell, f"{str(formula.tag)[:-1]}v").text = value
        if kind:
            cell.set("t", kind)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
