"""What surrounds a sheet's rows: hidden columns, filters and merged cells, found without reading the rows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bulkpo.model.finding import Finding, Severity
from bulkpo.model.table import Cell
from bulkpo.where import column_letter, column_number

_MOST_MERGES = 100_000
_OPENING = re.compile(rb"<(?:\w+:)?sheetData\b[^<>]*?(/?)>")
_CLOSING = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_TAG = re.compile(rb"<(?:\w+:)?(col|mergeCell|autoFilter|filterColumn|sheetPr)\b([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells; all numbers count from 1 and are within it."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{column_letter(self.left)}{self.top}:{column_letter(self.right)}{self.bottom}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sheet says about itself outside its rows."""

    hidden_columns: tuple[tuple[int, int], ...] = ()
    filtered: bool = False
    merges: tuple[Area, ...] = ()

    def findings(self, last_heading: int, width: int) -> tuple[Finding, ...]:
        """What of it matters to the rows below the headings and the columns under them."""
        found = []
        hidden = [column for first, last in self.hidden_columns for column in range(first, min(last, width) + 1)]
        if hidden:
            names = ", ".join(map(column_letter, hidden))
            message = f"hidden columns: {names}; they are read like all others"
            found.append(Finding("hidden-columns", message, 0, hidden[0], severity=Severity.NOTICE))
        if self.filtered:
            message = "a filter is active; the rows it hides are read like all others; clear it to see what is read"
            found.append(Finding("active-filter", message, severity=Severity.NOTICE))
        merges = [area for area in self.merges if area.bottom > last_heading and area.left <= width]
        if merges:
            shown = ", ".join(map(str, merges[:3])) + (", ..." if len(merges) > 3 else "")
            message = (
                f"merged cells among the rows: {len(merges)} ({shown}); only the first cell of each holds a value and "
                f"the others are blank; unmerge them and fill in every cell"
            )
            found.append(Finding("merged-cells", message, merges[0].top, merges[0].left))
        return tuple(found)

    def spread(self, headings: Sequence[tuple[int, list[Cell]]]) -> None:
        """Give every column under a heading merged over several of them that heading, where headings are in rows."""
        rows = dict(headings)
        for area in self.merges:
            cells = rows.get(area.top)
            if cells is not None and area.left <= len(cells):
                cells.extend([None] * (area.right - len(cells)))
                cells[area.left - 1 : area.right] = [cells[area.left - 1]] * (area.right - area.left + 1)


NOTHING_AROUND = Surroundings()


def look_around(text: Iterable[bytes]) -> Surroundings:
    """Read what surrounds the rows in the text of a sheet's part."""
    hidden: list[tuple[int, int]] = []
    merges: list[Area] = []
    filtered = False
    for name, attributes in _tags(text):
        if name == "col" and attributes.get("hidden") in ("1", "true"):
            hidden.append((int(attributes.get("min", "0")), int(attributes.get("max", "0"))))
        elif name == "mergeCell" and len(merges) < _MOST_MERGES:
            area = _area(attributes.get("ref", ""))
            merges.extend([area] if area else [])
        elif name == "filterColumn" or (name == "sheetPr" and attributes.get("filterMode") in ("1", "true")):
            filtered = True
    return Surroundings(tuple(hidden), filtered, tuple(merges))


def _tags(text: Iterable[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    for piece in _outside_rows(text):
        for name, attributes in _TAG.findall(piece):
            yield name.decode(), {key.decode(): value.decode() for key, value in _ATTRIBUTE.findall(attributes)}


def _outside_rows(text: Iterable[bytes]) -> Iterator[bytes]:
    """The sheet's text before and after its rows, in pieces that end with a tag's end."""
    rest = b""
    mark: re.Pattern[bytes] | None = _OPENING
    for block in text:
        rest += block
        while mark is not None and b"sheetData" in rest and (found := mark.search(rest)):
            if mark is _OPENING:
                yield rest[: found.start()]
            mark = _CLOSING if mark is _OPENING and not found[1] else None
            rest = rest[found.end() :]
        if mark is _CLOSING:
            rest = rest[-64:]
        else:
            cut = rest.rfind(b">") + 1
            yield rest[:cut]
            rest = rest[cut:]


def _area(text: str) -> Area | None:
    match = _AREA.fullmatch(text)
    if match is None:
        return None
    left, top = column_number(match[1]), int(match[2])
    return Area(top, left, int(match[4] or top), column_number(match[3]) if match[3] else left)
