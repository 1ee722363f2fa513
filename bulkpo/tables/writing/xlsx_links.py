"""Links of a workbook's cells to files that lie beside it."""

import re
from collections.abc import Sequence

from bulkpo.model.table import Cell
from bulkpo.tables.writing.columns import SinkColumn
from bulkpo.tables.writing.xlsx_text import attribute_text
from bulkpo.where import column_letter

MOST_LINKS = 65_530
"""The most that Excel reads in one sheet ("Excel specifications and limits"); cells beyond keep their text alone."""

_JOINED_BY = "; "
_LONGEST_LINK = 2_000
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_ESCAPED = re.compile(r'[%\s"#<>?\[\]^`{}|\\]')


class SheetLinks:
    """The links of one sheet, gathered while its rows are written."""

    def __init__(self, columns: Sequence[SinkColumn]) -> None:
        self._places = [place for place, column in enumerate(columns) if column.links]
        self._cells: list[str] = []
        self._without = 0
        self._targets: list[str] = []

    def add(self, rows: Sequence[str], columns: Sequence[Sequence[Cell]]) -> None:
        """Note the links of rows of these numbers."""
        for place in self._places:
            for row, cell in zip(rows, columns[place], strict=True):
                target = _target(cell) if isinstance(cell, str) else ""
                if target and len(self._cells) == MOST_LINKS:
                    self._without += 1
                elif target:
                    self._cells.append(f"{column_letter(place + 1)}{row}")
                    self._targets.append(target)

    @property
    def notice(self) -> str:
        """What people should know of cells that have no link; nothing where each has its own."""
        if not self._without:
            return ""
        cells = "cell has" if self._without == 1 else "cells have"
        return (
            f"{self._without:,} {cells} no link, only the path in words: Excel takes {MOST_LINKS:,} links in a sheet; "
            "export fewer orders at a time where each is to be opened with a click"
        )

    @property
    def element(self) -> str:
        """What stands of them in the sheet; nothing where there are none."""
        links = "".join(f'<hyperlink ref="{cell}" r:id="rId{n}"/>' for n, cell in enumerate(self._cells, 1))
        return f"<hyperlinks>{links}</hyperlinks>" if links else ""

    @property
    def relations(self) -> str:
        """Where they lead, as a part of its own; nothing where there are none."""
        if not self._targets:
            return ""
        relations = "".join(
            f'<Relationship Id="rId{n}" Type="{_LINK}" Target="{attribute_text(target)}" TargetMode="External"/>'
            for n, target in enumerate(self._targets, 1)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>'
        )


def _target(text: str) -> str:
    """Where a cell leads: to its file, or the folder of its first; nowhere where it names no path or address."""
    first, *others = text.split(_JOINED_BY)
    is_address = first.lower().startswith(("https://", "http://"))
    if first.startswith("(") or "/" not in first or (others and is_address) or len(first) > _LONGEST_LINK:
        return ""
    if is_address:
        return first
    path = first.rpartition("/")[0] if others else first
    return _ESCAPED.sub(lambda match: f"%{ord(match[0]):02X}", path)
