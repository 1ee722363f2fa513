"""What a sheet's XML says outside its rows, found without reading them."""

import re
from collections.abc import Iterable, Iterator

from bulkpo.tables.reading.sheet_settings import Area, Surroundings
from bulkpo.where import column_number

_MOST_MERGES = 100_000


_OPENING = re.compile(rb"<(?:\w+:)?sheetData\b[^<>]*?(/?)>")


_CLOSING = re.compile(rb"</(?:\w+:)?sheetData\s*>")


_TAG = re.compile(rb"<(?:\w+:)?(col|mergeCell|autoFilter|filterColumn|sheetPr)\b([^<>]*)>")


_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")


_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


def look_around(text: Iterable[bytes]) -> Surroundings:
    """Read what surrounds the rows in the text of a sheet's part."""
    hidden: list[tuple[int, int]] = []
    merges: list[Area] = []
    filtered = False
    for name, attributes in _tags(text):
        if name == "col" and attributes.get("hidden") in ("1", "true"):
            hidden.append((int(attributes.get("min", "0")), int(attributes.get("max", "0"))))
        elif name == "mergeCell" and len(merges) < _MOST_MERGES:
            area = area_of(attributes.get("ref", ""))
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


def area_of(text: str) -> Area | None:
    """The cells that a reference such as `A2:B3` names; None if it is none."""
    match = _AREA.fullmatch(text)
    if match is None:
        return None
    left, top = column_number(match[1]), int(match[2])
    return Area(top, left, int(match[4] or top), column_number(match[3]) if match[3] else left)
