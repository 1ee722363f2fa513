"""What a workbook says of itself: its sheets, where their parts are, and how it counts days."""

import difflib
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from bulkpo.errors import InputError
from bulkpo.model.finding import Finding, Severity
from bulkpo.tables.reading.row_reader import SheetEntry
from bulkpo.tables.workbooks.package import Package, attribute

_MOST_SHEETS = 10_000
_TRUE, _FALSE = ("1", "true", "on"), ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets in order, and the parts they share; a part that is not there is empty text.

    `uncalculated` where it asks for its formulas to be worked out when it is opened, or says that they were not all.
    """

    sheets: tuple[SheetEntry, ...]
    strings: str
    styles: str
    date1904: bool
    uncalculated: bool = False


def read_workbook(package: Package) -> Workbook:
    """Read the list of sheets; raises InputError if the archive is no workbook."""
    main = _main_part(package)
    root = package.xml(main)
    targets = _targets(package, main)
    sheets = []
    for element in _own(root, "sheets", "sheet"):
        kind, part = targets.get(attribute(element, "id") or "", ("", ""))
        if kind == "worksheet":
            visible = element.get("state", "visible") == "visible"
            sheets.append(SheetEntry(element.get("name", ""), visible, part))
    by_kind = dict(targets.values())
    return Workbook(
        tuple(sheets),
        by_kind.get("sharedStrings", ""),
        by_kind.get("styles", ""),
        date1904=any(each.get("date1904") in _TRUE for each in _own(root, "workbookPr")),
        uncalculated=any(
            each.get("fullCalcOnLoad") in _TRUE or each.get("calcCompleted") in _FALSE for each in _own(root, "calcPr")
        ),
    )


def _own(root: etree._Element, *names: str) -> list[etree._Element]:
    """The elements on a way from the root that are in its own namespace: extensions have some of the same names."""
    found = [root]
    for name in names:
        own = etree.QName(root.tag).namespace
        found = [child for each in found for child in each.iterchildren(f"{{{own}}}{name}" if own else name)]
    return found


def bound_sheets(file: str, count: int) -> None:
    """Raise InputError for more sheets than spreadsheet programs make."""
    if count > _MOST_SHEETS:
        raise InputError(f"{file}: the workbook has {count:,} sheets, more than the {_MOST_SHEETS:,} that are read")


def choose_sheet(file: str, sheets: Sequence[SheetEntry], wanted: str | None) -> SheetEntry:
    """The sheet asked for, or the first visible one; raises InputError listing those there are."""
    if not sheets:
        raise InputError(f"{file}: the workbook has no sheet of cells")
    bound_sheets(file, len(sheets))
    if wanted is None:
        return next((sheet for sheet in sheets if sheet.visible and not sheet.is_own), sheets[0])
    for sheet in sheets:
        if sheet.name == wanted:
            return sheet
    alike = [sheet for sheet in sheets if sheet.name.strip().casefold() == wanted.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    names = [sheet.name for sheet in sheets]
    near = difflib.get_close_matches(wanted, names, 1, 0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise InputError(f"{file}: there is no sheet {wanted!r}; it has {', '.join(map(repr, names))}{hint}")


def sheet_findings(chosen: SheetEntry, asked: str | None, filled: Sequence[SheetEntry]) -> tuple[Finding, ...]:
    """What is told of a workbook's other sheets that hold data, and of a hidden one that is read."""
    found = []
    others = [sheet for sheet in filled if sheet.name != chosen.name and not sheet.is_own]
    shown = ", ".join(repr(sheet.name) for sheet in others if sheet.visible)
    hidden = ", ".join(repr(sheet.name) for sheet in others if not sheet.visible)
    if shown and asked is None:
        message = f"only the sheet {chosen.name!r} is read; others hold data too: {shown}; name the sheet you mean"
        found.append(Finding("other-sheets", message, severity=Severity.NOTICE))
    if hidden:
        message = f"hidden sheets hold data and are not read: {hidden}"
        found.append(Finding("hidden-sheets", message, severity=Severity.NOTICE))
    if not chosen.visible:
        message = f"the sheet {chosen.name!r}, which is read, is hidden"
        found.append(Finding("hidden-sheets", message, severity=Severity.NOTICE))
    return tuple(found)


def _main_part(package: Package) -> str:
    if "_rels/.rels" in package:
        for kind, part in _read_targets(package, "_rels/.rels", "").values():
            if kind == "officeDocument":
                return part
    if "xl/workbook.xml" in package:
        return "xl/workbook.xml"
    raise InputError(f"{package.path.name}: this is a zip archive but no Excel workbook; name the workbook itself")


def _targets(package: Package, part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    return _read_targets(package, rels, folder) if rels in package else {}


def _read_targets(package: Package, rels: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relationship id to (kind, part)."""
    targets = {}
    for element in package.xml(rels).iter("{*}Relationship"):
        if element.get("TargetMode") == "External":
            continue
        target = element.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        targets[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], part)
    return targets
